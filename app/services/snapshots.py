"""Snapshots: the customers of orders at a date, kept as a dataset like any other."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.order_tables import Orders, Snapshot
from app.db.tables import Dataset, Job
from app.errors import NotFound
from app.schemas.orders import SnapshotRequest
from app.segmentation.orders.ledger import Ledger
from app.segmentation.orders.lines import Plan
from app.services import order_books
from app.services.accounts import Caller
from app.services.dataset_work import add_dataset, describe
from app.services.datasets import DatasetService
from app.services.job_work import Outcome, Progress, Tools, run_and_store, silent, stored
from app.services.jobs import JobService
from app.services.memory import enough_memory
from app.services.quotas import computing
from app.services.snapshot_making import Asked, Made, has_changed, keep, make, summarise
from app.storage.datasets import DamagedDataset, DatasetStore

LINES_HERE = 2_000_000
"""Lines that are summarised while the request waits, some seconds; more are a job."""


class SnapshotService:
    def __init__(self, datasets: DatasetService, settings: Settings, jobs: JobService) -> None:
        self.datasets = datasets
        self.database = datasets.database
        self._settings = settings
        self.jobs = jobs

    @property
    def rules_file(self) -> Path:
        return self._settings.rfm_rules_file

    def create(
        self, caller: Caller, orders_id: int, form: SnapshotRequest, *, prefer_async: bool = False
    ) -> Snapshot | Job:
        """Summarise the customers, and keep them as a dataset that knows its source."""
        self.datasets.check_quota(caller)
        with self.database.session(read_only=True) as session:
            orders = order_books.get(session, caller, orders_id)
        return self._make(caller, orders, form, prefer_async=prefer_async)

    def remake(
        self, caller: Caller, snapshot_id: int, *, prefer_async: bool = False
    ) -> Snapshot | Job:
        """Make a snapshot whole again, in place, from all lines there are now."""
        with self.database.session(read_only=True) as session:
            old, orders, _ = get(session, caller, snapshot_id)
        window = f"{old.window_days}d" if old.window_days is not None else None
        values = {
            "as_of": old.as_of, "window": window, "returns": old.returns, "currency": old.currency
        }  # fmt: skip
        form = SnapshotRequest.model_validate(values)
        return self._make(caller, orders, form, prefer_async=prefer_async, replaces=old.id)

    def _make(
        self,
        caller: Caller,
        orders: Orders,
        form: SnapshotRequest,
        *,
        prefer_async: bool,
        replaces: int | None = None,
    ) -> Snapshot | Job:
        order = SnapshotOrder(
            orders_id=orders.id,
            user_id=caller.id,
            form=form,
            max_datasets=self._settings.max_datasets_per_user,
            max_bytes=self._settings.max_stored_bytes_per_user,
            replaces=replaces,
        )
        arguments = order.model_dump(mode="json")
        if prefer_async or orders.n_lines > LINES_HERE:
            return self.jobs.submit(caller, "snapshot", snapshot_work, arguments)
        jobs = self.jobs
        with computing(self.database, jobs.shares), enough_memory("This snapshot"):
            if jobs.relieves():
                made = jobs.wait_for(run_and_store, jobs.workshop, snapshot_work, arguments)
            else:
                outcome = snapshot_work(jobs.workshop.tools(self.database), arguments, silent)
                made = stored(self.database, outcome)
        with self.database.session(read_only=True) as session:
            return session.get_one(Snapshot, made["snapshot_id"])

    def customers(self, dataset: Dataset) -> pd.DataFrame:
        return customers_of(self.datasets.store, dataset)

    def summarise(
        self, orders: Orders, form: SnapshotRequest, *, whole: bool = False
    ) -> tuple[Plan, Ledger, pd.DataFrame]:
        """Make one row per customer, with the plan and the ledger of its lines."""
        return summarise(self.datasets.store, orders, Asked.of(form), whole=whole)


def customers_of(store: DatasetStore, dataset: Dataset) -> pd.DataFrame:
    """Return the customers of a snapshot as they were made, however they are read since."""
    try:
        frame: pd.DataFrame = pq.read_table(store.original(dataset.directory)).to_pandas()
    except (DamagedDataset, pa.ArrowException, OSError) as error:
        raise NotFound("The customers of this snapshot are missing or damaged") from error
    return frame


class SnapshotOrder(BaseModel):
    """What is to be made, for whom, and in which snapshot's place; it travels to a worker."""

    model_config = ConfigDict(frozen=True)

    orders_id: int
    user_id: int
    form: SnapshotRequest
    max_datasets: int
    max_bytes: int
    replaces: int | None = None


def snapshot_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Make a snapshot, in a worker or while a request waits."""
    order = SnapshotOrder.model_validate(arguments)
    with tools.database.session(read_only=True) as session:
        orders = session.get(Orders, order.orders_id)
    if orders is None:
        raise NotFound("Orders not found")
    report("summarising the customers", 10)
    made = make(tools.tables, orders, Asked.of(order.form))
    report("storing", 95)
    if order.replaces is not None:
        return _replaced(tools, orders, made, order.replaces)
    kept = keep(
        tools.tables,
        made,
        user_id=order.user_id,
        max_datasets=order.max_datasets,
        max_bytes=order.max_bytes,
    )

    def store(session: Session) -> dict[str, object]:
        current = _locked(session, orders.id)
        dataset = add_dataset(session, kept.arrival, kept.reading)
        snapshot = Snapshot(orders_id=orders.id, dataset_id=dataset.id, as_of=made.as_of)
        made.write_to(snapshot, outdated=has_changed(orders, current))
        session.add(snapshot)
        session.flush()
        return {"snapshot_id": snapshot.id, "dataset_id": dataset.id}

    directory = kept.arrival.directory
    return Outcome(store=store, discard=lambda: tools.tables.remove(directory))


def _replaced(tools: Tools, orders: Orders, made: Made, snapshot_id: int) -> Outcome:
    """Put customers in the place of those that late lines changed.

    The dataset stays what it is to its runs: each keeps the reading that it was made from.
    """
    with tools.database.session(read_only=True) as session:
        snapshot = session.get(Snapshot, snapshot_id)
        if snapshot is None:
            raise NotFound("Snapshot not found")
        directory = session.get_one(Dataset, snapshot.dataset_id).directory
    staged = tools.tables.stage(directory, made.content)
    try:
        reading = made.read(tools.tables, directory)
    except BaseException:
        staged.discard()
        raise

    def store(session: Session) -> dict[str, object]:
        current = _locked(session, orders.id)
        snapshot = session.get(Snapshot, snapshot_id, with_for_update=True)
        if snapshot is None:
            raise NotFound("Snapshot not found")
        dataset = session.get_one(Dataset, snapshot.dataset_id, with_for_update=True)
        made.write_to(snapshot, outdated=has_changed(orders, current))
        describe(dataset, reading, made.overrides)
        dataset.size_bytes, dataset.checksum = staged.size, staged.checksum
        session.flush()
        staged.put()
        return {"snapshot_id": snapshot.id, "dataset_id": dataset.id}

    return Outcome(store=store, discard=staged.discard)


def _locked(session: Session, orders_id: int) -> Orders:
    orders = session.get(Orders, orders_id, with_for_update=True)
    if orders is None:
        raise NotFound("Orders not found")
    return orders


def get(session: Session, caller: Caller, snapshot_id: int) -> tuple[Snapshot, Orders, Dataset]:
    """Return a snapshot with the orders and the dataset it belongs to."""
    snapshot = session.get(Snapshot, snapshot_id)
    if snapshot is None:
        raise NotFound("Snapshot not found")
    try:
        orders = order_books.get(session, caller, snapshot.orders_id)
    except NotFound as error:
        raise NotFound("Snapshot not found") from error
    return snapshot, orders, session.get_one(Dataset, snapshot.dataset_id)
