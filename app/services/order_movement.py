"""Who moved between two days: from one RFM segment, cell or segment of a run to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.db.order_tables import Orders, Snapshot
from app.schemas.order_movement import MigrationOut, Move, MoveMember, MoveMembers
from app.schemas.orders import SnapshotRequest
from app.segmentation.errors import SegmentationError
from app.segmentation.orders.lines import Plan
from app.segmentation.orders.migration import Migration, SegmentMembers, migration
from app.segmentation.orders.rfm import RFM, CutPoints
from app.segmentation.orders.rfm_rules import SCORES
from app.services import order_books
from app.services.accounts import Caller
from app.services.order_lines import UnusableOrders
from app.services.paging import Page
from app.services.rfm import first_of_its_kind
from app.services.rfm_rules import cut_points_from, given_cut_points, rules_of
from app.services.segmentations.reports import NOISE
from app.services.segmentations.views import OpenRun, RunViews
from app.services.snapshot_making import money_of, score
from app.services.snapshots import SnapshotService

MOST_MEMBERS = 1_000
By = Literal["segments", "cells"]


@dataclass(frozen=True)
class DaysCompared:
    """What is asked: two days, how customers are divided on both, and how far back orders count."""

    from_day: date
    to_day: date
    by: By = "segments"
    run_id: int | None = None
    window: str | None = None


@dataclass(frozen=True)
class Moved:
    """Who moved, and what divided them."""

    migration: Migration
    has_money: bool
    cut_points_of: int | None


def movement(
    service: SnapshotService,
    views: RunViews,
    caller: Caller,
    orders_id: int,
    asked: DaysCompared,
) -> MigrationOut:
    """Compare two days by the same cut points or the same run, so that none moves by others."""
    found = _moved(service, views, caller, orders_id, asked)
    moved, has_money = found.migration, found.has_money
    return MigrationOut(
        from_day=asked.from_day,
        to_day=asked.to_day,
        by="run" if asked.run_id is not None else asked.by,
        run_id=asked.run_id,
        cut_points_of=found.cut_points_of,
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


def movers(
    service: SnapshotService,
    views: RunViews,
    caller: Caller,
    orders_id: int,
    asked: DaysCompared,
    *,
    source: str | None,
    target: str | None,
    page: Page,
) -> MoveMembers:
    """List the customers of one move, or of all from or to a segment."""
    found = _moved(service, views, caller, orders_id, asked)
    moved = found.migration
    kept = np.ones(len(moved.names), dtype=np.bool_)
    for field, name, known, position in (
        ("source", source, moved.sources, moved.source),
        ("target", target, moved.targets, moved.target),
    ):
        if name is not None:
            if name not in known:
                raise UnusableOrders(field, "unknown_segment", f"There is no segment {name!r}.")
            kept &= position == known.index(name)
    rows = np.flatnonzero(kept)
    has_money = found.has_money
    return MoveMembers(
        customers=[
            MoveMember(
                customer_id=str(moved.names[i]),
                source=moved.sources[moved.source[i]],
                target=moved.targets[moved.target[i]],
                money_before=round(float(moved.spent_before[i]), 2) if has_money else None,
                money_after=round(float(moved.spent_after[i]), 2) if has_money else None,
            )
            for i in rows[page.skip : page.skip + (page.limit or 0)]
        ],
        total=len(rows),
    )


def _moved(
    service: SnapshotService,
    views: RunViews,
    caller: Caller,
    orders_id: int,
    asked: DaysCompared,
) -> Moved:
    if asked.from_day >= asked.to_day:
        raise UnusableOrders("to", "not_later", "`to` has to be later than `from`.")
    with service.database.session(read_only=True) as session:
        orders = order_books.get(session, caller, orders_id)
    run = _run_of(views, caller, orders, asked.run_id)
    plan, before = _customers(service, orders, asked.from_day, asked)
    _, after = _customers(service, orders, asked.to_day, asked)
    cut_points_of = None
    if run is not None:
        sides = [_by_run(views, run, frame) for frame in (before, after)]
    else:
        kept, cut_points_of = _kept_cut_points(service, orders, plan)
        first = score(before, kept, rules_of(orders, service.rules_file))
        then = score(after, first.cut_points, first.rules)
        divide = _by_segment if asked.by == "segments" else _by_cell
        sides = [divide(before, first), divide(after, then)]
    has_money = money_of(after) is not None
    return Moved(migration(*sides), has_money, cut_points_of)


def _customers(
    service: SnapshotService, orders: Orders, day: date, asked: DaysCompared
) -> tuple[Plan, pd.DataFrame]:
    form = SnapshotRequest(as_of=day, window=asked.window)
    plan, _, frame = service.summarise(orders, form, whole=asked.run_id is not None)
    return plan, frame


def _run_of(views: RunViews, caller: Caller, orders: Orders, run_id: int | None) -> OpenRun | None:
    if run_id is None:
        return None
    run = views.open(caller, run_id)
    if (run.dataset.source or {}).get("orders_id") != orders.id:
        message = f"Run {run_id} is not of a snapshot of these orders."
        raise UnusableOrders("run_id", "other_orders", message)
    return run


def _kept_cut_points(
    service: SnapshotService, orders: Orders, plan: Plan
) -> tuple[dict[str, CutPoints] | None, int | None]:
    """Return the cut points that snapshots of this kind are scored by, and whose they are."""
    given = given_cut_points(orders)
    if given is not None:
        return given, None
    kind = Snapshot(
        orders_id=orders.id,
        window_days=plan.window_days,
        currency=plan.currency,
        returns=plan.returns,
    )
    with service.database.session(read_only=True) as session:
        first = first_of_its_kind(session, kind)
    return (None, None) if first is None else (cut_points_from(first.cut_points), first.id)


def _by_segment(frame: pd.DataFrame, rfm: RFM) -> SegmentMembers:
    return _membership(frame, rfm.segment, rfm.rules.names)


def _by_cell(frame: pd.DataFrame, rfm: RFM) -> SegmentMembers:
    scores = range(SCORES, 0, -1)
    names = [f"R{r} F{f}" for r in scores for f in scores]
    position = (SCORES - rfm.recency.astype(np.intp)) * SCORES + (SCORES - rfm.frequency)
    return _membership(frame, position, names)


def _by_run(views: RunViews, run: OpenRun, frame: pd.DataFrame) -> SegmentMembers:
    names = run.report.names
    labels = [*names]
    try:
        placed = views.kept(run).place(frame).labels
    except SegmentationError as error:
        raise UnusableOrders("run_id", "run_does_not_fit", str(error)) from error
    position = np.full(len(placed), len(labels), dtype=np.intp)
    for i, label in enumerate(labels):
        position[placed == label] = i
    return _membership(frame, position, [*names.values(), NOISE])


def _membership(
    frame: pd.DataFrame, segment: NDArray[np.integer], names: Sequence[str]
) -> SegmentMembers:
    money = money_of(frame)
    ids = frame["customer_id"].to_numpy(dtype=np.str_)
    return SegmentMembers(
        names=ids,
        segment=segment,
        money=np.zeros(len(ids)) if money is None else money.to_numpy(dtype=np.float64),
        segments=names,
    )
