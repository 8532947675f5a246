"""Datasets: taking an upload in, reading it again, showing its rows, removing it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.order_tables import OrderFile
from app.db.session import Database
from app.db.tables import Dataset, Job, User, utcnow
from app.errors import BadRequest, InvalidField, NotFound, TooLarge, Unauthorized
from app.schemas.datasets import ReadOverrides
from app.segmentation.tables import plain_rows, unpacked_bytes
from app.services.accounts import Caller
from app.services.job_work import Bench, Outcome, Progress
from app.services.jobs import UNFINISHED, JobService
from app.services.old_readings import sweep_readings
from app.services.paging import Page, page_of
from app.services.reading import Reading, read_options, read_upload
from app.storage.datasets import DamagedDataset, DatasetStore, IncomingFile, StoredUpload

READ_IN_PROCESS_BYTES = 20_000_000
"""A larger file is read in a worker, so that the server's memory does not grow with it."""

PREVIEW_ROWS = 10
STRAY_SECONDS = 600.0
_BY_COLUMN = frozenset({"kinds", "decimals", "date_orders", "newest_years", "suffixes", "marks"})
_NAMING_OPTIONS = frozenset(
    {"delimiter", "encoding", "quotechar", "has_header", "header_row", "skip_rows", "sheet"}
)


@dataclass(frozen=True)
class Upload:
    """A file that has arrived, and what its sender said of it."""

    filename: str
    file: IncomingFile
    overrides: ReadOverrides
    source: Mapping[str, Any] | None = None


class DatasetService:
    def __init__(
        self, database: Database, store: DatasetStore, settings: Settings, jobs: JobService
    ) -> None:
        self.database = database
        self.store = store
        self._settings = settings
        self._jobs = jobs

    def tidy(self) -> None:
        """Remove what deleted accounts, killed servers and readings anew have left."""
        self.remove_strays()
        sweep_readings(self.database, self.store, older_than_seconds=STRAY_SECONDS)

    def remove_strays(self) -> None:
        """Remove the files of deleted accounts, and what killed servers left."""
        with self.database.connect(read_only=True) as connection:
            known = set(connection.scalars(sa.select(Dataset.directory)))
            known |= set(connection.scalars(sa.select(OrderFile.directory)))
            waiting = sa.select(Job.arguments).where(
                Job.kind == "upload", Job.state.in_(UNFINISHED)
            )
            known |= {arguments["directory"] for arguments in connection.scalars(waiting)}
        self.store.remove_strays(known, older_than_seconds=STRAY_SECONDS)

    def check_quota(self, caller: Caller) -> None:
        with self.database.session(read_only=True) as session:
            _check_quota(session, caller.id, self._settings.max_datasets_per_user)

    def create(self, caller: Caller, upload: Upload) -> Dataset:
        """Keep the file, read it, and note it; nothing stays where one of these fails."""
        overrides = given_overrides(upload.overrides)
        read_options(overrides)
        stored = self.store.keep(upload.file)
        try:
            reading = self.read(stored.directory, overrides, stored.size_bytes)
            arrival = Arrival(caller.id, upload.filename, overrides, stored, upload.source)
            with self.database.session() as session:
                return add_dataset(session, arrival, reading, self._settings.max_datasets_per_user)
        except BaseException:
            self.store.remove(stored.directory)
            raise

    def create_later(self, caller: Caller, upload: Upload) -> Job:
        """Keep the file and read it as a job."""
        overrides = given_overrides(upload.overrides)
        read_options(overrides)
        stored = self.store.keep(upload.file)
        arguments = {
            "user_id": caller.id,
            "filename": upload.filename,
            "overrides": overrides,
            "directory": stored.directory,
            "size_bytes": stored.size_bytes,
            "checksum": stored.checksum,
            "max_datasets": self._settings.max_datasets_per_user,
        }
        try:
            return self._jobs.submit(
                caller,
                "upload",
                upload_work,
                arguments,
                discard=partial(self._discard, stored.directory),
            )
        except BaseException:
            self.store.remove(stored.directory)
            raise

    def _discard(self, directory: str) -> None:
        """Remove an upload's files, unless its worker noted the dataset before it died."""
        with self.database.connect(read_only=True) as connection:
            noted = connection.scalar(sa.select(Dataset.id).where(Dataset.directory == directory))
        if noted is None:
            self.store.remove(directory)

    def update(self, caller: Caller, dataset_id: int, form: ReadOverrides) -> Dataset:
        """Read the file again, as told. Runs keep the reading they were made from."""
        with self.database.session(read_only=True) as session:
            dataset = get(session, caller, dataset_id)
        overrides = _merged(dataset, form)
        reading = self.read(dataset.directory, overrides, dataset.size_bytes)
        with self.database.session() as session:
            current = get(session, caller, dataset_id, lock=True)
            replaced = current.reading
            _describe(current, reading, overrides)
        # A run may be at work on it; it is swept up once nothing has named it for a while.
        with suppress(DamagedDataset):
            self.store.touch(dataset.directory, replaced)
        return current

    def preview(self, dataset: Dataset) -> list[dict[str, object]]:
        return self._page(dataset, skip=0, limit=PREVIEW_ROWS)

    def rows(self, dataset: Dataset, page: Page) -> list[dict[str, object]]:
        return self._page(dataset, skip=page.skip, limit=page.limit or 0)

    def original(self, dataset: Dataset) -> Path:
        try:
            return self.store.original(dataset.directory)
        except DamagedDataset as error:
            raise NotFound(_gone(error)) from error

    def delete(self, caller: Caller, dataset_id: int) -> None:
        """Remove the row first: files without a row are swept up, a row without files is a lie."""
        with self.database.session() as session:
            dataset = get(session, caller, dataset_id, lock=True)
            session.delete(dataset)
        self.store.remove(dataset.directory)

    def _page(self, dataset: Dataset, *, skip: int, limit: int) -> list[dict[str, object]]:
        try:
            frame = self.store.rows(dataset.directory, dataset.reading, skip=skip, limit=limit)
        except DamagedDataset as error:
            raise NotFound(_gone(error)) from error
        return plain_rows(frame)

    def _unpacked(self, directory: str, size_bytes: int) -> int:
        with self.store.original(directory).open("rb") as source:
            return unpacked_bytes(source, size_bytes=size_bytes)

    def read(self, directory: str, overrides: Mapping[str, Any], size_bytes: int) -> Reading:
        read = partial(read_upload, self.store, directory, overrides, self._settings.max_columns)
        try:
            if self._unpacked(directory, size_bytes) > READ_IN_PROCESS_BYTES:
                return self._jobs.wait_for(read)
            return read()
        except DamagedDataset as error:
            raise NotFound(_gone(error)) from error
        except (MemoryError, BrokenExecutor) as error:
            raise TooLarge(
                "Reading this table takes more memory than there is (JOB_MEMORY_MB); "
                "send fewer rows or columns"
            ) from error


@dataclass(frozen=True)
class Arrival:
    """Whose upload it is, what it is called, and where it was put."""

    user_id: int
    filename: str
    overrides: Mapping[str, Any]
    stored: StoredUpload
    source: Mapping[str, Any] | None = None


def upload_work(bench: Bench, arguments: Mapping[str, Any], report: Progress) -> Outcome:
    """Read an upload in a worker."""
    store = bench.tables
    directory = arguments["directory"]
    arrival = Arrival(
        arguments["user_id"],
        arguments["filename"],
        arguments["overrides"],
        StoredUpload(directory, arguments["size_bytes"], arguments["checksum"]),
    )
    try:
        report("reading the table", 5)
        reading = read_upload(store, directory, arrival.overrides, bench.max_columns)
        report("storing", 95)
    except BaseException:
        store.remove(directory)
        raise
    return Outcome(
        store=lambda session: {
            "dataset_id": add_dataset(session, arrival, reading, arguments["max_datasets"]).id
        },
        discard=lambda: store.remove(directory),
    )


def add_dataset(session: Session, arrival: Arrival, reading: Reading, limit: int) -> Dataset:
    # The owner's row is locked, so that uploads at one time are counted one after the other.
    if session.get(User, arrival.user_id, with_for_update=True) is None:
        raise Unauthorized
    _check_quota(session, arrival.user_id, limit)
    dataset = Dataset(
        user_id=arrival.user_id,
        filename=arrival.filename,
        size_bytes=arrival.stored.size_bytes,
        checksum=arrival.stored.checksum,
        directory=arrival.stored.directory,
        source=dict(arrival.source) if arrival.source is not None else None,
    )
    _describe(dataset, reading, arrival.overrides)
    session.add(dataset)
    session.flush()
    return dataset


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Dataset], int]:
    query = sa.select(Dataset).order_by(Dataset.id.desc())
    if caller.role != "admin":
        query = query.where(Dataset.user_id == caller.id)
    return page_of(session, query, page)


def get(session: Session, caller: Caller, dataset_id: int, *, lock: bool = False) -> Dataset:
    """Return a dataset of the caller's own; administrators see everyone's."""
    dataset = session.get(Dataset, dataset_id, with_for_update=lock or None)
    if dataset is None or (dataset.user_id != caller.id and caller.role != "admin"):
        raise NotFound("Dataset not found")
    return dataset


def _describe(dataset: Dataset, reading: Reading, overrides: Mapping[str, Any]) -> None:
    dataset.options = dict(overrides)
    dataset.reading = reading.name
    dataset.dialect = reading.dialect
    dataset.columns = list(reading.columns)
    dataset.warnings = list(reading.warnings)
    dataset.n_rows = reading.n_rows
    dataset.n_columns = reading.n_columns
    dataset.updated_at = utcnow()


def _check_quota(session: Session, user_id: int, limit: int) -> None:
    count = session.scalar(sa.select(sa.func.count()).where(Dataset.user_id == user_id)) or 0
    if count >= limit:
        raise BadRequest(f"You have {count} datasets, and {limit} is the most; delete one first")


def given_overrides(overrides: ReadOverrides) -> dict[str, Any]:
    given = overrides.model_dump(exclude_none=True)
    for name in _BY_COLUMN:
        given[name] = {column: value for column, value in given[name].items() if value is not None}
    return {name: value for name, value in given.items() if value != {}}


def _merged(dataset: Dataset, form: ReadOverrides) -> dict[str, Any]:
    """Lay new overrides over the ones before; `null` takes one back."""
    merged = {name: value for name, value in dataset.options.items() if name not in _BY_COLUMN}
    for name in form.model_fields_set - _BY_COLUMN:
        merged[name] = getattr(form, name)
    # Read with another header or delimiter the columns are others, and so are their kinds.
    other_columns = form.model_fields_set & _NAMING_OPTIONS
    for name in _BY_COLUMN:
        before = {} if other_columns else dataset.options.get(name, {})
        laid = {**before, **getattr(form, name)}
        merged[name] = {column: value for column, value in laid.items() if value is not None}
        unknown = set(getattr(form, name)) - {column["name"] for column in dataset.columns}
        if not other_columns and unknown:
            raise InvalidField(name, f"There is no column {', '.join(sorted(unknown))!r}")
    given = {name: value for name, value in merged.items() if value is not None and value != {}}
    read_options(given)
    return given


def _gone(error: DamagedDataset) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]
