"""Datasets come to be, or are read again: what a request or a worker does, and writes."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.db.tables import Dataset, utcnow
from app.errors import BadRequest, NotFound
from app.services.file_limits import check_rows
from app.services.job_work import Outcome, Progress, Tools
from app.services.quotas import check_room, lock_owner
from app.services.reading import KeptReading, read_upload
from app.services.stored_reader import gone
from app.storage.datasets import DamagedDataset, DatasetStore


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
        raise NotFound(gone(error), code="damaged_dataset") from error
    check_rows(reading.n_rows, order.max_rows)
    report("storing", 95)

    def write(session: Session) -> dict[str, object]:
        current = _found(session.get(Dataset, order.dataset_id, with_for_update=True))
        replace_reading(store, current, reading, order.overrides)
        return {"dataset_id": current.id}

    return Outcome(store=write, discard=lambda: None)


def _found(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        raise NotFound("Dataset not found")
    return dataset


def add_dataset(session: Session, arrival: Arrival, reading: KeptReading) -> Dataset:
    lock_owner(session, arrival.user_id)
    check_count(session, arrival.user_id, arrival.max_datasets)
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


def describe(dataset: Dataset, reading: KeptReading, overrides: Mapping[str, object]) -> None:
    dataset.options = dict(overrides)
    reading.describe(dataset)
    dataset.updated_at = utcnow()


def replace_reading(
    store: DatasetStore, dataset: Dataset, reading: KeptReading, overrides: Mapping[str, object]
) -> None:
    """Let a dataset be read so from now on."""
    replaced = dataset.reading
    describe(dataset, reading, overrides)
    # A run may be at work on it; it is swept up once nothing has named it for a while.
    with suppress(DamagedDataset):
        store.touch(dataset.directory, replaced)


def check_count(session: Session, user_id: int, limit: int) -> None:
    count = session.scalar(sa.select(sa.func.count()).where(Dataset.user_id == user_id)) or 0
    if count >= limit:
        raise BadRequest(
            f"You have {count} datasets, the maximum is {limit}; delete one first",
            code="too_many_datasets",
        )
