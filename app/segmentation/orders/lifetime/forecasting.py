"""Forecasts of orders and money for each customer, never without the record of such forecasts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.gamma_gamma import (
    DEPENDENT,
    Amounts,
    dependence,
    expected_value,
)
from app.segmentation.orders.lifetime.histories import histories_of_orders
from app.segmentation.orders.lifetime.models import fit_amounts, sound_models
from app.segmentation.orders.lifetime.record import Record, measure_record

FEWEST_CUSTOMERS = 500
FEWEST_DAYS = 180
FEWEST_AGAIN = 100
"""Below these the parameters are noise: standard errors of the published fits grow past the
parameters themselves."""

DRAWS = 200
INTERVAL = 0.9


class TooLittleHistory(DegenerateDataError):
    """There are too few customers, days or further orders to forecast from."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """What customers are expected to do within a horizon.

    Attributes
    ----------
    model : str
    record : Record
        How well such forecasts did on the same customers' past.
    alive, orders, orders_low, orders_high : ndarray of float64, shape (n_customers,)
        Probability of still buying, expected orders, and the range of 90% of simulated ones.
    value : ndarray of float64, shape (n_customers,), or None
        Expected money per order, in the currency of the orders.
    notes : tuple of (str, str)
        Code and sentence of what limits the forecast.
    """

    model: str
    record: Record
    alive: NDArray[np.float64]
    orders: NDArray[np.float64]
    orders_low: NDArray[np.float64]
    orders_high: NDArray[np.float64]
    value: NDArray[np.float64] | None
    notes: tuple[tuple[str, str], ...]


def forecast(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    money: NDArray[np.floating] | None,
    *,
    n_customers: int,
    as_of: float,
    horizon: float,
    random_state: int = 0,
) -> Forecast:
    """Forecast each customer's orders within ``horizon`` days after ``as_of``.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
        0 to ``n_customers`` - 1.
    day : ndarray of shape (n_orders,)
    money : ndarray of shape (n_orders,) or None
        Value of each order.

    Raises
    ------
    TooLittleHistory
        See `FEWEST_CUSTOMERS`, `FEWEST_DAYS` and `FEWEST_AGAIN`.
    DegenerateDataError
        No model has a sound fit, before or after the date of the record.
    """
    observed = histories_of_orders(customer, day, n_customers=n_customers, as_of=as_of)
    span = as_of - float(np.min(day))
    _check(n_customers, span, int((observed.frequency > 0).sum()))
    made_at = as_of - min(horizon, span / 2)
    record = measure_record(customer, day, made_at=made_at, until=as_of)
    models, aside = sound_models(observed)
    used = next((each for each in models if each.model.name == record.chosen), models[0])
    rng = np.random.default_rng(random_state)
    drawn = np.stack(
        [used.model.simulate_orders(used.fit, observed, horizon, rng) for _ in range(DRAWS)]
    )
    tail = (1 - INTERVAL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    notes = [("model_set_aside", f"{name} does not fit these orders: {why}") for name, why in aside]
    if record.best != record.chosen:
        notes.append(
            ("other_way_better", f"On the record, {record.best!r} had the smaller total error.")
        )
    value = None
    if money is not None:
        value, said = _values(customer, day, money, n_customers)
        notes.extend(said)
    return Forecast(
        model=used.model.name,
        record=record,
        alive=used.model.probability_alive(used.fit, observed),
        orders=used.model.expected_orders(used.fit, observed, horizon),
        orders_low=low,
        orders_high=high,
        value=value,
        notes=tuple(notes),
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


def _values(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    money: NDArray[np.floating],
    n_customers: int,
) -> tuple[NDArray[np.float64] | None, list[tuple[str, str]]]:
    """Expect the value of an order, from the days with orders after the first one."""
    pairs, position = np.unique(
        np.column_stack([customer.astype(np.float64), day]), axis=0, return_inverse=True
    )
    spent = np.bincount(position.ravel(), weights=money, minlength=len(pairs))
    owner = pairs[:, 0].astype(np.intp)
    later = np.concatenate([[False], owner[1:] == owner[:-1]])
    count = np.bincount(owner[later], minlength=n_customers).astype(np.float64)
    total = np.bincount(owner[later], weights=spent[later], minlength=n_customers)
    mean = np.divide(total, count, out=np.zeros(n_customers), where=count > 0)
    known = (count > 0) & (mean > 0)
    if known.sum() < FEWEST_AGAIN:
        return None, [("no_value", "Too few further orders have a value; orders alone are given.")]
    amounts = Amounts(count[known], mean[known])
    fit = fit_amounts(amounts)
    if fit.status != "sound":
        return None, [("no_value", f"The value of orders cannot be modelled: {fit.reason}")]
    notes = []
    related = dependence(amounts)
    if abs(related) >= DEPENDENT:
        message = (
            f"Money depends on frequency here (Spearman {related:.2f}), which the model of values "
            "rules out: sums of money are less sure than the record of orders says."
        )
        notes.append(("money_depends_on_frequency", message))
    try:
        return expected_value(fit, np.where(known, count, 0.0), mean), notes
    except DegenerateDataError as error:
        return None, [("no_value", str(error))]
