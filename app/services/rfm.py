"""RFM of a snapshot: scores by cut points that stay, the grid of 25 cells, and who is in each."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.order_tables import Snapshot
from app.schemas.rfm import CutPointsOut, RFMCell, RFMOut, RFMSegment
from app.segmentation.orders.rfm import RFM, SCORES, CutPoints
from app.services import snapshots
from app.services.accounts import Caller
from app.services.snapshots import SnapshotService

CutPointsFrom = Literal["first", "own"]
_UNITS = {"recency": "days", "frequency": "orders", "monetary": "money"}


@dataclass(frozen=True)
class Scored:
    """A snapshot's customers with their scores."""

    snapshot: Snapshot
    frame: pd.DataFrame
    rfm: RFM
    cut_points_of: int


def score_snapshot(
    service: SnapshotService, caller: Caller, snapshot_id: int, cut_points: CutPointsFrom
) -> Scored:
    """Score by the cut points of the first snapshot of these orders, or by its own."""
    with service.database.session(read_only=True) as session:
        snapshot, _, dataset = snapshots.get(session, caller, snapshot_id)
        first = snapshot if cut_points == "own" else _first(session, snapshot)
    cuts = {
        name: CutPoints(tuple(edges), descending=name == "recency")
        for name, edges in first.cut_points.items()
    }
    frame = service.customers(dataset)
    return Scored(snapshot, frame, snapshots.score(frame, cuts), first.id)


def _first(session: Session, snapshot: Snapshot) -> Snapshot:
    """Return the first snapshot of the same orders, period and currency."""
    query = (
        sa.select(Snapshot)
        .where(
            Snapshot.orders_id == snapshot.orders_id,
            Snapshot.window_days.is_not_distinct_from(snapshot.window_days),
            Snapshot.currency.is_not_distinct_from(snapshot.currency),
            Snapshot.returns == snapshot.returns,
        )
        .order_by(Snapshot.id)
        .limit(1)
    )
    return session.scalar(query) or snapshot


def describe(scored: Scored) -> RFMOut:
    rfm, frame = scored.rfm, scored.frame
    money = snapshots.money_of(frame)
    spent = None if money is None else money.to_numpy(dtype=np.float64)
    orders = frame["orders"].to_numpy(dtype=np.int64)
    scores = range(1, SCORES + 1)

    def summed(members: NDArray[np.bool_]) -> tuple[int, int, float | None]:
        total = None if spent is None else round(float(spent[members].sum()), 2)
        return int(members.sum()), int(orders[members].sum()), total

    cells = []
    for r in reversed(scores):
        for f in scores:
            n, n_orders, total = summed((rfm.recency == r) & (rfm.frequency == f))
            name = rfm.rules.cells[r, f]
            cells.append(
                RFMCell(
                    recency=r, frequency=f, segment=name, customers=n, orders=n_orders, money=total
                )
            )
    segments = []
    for i, name in enumerate(rfm.rules.names):
        n, n_orders, total = summed(rfm.segment == i)
        share = n / len(frame)
        segments.append(
            RFMSegment(name=name, customers=n, share=share, orders=n_orders, money=total)
        )
    return RFMOut(
        snapshot_id=scored.snapshot.id,
        as_of=scored.snapshot.as_of,
        currency=scored.snapshot.currency,
        n_customers=len(frame),
        cut_points_of=scored.cut_points_of,
        cut_points=[
            CutPointsOut(
                figure=name,
                unit=_UNITS[name],
                edges=list(cuts.edges),
                highest_scores="smallest" if cuts.descending else "largest",
                empty_scores=list(cuts.empty),
            )
            for name, cuts in rfm.cut_points.items()
            if name != "monetary" or spent is not None
        ],
        segments=segments,
        grid=cells,
    )


def members(
    scored: Scored, *, recency: int | None, frequency: int | None, segment: str | None
) -> pd.DataFrame:
    """Return the customers of a cell or segment with their scores, in the snapshot's order."""
    rfm = scored.rfm
    names = np.array(rfm.rules.names)[rfm.segment]
    table = pd.DataFrame(
        {
            "customer_id": scored.frame["customer_id"],
            "recency": rfm.recency,
            "frequency": rfm.frequency,
            "monetary": rfm.monetary,
            "segment": names,
            "recency_days": scored.frame["recency_days"],
            "orders": scored.frame["orders"],
        }
    )
    money = snapshots.money_of(scored.frame)
    table["money"] = None if money is None else money
    kept = np.ones(len(table), dtype=np.bool_)
    for column, wanted in (("recency", recency), ("frequency", frequency), ("segment", segment)):
        if wanted is not None:
            kept &= (table[column] == wanted).to_numpy()
    return table[kept]
