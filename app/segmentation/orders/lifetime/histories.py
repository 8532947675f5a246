"""Purchase histories: all that the models need to know about a customer."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.visits import visits_of


@dataclass(frozen=True, eq=False)
class Histories:
    """One purchase history per row.

    Attributes
    ----------
    frequency : ndarray of float64, shape (n_rows,)
        Orders after the first one.
    recency : ndarray of float64, shape (n_rows,)
        Time from the first order to the last one; 0 where there is one order.
    age : ndarray of float64, shape (n_rows,)
        Time from the first order to the date of the snapshot.
    weight : ndarray of float64, shape (n_rows,)
        How many customers have this history.
    """

    frequency: NDArray[np.float64]
    recency: NDArray[np.float64]
    age: NDArray[np.float64]
    weight: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        frequency: NDArray[np.floating] | NDArray[np.integer],
        recency: NDArray[np.floating],
        age: NDArray[np.floating],
    ) -> Self:
        """Check and keep one history per customer.

        Raises
        ------
        DegenerateDataError
            A value is negative or not finite, a last order is after the snapshot, or a customer
            without further orders has a recency; names the first row, counted from 0.
        """
        columns = [np.asarray(each, dtype=np.float64) for each in (frequency, recency, age)]
        x, t_x, T = columns
        sound = np.isfinite(columns).all(axis=0) & (x >= 0) & (t_x >= 0) & (t_x <= T)
        sound &= (x > 0) | (t_x == 0)
        if not sound.all():
            row = int(np.argmin(sound))
            raise DegenerateDataError(
                f"Row {row}: {x[row]:g} further orders, the last after {t_x[row]:g} of {T[row]:g} "
                "time units, is no purchase history."
            )
        return cls(x, t_x, T, np.ones(len(x)))

    def __len__(self) -> int:
        return len(self.frequency)

    @property
    def n_customers(self) -> float:
        return float(self.weight.sum())

    def distinct(self) -> tuple[Self, NDArray[np.intp]]:
        """Gather equal histories.

        Returns
        -------
        Histories
            Each different history once, with its weight.
        ndarray of intp, shape (n_rows,)
            The gathered row of each row.
        """
        rows = np.column_stack([self.frequency, self.recency, self.age])
        unique, inverse = np.unique(rows, axis=0, return_inverse=True)
        weight = np.zeros(len(unique))
        np.add.at(weight, inverse.ravel(), self.weight)
        return type(self)(unique[:, 0], unique[:, 1], unique[:, 2], weight), inverse.ravel()

    def in_units_of(self, length: float) -> Self:
        """Measure time in another unit, given its length in the present one."""
        return type(self)(self.frequency, self.recency / length, self.age / length, self.weight)

    def rows(self, start: int, stop: int) -> Self:
        part = slice(start, stop)
        return type(self)(
            self.frequency[part], self.recency[part], self.age[part], self.weight[part]
        )


def histories_of_orders(
    customer: NDArray[np.intp], time: NDArray[np.floating], *, n_customers: int, as_of: float
) -> Histories:
    """Summarise orders as purchase histories.

    Orders at the same time by the same customer count once: a model of the time between orders
    has no place for two at once.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
        0 to ``n_customers`` - 1, each at least once.
    time : ndarray of shape (n_orders,)
        In any unit, up to ``as_of``.
    n_customers : int
    as_of : float

    Raises
    ------
    DegenerateDataError
        An order is after ``as_of``, or a customer has none.
    """
    if len(time) and float(np.max(time)) > as_of:
        raise DegenerateDataError("An order is later than the date of the snapshot.")
    visits = visits_of(customer, time) if len(time) else None
    counts = np.bincount(visits.customer if visits else [], minlength=n_customers)
    if visits is None or (counts == 0).any():
        raise DegenerateDataError("A customer has no order.")
    last = visits.day[np.isinf(visits.next_day)]
    first = visits.day[visits.number == 1]
    return Histories.of(counts - 1, last - first, as_of - first)
