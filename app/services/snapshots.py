"""Snapshots: the customers of orders at a date, kept as a dataset like any other."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from app.db.order_tables import Orders, Snapshot
from app.db.tables import Dataset
from app.errors import NotFound
from app.schemas.orders import SnapshotRequest
from app.schemas.read_overrides import ReadOverrides
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.ledger import Ledger
from app.segmentation.orders.lines import Plan
from app.segmentation.orders.rfm import RFM, CutPoints, Rules, score_customers
from app.segmentation.orders.snapshot import take_snapshot
from app.services import orders as order_books
from app.services.accounts import Caller
from app.services.datasets import DatasetService, Upload
from app.services.order_lines import (
    UnusableOrders,
    ledger_of,
    ledger_row,
    opened,
    plan_of,
    roles_of,
)
from app.storage.datasets import DamagedDataset

MONEY = ("net_money", "gross_money")
"""What a customer brought, by the first of these that a snapshot has."""


class SnapshotService:
    def __init__(self, datasets: DatasetService) -> None:
        self.datasets = datasets
        self.database = datasets.database

    def create(self, caller: Caller, orders_id: int, form: SnapshotRequest) -> Snapshot:
        """Summarise the customers, and keep them as a dataset that knows its source."""
        self.datasets.check_quota(caller)
        with self.database.session(read_only=True) as session:
            orders = order_books.get(session, caller, orders_id)
        plan, ledger, frame = self.summarise(orders, form)
        as_of = plan.as_of
        if as_of is None:
            raise UnusableOrders("as_of", "no_orders", "No line counts as an order.")
        dataset = self._keep(caller, orders, frame, as_of)
        try:
            with self.database.session() as session:
                order_books.get(session, caller, orders_id, lock=True)
                snapshot = Snapshot(
                    orders_id=orders_id,
                    dataset_id=dataset.id,
                    as_of=as_of,
                    window_days=plan.window_days,
                    returns=plan.returns,
                    currency=plan.currency,
                    n_customers=len(frame),
                    ledger=ledger_row(ledger),
                    cut_points=_cut_points_row(score(frame)),
                )
                session.add(snapshot)
                session.flush()
            return snapshot
        except BaseException:
            self.datasets.delete(caller, dataset.id)
            raise

    def customers(self, dataset: Dataset) -> pd.DataFrame:
        """Return the customers of a snapshot as they were made, however they are read since."""
        try:
            frame: pd.DataFrame = pq.read_table(
                self.datasets.store.original(dataset.directory)
            ).to_pandas()
        except (DamagedDataset, pa.ArrowException, OSError) as error:
            raise NotFound("The customers of this snapshot are missing or damaged") from error
        return frame

    def summarise(
        self, orders: Orders, form: SnapshotRequest, *, whole: bool = False
    ) -> tuple[Plan, Ledger, pd.DataFrame]:
        """Make one row per customer, with the plan and the ledger of its lines."""
        if orders.problems:
            problem = orders.problems[0]
            raise UnusableOrders(problem["field"], problem["code"], problem["message"])
        plan = _plan(orders, form)
        with opened(self.datasets.store, orders.files) as lines:
            ledger = ledger_of(lines, orders.files, orders.settings, plan)
            _check(ledger, plan)
            if plan.as_of is None:
                plan = replace(plan, as_of=ledger.last_day)
                ledger = ledger_of(lines, orders.files, orders.settings, plan)
            try:
                frame = take_snapshot(lines, plan, as_of=plan.as_of or date.max, whole=whole)
            except DegenerateDataError as error:
                code = "single_customer" if ledger.customers else "no_orders"
                raise UnusableOrders("as_of", code, str(error)) from error
        return plan, ledger, frame

    def _keep(self, caller: Caller, orders: Orders, frame: pd.DataFrame, as_of: date) -> Dataset:
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer)
        file = self.datasets.store.incoming()
        try:
            file.write(buffer.getvalue())
            name = f"{orders.filename.rsplit('.', 1)[0][:200]} customers {as_of}.parquet"
            source = {"orders_id": orders.id, "as_of": as_of.isoformat()}
            return self.datasets.create(caller, Upload(name, file, _kinds(frame), source))
        finally:
            file.discard()


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


def money_of(frame: pd.DataFrame) -> pd.Series | None:
    """Return what each customer brought, or None where the orders have no amounts."""
    name = next((each for each in MONEY if each in frame), None)
    return frame[name] if name is not None else None


def score(
    frame: pd.DataFrame,
    cut_points: Mapping[str, CutPoints] | None = None,
    rules: Rules | None = None,
) -> RFM:
    """Score a snapshot's customers; without amounts all bring the same."""
    money = money_of(frame)
    return score_customers(
        days_since_last=frame["recency_days"].to_numpy(dtype=np.float64),
        orders=frame["orders"].to_numpy(dtype=np.float64),
        money=np.zeros(len(frame)) if money is None else money.to_numpy(dtype=np.float64),
        cut_points=cut_points,
        rules=rules,
    )


def _cut_points_row(rfm: RFM) -> dict[str, Any]:
    return {name: list(cuts.edges) for name, cuts in rfm.cut_points.items()}


def _plan(orders: Orders, form: SnapshotRequest) -> Plan:
    plan = plan_of(roles_of(orders), orders.settings)
    return replace(
        plan,
        returns=form.returns or plan.returns,
        currency=form.currency or plan.currency,
        as_of=form.as_of,
        window_days=int(form.window[:-1]) if form.window is not None else None,
    )


def _check(ledger: Ledger, plan: Plan) -> None:
    states = {each.state: each.lines for each in ledger.entries}
    if not ledger.orders:
        if plan.as_of is not None and ("later" in states or "earlier" in states):
            message = f"There is no order up to {plan.as_of} in the period that counts."
            raise UnusableOrders("as_of", "before_first_order", message)
        if "other_currency" in states:
            message = f"No order is in {plan.currency}."
            raise UnusableOrders("currency", "unknown_currency", message)
        raise UnusableOrders("as_of", "no_orders", "No line counts as an order.")
    if plan.currency is None and len(ledger.currencies) > 1:
        message = f"Money is in {', '.join(ledger.currencies)}; choose one currency."
        raise UnusableOrders("currency", "mixed_currencies", message)


def _kinds(frame: pd.DataFrame) -> ReadOverrides:
    kinds = {"customer_id": "identifier", "first_order": "date", "last_order": "date"}
    numbers = {name: "numeric" for name in frame.columns if name not in kinds}
    return ReadOverrides.model_validate({"kinds": kinds | numbers})
