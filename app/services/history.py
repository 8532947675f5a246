"""What was predicted, for whom it was predicted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.tables import PredictionHistory
from app.services.accounts import Caller
from app.services.paging import Page, page_of


@dataclass(frozen=True)
class HistoryFilter:
    cluster: int | None = None
    min_confidence: int | None = None
    max_confidence: int | None = None
    date_from: date | datetime | None = None  # a time is aware
    date_to: date | datetime | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        row = PredictionHistory
        conditions: list[sa.ColumnElement[bool]] = []
        if self.cluster is not None:
            conditions.append(row.cluster == self.cluster)
        if self.min_confidence is not None:
            conditions.append(row.confidence >= self.min_confidence)
        if self.max_confidence is not None:
            conditions.append(row.confidence <= self.max_confidence)
        if self.date_from is not None:
            conditions.append(row.created_at >= _moment(self.date_from))
        if isinstance(self.date_to, datetime):
            conditions.append(row.created_at <= _moment(self.date_to))
        elif self.date_to is not None and self.date_to < date.max:
            # A bare date as an upper bound includes that day.
            conditions.append(row.created_at < _moment(self.date_to + timedelta(days=1)))
        return conditions


def list_own(
    session: Session, caller: Caller, page: Page, wanted: HistoryFilter
) -> tuple[Sequence[PredictionHistory], int]:
    query = (
        sa.select(PredictionHistory)
        .where(PredictionHistory.user_id == caller.id, *wanted.conditions())
        .order_by(PredictionHistory.created_at.desc(), PredictionHistory.id.desc())
    )
    return page_of(session, query, page)


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time.min, UTC)
