"""How well forecasts did on the same customers' own past, beside the naive ways."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.histories import Histories, histories_of_orders
from app.segmentation.orders.lifetime.models import FittedModel, sound_models
from app.segmentation.orders.lifetime.money import NoValues, fit_spending
from app.segmentation.orders.lifetime.scores import ForecastTrial, score
from app.segmentation.orders.visits import Visits, visits_of

CLEARLY_LIKELIER = 2.0
"""Difference of log-likelihoods between models of equally many parameters that is more than noise:
a likelihood ratio of 7."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What forecasts made at an earlier date were worth.

    Attributes
    ----------
    made_at, until : float
        In the time of the orders.
    n_customers : int
        Those who had ordered by then.
    chosen : str
        The model that is used.
    scores : tuple of ForecastTrial
        Of orders: the models, the chosen one first, then the naive ways.
    money : tuple of ForecastTrial
        The same of money, the chosen model first; empty without amounts, or where their model is
        not sound.
    """

    made_at: float
    until: float
    n_customers: int
    chosen: str
    scores: tuple[ForecastTrial, ...]
    money: tuple[ForecastTrial, ...] = ()

    @property
    def best(self) -> str:
        """The way whose total of orders errs least, naive ways included."""
        return min(self.scores, key=lambda each: abs(each.expected - each.actual)).name

    @property
    def doubt(self) -> float:
        """Error of a total, as a share of it.

        That of the record, and no less than chance leaves in so many orders: to have hit the total
        once is no precision.
        """
        told = (self.money or self.scores)[0].total_error
        by_chance = 1 / np.sqrt(max(self.scores[0].actual, 1.0))
        return float(max(abs(told), by_chance)) if np.isfinite(told) else 1.0


def measure_record(
    customer: NDArray[np.intp],
    time: NDArray[np.floating],
    money: NDArray[np.floating] | None = None,
    *,
    made_at: float,
    until: float,
) -> Record:
    """Forecast from an earlier date, and compare with what came.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    time : ndarray of shape (n_orders,)
    money : ndarray of shape (n_orders,) or None
        Value of each order.
    made_at, until : float
        Orders up to ``made_at`` are learnt from, those after it up to ``until`` are forecast.

    Raises
    ------
    DegenerateDataError
        No order is on one of the two sides, or no model fits the first one.
    """
    before, after = time <= made_at, (time > made_at) & (time <= until)
    known, position = np.unique(customer[before], return_inverse=True)
    after &= np.isin(customer, known)
    if not len(known) or not after.any():
        raise DegenerateDataError("A record needs orders before and after the date it is made at.")
    n, horizon = len(known), until - made_at
    observed = histories_of_orders(position, time[before], n_customers=n, as_of=made_at)
    came = np.searchsorted(known, customer[after])
    later = visits_of(came, time[after])
    actual = np.bincount(later.customer, minlength=n).astype(np.float64)
    models, _ = sound_models(observed)
    forecasts = {
        each.model.name: each.model.expected_orders(each.fit, observed, horizon) for each in models
    }
    scores = {name: score(name, expected, actual) for name, expected in forecasts.items()}
    chosen = choose_model(models, scores).model.name
    naive = [
        score("Orders so far", _so_far(observed, horizon), actual, naive=True),
        score("No further orders", np.zeros(n), actual, naive=True),
    ]
    of_money: tuple[ForecastTrial, ...] = ()
    if money is not None:
        spent = np.asarray(np.bincount(came, weights=money[after], minlength=n), dtype=np.float64)
        of_money = _of_money(
            chosen,
            forecasts[chosen],
            spent,
            (position, time[before], money[before]),
            observed,
            horizon,
        )
    first = scores.pop(chosen)
    return Record(
        made_at=made_at,
        until=until,
        n_customers=n,
        chosen=chosen,
        scores=(first, *scores.values(), *naive),
        money=of_money,
    )


def choose_model(models: Sequence[FittedModel], scores: dict[str, ForecastTrial]) -> FittedModel:
    """Take the first model, unless another is clearly likelier and errs less in the total."""
    preferred = models[0]
    chosen = preferred
    for rival in models[1:]:
        likelier = rival.fit.log_likelihood - preferred.fit.log_likelihood > CLEARLY_LIKELIER
        error = abs(scores[rival.model.name].expected - scores[rival.model.name].actual)
        least = scores[chosen.model.name]
        if likelier and error < abs(least.expected - least.actual):
            chosen = rival
    return chosen


def _of_money(
    name: str,
    orders: NDArray[np.float64],
    spent: NDArray[np.float64],
    known: tuple[NDArray[np.intp], NDArray[np.floating], NDArray[np.floating]],
    observed: Histories,
    horizon: float,
) -> tuple[ForecastTrial, ...]:
    customer, time, money = known
    n = len(observed)
    try:
        spending = fit_spending(customer, time, money, n_customers=n)
    except NoValues:
        return ()
    so_far = _money_after_the_first(visits_of(customer, time), money, n)
    going_on = np.divide(so_far * horizon, observed.age, out=np.zeros(n), where=observed.age > 0)
    mean = money.sum() / max(len(money), 1)
    return (
        score(f"{name}, Gamma-Gamma", orders * spending.expected, spent),
        score("Money so far", going_on, spent, naive=True),
        score("Orders so far", _so_far(observed, horizon) * mean, spent, naive=True),
    )


def _money_after_the_first(
    visits: Visits, money: NDArray[np.floating], n: int
) -> NDArray[np.float64]:
    """Sum what each customer spent on days after the first one, as orders so far are counted."""
    spent = np.bincount(visits.of_order, weights=money, minlength=len(visits.day))
    later = visits.number > 1
    summed = np.bincount(visits.customer[later], weights=spent[later], minlength=n)
    return np.asarray(summed, dtype=np.float64)


def _so_far(observed: Histories, horizon: float) -> NDArray[np.float64]:
    """Each customer goes on at the rate of further orders so far."""
    rate = np.divide(
        observed.frequency, observed.age, out=np.zeros(len(observed)), where=observed.age > 0
    )
    return np.asarray(rate * horizon, dtype=np.float64)
