"""Orders in the database: finding them, and writing what their lines come to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.order_tables import OrderFile, Orders, Snapshot
from app.errors import BadRequest
from app.segmentation.orders.lines import define_lines
from app.segmentation.tables.order_names import Role
from app.services.accounts import Caller
from app.services.order_lines import (
    find_problems,
    ledger_of,
    ledger_row,
    opened,
    plan_of,
    sources_of,
)
from app.services.ownership import own_of, owned
from app.services.paging import Page, page_of
from app.services.quotas import check_room, lock_owner
from app.storage.datasets import DatasetStore


@dataclass(frozen=True)
class Count:
    """What the lines of all files come to, or what keeps them from being counted."""

    n_lines: int
    problems: list[dict[str, Any]]
    ledger: dict[str, Any] | None

    def write_to(self, orders: Orders) -> None:
        orders.n_lines, orders.problems, orders.ledger = self.n_lines, self.problems, self.ledger


def count_lines(
    store: DatasetStore,
    files: Sequence[OrderFile],
    roles: Mapping[Role, str],
    settings: Mapping[str, str | None],
) -> Count:
    """Account for all lines; it reads all of them, and belongs in no transaction."""
    problems = find_problems(roles, files, settings)
    ledger = None
    if not problems:
        with opened(store, files) as lines:
            ledger = ledger_row(ledger_of(lines, files, settings, plan_of(roles, settings)))
    n_lines = sum(file.n_lines for file in files)
    return Count(n_lines, [asdict(each) for each in problems], ledger)


def days_of_last(
    store: DatasetStore,
    files: Sequence[OrderFile],
    roles: Mapping[Role, str],
    settings: Mapping[str, str | None],
) -> tuple[date, date] | None:
    """Return the first and the last day of the last file's lines; None where that is not known."""
    if find_problems(roles, files, settings):
        return None
    with opened(store, files) as lines:
        define_lines(lines, sources_of(files, settings)[-1:], plan_of(roles, settings))
        row = lines.execute("SELECT min(day), max(day) FROM lines").fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def mark_snapshots(orders: Orders, days: tuple[date, date] | None) -> None:
    """Mark the snapshots that lines of these days belong to as out of date; all where None."""
    for snapshot in orders.snapshots:
        if days is None or _covers(snapshot, *days):
            snapshot.out_of_date = True


def _covers(snapshot: Snapshot, first: date, last: date) -> bool:
    since = date.min
    if snapshot.window_days is not None:
        since = snapshot.as_of - timedelta(days=snapshot.window_days - 1)
    return first <= snapshot.as_of and last >= since


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Orders], int]:
    query = sa.select(Orders).where(own_of(Orders, caller)).order_by(Orders.id.desc())
    return page_of(session, query, page)


def get(session: Session, caller: Caller, orders_id: int, *, lock: bool = False) -> Orders:
    """Return orders of the caller's own; administrators see everyone's."""
    return owned(session, Orders, caller, orders_id, called="Orders", lock=lock)


def add(session: Session, orders: Orders, limit: int, most_bytes: int) -> Orders:
    """Add orders, unless their owner has as many, or as many bytes, as one may have."""
    lock_owner(session, orders.user_id)
    n_bytes = sum(file.size_bytes for file in orders.files)
    check_room(session, orders.user_id, adding=n_bytes, most=most_bytes)
    count = session.scalar(
        sa.select(sa.func.count()).select_from(Orders).where(Orders.user_id == orders.user_id)
    )
    if (count or 0) >= limit:
        raise BadRequest(
            f"You have {count} orders, the maximum is {limit}; delete some first",
            code="too_many_orders",
        )
    session.add(orders)
    session.flush()
    session.refresh(orders)
    return orders
