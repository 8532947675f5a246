"""Adding a file's lines to orders, once, while the request waits or as a job."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.db.order_tables import OrderFile, Orders
from app.db.session import Database
from app.db.tables import Job, utcnow
from app.errors import NotFound
from app.services import order_books
from app.services.accounts import Caller
from app.services.datasets import Upload
from app.services.job_work import Outcome, Progress, Tools
from app.services.jobs import JobService
from app.services.order_books import Count, count_lines, days_of_last, mark_snapshots
from app.services.order_lines import roles_of
from app.services.order_reading import LineReader
from app.services.overrides import given_overrides
from app.storage.datasets import DatasetStore, StoredUpload

LARGE_BYTES = 100_000_000
"""A file of a million lines or more, which takes longer than a request should."""


class Addition(BaseModel):
    """A file that has arrived for orders, and how it is read; it travels to a worker."""

    model_config = ConfigDict(frozen=True)

    orders_id: int
    filename: str
    options: dict[str, object]
    directory: str
    size_bytes: int
    checksum: str

    @property
    def stored(self) -> StoredUpload:
        return StoredUpload(self.directory, self.size_bytes, self.checksum)


class OrderAppending:
    """Takes files of further lines; a file that is there already changes nothing."""

    def __init__(self, database: Database, store: DatasetStore, jobs: JobService) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs

    def take(
        self, caller: Caller, orders_id: int, upload: Upload
    ) -> tuple[Orders, Addition | None]:
        """Keep the file; None where these orders hold it already."""
        with self._database.session(read_only=True) as session:
            orders = order_books.get(session, caller, orders_id)
        if holds(orders, upload.file.checksum):
            return orders, None
        options = orders.options | given_overrides(upload.overrides)
        stored = self._store.keep(upload.file)
        addition = Addition(
            orders_id=orders_id,
            filename=upload.filename,
            options=options,
            directory=stored.directory,
            size_bytes=stored.size_bytes,
            checksum=stored.checksum,
        )
        return orders, addition

    def later(self, caller: Caller, addition: Addition) -> Job:
        """Add the file's lines as a job."""
        discard = partial(discard_unless_added, self._database, self._store, addition.directory)
        arguments = addition.model_dump(mode="json")
        try:
            return self._jobs.submit(caller, "lines", append_work, arguments, discard=discard)
        except BaseException:
            self._store.remove(addition.directory)
            raise


def append_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Read further lines in a worker; they are added when the job is noted as done, or never.

    Until then it holds the turn at these orders, so that they are counted as they will be.
    """
    store, database = tools.tables, tools.database
    addition = Addition.model_validate(arguments)
    discard = partial(discard_unless_added, database, store, addition.directory)
    with ExitStack() as turn:
        try:
            with database.session(read_only=True) as session:
                orders = _found(session.get(Orders, addition.orders_id))
            report("reading the lines", 5)
            reader = LineReader(store, tools.max_columns)
            read = reader.again(
                addition.stored, addition.filename, addition.options, roles_of(orders)
            )
            turn.enter_context(_turn(store, orders))
            report("counting the lines", 60)
            counted = _counted(database, store, orders.id, read.row())
        except BaseException:
            discard()
            raise
        return Outcome(
            store=lambda session: {"orders_id": counted.write(session, store)[0].id},
            discard=discard,
            held=turn.pop_all(),
        )


def add_lines(
    database: Database, store: DatasetStore, orders: Orders, file: OrderFile
) -> tuple[Orders, bool]:
    """Add a file that was read, and count all lines again; False where it was there already."""
    with _turn(store, orders):
        counted = _counted(database, store, orders.id, file)
        with database.session() as session:
            return counted.write(session, store)


@dataclass(frozen=True)
class _Counted:
    """What all lines come to with those of a file; None where these orders hold it already."""

    orders_id: int
    file: OrderFile
    count: Count | None
    days: tuple[date, date] | None = None

    def write(self, session: Session, store: DatasetStore) -> tuple[Orders, bool]:
        current = _found(session.get(Orders, self.orders_id, with_for_update=True))
        if self.count is None:
            store.remove(self.file.directory)
            return current, False
        # Cancelling may already have removed it.
        store.touch(self.file.directory, self.file.reading)
        current.files.append(self.file)
        self.count.write_to(current)
        mark_snapshots(current, self.days)
        current.updated_at = utcnow()
        session.flush()
        return current, True


def _turn(store: DatasetStore, orders: Orders) -> AbstractContextManager[None]:
    """Add one file after the other, so that each is counted with all that came before it."""
    return store.turn(orders.files[0].directory, "append")


def _counted(database: Database, store: DatasetStore, orders_id: int, file: OrderFile) -> _Counted:
    with database.session(read_only=True) as session:
        current = _found(session.get(Orders, orders_id))
    if holds(current, file.checksum):
        return _Counted(orders_id, file, count=None)
    files, roles = [*current.files, file], roles_of(current)
    count = count_lines(store, files, roles, current.settings)
    days = days_of_last(store, files, roles, current.settings)
    return _Counted(orders_id, file, count, days)


def holds(orders: Orders, checksum: str) -> bool:
    return any(file.checksum == checksum for file in orders.files)


def discard_unless_added(database: Database, store: DatasetStore, directory: str) -> None:
    """Remove a file's lines, unless they are noted: their worker may have died right after."""
    with database.connect(read_only=True) as connection:
        noted = connection.scalar(sa.select(OrderFile.id).where(OrderFile.directory == directory))
    if noted is None:
        store.remove(directory)


def _found(orders: Orders | None) -> Orders:
    if orders is None:
        raise NotFound("Orders not found")
    return orders
