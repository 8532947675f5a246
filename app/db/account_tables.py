"""The tables that guard the way in: tries that are counted, and addresses that are known."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables import Base, utcnow


class CountedAttempts(Base):
    """How many tries a subject had from an address since a moment, and when the next may come.

    An empty subject counts for all of them, and an empty address likewise.
    """

    __tablename__ = "attempts"

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    number: Mapped[int]
    since: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime | None]


class KnownAddress(Base):
    """An address that an account was signed in from with its password."""

    __tablename__ = "known_addresses"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    last_used_at: Mapped[datetime] = mapped_column(default=utcnow)
