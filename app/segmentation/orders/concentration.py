"""Who brings the money: the Lorenz curve, and the share of the top customers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError


@dataclass(frozen=True, eq=False)
class Concentration:
    """How unevenly customers bring the money.

    Attributes
    ----------
    customers, money : ndarray of float64, shape (n_customers + 1,)
        The Lorenz curve: share of customers, lowest first, and their share of the money.
    gini : float
        0 where all bring the same, near 1 where one brings all.
    total : float
        All money of those who brought any.
    """

    customers: NDArray[np.float64]
    money: NDArray[np.float64]
    gini: float
    total: float

    def share_of_top(self, part: float) -> float:
        """Share of the money that the top part of the customers brings, 0 to 1."""
        return float(1 - np.interp(1 - part, self.customers, self.money))


def concentration(money: NDArray[np.floating]) -> Concentration:
    """Measure how unevenly money is spread over customers.

    Parameters
    ----------
    money : ndarray of shape (n_customers,)
        What each customer brought; those who cost more than they brought count as 0.

    Raises
    ------
    DegenerateDataError
        Nobody brought anything.

    References
    ----------
    M. O. Lorenz (1905), "Methods of measuring the concentration of wealth", Publ. American
    Statistical Association 9.
    """
    sorted_ = np.sort(np.maximum(np.asarray(money, dtype=np.float64), 0))
    total = float(sorted_.sum())
    if not total > 0:
        raise DegenerateDataError("No customer brought any money.")
    shares = np.concatenate([[0.0], np.cumsum(sorted_) / total])
    people = np.linspace(0, 1, len(shares))
    return Concentration(people, shares, float(1 - 2 * np.trapezoid(shares, people)), total)
