"""Pages of long lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    skip: int
    limit: int | None


def sorted_by(
    query: sa.Select[Row], key: sa.ColumnElement[Any], *, descending: bool
) -> sa.Select[Row]:
    """Order a query by what a person chose, with what is not known at the end either way."""
    return query.order_by((key.desc() if descending else key.asc()).nulls_last())


def page_of(session: Session, query: sa.Select[Row], page: Page) -> tuple[Sequence[Row], int]:
    """Return one page of a query's rows, and how many rows there are in all."""
    counted: sa.Select[Any] = sa.select(sa.func.count()).select_from(
        query.order_by(None).subquery()
    )
    total = session.scalar(counted) or 0
    rows = session.scalars(query.offset(page.skip).limit(page.limit)).all()
    return rows, total
