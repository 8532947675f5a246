"""Making a snapshot: from kept lines to one kept row per customer."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from app.db.order_tables import Orders, Snapshot
from app.schemas.orders import SnapshotRequest
from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.ledger import Ledger
from app.segmentation.orders.lines import Plan, Returns
from app.segmentation.orders.rfm import RFM, CutPoints, Rules, score_customers
from app.segmentation.orders.snapshot import take_snapshot
from app.segmentation.tables import Column, Dialect, Kind, Table
from app.services.datasets import Arrival
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

_EXAMPLES = 3


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
    """A snapshot whose files are kept and whose rows are yet to be written."""

    orders_id: int
    plan: Plan
    as_of: date
    ledger: Ledger
    frame: pd.DataFrame
    arrival: Arrival
    reading: KeptReading

    def snapshot(self, dataset_id: int) -> Snapshot:
        return Snapshot(
            orders_id=self.orders_id,
            dataset_id=dataset_id,
            as_of=self.as_of,
            window_days=self.plan.window_days,
            returns=self.plan.returns,
            currency=self.plan.currency,
            n_customers=len(self.frame),
            ledger=ledger_row(self.ledger),
            cut_points=_cut_points_row(score(self.frame)),
        )


def make(
    store: DatasetStore, orders: Orders, asked: Asked, *, user_id: int, max_datasets: int
) -> Made:
    """Summarise the customers and keep them, as an upload of Parquet is kept."""
    plan, ledger, frame = summarise(store, orders, asked)
    as_of = plan.as_of
    if as_of is None:
        raise UnusableOrders("as_of", "no_orders", "No line counts as an order.")
    incoming = store.incoming()
    try:
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), buffer)
        incoming.write(buffer.getbuffer())
        kept = store.keep(incoming)
    finally:
        incoming.discard()
    name = f"{orders.filename.rsplit('.', 1)[0][:200]} customers {as_of}.parquet"
    source = {"orders_id": orders.id, "as_of": as_of.isoformat()}
    try:
        table = _table(frame)
        reading = describe_table(table, store.save_reading(kept.directory, table.frame))
    except BaseException:
        store.remove(kept.directory)
        raise
    kinds = {column.name: str(column.kind) for column in table.columns}
    arrival = Arrival(
        user_id=user_id,
        filename=name,
        overrides={"kinds": kinds},
        directory=kept.directory,
        size_bytes=kept.size_bytes,
        checksum=kept.checksum,
        max_datasets=max_datasets,
        source=source,
    )
    return Made(orders.id, plan, as_of, ledger, frame, arrival, reading)


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


def _cut_points_row(rfm: RFM) -> dict[str, Any]:
    return {name: list(cuts.edges) for name, cuts in rfm.cut_points.items()}


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


def _table(frame: pd.DataFrame) -> Table:
    """Type a snapshot as a table: its kinds are known, and are not to be guessed."""
    kinds = {"customer_id": Kind.IDENTIFIER, "first_order": Kind.DATE, "last_order": Kind.DATE}
    columns = []
    for name in frame.columns:
        values = frame[name]
        distinct = int(values.nunique())
        kind = kinds.get(name, Kind.NUMERIC if distinct > 1 else Kind.CONSTANT)
        columns.append(
            Column(
                name=name,
                kind=kind,
                missing=int(values.isna().sum()),
                distinct=distinct,
                examples=tuple(str(each) for each in values.dropna().unique()[:_EXAMPLES]),
            )
        )
    return Table(
        frame=frame.assign(customer_id=frame["customer_id"].astype("str")),
        columns=tuple(columns),
        dialect=Dialect(format="parquet"),
        line_numbers=np.arange(1, len(frame) + 1),
    )
