"""Datasets: taking an upload in, reading it again, showing its rows, removing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.order_tables import OrderFile
from app.db.session import Database
from app.db.tables import Dataset, Job, utcnow
from app.errors import NotFound
from app.schemas.read_overrides import ReadOverrides
from app.segmentation.tables import plain_rows
from app.services.accounts import Caller
from app.services.dataset_work import (
    Arrival,
    Rereading,
    add_dataset,
    check_count,
    replace_reading,
    reread_work,
    upload_work,
)
from app.services.file_limits import check_rows, limits_of
from app.services.jobs import JobService
from app.services.old_readings import sweep_readings
from app.services.overrides import given_overrides, merged_overrides
from app.services.ownership import own_of, owned
from app.services.paging import Page, page_of
from app.services.quotas import (
    UNFINISHED,
    UPLOADS,
    check_room,
    waiting_bytes,
)
from app.services.reading import read_options
from app.services.segmentations.activation import losing_versions
from app.services.stored_reader import StoredReader, gone
from app.storage.datasets import DamagedDataset, DatasetStore, IncomingFile

PREVIEW_ROWS = 10
STRAY_SECONDS = 600.0


@dataclass(frozen=True)
class Upload:
    """A file that has arrived, and what its sender said of it."""

    filename: str
    file: IncomingFile
    overrides: ReadOverrides
    source: dict[str, object] | None = None


class DatasetService:
    def __init__(
        self, database: Database, store: DatasetStore, settings: Settings, jobs: JobService
    ) -> None:
        self.database = database
        self.store = store
        self.reader = StoredReader(database, store, jobs, settings)
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
            check_count(session, caller.id, self._settings.max_datasets_per_user)
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
            reading = self.reader.read(arrival.directory, arrival.overrides, arrival.size_bytes)
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
        reading = self.reader.read(dataset.directory, overrides, dataset.size_bytes)
        check_rows(reading.n_rows, limits_of(caller.role, self._settings).max_rows)
        with self.database.session() as session:
            current = get(session, caller, dataset_id, lock=True)
            replace_reading(self.store, current, reading, overrides)
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
            raise NotFound(gone(error), code="damaged_dataset") from error

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
            raise NotFound(gone(error), code="damaged_dataset") from error
        return plain_rows(frame)


def list_visible(session: Session, caller: Caller, page: Page) -> tuple[Sequence[Dataset], int]:
    query = sa.select(Dataset).where(own_of(Dataset, caller)).order_by(Dataset.id.desc())
    return page_of(session, query, page)


def get(session: Session, caller: Caller, dataset_id: int, *, lock: bool = False) -> Dataset:
    """Return a dataset of the caller's own; administrators see everyone's."""
    return owned(session, Dataset, caller, dataset_id, called="Dataset", lock=lock)
