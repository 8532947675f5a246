"""The orders behind a snapshot: who ordered, when, and for how much."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.db.order_tables import Orders, Snapshot
from app.segmentation.orders.lines import Plan, define_lines
from app.segmentation.orders.snapshot import orders_placed
from app.services.order_lines import UnusableOrders, opened, plan_of, roles_of, sources_of
from app.storage.datasets import DatasetStore


@dataclass(frozen=True, eq=False)
class Placed:
    """Orders of a snapshot's customers, in days before its date.

    `customer` is the row of the snapshot; `day` is 0 on its date and negative before; `money` is
    None where orders have no amounts.
    """

    customer: NDArray[np.intp]
    day: NDArray[np.float64]
    money: NDArray[np.float64] | None


def placed_for(
    store: DatasetStore, orders: Orders, snapshot: Snapshot, frame: pd.DataFrame
) -> Placed:
    """Return the orders that a snapshot was made of.

    Lines that came since may belong to customers whom it does not have; they are left aside.
    """
    plan = replace(
        plan_of(roles_of(orders), orders.settings),
        currency=snapshot.currency,
        as_of=snapshot.as_of,
        window_days=snapshot.window_days,
    )
    placed = read_placed(store, orders, plan)
    names = pd.Index(frame["customer_id"])
    row = names.get_indexer(placed["customer"])
    known = row >= 0
    since = (placed["day"] - pd.Timestamp(snapshot.as_of)).dt.days.to_numpy(dtype=np.float64)
    money = placed["money"].to_numpy(dtype=np.float64)[known] if plan.has_money else None
    return Placed(row[known].astype(np.intp), since[known], money)


def read_placed(store: DatasetStore, orders: Orders, plan: Plan) -> pd.DataFrame:
    """Return all orders that count under a plan: customer, day, money."""
    check_usable(orders)
    with opened(store, orders.files) as lines:
        define_lines(lines, sources_of(orders.files, orders.settings), plan)
        return orders_placed(lines)


def check_usable(orders: Orders) -> None:
    if orders.problems:
        problem = orders.problems[0]
        raise UnusableOrders(problem["field"], problem["code"], problem["message"])
