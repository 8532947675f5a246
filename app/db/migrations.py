"""Bring the schema to the newest revision, once, however many servers start together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection

from app.db.session import Database, Limits

_ROOT = Path(__file__).parents[2]
_ADVISORY_LOCK = 7_220_113
"""Any number that no other program on the same PostgreSQL database locks on."""


class NewerSchema(Exception):
    """The database was made by a later release."""


def alembic_config() -> Config:
    return Config(_ROOT / "alembic.ini")


def upgrade_schema(database: Database) -> None:
    with _one_at_a_time(database), database.connect() as connection:
        _lift_limits(connection)
        current = current_revision(connection)
        if current == newest_revision():
            return
        if current is not None and current not in known_revisions():
            raise NewerSchema(
                f"the database is at revision {current}, which this program does not know: it is "
                "newer than the program. Update the program, or restore a backup"
            )
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def known_revisions() -> set[str]:
    return {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    if database.is_sqlite:
        file = Path(str(database.url.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.migrate.lock")):
            yield
        return
    # Beside the migration's own transaction, and idle for as long as that takes.
    with database.engine.begin() as connection:
        _lift_limits(connection)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        yield


def _lift_limits(connection: Connection) -> None:
    """Let this transaction wait, work and idle for as long as it needs."""
    if connection.dialect.name == "postgresql":
        for name in Limits().of_postgresql():
            connection.execute(sa.text(f"SET LOCAL {name} = 0"))
