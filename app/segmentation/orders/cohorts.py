"""Cohorts: customers who first ordered in the same period, followed from there."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError

Period = Literal["week", "month", "quarter", "year"]
Measure = Literal["customers", "orders", "revenue", "cumulative"]

_FREQUENCY = {"week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}


@dataclass(frozen=True, eq=False)
class Cohorts:
    """One row per cohort, one column per period since its first.

    Attributes
    ----------
    cohorts : tuple of str
        Periods of the first order, oldest first.
    sizes : ndarray of int64, shape (n_cohorts,)
        Customers of each.
    values : ndarray of float64, shape (n_cohorts, n_periods)
        NaN for periods that are still to come.
    unfinished : ndarray of bool, shape (n_cohorts, n_periods)
        The period that ``until`` lies in and does not end.
    """

    cohorts: tuple[str, ...]
    sizes: NDArray[np.int64]
    values: NDArray[np.float64]
    unfinished: NDArray[np.bool_]


def cohorts_of_orders(
    customer: NDArray[np.intp],
    date: pd.Series,
    money: NDArray[np.floating],
    *,
    until: pd.Timestamp,
    by: Period = "month",
    measure: Measure = "customers",
) -> Cohorts:
    """Follow the customers of each period.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    date : Series of datetime64, shape (n_orders,)
    money : ndarray of shape (n_orders,)
        Value of each order.
    until : Timestamp
        The last day that is known; later orders are left aside.
    by : {"week", "month", "quarter", "year"}
    measure : {"customers", "orders", "revenue", "cumulative"}
        Customers with an order in the period, orders, their value, or the value up to then.

    Raises
    ------
    DegenerateDataError
        There is no order up to ``until``.
    """
    known = (date <= until).to_numpy()
    if not known.any():
        raise DegenerateDataError("There is no order up to that date.")
    periods = date[known].dt.to_period(_FREQUENCY[by])
    orders = pd.DataFrame(
        {"customer": customer[known], "period": periods.to_numpy(), "money": money[known]}
    )
    # As plain numbers: a period's ordinal counts periods.
    orders["at"] = np.array([each.ordinal for each in periods], dtype=np.int64)
    first = orders.groupby("customer")["at"].transform("min").to_numpy()
    now = pd.Period(until, freq=_FREQUENCY[by])
    start = int(first.min())
    n = now.ordinal - start + 1
    row, column = first - start, orders["at"].to_numpy() - first
    values = np.zeros((n, n))
    if measure == "customers":
        pairs = np.unique(np.column_stack([row, column, orders["customer"]]), axis=0)
        np.add.at(values, (pairs[:, 0], pairs[:, 1]), 1.0)
    else:
        amounts = np.ones(len(orders)) if measure == "orders" else orders["money"].to_numpy()
        np.add.at(values, (row, column), amounts)
    if measure == "cumulative":
        values = values.cumsum(axis=1)
    to_come = np.add.outer(np.arange(n), np.arange(n)) > n - 1
    values[to_come] = np.nan
    unfinished = np.zeros((n, n), dtype=np.bool_)
    if until.normalize() < now.end_time.normalize():
        unfinished[np.arange(n), n - 1 - np.arange(n)] = True
    members = orders.assign(first=first).drop_duplicates("customer")["first"] - start
    sizes = np.bincount(members, minlength=n)
    began = sizes > 0
    names = [str(pd.Period(ordinal=start + i, freq=_FREQUENCY[by])) for i in range(n)]
    return Cohorts(
        cohorts=tuple(name for name, here in zip(names, began, strict=True) if here),
        sizes=np.asarray(sizes[began], dtype=np.int64),
        values=values[began],
        unfinished=unfinished[began],
    )
