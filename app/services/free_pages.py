"""What SQLite keeps of deleted rows: its log, and free pages. PostgreSQL sees to it itself."""

import sqlite3
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.db.session import Database
from app.db.tables import Job
from app.services import audit
from app.services.quotas import UNFINISHED

log = structlog.get_logger(__name__)

NIGHT = range(1, 5)
"""Hours, in UTC, at which writers may be kept waiting."""
LEAST_SHARE = 0.2
LEAST_BYTES = 10_000_000
"""Free pages that a file must hold before it is rewritten: a share of it, and bytes."""


def fold_log(database: Database) -> None:
    """Empty the write-ahead log, where deleted rows are still to be read.

    Readers that are at work keep it from doing so; the next round tries again.
    """
    if database.is_sqlite:
        with suppress(SQLAlchemyError, sqlite3.Error):
            _pragma(database, "PRAGMA wal_checkpoint(TRUNCATE)")


def vacuum_by_night(database: Database, now: datetime) -> int:
    """Give free pages back to the disk, where they are many; return how many bytes they were."""
    if not database.is_sqlite or now.hour not in NIGHT or _is_at_work(database):
        return 0
    try:
        n_free, n_pages, size = (
            _pragma(database, f"PRAGMA {name}")
            for name in ("freelist_count", "page_count", "page_size")
        )
        n_bytes = n_free * size
        if n_bytes < LEAST_BYTES or n_free < LEAST_SHARE * n_pages:
            return 0
        _pragma(database, "VACUUM")
    except (SQLAlchemyError, sqlite3.Error) as error:
        # Somebody is writing, or the disk has no room for a copy; the next round tries again.
        log.warning("no vacuum", reason=str(error))
        return 0
    fold_log(database)
    with database.connect() as connection:
        audit.record(connection, "database.vacuumed", details={"bytes": n_bytes})
    return n_bytes


def _is_at_work(database: Database) -> bool:
    """Whether jobs run, which would not be heard of meanwhile."""
    with database.connect(read_only=True) as connection:
        unfinished = sa.select(sa.exists().where(Job.state.in_(UNFINISHED)))
        return bool(connection.scalar(unfinished))


def _pragma(database: Database, statement: str) -> int:
    """Run what cannot be in a transaction, which ours begin by themselves."""
    with database.engine.connect() as connection:
        connection.rollback()
        row = connection.connection.cursor().execute(statement).fetchone()
    return int(row[0]) if row else 0
