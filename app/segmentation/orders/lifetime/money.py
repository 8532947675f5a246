"""What each customer's further orders are worth: expected, and drawn at random."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lifetime.fitting import Fit
from app.segmentation.orders.lifetime.gamma_gamma import (
    DEPENDENT,
    Amounts,
    dependence,
    expected_value,
)
from app.segmentation.orders.lifetime.models import fit_amounts
from app.segmentation.orders.visits import visits_of

FEWEST_VALUED = 100
"""Customers whose further orders have a value, from which the value model is fitted."""


class NoValues(DegenerateDataError):
    """The value of orders cannot be modelled."""


@dataclass(frozen=True, eq=False)
class Spending:
    """A fitted value model, and each customer's orders that have a value.

    Attributes
    ----------
    fit : Fit
        Of Gamma-Gamma.
    orders, mean : ndarray of float64, shape (n_customers,)
        Days with orders after the first one, and their mean value; 0 where there are none.
    expected : ndarray of float64, shape (n_customers,)
        Mean value of each customer's further orders.
    dependence : float
        Spearman's correlation between number and mean value of orders.
    """

    fit: Fit
    orders: NDArray[np.float64]
    mean: NDArray[np.float64]
    expected: NDArray[np.float64]
    dependence: float

    @property
    def depends_on_frequency(self) -> bool:
        return abs(self.dependence) >= DEPENDENT

    def draw(
        self, bought: NDArray[np.integer], rng: np.random.Generator, rows: slice
    ) -> NDArray[np.float64]:
        """Draw once what these customers spend on so many orders each, shape (n_rows,)."""
        p, q, gamma = self.fit.values
        rate = gamma + self.orders[rows] * self.mean[rows]
        own = rng.gamma(q + p * self.orders[rows]) / rate
        # The sum of n orders of one customer is gamma distributed with shape p n.
        spent = rng.gamma(np.maximum(p * bought, 1e-12)) / np.maximum(own, 1e-300)
        return np.where(bought > 0, spent, 0.0)


def fit_spending(
    customer: NDArray[np.intp],
    day: NDArray[np.floating],
    money: NDArray[np.floating],
    *,
    n_customers: int,
) -> Spending:
    """Fit the value of an order, from the days with orders after each customer's first.

    Parameters
    ----------
    customer : ndarray of intp, shape (n_orders,)
    day : ndarray of shape (n_orders,)
    money : ndarray of shape (n_orders,)
        Value of each order.
    n_customers : int

    Raises
    ------
    NoValues
        Too few further orders have a value, the fit is not sound, or the mean has no end.
    """
    visits = visits_of(customer, day)
    spent = np.bincount(visits.of_order, weights=money, minlength=len(visits.day))
    later = visits.number > 1
    owner = visits.customer[later]
    count = np.bincount(owner, minlength=n_customers).astype(np.float64)
    total = np.bincount(owner, weights=spent[later], minlength=n_customers)
    mean = np.divide(total, count, out=np.zeros(n_customers), where=count > 0)
    known = (count > 0) & (mean > 0)
    if known.sum() < FEWEST_VALUED:
        raise NoValues(
            f"{int(known.sum()):,} customers have further orders of a value above 0; "
            f"expected money needs {FEWEST_VALUED}."
        )
    amounts = Amounts(count[known], mean[known])
    fit = fit_amounts(amounts)
    if fit.status != "sound":
        raise NoValues(
            f"Expected money cannot be given: {fit.reason} ({fit.detail}). Expected orders can."
        )
    orders = np.where(known, count, 0.0)
    try:
        expected = expected_value(fit, orders, mean)
    except DegenerateDataError as error:
        raise NoValues(str(error)) from error
    return Spending(fit, orders, np.where(known, mean, 0.0), expected, dependence(amounts))
