"""The purchase models side by side, fitted to histories in their own unit of time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.beta_geometric import BetaGeometric
from app.segmentation.orders.lifetime.fitting import Fit, Likelihood, maximise
from app.segmentation.orders.lifetime.gamma_gamma import Amounts, GammaGamma
from app.segmentation.orders.lifetime.histories import Histories
from app.segmentation.orders.lifetime.nbd import NBD
from app.segmentation.orders.lifetime.pareto_nbd import ParetoNBD


class PurchaseModel(Likelihood[Histories], Protocol):
    """How customers buy again and when they stop.

    Attributes
    ----------
    name : str
    time_parameters : tuple of str
        Those measured in units of time.
    """

    @property
    def name(self) -> str: ...

    @property
    def time_parameters(self) -> tuple[str, ...]: ...

    def probability_alive(self, fit: Fit, observed: Histories) -> NDArray[np.float64]: ...

    def expected_orders(
        self, fit: Fit, observed: Histories, horizon: float
    ) -> NDArray[np.float64]: ...

    def simulate_orders(
        self, fit: Fit, observed: Histories, horizon: float, rng: np.random.Generator
    ) -> NDArray[np.int64]: ...


PREFERRED: PurchaseModel = BetaGeometric(modified=True)
"""Under BG/NBD everyone who bought once is alive for certain."""

RIVALS: tuple[PurchaseModel, ...] = (BetaGeometric(modified=False), ParetoNBD())
SIMPLER: PurchaseModel = NBD()


@dataclass(frozen=True)
class FittedModel:
    """A purchase model and its parameters, in the unit of time of the histories."""

    model: PurchaseModel
    fit: Fit


def fit_model(model: PurchaseModel, observed: Histories) -> FittedModel:
    """Fit one model.

    Parameters
    ----------
    model : PurchaseModel
    observed : Histories
        In any unit of time; the fit is the same in days, weeks and seconds.

    Raises
    ------
    DegenerateDataError
        There are no customers, or all came at the date of the snapshot itself.
    """
    distinct, _ = observed.distinct()
    life = float(np.average(distinct.age, weights=distinct.weight)) if len(distinct) else 0.0
    if life <= 0:
        raise DegenerateDataError("No customer was there before the date of the snapshot.")
    fit = maximise(model, distinct.in_units_of(life), n_customers=distinct.n_customers)
    values = tuple(
        value * life if name in model.time_parameters else value
        for name, value in zip(fit.names, fit.values, strict=True)
    )
    # A density per unit of time changes with the unit once per order.
    shift = float(distinct.weight @ distinct.frequency) * np.log(life)
    return FittedModel(
        model, replace(fit, values=values, log_likelihood=fit.log_likelihood - shift)
    )


def fit_amounts(observed: Amounts) -> Fit:
    """Fit Gamma-Gamma, in the currency of the amounts.

    Raises
    ------
    DegenerateDataError
        There are no amounts.
    """
    if not len(observed):
        raise DegenerateDataError("No order has a value.")
    typical = float(observed.mean.mean())
    scaled = Amounts(observed.orders, observed.mean / typical)
    fit = maximise(GammaGamma(), scaled, n_customers=float(len(observed)))
    p, q, gamma = fit.values
    shift = len(observed) * np.log(typical)
    return replace(fit, values=(p, q, gamma * typical), log_likelihood=fit.log_likelihood - shift)


def sound_models(observed: Histories) -> tuple[list[FittedModel], list[tuple[str, str]]]:
    """Fit every model, and set aside those whose fit says nothing.

    Returns
    -------
    list of FittedModel
        The preferred one first; the simpler model alone where no other is sound.
    list of (str, str)
        Name of each model that was set aside, and the reason.

    Raises
    ------
    DegenerateDataError
        Not even the simpler model has a sound fit; the message has its reason.
    """
    tried: Sequence[PurchaseModel] = (PREFERRED, *RIVALS)
    sound: list[FittedModel] = []
    aside: list[tuple[str, str]] = []
    simplest: str | None = None
    for model in (*tried, SIMPLER):
        if model is SIMPLER and sound:
            break
        fitted = fit_model(model, observed)
        if fitted.fit.status == "sound":
            sound.append(fitted)
        else:
            simplest = fitted.fit.reason
            aside.append((model.name, f"{fitted.fit.reason} ({fitted.fit.detail})"))
    if not sound:
        raise DegenerateDataError(
            f"These orders allow no forecast: {simplest}. More customers or a longer period may "
            "change that; RFM, cohorts and segments work without a forecast."
        )
    return sound, aside
