"""Futures drawn at random: between which numbers orders and money of most of them lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.orders.lifetime.histories import Histories
from app.segmentation.orders.lifetime.models import FittedModel
from app.segmentation.orders.lifetime.money import Spending

DRAWS = 200
INTERVAL = 0.9
_BLOCK_ROWS = 20_000
"""Customers whose draws are held at a time: 32 MB of each of orders and money."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranges:
    """The range of 90% of the draws, of each customer and of each group's sum.

    Attributes
    ----------
    orders : ndarray of float64, shape (2, n_customers)
        From and to.
    money : ndarray of float64, shape (2, n_customers), or None
    group_money : ndarray of float64, shape (2, n_groups), or None
    total_money : ndarray of float64, shape (2,), or None
    """

    orders: NDArray[np.float64]
    money: NDArray[np.float64] | None
    group_money: NDArray[np.float64] | None
    total_money: NDArray[np.float64] | None


def simulate(
    used: FittedModel,
    observed: Histories,
    spending: Spending | None,
    *,
    horizon: float,
    worth: NDArray[np.float64],
    group: NDArray[np.intp],
    random_state: int,
) -> Ranges:
    """Draw the orders and money of each customer within ``horizon``, from the fitted models.

    Parameters
    ----------
    used : FittedModel
    observed : Histories
    spending : Spending or None
        Orders alone are drawn without it.
    horizon : float
    worth : ndarray of shape (n_customers,)
        What a unit of a customer's money counts.
    group : ndarray of intp, shape (n_customers,)
    random_state : int
    """
    rng = np.random.default_rng(random_state)
    n = len(observed)
    n_groups = int(group.max()) + 1 if n else 0
    bounds = [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2]
    orders, money = np.zeros((2, n)), np.zeros((2, n))
    sums = np.zeros((DRAWS, n_groups))
    for start in range(0, n, _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, n))
        part = observed.rows(rows.start, rows.stop)
        bought = np.stack(
            [used.model.simulate_orders(used.fit, part, horizon, rng) for _ in range(DRAWS)]
        )
        orders[:, rows] = np.quantile(bought, bounds, axis=0)
        if spending is not None:
            spent = np.stack([spending.draw(each, rng, rows) for each in bought]) * worth[rows]
            money[:, rows] = np.quantile(spent, bounds, axis=0)
            for i in range(DRAWS):
                sums[i] += np.bincount(group[rows], weights=spent[i], minlength=n_groups)
    if spending is None:
        return Ranges(orders=orders, money=None, group_money=None, total_money=None)
    return Ranges(
        orders=orders,
        money=money,
        group_money=np.quantile(sums, bounds, axis=0),
        total_money=np.quantile(sums.sum(axis=1), bounds),
    )
