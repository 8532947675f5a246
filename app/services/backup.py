"""Backups of a running installation: the database as of one moment, and every file it names."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from sqlalchemy import Connection

from app import VERSION
from app.config import Settings
from app.db.migrations import alembic_config, current_revision, known_revisions, upgrade_schema
from app.db.session import Database
from app.errors import BadRequest
from app.storage import archives
from app.storage.archives import ArchiveWriter, DamagedArchive

FORMAT = 1
TRIES = 5
"""At a copy that has every file its database names; some may be deleted while it is made."""
SQLITE_FILE = "database.db"
_TABLES = "tables"
_SAFE_NAME = re.compile("[a-z_0-9]+")


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds."""

    made_at: str
    revision: str
    rows: dict[str, int]
    n_files: int
    n_bytes: int


def default_name(folder: Path) -> Path:
    return folder / f"backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"


def create(settings: Settings, target: Path) -> BackupReport:
    """Write a backup while the servers run.

    The database comes first, so that what it names is there; where something was deleted before
    its files were copied, it starts again.

    Raises
    ------
    BadRequest
        The target exists, or files that the database names are missing for good.
    """
    if target.exists():
        raise BadRequest(f"{target} exists already; choose another name")
    database = Database(settings.database_url, pool_size=1)
    try:
        for _ in range(TRIES):
            with archives.writing(target) as (archive, folder):
                rows, revision, named = _copy_database(database, archive, folder)
                archive.add_tree("datasets", settings.datasets_dir)
                archive.add_tree("models", settings.models_dir)
                if settings.customers_file.is_file():
                    archive.add_file("customers.csv", settings.customers_file)
                missing = named - {part for name in archive.parts for part in name.split("/")}
                made_at = datetime.now(UTC).isoformat(timespec="seconds")
                told = {
                    "format": FORMAT,
                    "release": VERSION,
                    "made_at": made_at,
                    "revision": revision,
                    "database": "sqlite" if database.is_sqlite else "postgresql",
                    "rows": rows,
                    "directories": sorted(named),
                }
                archive.finish(told)
                report = _report(told, archive.parts)
            if not missing:
                return report
            target.unlink()
    finally:
        database.dispose()
    raise BadRequest(f"Files that the database names are missing: {', '.join(sorted(missing))}")


def check(settings: Settings, source: Path) -> BackupReport:
    """Say what a backup holds, if it can be restored.

    Raises
    ------
    DamagedArchive
        It is damaged, incomplete, or of a newer release.
    """
    with archives.opened(source, settings.datasets_dir.parent) as (told, folder):
        _check_contents(source, told, folder)
        return _report(told, told["parts"])


def restore(settings: Settings, source: Path) -> BackupReport:
    """Put a backup into an empty place, and bring its schema to the newest.

    Raises
    ------
    BadRequest
        The database or a folder is not empty, or the database is of the other kind.
    DamagedArchive
        The backup cannot be restored; nothing was changed.
    """
    database = Database(settings.database_url, pool_size=2)
    try:
        _refuse_occupied(database, settings)
        with archives.opened(source, settings.datasets_dir.parent) as (told, folder):
            _check_contents(source, told, folder)
            kind = "sqlite" if database.is_sqlite else "postgresql"
            if told["database"] != kind:
                raise BadRequest(f"The backup is of {told['database']}; DATABASE_URL is {kind}")
            archives.put(folder / "datasets", settings.datasets_dir)
            archives.put(folder / "models", settings.models_dir)
            archives.put(folder / "customers.csv", settings.customers_file)
            # Last, so that a restore that fails halfway leaves no database that names lost files.
            _put_database(database, told, folder)
        upgrade_schema(database)
        return _report(told, told["parts"])
    finally:
        database.dispose()


def _report(told: dict[str, Any], parts: dict[str, dict[str, Any]]) -> BackupReport:
    return BackupReport(
        made_at=told["made_at"],
        revision=told["revision"],
        rows=told["rows"],
        n_files=len(parts),
        n_bytes=sum(part["bytes"] for part in parts.values()),
    )


def _copy_database(
    database: Database, archive: ArchiveWriter, folder: Path
) -> tuple[dict[str, int], str, set[str]]:
    """Copy the database as of one moment; return its rows, its revision and what it names."""
    if database.is_sqlite:
        copy = folder / SQLITE_FILE
        copy.unlink(missing_ok=True)
        # Outside of a transaction of ours: the statement takes one of its own.
        raw = database.engine.raw_connection()
        try:
            raw.execute("VACUUM INTO ?", (str(copy),))
        finally:
            raw.close()
        copied = Database(f"sqlite:///{copy}", pool_size=1)
        try:
            with copied.connect(read_only=True) as connection:
                found = _contents_of(connection)
        finally:
            copied.dispose()
        archive.add_file(SQLITE_FILE, copy)
        return found
    engine = database.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with engine.begin() as connection:
        found = _contents_of(connection)
        for table in _tables_of(connection):
            file = folder / f"{table}.copy"
            with (
                file.open("wb") as out,
                _cursor(connection).copy(f"COPY {table} TO STDOUT") as blocks,
            ):
                for block in blocks:
                    out.write(block)
            archive.add_file(f"{_TABLES}/{table}.copy", file)
            file.unlink()
    return found


def _contents_of(connection: Connection) -> tuple[dict[str, int], str, set[str]]:
    revision = current_revision(connection)
    if revision is None:
        raise BadRequest("The database has no schema; there is nothing to save")
    rows, named = {}, set()
    for name in _tables_of(connection):
        table = sa.table(name, sa.column("directory"))
        rows[name] = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        columns = {each["name"] for each in sa.inspect(connection).get_columns(name)}
        if "directory" in columns:
            named |= set(connection.scalars(sa.select(table.c.directory)))
    return rows, revision, named


def _tables_of(connection: Connection) -> list[str]:
    """Return the tables, those that others refer to first."""
    ordered = sa.inspect(connection).get_sorted_table_and_fkc_names()
    names = [name for name, _ in ordered if name is not None]
    return [name for name in names if _SAFE_NAME.fullmatch(name)]


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _check_contents(source: Path, told: dict[str, Any], folder: Path) -> None:
    if told.get("format") != FORMAT or told["revision"] not in known_revisions():
        raise DamagedArchive(f"{source} was made by a newer release; update the program")
    if told["database"] == "sqlite":
        _check_sqlite(source, told, folder / SQLITE_FILE)
    else:
        for table, number in told["rows"].items():
            with (folder / _TABLES / f"{table}.copy").open("rb") as file:
                if sum(1 for _ in file) != number:
                    raise DamagedArchive(f"{source}: rows of {table} are missing")
    present = {part for name in told["parts"] for part in name.split("/")}
    for missing in sorted(set(told["directories"]) - present):
        raise DamagedArchive(f"{source}: the files of {missing} are missing")


def _check_sqlite(source: Path, told: dict[str, Any], file: Path) -> None:
    copied = Database(f"sqlite:///{file}", pool_size=1)
    try:
        with copied.connect(read_only=True) as connection:
            faults = connection.scalar(sa.text("PRAGMA integrity_check"))
            orphans = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            rows = _contents_of(connection)[0]
    finally:
        copied.dispose()
    if faults != "ok" or orphans is not None or rows != told["rows"]:
        raise DamagedArchive(f"{source}: its database is damaged")


def _refuse_occupied(database: Database, settings: Settings) -> None:
    for folder in (settings.datasets_dir, settings.models_dir):
        if not archives.is_empty(folder):
            raise BadRequest(f"{folder} is not empty; restore into an empty place")
    file = Path(str(database.url.database))
    if database.is_sqlite and file.exists():
        raise BadRequest(f"{file} exists; restore into an empty place")
    if not database.is_sqlite:
        with database.connect(read_only=True) as connection:
            if sa.inspect(connection).get_table_names():
                raise BadRequest("The database has tables; restore into an empty one")
    if settings.customers_file.exists():
        raise BadRequest(f"{settings.customers_file} exists; restore into an empty place")


def _put_database(database: Database, told: dict[str, Any], folder: Path) -> None:
    if database.is_sqlite:
        target = Path(str(database.url.database))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / SQLITE_FILE, target)
        return
    with database.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, told["revision"])
        tables = _tables_of(connection)
        for table in tables:
            if table != "alembic_version":
                _fill(connection, table, folder / _TABLES / f"{table}.copy")
        for statement in _sequence_starts(connection, tables):
            connection.execute(sa.text(statement))


def _fill(connection: Connection, table: str, file: Path) -> None:
    with file.open("rb") as rows, _cursor(connection).copy(f"COPY {table} FROM STDIN") as copy:
        while block := rows.read(1 << 20):
            copy.write(block)


def _sequence_starts(connection: Connection, tables: list[str]) -> Iterator[str]:
    """Go on counting ids after those that were restored."""
    for table in tables:
        for column in sa.inspect(connection).get_columns(table):
            sequence = f"pg_get_serial_sequence('{table}', '{column['name']}')"
            if connection.scalar(sa.text(f"SELECT {sequence}")) is not None:
                # Names of the database's own, each of small letters alone.
                largest = f"(SELECT max({column['name']}) FROM {table})"  # noqa: S608
                yield f"SELECT setval({sequence}, coalesce({largest}, 1), {largest} IS NOT NULL)"
