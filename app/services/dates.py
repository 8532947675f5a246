"""Spans of time in filters."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

Moment = date | datetime
"""A time is aware."""


def between(
    column: sa.ColumnElement[datetime] | Any, start: Moment | None, end: Moment | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a span; a bare date as its end includes that day."""
    conditions: list[sa.ColumnElement[bool]] = []
    if start is not None:
        conditions.append(column >= _moment(start))
    if isinstance(end, datetime):
        conditions.append(column <= end)
    elif end is not None and end < date.max:
        conditions.append(column < _moment(end + timedelta(days=1)))
    return conditions


def _moment(day: Moment) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time.min, UTC)
