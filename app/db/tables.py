"""The tables. Alembic's revisions build them; nothing else does."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedSQLExpression,
    column_property,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator

from app.config import Role

Visibility = Literal["private", "team"]
JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; SQLite would give a naive one back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utcnow() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    }


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("role IN ('user', 'analyst', 'admin')", name="role"),
        sa.Index("uq_users_lower_username", sa.text("lower(username)"), unique=True),
        # A deleted account's id must never come back to life for an old token.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(320), unique=True, index=True)
    username: Mapped[str] = mapped_column(sa.String(50), unique=True, index=True)
    full_name: Mapped[str | None] = mapped_column(sa.String(200))
    hashed_password: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role] = mapped_column(sa.String(20), default="user")
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    token_version: Mapped[int] = mapped_column(default=1)
    kept_token_id: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


NO_ONE = "a deleted account"
"""Who made what is left of somebody whose account is gone."""


def maker_name(maker_id: Mapped[Any], *, of_nobody: bool = False) -> MappedSQLExpression[Any]:
    """Map who made something, by the name that they have now; ids are never given again.

    What nobody signed in made has no name where `of_nobody` says that there is such a thing.
    """
    query = sa.select(User.username).where(User.id == maker_id).correlate_except(User)
    name: sa.ColumnElement[Any] = sa.func.coalesce(query.scalar_subquery(), NO_ONE)
    if of_nobody:
        name = sa.case((maker_id.is_not(None), name))
    # A row that was changed is often shown once its transaction is over.
    return column_property(name, expire_on_flush=False)


class RevokedToken(Base):
    __tablename__ = "revoked_tokens"

    token_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CustomerProfile(Base):
    __tablename__ = "customer_profiles"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    sex: Mapped[str | None] = mapped_column(sa.String(10))
    age: Mapped[int | None]
    annual_income: Mapped[float | None] = mapped_column(sa.Float)
    spending_score: Mapped[int | None]
    purchase_frequency: Mapped[int | None]
    notes: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class PredictionHistory(Base):
    __tablename__ = "prediction_history"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    customer_data: Mapped[dict[str, Any]]
    cluster: Mapped[int]
    cluster_name: Mapped[str] = mapped_column(sa.String(200))
    confidence: Mapped[int]
    model_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class ModelVersion(Base):
    """A fitted model of the core's customers: what it is, and where its files stand."""

    __tablename__ = "model_versions"
    __table_args__ = (
        sa.Index(
            "uq_model_versions_active",
            "is_active",
            unique=True,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
        ),
        {"sqlite_autoincrement": True},
    )

    version: Mapped[int] = mapped_column(primary_key=True)
    is_active: Mapped[bool] = mapped_column(default=False)
    requested_clusters: Mapped[int | None]
    n_clusters: Mapped[int]
    silhouette_score: Mapped[float] = mapped_column(sa.Float)
    inertia: Mapped[float] = mapped_column(sa.Float)
    n_customers: Mapped[int]
    report: Mapped[dict[str, Any]]
    directory: Mapped[str] = mapped_column(sa.String(100), unique=True)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    trained_by_id: Mapped[int | None] = mapped_column()
    trained_by: Mapped[str | None] = maker_name(trained_by_id, of_nobody=True)
    activated_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Dataset(Base):
    """An uploaded table: what was recognised in it, and where its files stand."""

    __tablename__ = "datasets"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(255))
    size_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    checksum: Mapped[str] = mapped_column(sa.String(64))
    directory: Mapped[str] = mapped_column(sa.String(100), unique=True)
    reading: Mapped[str] = mapped_column(sa.String(100))
    options: Mapped[dict[str, Any]]
    dialect: Mapped[dict[str, Any]]
    columns: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    source: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    n_rows: Mapped[int]
    n_columns: Mapped[int]
    # Of a file whose owner keeps no datasets; None is without an end.
    kept_until: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class Job(Base):
    """Long work: what it is, how far it has come, and which server answers for it."""

    __tablename__ = "jobs"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')", name="state"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[JobState] = mapped_column(sa.String(10), default="queued", index=True)
    phase: Mapped[str] = mapped_column(sa.String(100), default="waiting for a turn")
    percent: Mapped[int] = mapped_column(default=0)
    progressed_at: Mapped[datetime | None]
    # Posted records may be many megabytes; whoever looks at a job does not need them.
    arguments: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    result: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(sa.Text)
    server: Mapped[str] = mapped_column(sa.String(200))
    heartbeat_at: Mapped[datetime] = mapped_column(default=utcnow)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
