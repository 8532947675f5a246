"""Forecasts of orders and money for each customer, never without the record of such forecasts."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.histories import Histories, histories_of_orders
from app.segmentation.orders.lifetime.models import FittedModel, sound_models
from app.segmentation.orders.lifetime.money import NoValues, Spending, fit_spending
from app.segmentation.orders.lifetime.record import Record, measure_record
from app.segmentation.orders.lifetime.remarks import Note, remarks_on
from app.segmentation.orders.lifetime.simulation import Ranges, simulate

FEWEST_CUSTOMERS = 500
FEWEST_DAYS = 180
FEWEST_AGAIN = 100
"""Below these the parameters are noise: standard errors of the published fits grow past the
parameters themselves."""

DAYS_PER_YEAR = 365.0
_SLICES = 16
"""Parts of the horizon that are discounted as one: the error is below a hundredth of the rate."""


class TooLittleHistory(DegenerateDataError):
    """There are too few customers, days or further orders to forecast from."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is asked of a forecast.

    Attributes
    ----------
    horizon : float
        Days ahead.
    margin : float
        Share of the money that is kept, above 0 and up to 1.
    discount : float
        By how much money is worth less per year ahead, 0.1 for 10%.
    """

    horizon: float
    margin: float = 1.0
    discount: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """What customers are expected to do within a horizon.

    Attributes
    ----------
    model : str
    record : Record
        How well such forecasts did on the same customers' past.
    alive, orders : ndarray of float64, shape (n_customers,)
        Probability of still buying, and expected orders.
    money : ndarray of float64, shape (n_customers,), or None
        Expected money, times the margin, discounted.
    ranges : Ranges
        Where 90% of simulated futures lie.
    notes : tuple of Note
        What limits the forecast.
    """

    model: str
    record: Record
    alive: NDArray[np.float64]
    orders: NDArray[np.float64]
    money: NDArray[np.float64] | None
    ranges: Ranges
    notes: tuple[Note, ...]


def forecast(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    money: NDArray[np.floating] | None,
    *,
    group: NDArray[np.intp],
    as_of: float,
    terms: Terms,
    random_state: int = 0,
) -> Forecast:
    """Forecast each customer's orders and money within a horizon after ``as_of``.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
        0 to ``n_customers`` - 1.
    day : ndarray of shape (n_orders,)
    money : ndarray of shape (n_orders,) or None
        Value of each order.
    group : ndarray of intp, shape (n_customers,)
        Groups of customers whose sums have a range of their own, from 0 on.
    as_of : float
    terms : Terms
    random_state : int

    Raises
    ------
    TooLittleHistory
        See `FEWEST_CUSTOMERS`, `FEWEST_DAYS` and `FEWEST_AGAIN`.
    DegenerateDataError
        No model has a sound fit, before or after the date of the record.
    """
    n = len(group)
    observed = histories_of_orders(customer, day, n_customers=n, as_of=as_of)
    span = as_of - float(np.min(day))
    _check(n, span, int((observed.frequency > 0).sum()))
    made_at = as_of - min(terms.horizon, span / 2)
    record = measure_record(customer, day, money, made_at=made_at, until=as_of)
    models, aside = sound_models(observed)
    used = next((each for each in models if each.model.name == record.chosen), models[0])
    orders = used.model.expected_orders(used.fit, observed, terms.horizon)
    spending, refusal = _spending(customer, day, money, n)
    if spending is not None and not record.money:
        refusal = (
            "Expected money would have no record: at the earlier date the value of orders could "
            "not be modelled."
        )
        spending = None
    worth = _worth(used, observed, orders, terms)
    return Forecast(
        model=used.model.name,
        record=record,
        alive=used.model.probability_alive(used.fit, observed),
        orders=orders,
        money=None if spending is None else orders * worth * spending.expected,
        ranges=simulate(
            used,
            observed,
            spending,
            horizon=terms.horizon,
            worth=worth,
            group=group,
            random_state=random_state,
        ),
        notes=remarks_on(record, terms.horizon, aside, spending, refusal),
    )


def _check(n_customers: int, span: float, again: int) -> None:
    if n_customers < FEWEST_CUSTOMERS:
        raise TooLittleHistory(
            "too_few_customers",
            f"There are {n_customers:,} customers; forecasts need {FEWEST_CUSTOMERS}.",
        )
    if span < FEWEST_DAYS:
        raise TooLittleHistory(
            "too_few_days", f"The orders cover {span:g} days; forecasts need {FEWEST_DAYS}."
        )
    if again < FEWEST_AGAIN:
        raise TooLittleHistory(
            "too_few_bought_again",
            f"{again:,} customers bought again; forecasts need {FEWEST_AGAIN}.",
        )


def _spending(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    money: NDArray[np.floating] | None,
    n_customers: int,
) -> tuple[Spending | None, str | None]:
    if money is None:
        return None, None
    try:
        return fit_spending(customer, day, money, n_customers=n_customers), None
    except NoValues as error:
        return None, str(error)


def _worth(
    used: FittedModel, observed: Histories, orders: NDArray[np.float64], terms: Terms
) -> NDArray[np.float64]:
    """Give what a unit of each customer's money in the horizon is worth now, (n_customers,)."""
    if terms.discount == 0:
        return np.full(len(observed), terms.margin)
    ends = np.linspace(0, terms.horizon, _SLICES + 1)
    reached, worth = np.zeros(len(observed)), np.zeros(len(observed))
    for start, end in itertools.pairwise(ends):
        by_then = used.model.expected_orders(used.fit, observed, float(end))
        years = (start + end) / 2 / DAYS_PER_YEAR
        worth += (by_then - reached) * (1 + terms.discount) ** -years
        reached = by_then
    share = np.divide(worth, orders, out=np.ones(len(observed)), where=orders > 0)
    return np.asarray(terms.margin * share, dtype=np.float64)
