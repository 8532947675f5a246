"""Making a snapshot: from kept lines to one kept row per customer."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from app.db.order_tables import Orders, Snapshot
from app.schemas.orders import SnapshotRequest
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.ledger import Ledger
from app.segmentation.orders.lines import Plan, Returns
from app.segmentation.orders.rfm import RFM, CutPoints, score_customers
from app.segmentation.orders.rfm_rules import Rules
from app.segmentation.orders.snapshot import take_snapshot
from app.segmentation.orders.snapshot_columns import typed
from app.segmentation.tables import Table
from app.services.dataset_work import Arrival
from app.services.order_lines import (
    UnusableOrders,
    ledger_of,
    ledger_row,
    opened,
    plan_of,
    roles_of,
)
from app.services.reading import KeptReading, describe_table
from app.storage.datasets import DatasetStore

MONEY = ("net_money", "gross_money")
"""What a customer brought, by the first of these that a snapshot has."""


@dataclass(frozen=True)
class Asked:
    """What a snapshot is to be of; None leaves it to the orders' settings and their last day."""

    as_of: date | None = None
    window_days: int | None = None
    returns: Returns | None = None
    currency: str | None = None

    @classmethod
    def of(cls, form: SnapshotRequest) -> Self:
        window = int(form.window[:-1]) if form.window is not None else None
        return cls(form.as_of, window, form.returns, form.currency)


@dataclass(frozen=True)
class Made:
    """Customers that were summarised, and are yet to be kept."""

    orders_id: int
    name: str
    plan: Plan
    as_of: date
    ledger: Ledger
    frame: pd.DataFrame
    cut_points: dict[str, list[float]]

    @property
    def content(self) -> memoryview:
        """The customers as a file of Parquet."""
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(self.frame, preserve_index=False), buffer)
        return buffer.getbuffer()

    @cached_property
    def table(self) -> Table:
        return typed(self.frame, currency=self.currency)

    @property
    def currency(self) -> str | None:
        """What money is in, where all orders say the same."""
        found = self.ledger.currencies
        return self.plan.currency or (found[0] if len(found) == 1 else None)

    @property
    def overrides(self) -> dict[str, object]:
        """How the file is read again: its kinds are known, and are not to be guessed."""
        return {"kinds": {column.name: str(column.kind) for column in self.table.columns}}

    def read(self, store: DatasetStore, directory: str) -> KeptReading:
        table = self.table
        return describe_table(table, store.save_reading(directory, table.frame))

    def write_to(self, snapshot: Snapshot, *, outdated: bool) -> None:
        """Write what came out; it is out of date already where lines came meanwhile."""
        snapshot.window_days = self.plan.window_days
        snapshot.returns = self.plan.returns
        snapshot.currency = self.plan.currency
        snapshot.n_customers = len(self.frame)
        snapshot.ledger = ledger_row(self.ledger)
        snapshot.cut_points = self.cut_points
        snapshot.out_of_date = outdated


@dataclass(frozen=True)
class Kept:
    """A snapshot's customers as an upload that has arrived and was read."""

    arrival: Arrival
    reading: KeptReading


def make(store: DatasetStore, orders: Orders, asked: Asked) -> Made:
    """Summarise the customers as of a day, the last one with an order where none is asked for."""
    plan, ledger, frame = summarise(store, orders, asked)
    as_of = plan.as_of
    if as_of is None:
        raise UnusableOrders("as_of", "no_orders", "No line counts as an order.")
    name = f"{orders.filename.rsplit('.', 1)[0][:200]} customers {as_of}.parquet"
    # Before the transaction that writes them: scoring takes a while on many customers.
    cuts = {each: list(scored.edges) for each, scored in score(frame).cut_points.items()}
    return Made(orders.id, name, plan, as_of, ledger, frame, cuts)


def keep(
    store: DatasetStore, made: Made, *, user_id: int, max_datasets: int, max_bytes: int
) -> Kept:
    """Keep the customers as an upload of Parquet is kept."""
    incoming = store.incoming()
    try:
        incoming.write(made.content)
        kept = store.keep(incoming)
    finally:
        incoming.discard()
    try:
        reading = made.read(store, kept.directory)
    except BaseException:
        store.remove(kept.directory)
        raise
    arrival = Arrival(
        user_id=user_id,
        filename=made.name,
        overrides=made.overrides,
        directory=kept.directory,
        size_bytes=kept.size_bytes,
        checksum=kept.checksum,
        max_datasets=max_datasets,
        max_bytes=max_bytes,
        source={"orders_id": made.orders_id, "as_of": made.as_of.isoformat()},
    )
    return Kept(arrival, reading)


def has_changed(then: Orders, now: Orders) -> bool:
    """Whether lines or roles were changed while their customers were summarised."""
    return then.updated_at != now.updated_at


def summarise(
    store: DatasetStore, orders: Orders, asked: Asked, *, whole: bool = False
) -> tuple[Plan, Ledger, pd.DataFrame]:
    """Make one row per customer, with the plan and the ledger of its lines."""
    if orders.problems:
        problem = orders.problems[0]
        raise UnusableOrders(problem["field"], problem["code"], problem["message"])
    plan = _plan(orders, asked)
    with opened(store, orders.files) as lines:
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


def _plan(orders: Orders, asked: Asked) -> Plan:
    plan = plan_of(roles_of(orders), orders.settings)
    return replace(
        plan,
        returns=asked.returns or plan.returns,
        currency=asked.currency or plan.currency,
        as_of=asked.as_of,
        window_days=asked.window_days,
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
