"""Orders gathered into days with orders, by customer and day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError


@dataclass(frozen=True, eq=False)
class Visits:
    """Days with orders, by customer and day.

    Attributes
    ----------
    customer : ndarray of intp, shape (n_visits,)
    day : ndarray of float64, shape (n_visits,)
    number : ndarray of int64, shape (n_visits,)
        1 for a customer's first.
    next_day : ndarray of float64, shape (n_visits,)
        The customer's next visit; infinite where there is none.
    of_order : ndarray of intp, shape (n_orders,)
        The visit that each order belongs to.
    """

    customer: NDArray[np.intp]
    day: NDArray[np.float64]
    number: NDArray[np.int64]
    next_day: NDArray[np.float64]
    of_order: NDArray[np.intp]


def visits_of(customer: NDArray[np.intp], day: NDArray[np.floating]) -> Visits:
    """Gather orders into days with orders.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    day : ndarray of shape (n_orders,)

    Raises
    ------
    DegenerateDataError
        There are no orders.
    """
    if not len(customer):
        raise DegenerateDataError("No line counts as an order.")
    order = np.lexsort((day, customer))
    who, when = np.asarray(customer)[order], np.asarray(day, dtype=np.float64)[order]
    begins = np.concatenate([[True], (who[1:] != who[:-1]) | (when[1:] != when[:-1])])
    of_order = np.empty(len(order), dtype=np.intp)
    of_order[order] = np.cumsum(begins) - 1
    who, when = who[begins], when[begins]
    is_first = np.concatenate([[True], who[1:] != who[:-1]])
    first = np.flatnonzero(is_first)
    number = np.arange(len(who)) - np.repeat(first, np.diff(np.append(first, len(who)))) + 1
    next_day = np.append(when[1:], np.inf)
    next_day[np.append(is_first[1:], True)] = np.inf
    return Visits(who, when, number, next_day, of_order)
