"""What was predicted, for whom it was predicted."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from defusedcsv import csv
from sqlalchemy.orm import Session

from app.db.session import Database
from app.db.tables import PredictionHistory
from app.errors import NotFound
from app.schemas.predictions import HistorySort
from app.services.accounts import Caller
from app.services.dates import Moment, between
from app.services.paging import Page, page_of, sorted_by

EXPORT_BLOCK = 1_000


@dataclass(frozen=True)
class HistoryFilter:
    cluster: int | None = None
    min_confidence: int | None = None
    max_confidence: int | None = None
    date_from: Moment | None = None
    date_to: Moment | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        row = PredictionHistory
        conditions: list[sa.ColumnElement[bool]] = []
        if self.cluster is not None:
            conditions.append(row.cluster == self.cluster)
        if self.min_confidence is not None:
            conditions.append(row.confidence >= self.min_confidence)
        if self.max_confidence is not None:
            conditions.append(row.confidence <= self.max_confidence)
        return [*conditions, *between(row.created_at, self.date_from, self.date_to)]


def list_own(
    session: Session,
    caller: Caller,
    page: Page,
    wanted: HistoryFilter,
    *,
    sort: HistorySort | None = None,
    descending: bool = False,
) -> tuple[Sequence[PredictionHistory], int]:
    row = PredictionHistory
    query = sa.select(row).where(row.user_id == caller.id, *wanted.conditions())
    if sort:
        query = sorted_by(query, getattr(row, sort), descending=descending)
    return page_of(session, query.order_by(row.created_at.desc(), row.id.desc()), page)


EXPORT_COLUMNS = (
    "id",
    "created_at",
    "sex",
    "age",
    "annual_income",
    "spending_score",
    "purchase_frequency",
    "cluster",
    "cluster_name",
    "confidence",
    "model_version",
)


def export_own(database: Database, caller: Caller, wanted: HistoryFilter) -> Iterator[str]:
    """Yield one's rows as CSV, newest first; no cell is taken for a formula by a spreadsheet.

    Each block is read in a transaction of its own, which a slow reader does not keep open.
    """
    yield _csv([EXPORT_COLUMNS])
    row = PredictionHistory
    query = (
        sa.select(row)
        .where(row.user_id == caller.id, *wanted.conditions())
        .order_by(row.created_at.desc(), row.id.desc())
        .limit(EXPORT_BLOCK)
    )
    older: sa.ColumnElement[bool] = sa.true()
    while True:
        with database.session(read_only=True) as session:
            block = session.scalars(query.where(older)).all()
        yield _csv(_cells(each) for each in block)
        if len(block) < EXPORT_BLOCK:
            return
        last = block[-1]
        older = sa.or_(
            row.created_at < last.created_at,
            sa.and_(row.created_at == last.created_at, row.id < last.id),
        )


def _cells(row: PredictionHistory) -> list[object]:
    cells = {**row.customer_data, **vars(row), "created_at": row.created_at.isoformat()}
    return [cells[column] for column in EXPORT_COLUMNS]


def _csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def delete_own(session: Session, caller: Caller, wanted: HistoryFilter) -> int:
    """Delete the rows that a filter leaves, all of them without one; return how many."""
    statement = sa.delete(PredictionHistory).where(
        PredictionHistory.user_id == caller.id, *wanted.conditions()
    )
    deleted = cast(sa.CursorResult[Any], session.execute(statement))
    return deleted.rowcount


def delete_one(session: Session, caller: Caller, row_id: int) -> None:
    row = session.get(PredictionHistory, row_id)
    if row is None or row.user_id != caller.id:
        raise NotFound("History row not found")
    session.delete(row)
    session.flush()
