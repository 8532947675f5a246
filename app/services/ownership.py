"""Whose a row is: one's own, the team's, or anyone's for administrators."""

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.order_tables import Orders
from app.db.segmentation_tables import LastingSegmentation
from app.db.tables import Dataset, Job
from app.errors import NotFound
from app.services.accounts import Caller

Row = TypeVar("Row", Dataset, Orders, Job, LastingSegmentation)


def is_owner(caller: Caller, user_id: int | None) -> bool:
    return caller.role == "admin" or user_id == caller.id


def own_of(table: type[Row], caller: Caller) -> sa.ColumnElement[bool]:
    """Return the condition that a row is the caller's; every row is an administrator's."""
    return sa.true() if caller.role == "admin" else table.user_id == caller.id


def owned(
    session: Session,
    table: type[Row],
    caller: Caller,
    row_id: int,
    *,
    called: str,
    lock: bool = False,
) -> Row:
    """Return a row of the caller's; `called` names its kind where there is none."""
    row = session.get(table, row_id, with_for_update=lock or None)
    if row is None or not is_owner(caller, row.user_id):
        raise NotFound(f"{called} not found")
    return row
