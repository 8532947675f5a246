"""Orders: taking files of order lines in, correcting what was recognised, removing them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from app.config import Settings
from app.db.order_tables import OrderFile, Orders
from app.db.session import Database
from app.db.tables import Job, utcnow
from app.errors import InvalidField, NotFound
from app.schemas.orders import OrdersUpdate
from app.segmentation.tables import Kind, plain_rows
from app.services import datasets, order_books
from app.services.accounts import Caller
from app.services.dataset_work import Arrival
from app.services.datasets import PREVIEW_ROWS, DatasetService, Upload
from app.services.job_work import Outcome, Progress, Tools
from app.services.jobs import JobService
from app.services.order_appending import (
    LARGE_BYTES,
    OrderAppending,
    add_lines,
    discard_unless_added,
)
from app.services.order_books import Count, count_lines, mark_snapshots
from app.services.order_lines import DEFAULT_SETTINGS, corrections_of, effective_roles, roles_of
from app.services.order_reading import LineReader, ReadOrders, misread
from app.services.overrides import given_overrides
from app.services.reading import read_options
from app.storage.datasets import DamagedDataset, DatasetStore, StoredUpload

Result = TypeVar("Result")


class OrderService:
    def __init__(
        self, database: Database, service: DatasetService, settings: Settings, jobs: JobService
    ) -> None:
        self.database = database
        self.datasets = service
        self._settings = settings
        self._jobs = jobs
        self._reader = LineReader(service.store, settings.max_columns)
        self._appending = OrderAppending(database, service.store, jobs)

    @property
    def rules_file(self) -> Path:
        return self._settings.rfm_rules_file

    @property
    def store(self) -> DatasetStore:
        return self.datasets.store

    def create(self, caller: Caller, upload: Upload) -> Orders:
        """Keep the file, find the roles of its columns, and account for its lines."""
        options = _options(upload)
        return self._create(caller, upload.filename, options, self.store.keep(upload.file))

    def create_later(self, caller: Caller, upload: Upload) -> Job:
        """Keep the file, and do the rest as a job."""
        options = _options(upload)
        return self._later(caller, upload.filename, options, self.store.keep(upload.file))

    def _later(
        self, caller: Caller, filename: str, options: dict[str, Any], stored: StoredUpload
    ) -> Job:
        arrival = Arrival(
            user_id=caller.id,
            filename=filename,
            overrides=options,
            directory=stored.directory,
            size_bytes=stored.size_bytes,
            checksum=stored.checksum,
            max_datasets=self._settings.max_datasets_per_user,
            max_bytes=self._settings.max_stored_bytes_per_user,
        )
        discard = partial(self.store.remove, stored.directory)
        arguments = arrival.model_dump(mode="json")
        try:
            return self._jobs.submit(caller, "orders", orders_work, arguments, discard=discard)
        except BaseException:
            discard()
            raise

    def create_from(self, caller: Caller, dataset_id: int) -> Orders:
        """Take a dataset's file for orders, read as the dataset is; the dataset stays."""
        return self._create(caller, *self._of_dataset(caller, dataset_id))

    def create_from_later(self, caller: Caller, dataset_id: int) -> Job:
        """Do the same as a job."""
        return self._later(caller, *self._of_dataset(caller, dataset_id))

    def _of_dataset(
        self, caller: Caller, dataset_id: int
    ) -> tuple[str, dict[str, Any], StoredUpload]:
        with self.database.session(read_only=True) as session:
            dataset = datasets.get(session, caller, dataset_id)
        options = {name: each for name, each in dataset.options.items() if name != "one_row_is"}
        try:
            directory = self.store.again(dataset.directory)
        except DamagedDataset as error:
            raise NotFound("The file of this dataset is missing") from error
        stored = StoredUpload(directory, dataset.size_bytes, dataset.checksum)
        return dataset.filename, options, stored

    def _create(
        self, caller: Caller, filename: str, options: dict[str, Any], stored: StoredUpload
    ) -> Orders:
        try:
            read = self._apart(stored, self._reader.first, filename, options)
            orders = _new(self.store, caller.id, options, read)
            with self.database.session() as session:
                return order_books.add(
                    session,
                    orders,
                    self._settings.max_datasets_per_user,
                    self._settings.max_stored_bytes_per_user,
                )
        except BaseException:
            self.store.remove(stored.directory)
            raise

    def append(
        self, caller: Caller, orders_id: int, upload: Upload, *, prefer_async: bool = False
    ) -> tuple[Orders, bool] | Job:
        """Add a file's lines, once: a file that is there already changes nothing."""
        self.datasets.check_room(caller, adding=upload.file.size)
        orders, addition = self._appending.take(caller, orders_id, upload)
        if addition is None:
            return orders, False
        if prefer_async or addition.size_bytes > LARGE_BYTES:
            return self._appending.later(caller, addition)
        stored, roles = addition.stored, roles_of(orders)
        try:
            read = self._apart(
                stored, self._reader.again, addition.filename, addition.options, roles
            )
            return add_lines(self.database, self.store, orders, read.row())
        except BaseException:
            discard_unless_added(self.database, self.store, addition.directory)
            raise

    def update(self, caller: Caller, orders_id: int, form: OrdersUpdate) -> Orders:
        """Take corrections, read the files again where they need it, and count again."""
        with self.database.session(read_only=True) as session:
            orders = order_books.get(session, caller, orders_id)
        corrections = corrections_of(orders) | form.roles
        known = orders.files[0].facts["columns"]
        for role, column in form.roles.items():
            if column is not None and column not in known:
                raise InvalidField(
                    f"roles.{role}", f"There is no column {column!r}", code="unknown_column"
                )
        roles = effective_roles(orders.roles, corrections)
        given = form.model_fields_set - {"roles"}
        settings = orders.settings | {name: getattr(form, name) for name in given}
        while True:
            with self.database.session(read_only=True) as session:
                orders = order_books.get(session, caller, orders_id)
            before = {file.id: file.reading for file in orders.files}
            # Not within the turn: this may wait for a worker, and workers that append for the turn.
            for file in orders.files:
                self._reread(file, orders.options, roles)
            with self.store.turn(orders.files[0].directory, "append"):
                with self.database.session(read_only=True) as session:
                    now = order_books.get(session, caller, orders_id)
                if {file.id: file.reading for file in now.files} != before:
                    continue
                count = count_lines(self.store, orders.files, roles, settings)
                return self._update(caller, orders, corrections, settings, count)

    def update_later(self, caller: Caller, orders_id: int, form: OrdersUpdate) -> Job:
        """Do the same as a job, in this process: files that are read again go to workers."""
        with self.database.session(read_only=True) as session:
            order_books.get(session, caller, orders_id)

        def work(_tools: Tools, _arguments: Mapping[str, object], report: Progress) -> Outcome:
            report("reading and counting the lines", 5)
            orders = self.update(caller, orders_id, form)
            return Outcome(store=lambda _: {"orders_id": orders.id}, discard=lambda: None)

        return self._jobs.submit(caller, "reading", work, {}, here=True)

    def _update(
        self,
        caller: Caller,
        read: Orders,
        corrections: Mapping[Any, str | None],
        settings: Mapping[str, str | None],
        count: Count,
    ) -> Orders:
        again = {file.id: (file.reading, file.facts) for file in read.files}
        with self.database.session() as session:
            orders = order_books.get(session, caller, read.id, lock=True)
            orders.corrections = {str(role): column for role, column in corrections.items()}
            orders.settings = dict(settings)
            for file in orders.files:
                file.reading, file.facts = again[file.id]
            count.write_to(orders)
            mark_snapshots(orders, None)
            orders.updated_at = utcnow()
            session.flush()
        return orders

    def preview(self, orders: Orders) -> list[dict[str, object]]:
        """Return the first lines of the first file, as they were read."""
        file = orders.files[0]
        try:
            lines = self.store.rows(file.directory, file.reading, skip=0, limit=PREVIEW_ROWS)
        except DamagedDataset as error:
            raise NotFound("The files of these orders are missing or damaged") from error
        return plain_rows(lines)

    def delete(self, caller: Caller, orders_id: int) -> None:
        """Remove the lines; datasets of customers made of them stay."""
        with self.database.session() as session:
            orders = order_books.get(session, caller, orders_id, lock=True)
            directories = [file.directory for file in orders.files]
            session.delete(orders)
        for directory in directories:
            self.store.remove(directory)

    def _reread(
        self, file: OrderFile, options: Mapping[str, Any], roles: Mapping[Any, str]
    ) -> None:
        kinds = {name: Kind(kind) for name, kind in file.facts["kinds"].items()}
        if roles.get("date") == file.facts["date_column"] and not misread(roles, kinds):
            return
        stored = StoredUpload(file.directory, file.size_bytes, file.checksum)
        read = self._apart(stored, self._reader.again, file.filename, options, roles)
        file.reading, file.facts = read.reading, read.facts

    def _apart(
        self, stored: StoredUpload, read: Callable[..., Result], *arguments: object
    ) -> Result:
        """Read here where the file is small, and in a worker where it is not."""
        return self.datasets.reader.in_worker_if_large(
            stored.directory, stored.size_bytes, partial(read, stored, *arguments)
        )


def orders_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Read an upload of orders in a worker."""
    store, arrival = tools.tables, Arrival.model_validate(arguments)
    stored = StoredUpload(arrival.directory, arrival.size_bytes, arrival.checksum)
    try:
        report("reading the lines", 5)
        reader = LineReader(store, tools.max_columns)
        read = reader.first(stored, arrival.filename, arrival.overrides)
        report("counting the lines", 70)
        orders = _new(store, arrival.user_id, arrival.overrides, read)
        report("storing", 95)
    except BaseException:
        store.remove(stored.directory)
        raise
    return Outcome(
        store=lambda session: {
            "orders_id": order_books.add(
                session, orders, arrival.max_datasets, arrival.max_bytes
            ).id
        },
        discard=lambda: store.remove(stored.directory),
    )


def _new(store: DatasetStore, user_id: int, options: dict[str, Any], read: ReadOrders) -> Orders:
    settings = dict(DEFAULT_SETTINGS)
    file = read.lines.row()
    orders = Orders(
        user_id=user_id,
        filename=file.filename,
        roles=read.roles,
        corrections={},
        settings=settings,
        options=options,
        files=[file],
    )
    count_lines(store, [file], effective_roles(read.roles, {}), settings).write_to(orders)
    return orders


def _options(upload: Upload) -> dict[str, Any]:
    options = given_overrides(upload.overrides)
    read_options(options)
    return options
