"""The audit log: rows that the database itself keeps from being changed or removed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables import Base, utcnow


class AuditEvent(Base):
    """What somebody did; `digest` is of this row and of the one before it.

    Persons are named by their ids alone, so that an account that is erased leaves no name.
    """

    __tablename__ = "audit_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    key_id: Mapped[int | None]
    object_type: Mapped[str | None] = mapped_column(sa.String(30))
    object_id: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(sa.String(64))
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    details: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64))
