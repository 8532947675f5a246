"""Datasets: taking an upload in, reading it again, showing its rows, removing it."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.order_tables import OrderFile
from app.db.session import Database
from app.db.tables import Dataset, Job, utcnow
from app.errors import BadRequest, NotFound
from app.schemas.read_overrides import ReadOverrides
from app.segmentation.tables import plain_rows, unpacked_bytes
from app.segmentation.tables.signatures import PARQUET
from app.services.accounts import Caller
from app.services.file_limits import check_rows, limits_of
from app.services.job_work import Outcome, Progress, Tools
from app.services.jobs import JobService
from app.services.memory import enough_memory
from app.services.old_readings import sweep_readings
from app.services.overrides import given_overrides, merged_overrides
from app.services.ownership import own_of, owned
from app.services.paging import Page, page_of
from app.services.quotas import (
    UNFINISHED,
    UPLOADS,
    check_room,
    computing,
    lock_owner,
    waiting_bytes,
)
from app.services.reading import KeptReading, read_options, read_upload, try_parquet
from app.services.segmentations.activation import losing_versions
from app.storage.datasets import DamagedDataset, DatasetStore, IncomingFile

Result = TypeVar("Result")

READ_IN_PROCESS_BYTES = 20_000_000
"""A larger file is read in a worker, so that the server's memory does not grow with it."""

PREVIEW_ROWS = 10
STRAY_SECONDS = 600.0


@dataclass(frozen=True)
class Upload:
    """A file that has arrived, and what its sender said of it."""

    filename: str
    file: IncomingFile
    overrides: ReadOverrides
    source: dict[str, object] | None = None


class Arrival(BaseModel):
    """Whose upload it is, what it is called, and where it was put."""

    model_config = ConfigDict(frozen=True)

    user_id: int
    filename: str
    overrides: dict[str, object]
    directory: str
    size_bytes: int
    checksum: str
    max_datasets: int
    max_bytes: int
    source: dict[str, object] | None = None
    max_rows: int | None = None
    kept_until: datetime | None = None


class DatasetService:
    def __init__(
        self, database: Database, store: DatasetStore, settings: Settings, jobs: JobService
    ) -> None:
        self.database = database
        self.store = store
        self._settings = settings
        self._jobs = jobs

    def tidy(self) -> None:
        """Remove what deleted accounts, killed servers and repeated readings have left."""
        self.remove_strays()
        sweep_readings(self.database, self.store, older_than_seconds=STRAY_SECONDS)

    def remove_strays(self) -> None:
        """Remove the files of deleted accounts, and what killed servers left."""
        with self.database.connect(read_only=True) as connection:
            known = set(connection.scalars(sa.select(Dataset.directory)))
            known |= set(connection.scalars(sa.select(OrderFile.directory)))
            waiting = sa.select(Job.arguments).where(
                Job.kind.in_(UPLOADS), Job.state.in_(UNFINISHED)
            )
            known |= {arguments["directory"] for arguments in connection.scalars(waiting)}
        self.store.remove_strays(known, older_than_seconds=STRAY_SECONDS)

    def check_quota(self, caller: Caller, *, adding: int = 0) -> None:
        """Refuse one more dataset, of so many bytes as far as they are known, before it comes."""
        with self.database.session(read_only=True) as session:
            _check_quota(session, caller.id, self._settings.max_datasets_per_user)
        self.check_room(caller, adding=adding)

    def check_room(self, caller: Caller, *, adding: int) -> None:
        most = self._settings.max_stored_bytes_per_user
        with self.database.session(read_only=True) as session:
            waiting = waiting_bytes(session, caller.id)
            check_room(session, caller.id, adding=adding + waiting, most=most)

    def create(self, caller: Caller, upload: Upload) -> Dataset:
        """Keep the file, read it, and note it; nothing stays where one of these fails."""
        arrival = self._keep(caller, upload)
        try:
            reading = self.read(arrival.directory, arrival.overrides, arrival.size_bytes)
            with self.database.session() as session:
                return add_dataset(session, arrival, reading)
        except BaseException:
            self.store.remove(arrival.directory)
            raise

    def create_later(self, caller: Caller, upload: Upload) -> Job:
        """Keep the file and read it as a job."""
        arrival = self._keep(caller, upload)
        try:
            return self._jobs.submit(
                caller,
                "upload",
                upload_work,
                arrival.model_dump(mode="json"),
                discard=partial(self._discard, arrival.directory),
            )
        except BaseException:
            self.store.remove(arrival.directory)
            raise

    def _keep(self, caller: Caller, upload: Upload) -> Arrival:
        overrides = given_overrides(upload.overrides)
        read_options(overrides)
        limits = limits_of(caller.role, self._settings)
        stored = self.store.keep(upload.file)
        return Arrival(
            user_id=caller.id,
            filename=upload.filename,
            overrides=overrides,
            directory=stored.directory,
            size_bytes=stored.size_bytes,
            checksum=stored.checksum,
            max_datasets=self._settings.max_datasets_per_user,
            max_bytes=self._settings.max_stored_bytes_per_user,
            source=upload.source,
            max_rows=limits.max_rows,
            kept_until=limits.kept_until(utcnow()),
        )

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
        overrides = merged_overrides(dataset, form)
        reading = self.read(dataset.directory, overrides, dataset.size_bytes)
        check_rows(reading.n_rows, limits_of(caller.role, self._settings).max_rows)
        with self.database.session() as session:
            current = get(session, caller, dataset_id, lock=True)
            replaced = current.reading
            describe(current, reading, overrides)
        # A run may be at work on it; it is swept up once nothing has named it for a while.
        with suppress(DamagedDataset):
            self.store.touch(dataset.directory, replaced)
        return current

    def update_later(self, caller: Caller, dataset_id: int, form: ReadOverrides) -> Job:
        """Read the file again as a job."""
        with self.database.session(read_only=True) as session:
            dataset = get(session, caller, dataset_id)
        order = Rereading(
            dataset_id=dataset.id,
            overrides=dict(merged_overrides(dataset, form)),
            max_rows=limits_of(caller.role, self._settings).max_rows,
        )
        return self._jobs.submit(caller, "reading", reread_work, order.model_dump(mode="json"))

    def preview(self, dataset: Dataset) -> list[dict[str, object]]:
        return self._page(dataset, skip=0, limit=PREVIEW_ROWS)

    def rows(self, dataset: Dataset, page: Page) -> list[dict[str, object]]:
        return self._page(dataset, skip=page.skip, limit=page.limit or 0)

    def original(self, dataset: Dataset) -> Path:
        try:
            return self.store.original(dataset.directory)
        except DamagedDataset as error:
            raise NotFound(_gone(error), code="damaged_dataset") from error

    def delete(self, caller: Caller, dataset_id: int) -> None:
        """Remove the row first: files without a row are swept up, a row without files is a lie."""
        with self.database.session() as session:
            dataset = get(session, caller, dataset_id, lock=True)
            with losing_versions(session, dataset_id):
                session.delete(dataset)
        self.store.remove(dataset.directory)

    def _page(self, dataset: Dataset, *, skip: int, limit: int) -> list[dict[str, object]]:
        try:
            frame = self.store.rows(dataset.directory, dataset.reading, skip=skip, limit=limit)
        except DamagedDataset as error:
            raise NotFound(_gone(error), code="damaged_dataset") from error
        return plain_rows(frame)

    def _unpacked(self, directory: str, size_bytes: int) -> int:
        with self.store.original(directory).open("rb") as source:
            return unpacked_bytes(source, size_bytes=size_bytes)

    def read(self, directory: str, overrides: Mapping[str, object], size_bytes: int) -> KeptReading:
        read = partial(read_upload, self.store, directory, overrides, self._settings.max_columns)
        return self.in_worker_if_large(directory, size_bytes, read)

    def in_worker_if_large(
        self, directory: str, size_bytes: int, read: Callable[[], Result]
    ) -> Result:
        """Read a stored file here where it is small, and in a worker where it is not."""
        try:
            with computing(self.database, self._jobs.shares), enough_memory("Reading this table"):
                is_large = self._unpacked(directory, size_bytes) > READ_IN_PROCESS_BYTES
                if is_large or self._jobs.relieves():
                    return self._jobs.wait_for(read)
                return read()
        except DamagedDataset as error:
            raise NotFound(_gone(error), code="damaged_dataset") from error

    def try_apart(self, path: Path) -> None:
        """Refuse a packed file that could harm this process, which a worker finds out.

        A kilobyte of Parquet can unpack to gigabytes, and its reader is no Python.
        """
        with path.open("rb") as source:
            is_parquet = _is_parquet(source)
        if is_parquet:
            with computing(self.database, self._jobs.shares), enough_memory("Reading this table"):
                self._jobs.wait_for(try_parquet, path, self._settings.max_columns)

    def try_copy_apart(self, source: BinaryIO) -> None:
        """Do the same with a file that workers cannot open."""
        if not _is_parquet(source):
            return
        incoming = self.store.incoming()
        try:
            shutil.copyfileobj(source, incoming)
            incoming.close()
            self.try_apart(incoming.path)
        finally:
            incoming.discard()
            source.seek(0)


def _is_parquet(source: BinaryIO) -> bool:
    source.seek(0)
    found = source.read(len(PARQUET)) == PARQUET
    source.seek(0)
    return found


def upload_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Read an upload in a worker."""
    store, arrival = tools.tables, Arrival.model_validate(arguments)
    try:
        report("reading the table", 5)
        reading = read_upload(store, arrival.directory, arrival.overrides, tools.max_columns)
        report("storing", 95)
    except BaseException:
        store.remove(arrival.directory)
        raise
    return Outcome(
        store=lambda session: {"dataset_id": add_dataset(session, arrival, reading).id},
        discard=lambda: store.remove(arrival.directory),
    )


class Rereading(BaseModel):
    """A dataset that is to be read again, and how; it travels to a worker."""

    model_config = ConfigDict(frozen=True)

    dataset_id: int
    overrides: dict[str, object]
    max_rows: int | None


def reread_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Read a dataset's file again in a worker."""
    store, order = tools.tables, Rereading.model_validate(arguments)
    with tools.database.session(read_only=True) as session:
        dataset = _found(session.get(Dataset, order.dataset_id))
    report("reading the table", 5)
    try:
        reading = read_upload(store, dataset.directory, order.overrides, tools.max_columns)
    except DamagedDataset as error:
        raise NotFound(_gone(error), code="damaged_dataset") from error
    check_rows(reading.n_rows, order.max_rows)
    report("storing", 95)

    def write(session: Session) -> dict[str, object]:
        current = _found(session.get(Dataset, order.dataset_id, with_for_update=True))
        replaced = current.reading
        describe(current, reading, order.overrides)
        # A run may be at work on it; it is swept up once nothing has named it for a while.
        with suppress(DamagedDataset):
            store.touch(current.directory, replaced)
        return {"dataset_id": current.id}

    return Outcome(store=write, discard=lambda: None)


def _found(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        raise NotFound("Dataset not found")
    return dataset


def add_dataset(session: Session, arrival: Arrival, reading: KeptReading) -> Dataset:
    lock_owner(session, arrival.user_id)
    _check_quota(session, arrival.user_id, arrival.max_datasets)
    check_room(session, arrival.user_id, adding=arrival.size_bytes, most=arrival.max_bytes)
    check_rows(reading.n_rows, arrival.max_rows)
    dataset = Dataset(
        user_id=arrival.user_id,
        filename=arrival.filename,
        size_bytes=arrival.size_bytes,
        checksum=arrival.checksum,
        directory=arrival.directory,
        source=arrival.source,
        kept_until=arrival.kept_until,
    )
    describe(dataset, reading, arrival.overrides)
    session.add(dataset)
    session.flush()
    return dataset


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Dataset], int]:
    query = sa.select(Dataset).where(own_of(Dataset, caller)).order_by(Dataset.id.desc())
    return page_of(session, query, page)


def get(session: Session, caller: Caller, dataset_id: int, *, lock: bool = False) -> Dataset:
    """Return a dataset of the caller's own; administrators see everyone's."""
    return owned(session, Dataset, caller, dataset_id, called="Dataset", lock=lock)


def describe(dataset: Dataset, reading: KeptReading, overrides: Mapping[str, object]) -> None:
    dataset.options = dict(overrides)
    reading.describe(dataset)
    dataset.updated_at = utcnow()


def _check_quota(session: Session, user_id: int, limit: int) -> None:
    count = session.scalar(sa.select(sa.func.count()).where(Dataset.user_id == user_id)) or 0
    if count >= limit:
        raise BadRequest(
            f"You have {count} datasets, the maximum is {limit}; delete one first",
            code="too_many_datasets",
        )


def _gone(error: DamagedDataset) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]
