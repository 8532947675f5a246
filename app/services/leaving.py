"""Customers who are likely to leave: overdue by their own rhythm, with the record of the rule."""

import itertools
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from app.schemas.order_views import (
    LeavingCustomer,
    LeavingOut,
    LeavingRecordOut,
    OverdueBand,
)
from app.schemas.orders import OrderNote
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders import rhythm
from app.segmentation.orders.rhythm import OVERDUE_BANDS, check_overdue
from app.services.accounts import Caller
from app.services.paging import Page
from app.services.placed_orders import Placed, placed_for
from app.services.rfm import Scored, score_snapshot
from app.services.snapshots import SnapshotService

FEWEST_IN_BAND = 20
"""Customers from which a share of those who left says something of the next ones."""


def leaving(
    service: SnapshotService,
    caller: Caller,
    snapshot_id: int,
    *,
    overdue_from: float,
    horizon_days: int,
    page: Page,
) -> LeavingOut:
    """List who is overdue, with how many such customers did not come back at an earlier date."""
    scored = score_snapshot(service, caller, snapshot_id)
    placed = placed_for(service.datasets.store, scored.orders, scored.snapshot, scored.frame)
    late, gap = rhythm.overdue(
        placed.customer, placed.day, n_customers=len(scored.frame), as_of=0.0
    )
    record = _record(placed, overdue_from, horizon_days)
    rows = _ranked(scored, late, overdue_from)
    money = scored.money
    return LeavingOut(
        snapshot_id=scored.snapshot.id,
        as_of=scored.snapshot.as_of,
        currency=scored.snapshot.currency,
        overdue_from=overdue_from,
        n_customers=len(late),
        customers_with_rhythm=int((~np.isnan(late)).sum()),
        likely_to_leave=len(rows),
        money=None if money is None else round(float(money[rows].sum()), 2),
        bands=_bands(late, record),
        record=_described(record, scored),
        notes=_notes(record),
        customers=[
            LeavingCustomer(
                customer_id=str(scored.frame["customer_id"].iloc[i]),
                segment=str(scored.segment_names[i]),
                overdue=round(float(late[i]), 2),
                recency_days=int(scored.frame["recency_days"].iloc[i]),
                median_gap_days=float(gap[i]),
                orders=int(scored.frame["orders"].iloc[i]),
                money=None if money is None else round(float(money[i]), 2),
                chance=_chance(float(late[i]), record),
            )
            for i in rows[page.skip : page.skip + (page.limit or 0)]
        ],
        total=len(rows),
    )


def _ranked(scored: Scored, late: NDArray[np.float64], overdue_from: float) -> NDArray[np.intp]:
    """Give the rows of the overdue, those who brought most first."""
    rows = np.flatnonzero(~np.isnan(late) & (late >= overdue_from))
    weight = scored.money
    if weight is None:
        weight = scored.frame["orders"].to_numpy(dtype=np.float64)
    return rows[np.argsort(-weight[rows], kind="stable")]


def _record(placed: Placed, overdue_from: float, horizon_days: int) -> rhythm.LeavingRecord | None:
    span = -float(placed.day.min()) if len(placed.day) else 0.0
    made_at = -min(float(horizon_days), span / 2)
    try:
        record = check_overdue(
            placed.customer, placed.day, made_at=made_at, until=0.0, threshold=overdue_from
        )
    except DegenerateDataError:
        return None
    return record if record.flagged + record.others else None


def _bands(late: NDArray[np.float64], record: rhythm.LeavingRecord | None) -> list[OverdueBand]:
    bounds = [0.0, *OVERDUE_BANDS, np.inf]
    found = []
    for i, (least, most) in enumerate(itertools.pairwise(bounds)):
        then = record.bands[i] if record is not None else None
        found.append(
            OverdueBand(
                least=least,
                most=most if np.isfinite(most) else None,
                customers=int(((late >= least) & (late < most)).sum()),
                customers_then=then.customers if then is not None else None,
                left_then=then.left if then is not None else None,
                share_left=_told(then.share_left) if then is not None else None,
            )
        )
    return found


def _chance(late: float, record: rhythm.LeavingRecord | None) -> float | None:
    if record is None:
        return None
    band = next(each for each in record.bands if each.least <= late < each.most)
    return _told(band.share_left) if band.customers >= FEWEST_IN_BAND else None


def _told(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _described(record: rhythm.LeavingRecord | None, scored: Scored) -> LeavingRecordOut | None:
    if record is None:
        return None
    left = record.flagged_left + record.others_left
    as_of = scored.snapshot.as_of
    return LeavingRecordOut(
        made_at=as_of + timedelta(days=record.made_at),
        until=as_of,
        flagged=record.flagged,
        flagged_left=record.flagged_left,
        others=record.others,
        others_left=record.others_left,
        found=_told(record.flagged_left / left if left else None),
        tells=record.tells,
    )


def _notes(record: rhythm.LeavingRecord | None) -> list[OrderNote]:
    if record is None:
        message = (
            "There was no customer with a rhythm at an earlier date: nothing says how many of the "
            "overdue come back."
        )
        return [OrderNote(code="no_record", message=message)]
    if not record.tells:
        message = (
            "On the record, customers who were overdue did not stay away clearly more often than "
            "the others: this list says little about who leaves."
        )
        return [OrderNote(code="overdue_says_little", message=message)]
    return []
