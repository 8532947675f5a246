"""How well forecasts did on the same customers' own past, beside the naive ways."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.histories import Histories, histories_of_orders
from app.segmentation.orders.lifetime.models import FittedModel, sound_models

DECILES = 10
TOP_SHARE = 0.1
CLEARLY_LIKELIER = 2.0
"""Difference of log-likelihoods between models of equally many parameters that is more than noise:
a likelihood ratio of 7."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One way of forecasting orders, against what the customers then did.

    Attributes
    ----------
    name : str
    expected, actual : float
        Orders of all customers in the holdout part.
    total_error : float
        expected / actual - 1; NaN where nobody ordered.
    mean_absolute_error : float
        Orders per customer.
    by_decile : tuple of (float, float)
        Mean expected and mean actual orders, customers by what was expected, lowest first.
    top_found : float
        Share of the orders of the real top tenth that the expected top tenth holds.
    """

    name: str
    expected: float
    actual: float
    total_error: float
    mean_absolute_error: float
    by_decile: tuple[tuple[float, float], ...]
    top_found: float


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
    scores : tuple of Score
        The models, the chosen one first, then the naive ways.
    best : str
        The way whose total error is the smallest, naive ways included.
    """

    made_at: float
    until: float
    n_customers: int
    chosen: str
    scores: tuple[Score, ...]
    best: str


def measure_record(
    customer: NDArray[np.intp], time: NDArray[np.floating], *, made_at: float, until: float
) -> Record:
    """Forecast from an earlier date, and compare with what came.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    time : ndarray of shape (n_orders,)
    made_at, until : float
        Orders up to ``made_at`` are learnt from, those after it up to ``until`` are forecast.

    Raises
    ------
    DegenerateDataError
        No order is on one of the two sides, or no model fits the first one.
    """
    before, after = time <= made_at, (time > made_at) & (time <= until)
    known, position = np.unique(customer[before], return_inverse=True)
    if not len(known) or not after.any():
        raise DegenerateDataError("A record needs orders before and after the date it is made at.")
    observed = histories_of_orders(position, time[before], n_customers=len(known), as_of=made_at)
    actual = _orders_after(customer[after], time[after], known)
    models, _ = sound_models(observed)
    horizon = until - made_at
    forecasts = [(each, each.model.expected_orders(each.fit, observed, horizon)) for each in models]
    scores = {each.model.name: score(each.model.name, e, actual) for each, e in forecasts}
    chosen = choose_model(models, scores)
    naive = [
        score("Orders so far", _so_far(observed, horizon), actual),
        score("Nobody orders", np.zeros(len(known)), actual),
    ]
    told = (scores.pop(chosen.model.name), *scores.values(), *naive)
    return Record(
        made_at=made_at,
        until=until,
        n_customers=len(known),
        chosen=chosen.model.name,
        scores=told,
        best=min(told, key=lambda each: abs(each.expected - each.actual)).name,
    )


def choose_model(models: Sequence[FittedModel], scores: dict[str, Score]) -> FittedModel:
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


def score(name: str, expected: NDArray[np.floating], actual: NDArray[np.floating]) -> Score:
    """Compare expected with actual orders, one row per customer."""
    total, came = float(expected.sum()), float(actual.sum())
    # Ties in the order of what came would flatter a forecast: they stay in the given order.
    ranked = np.argsort(expected, kind="stable")
    top = max(1, round(TOP_SHARE * len(actual)))
    most = float(np.sort(actual)[-top:].sum())
    return Score(
        name=name,
        expected=total,
        actual=came,
        total_error=total / came - 1 if came else float("nan"),
        mean_absolute_error=float(np.abs(expected - actual).mean()),
        by_decile=tuple(
            (float(expected[part].mean()), float(actual[part].mean()))
            for part in np.array_split(ranked, DECILES)
            if len(part)
        ),
        top_found=float(actual[ranked[-top:]].sum()) / most if most else float("nan"),
    )


def _orders_after(
    customer: NDArray[np.intp], time: NDArray[np.floating], known: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Count the later orders of customers known by then; those at one time count once."""
    pairs = np.unique(np.column_stack([customer.astype(np.float64), time]), axis=0)
    owner = pairs[:, 0].astype(np.intp)
    owner = owner[np.isin(owner, known)]
    counts = np.bincount(np.searchsorted(known, owner), minlength=len(known))
    return np.asarray(counts, dtype=np.float64)


def _so_far(observed: Histories, horizon: float) -> NDArray[np.float64]:
    """Each customer goes on at the rate of further orders so far."""
    rate = np.divide(
        observed.frequency, observed.age, out=np.zeros(len(observed)), where=observed.age > 0
    )
    return np.asarray(rate * horizon, dtype=np.float64)
