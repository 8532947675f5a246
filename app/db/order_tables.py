"""The tables of orders: their files, and the snapshots of customers made of them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.tables import Base, utcnow


class Orders(Base):
    """A shop's orders: the roles of the columns, how lines count, and what they come to."""

    __tablename__ = "orders"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(255))
    roles: Mapped[list[Any]]
    corrections: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]]
    ledger: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    problems: Mapped[list[Any]]
    n_lines: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    files: Mapped[list["OrderFile"]] = relationship(
        order_by="OrderFile.id", cascade="all, delete-orphan", lazy="selectin"
    )
    snapshots: Mapped[list["Snapshot"]] = relationship(
        order_by="Snapshot.id", cascade="all, delete-orphan", lazy="selectin"
    )


class OrderFile(Base):
    """One file of order lines, and where it stands; the same file counts once."""

    __tablename__ = "order_files"
    __table_args__ = (
        sa.UniqueConstraint("orders_id", "checksum"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    orders_id: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"), index=True
    )
    filename: Mapped[str] = mapped_column(sa.String(255))
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    directory: Mapped[str] = mapped_column(sa.String(100), unique=True)
    reading: Mapped[str] = mapped_column(sa.String(100))
    facts: Mapped[dict[str, Any]]
    n_lines: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Snapshot(Base):
    """Customers at a date, which are a dataset like any other."""

    __tablename__ = "snapshots"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    orders_id: Mapped[int] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE"), index=True
    )
    dataset_id: Mapped[int] = mapped_column(
        sa.ForeignKey("datasets.id", ondelete="CASCADE"), index=True
    )
    as_of: Mapped[date] = mapped_column(sa.Date)
    window_days: Mapped[int | None]
    returns: Mapped[str] = mapped_column(sa.String(10))
    currency: Mapped[str | None] = mapped_column(sa.String(10))
    n_customers: Mapped[int]
    ledger: Mapped[dict[str, Any]]
    cut_points: Mapped[dict[str, Any]]
    out_of_date: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
