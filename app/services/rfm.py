"""RFM of a snapshot: scores by cut points that stay, the grid of 25 cells, and who is in each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.order_tables import Orders, Snapshot
from app.db.tables import Dataset
from app.schemas.rfm import CutPointsOut, RFMCell, RFMCube, RFMOut, RFMSegment
from app.segmentation.orders.rfm import RFM
from app.segmentation.orders.rfm_rules import SCORES
from app.services import snapshots
from app.services.accounts import Caller
from app.services.rfm_rules import cut_points_from, given_cut_points, rules_of
from app.services.snapshot_making import money_of, score
from app.services.snapshots import SnapshotService
from app.storage.datasets import DatasetStore

CutPointsFrom = Literal["kept", "first", "own"]
_UNITS = {"recency": "days", "frequency": "orders", "monetary": "money"}


@dataclass(frozen=True)
class Scored:
    """A snapshot's customers with their scores; `cut_points_of` is None for the owner's own."""

    snapshot: Snapshot
    orders: Orders
    directory: str
    frame: pd.DataFrame
    rfm: RFM
    cut_points_of: int | None

    @property
    def segment_names(self) -> NDArray[np.str_]:
        """Name of each customer's segment."""
        return np.array(self.rfm.rules.names, dtype=np.str_)[self.rfm.segment]

    @property
    def money(self) -> NDArray[np.float64] | None:
        found = money_of(self.frame)
        return None if found is None else found.to_numpy(dtype=np.float64)


def score_snapshot(
    service: SnapshotService,
    caller: Caller,
    snapshot_id: int,
    cut_points: CutPointsFrom = "kept",
) -> Scored:
    """Score by the owner's cut points, by those of the first snapshot of its kind, or its own."""
    with service.database.session(read_only=True) as session:
        snapshot, _, _ = snapshots.get(session, caller, snapshot_id)
        return score_of(session, service.datasets.store, snapshot, service.rules_file, cut_points)


def score_of(
    session: Session,
    store: DatasetStore,
    snapshot: Snapshot,
    rules_file: Path,
    cut_points: CutPointsFrom = "kept",
) -> Scored:
    """Score a snapshot that the caller may see."""
    orders = session.get_one(Orders, snapshot.orders_id)
    dataset = session.get_one(Dataset, snapshot.dataset_id)
    given = given_cut_points(orders) if cut_points == "kept" else None
    source = snapshot
    if cut_points != "own":
        source = first_of_its_kind(session, snapshot) or snapshot
    frame = snapshots.customers_of(store, dataset)
    cuts = given or cut_points_from(source.cut_points)
    rfm = score(frame, cuts, rules_of(orders, rules_file))
    of = None if given is not None else source.id
    return Scored(snapshot, orders, dataset.directory, frame, rfm, of)


def first_of_its_kind(session: Session, kind: Snapshot) -> Snapshot | None:
    """Return the first snapshot of the same orders, period, returns and currency."""
    query = (
        sa.select(Snapshot)
        .where(
            Snapshot.orders_id == kind.orders_id,
            Snapshot.window_days.is_not_distinct_from(kind.window_days),
            Snapshot.currency.is_not_distinct_from(kind.currency),
            Snapshot.returns == kind.returns,
        )
        .order_by(Snapshot.id)
        .limit(1)
    )
    return session.scalar(query)


def describe(scored: Scored) -> RFMOut:
    rfm, frame, spent = scored.rfm, scored.frame, scored.money
    orders = frame["orders"].to_numpy(dtype=np.int64)
    scores = range(1, SCORES + 1)

    def summed(members: NDArray[np.bool_]) -> tuple[int, int, float | None]:
        total = None if spent is None else round(float(spent[members].sum()), 2)
        return int(members.sum()), int(orders[members].sum()), total

    cells = []
    for r in reversed(scores):
        for f in scores:
            n, n_orders, total = summed((rfm.recency == r) & (rfm.frequency == f))
            names = rfm.rules.names_at(r, f)
            cells.append(
                RFMCell(
                    recency=r,
                    frequency=f,
                    segment=names[0],
                    segments=list(names),
                    customers=n,
                    orders=n_orders,
                    money=total,
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
        cube=_cube(scored),
    )


def _cube(scored: Scored) -> list[RFMCube]:
    """List the cells of recency, frequency and money that hold customers, the best first."""
    rfm, spent = scored.rfm, scored.money
    if spent is None:
        return []
    table = pd.DataFrame(
        {
            "recency": rfm.recency,
            "frequency": rfm.frequency,
            "monetary": rfm.monetary,
            "segment": scored.segment_names,
            "orders": scored.frame["orders"].to_numpy(),
            "money": spent,
        }
    )
    scores = ["recency", "frequency", "monetary"]
    summed = table.groupby([*scores, "segment"], sort=False).agg(
        customers=("orders", "size"), orders=("orders", "sum"), money=("money", "sum")
    )
    rows = summed.reset_index().sort_values(scores, ascending=False).to_dict("records")
    return [RFMCube.model_validate({**row, "money": round(row["money"], 2)}) for row in rows]


def members(
    scored: Scored,
    *,
    recency: int | None = None,
    frequency: int | None = None,
    monetary: int | None = None,
    segment: str | None = None,
) -> pd.DataFrame:
    """Return the customers of a cell or segment with their scores, in the snapshot's order."""
    rfm = scored.rfm
    table = pd.DataFrame(
        {
            "customer_id": scored.frame["customer_id"],
            "recency": rfm.recency,
            "frequency": rfm.frequency,
            "monetary": rfm.monetary,
            "segment": scored.segment_names,
            "recency_days": scored.frame["recency_days"],
            "orders": scored.frame["orders"],
        }
    )
    table["money"] = scored.money
    kept = np.ones(len(table), dtype=np.bool_)
    asked = {
        "recency": recency,
        "frequency": frequency,
        "monetary": monetary,
        "segment": segment,
    }
    for column, wanted in asked.items():
        if wanted is not None:
            kept &= (table[column] == wanted).to_numpy()
    return table[kept]
