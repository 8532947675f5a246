"""Who moved between two days, from one RFM segment to another."""

from datetime import date

import numpy as np
import pandas as pd

from app.schemas.order_views import MigrationOut, Move
from app.schemas.orders import SnapshotRequest
from app.segmentation.orders.migration import Membership, migration
from app.segmentation.orders.rfm import RFM
from app.services import orders as order_books
from app.services import snapshots
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders
from app.services.snapshots import SnapshotService

MOST_MEMBERS = 1_000


def movement(
    service: SnapshotService, caller: Caller, orders_id: int, *, from_day: date, to_day: date
) -> MigrationOut:
    """Compare two days by the cut points of the earlier one, so that nobody moves by others."""
    if from_day >= to_day:
        raise UnusableOrders("to", "not_later", "`to` has to be later than `from`.")
    with service.database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    _, _, before = service.summarise(orders, SnapshotRequest(as_of=from_day))
    _, _, after = service.summarise(orders, SnapshotRequest(as_of=to_day))
    first = snapshots.score(before)
    then = snapshots.score(after, dict(first.cut_points))
    moved = migration(_membership(before, first), _membership(after, then))
    has_money = snapshots.money_of(after) is not None
    return MigrationOut(
        from_day=from_day,
        to_day=to_day,
        sources=list(moved.sources),
        targets=list(moved.targets),
        moves=[
            Move(
                source=moved.sources[i],
                target=moved.targets[j],
                customers=int(moved.customers[i, j]),
                money_before=round(float(moved.money_before[i, j]), 2) if has_money else None,
                money_after=round(float(moved.money_after[i, j]), 2) if has_money else None,
                members=moved.members(i, j)[:MOST_MEMBERS].tolist(),
            )
            for i, j in np.argwhere(moved.customers > 0).tolist()
        ],
    )


def _membership(frame: pd.DataFrame, rfm: RFM) -> Membership:
    money = snapshots.money_of(frame)
    names = frame["customer_id"].to_numpy(dtype=np.str_)
    return Membership(
        names=names,
        segment=rfm.segment,
        money=np.zeros(len(names)) if money is None else money.to_numpy(dtype=np.float64),
        segments=rfm.rules.names,
    )
