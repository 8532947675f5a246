"""One engine and its transactions, on SQLite and on PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from sqlite3 import Connection as SQLiteConnection
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from app.db.letters import SQLITE_NAME, small_letters

_SYNC_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_ASYNCPG_SSL = {"true": "require", "false": "disable"}
_ASYNCPG_ALONE = frozenset(
    {
        "async_fallback",
        "command_timeout",
        "direct_tls",
        "max_cacheable_statement_size",
        "max_cached_statement_lifetime",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "statement_cache_size",
    }
)
"""Options that only steer that driver; the sync one would refuse to connect with them."""


def sync_url(url: str) -> URL:
    """Return the URL on the sync driver this program uses, whatever driver it names.

    The options of asyncpg are translated, or left out where they steer that driver alone.

    Raises
    ------
    ValueError
        If the database is neither a SQLite file nor PostgreSQL.
    """
    parsed = make_url(url)
    backend = parsed.drivername.split("+")[0]
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ValueError(
                "DATABASE_URL names an in-memory SQLite database, which threads cannot share; "
                "name a file, as in sqlite:///./customer_segmentation.db"
            )
        return parsed.set(drivername="sqlite")
    if backend in _SYNC_DRIVERS:
        if parsed.drivername.endswith("+asyncpg"):
            parsed = parsed.set(query=_without_asyncpg(parsed.query))
        return parsed.set(drivername=_SYNC_DRIVERS[backend])
    raise ValueError(f"DATABASE_URL names {backend!r}; SQLite and PostgreSQL are supported")


def _without_asyncpg(options: Mapping[str, str | tuple[str, ...]]) -> dict[str, Any]:
    translated: dict[str, Any] = {}
    for name, value in options.items():
        if name == "ssl" and isinstance(value, str):
            translated["sslmode"] = _ASYNCPG_SSL.get(value.lower(), value)
        elif name not in _ASYNCPG_ALONE:
            translated["connect_timeout" if name == "timeout" else name] = value
    return translated


class Database:
    """An engine with transactions that never lose an update.

    On SQLite a writing transaction takes the write lock at its start (`BEGIN IMMEDIATE`), because
    a deferred one that upgrades later fails at once or overwrites silently; on PostgreSQL rows
    that are read to be changed are locked by the query (`with_for_update`).
    """

    def __init__(self, url: str, *, pool_size: int, sqlite_synchronous: str = "NORMAL") -> None:
        self.url = sync_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        connect_args: dict[str, Any] = (
            {"check_same_thread": False} if self.is_sqlite else {"connect_timeout": 5}
        )
        self.engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=10,
            pool_pre_ping=not self.is_sqlite,
            connect_args=connect_args,
            # Addresses and hashes of passwords belong in no log.
            hide_parameters=True,
        )
        # SQLAlchemy would cast every integer to 32 bits, and an id beyond them would be an error
        # rather than an id of nothing; PostgreSQL compares integers of any width.
        self.engine.dialect.colspecs = {
            key: value
            for key, value in self.engine.dialect.colspecs.items()
            if key is not sa.Integer
        }
        if self.is_sqlite:
            _prepare_sqlite(self.engine, synchronous=sqlite_synchronous)
        # SQLite lets one writer in at a time, and those who wait poll, ever more slowly; waiting
        # here instead, the threads of a process take turns without a pause.
        self._write_turn = Lock() if self.is_sqlite else nullcontext()
        self._reader = self.engine.execution_options(read_only=True, postgresql_readonly=True)

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator[Connection]:
        """Open a transaction for Core statements; it commits at the end, or rolls back."""
        if read_only:
            with self._reader.begin() as connection:
                yield connection
        else:
            with self._write_turn, self.engine.begin() as connection:
                yield connection

    @contextmanager
    def session(self, *, read_only: bool = False) -> Iterator[Session]:
        """Open a session in one transaction; it commits at the end, or rolls back."""
        with Session(self._reader if read_only else self.engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def dispose(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(engine: Engine, *, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: SQLiteConnection, _record: object) -> None:
        # The driver would begin deferred transactions of its own.
        connection.isolation_level = None
        connection.create_function(SQLITE_NAME, 1, small_letters, deterministic=True)
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
