"""The tables that guard the way in: tries, known addresses, invitations, and other identities."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.config import Role
from app.db.tables import Base, maker_name, utcnow


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


class Invitation(Base):
    """A link by which one person may make an account; of its secret there is only a digest."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.CheckConstraint("role IN ('user', 'analyst', 'admin')", name="role"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    role: Mapped[Role] = mapped_column(sa.String(20))
    email: Mapped[str | None] = mapped_column(sa.String(320))
    created_by_id: Mapped[int] = mapped_column()
    created_by: Mapped[str] = maker_name(created_by_id)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column()
    used_by: Mapped[str | None] = maker_name(used_by_id, of_nobody=True)


class Identity(Base):
    """Who an account's owner is at a provider that signs people in for us."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
