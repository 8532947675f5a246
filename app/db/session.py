"""One engine and its transactions, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from sqlite3 import Connection as SQLiteConnection
from threading import Lock, get_ident
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


@dataclass(frozen=True)
class Limits:
    """How many seconds a transaction may wait for a lock, and keep others waiting; 0 is no limit.

    Meant for requests. Migrations and jobs take their time.
    """

    lock: float = 0
    statement: float = 0
    idle: float = 0

    def of_postgresql(self) -> dict[str, int]:
        """Return PostgreSQL's names for them, with milliseconds."""
        limits = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return {name: round(seconds * 1000) for name, seconds in limits.items()}


UNLIMITED = Limits()
_LONGEST_SQLITE_WAIT = 60.0
"""Seconds; SQLite has no way to wait for a lock without end."""


class Database:
    """An engine with transactions that never lose an update.

    On SQLite a writing transaction takes the write lock at its start (`BEGIN IMMEDIATE`), because
    a deferred one that upgrades later fails at once or overwrites silently; on PostgreSQL rows
    that are read to be changed are locked by the query (`with_for_update`).

    A transaction is opened, used and ended in one thread, which has no other meanwhile, and never
    on the event loop: what waits for a lock then always has the thread that it needs to go on.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int,
        sqlite_synchronous: str = "NORMAL",
        limits: Limits = UNLIMITED,
    ) -> None:
        self.url = sync_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        connect_args: dict[str, Any] = (
            {"check_same_thread": False, "timeout": limits.lock or _LONGEST_SQLITE_WAIT}
            if self.is_sqlite
            else _postgresql_arguments(self.url, limits)
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
        # here instead, without a connection, the threads of a process take turns without a pause.
        self._write_turn = _Turn(limits.lock) if self.is_sqlite else nullcontext()
        self._reader = self.engine.execution_options(read_only=True, postgresql_readonly=True)
        self._busy_threads: set[int] = set()

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator[Connection]:
        """Open a transaction for Core statements; it commits at the end, or rolls back."""
        engine = self._reader if read_only else self.engine
        turn = nullcontext() if read_only else self._write_turn
        thread = self._enter_thread()
        try:
            with turn, engine.begin() as connection:
                yield connection
                _check_thread(thread)
        finally:
            self._busy_threads.discard(thread)

    @contextmanager
    def session(self, *, read_only: bool = False) -> Iterator[Session]:
        """Open a session on such a transaction; its objects stay readable after the commit."""
        with (
            self.connect(read_only=read_only) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()

    def dispose(self) -> None:
        self.engine.dispose()

    def _enter_thread(self) -> int:
        thread = get_ident()
        if thread in self._busy_threads:
            raise WrongThread("a transaction within another: both could wait for ever")
        if _on_event_loop():
            raise WrongThread("a transaction on the event loop: every request would wait for it")
        self._busy_threads.add(thread)
        return thread


class WrongThread(RuntimeError):
    """A fault of the program: a transaction where it could keep the whole service waiting."""


_BUSY_STATES = {
    "55P03": "a lock was not free in time",
    "57014": "a statement took too long",
    "25P03": "a transaction stood idle for too long",
    "40P01": "two transactions waited for each other",
}


def is_busy(error: Exception) -> bool:
    """Whether a transaction was ended for the sake of others, and may succeed if tried again."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else None
    is_locked = getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY")
    return is_locked or getattr(cause, "sqlstate", None) in _BUSY_STATES


def _check_thread(thread: int) -> None:
    if get_ident() != thread:
        raise WrongThread("a transaction was to be ended in another thread than it was opened in")


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Turn:
    """A lock that is waited for a limited time; 0 is without a limit."""

    def __init__(self, seconds: float) -> None:
        self._lock = Lock()
        self._seconds = seconds

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._seconds or -1):
            raise sa.exc.TimeoutError(f"no turn to write within {self._seconds:g} s")

    def __exit__(self, *error: object) -> None:
        self._lock.release()


def _postgresql_arguments(url: URL, limits: Limits) -> dict[str, Any]:
    arguments: dict[str, Any] = {"connect_timeout": 5}
    if limits != UNLIMITED:
        # As options of the connection they cost no statement; those of the URL come later, and win.
        own = (f"-c {name}={value}" for name, value in limits.of_postgresql().items())
        arguments["options"] = " ".join((*own, str(url.query.get("options", "")))).rstrip()
    return arguments


def _prepare_sqlite(engine: Engine, *, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: SQLiteConnection, _record: object) -> None:
        # The driver would begin deferred transactions of its own.
        connection.isolation_level = None
        connection.create_function(SQLITE_NAME, 1, small_letters, deterministic=True)
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        # Deleted rows are overwritten, not left in free pages.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
