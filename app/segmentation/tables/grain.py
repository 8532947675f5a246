"""What one row of a table is: a customer, an order or its line, an event, a customer's month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.segmentation.errors import GrainError
from app.segmentation.tables.columns import Column
from app.segmentation.tables.dialect import RowIs
from app.segmentation.tables.entries import of_account, of_series
from app.segmentation.tables.grain_keys import (
    FEWEST_ROWS,
    REPEATED,
    find_key,
    key_by_shape,
    order_by_shape,
)
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.named_columns import CustomerKey, Named
from app.segmentation.tables.quality import Alternative, TableWarning
from app.segmentation.tables.roles import ID, WORDS, plain_name

CALLED: dict[RowIs, str] = {
    "customer": "a customer",
    "order": "an order",
    "order_line": "a line of an order",
    "event": "an event",
    "customer_month": "a month of a customer",
    "item": "an item",
}


@dataclass(frozen=True, kw_only=True)
class Grain:
    """What one row is, why, and which column says whose it is (None where none does)."""

    one_row_is: RowIs
    reason: str
    customer: str | None = None


CUSTOMERS = Grain(one_row_is="customer", reason="no customer stands in more than one row")


def check_customers(grain: Grain) -> None:
    """Refuse to take rows for customers that are none.

    Raises
    ------
    GrainError
        One row is something else; the message says what, why, and how to go on.
    """
    if grain.one_row_is != "customer":
        raise GrainError(_refusal(grain))


def _refusal(grain: Grain) -> str:
    return (
        f"One row is {CALLED[grain.one_row_is]}, not a customer: {grain.reason}. "
        "Group the rows by customer first, or confirm that one row is a customer "
        "(one_row_is: customer)"
    )


def grain_warnings(grain: Grain) -> list[TableWarning]:
    """Say that rows are not customers, and how to go on."""
    if grain.one_row_is == "customer":
        return []
    return [
        TableWarning(
            code="rows_are_not_customers",
            message=_refusal(grain),
            column=grain.customer,
            reading=grain.one_row_is,
            alternatives=(Alternative(reading="customer", overrides={"one_row_is": "customer"}),),
        )
    ]


def recognise_grain(frame: pd.DataFrame, columns: Sequence[Column]) -> Grain:
    """Tell what one row is from what repeats, and from dates, amounts and products beside it.

    Parameters
    ----------
    frame
        (n_rows, n_columns) typed.
    columns
        The frame's columns, described.

    Notes
    -----
    A customer's table has an id for each row, or none. Where ids of customers repeat, the row is
    something of theirs, and the columns beside it say what. Ids that stand twice now and then
    are mistakes in a table of customers.
    """
    named = Named(frame=frame, columns=columns)
    key = find_key(named)
    if key is not None:
        return _of_repeated(named, key)
    if len(frame) >= FEWEST_ROWS:
        lines = order_by_shape(named)
        if lines is not None:
            order, key = lines
            return _grain("order_line", key.repeats, [order.name, *named.dates], key.column)
        key = key_by_shape(named)
        if key is not None:
            return _grain("order", key.repeats, [*named.dates, *named.numbers], key.column)
    return _of_unique_rows(named)


def _of_repeated(named: Named, key: CustomerKey) -> Grain:
    customer, repeats, dates = key.column, key.repeats, named.dates
    orders = [c.name for c in named.of("order") if c.kind in (Kind.IDENTIFIER, Kind.CATEGORICAL)]
    orders = [*(c.name for c in named.order_numbers if c.name != customer), *orders]
    products = [
        c.name for c in named.of("product") if c.name != customer and c.kind is not Kind.NUMERIC
    ]
    measured, amounts = named.numbers, named.amounts
    ids = {c.name for c in named.columns if c.kind is Kind.IDENTIFIER}
    period = _period(named.frame, customer, dates, [c.name for c in named.of("period")])
    several = bool(orders) and named.frame[orders[0]].duplicated().mean() > 1 - REPEATED
    if orders and (several or products):
        return _grain("order_line", repeats, [*orders[:1], *products, *amounts], customer)
    if orders and (dates or measured):
        return _grain("order", repeats, [*orders[:1], *dates, *amounts], customer)
    if products and (amounts or dates):
        return _grain("order_line", repeats, [*products, *amounts, *dates], customer)
    if period is not None:
        return _grain("customer_month", repeats, [period], customer)
    if named.of("event"):
        return _grain("event", repeats, [named.of("event")[0].name], customer)
    if dates and measured:
        return _grain("order", repeats, [*dates, *(amounts or measured)], customer)
    come_back = key.n_present - key.distinct > key.distinct
    if dates or (come_back and customer in ids and not named.personal):
        return _grain("event", repeats, dates, customer)
    return Grain(one_row_is="customer", reason=f"{repeats}, and nothing says what differs")


def _grain(one_row_is: RowIs, repeats: str, beside: Sequence[str], customer: str) -> Grain:
    listed = ", ".join(repr(name) for name in list(dict.fromkeys(beside))[:3])
    reason = f"{repeats}, with {listed} beside it" if listed else repeats
    return Grain(one_row_is=one_row_is, reason=reason, customer=customer)


def _of_unique_rows(named: Named) -> Grain:
    """Tell orders, items, entries of an account and days of a series from customers."""
    own = {c.name for c in named.of("customer")}
    amounts = [name for name in named.amounts if name not in own]
    if len(named.frame) < FEWEST_ROWS:
        return CUSTOMERS
    for kind in ("order", "product") if not own else ():
        keys = [
            c
            for c in named.of(kind)
            if c.kind is Kind.IDENTIFIER
            and re.search(rf"(\b|{WORDS[kind]}){ID}$|\bsku$", plain_name(c.name))
        ]
        keys = [*keys, *named.order_numbers] if kind == "order" else keys
        first = bool(keys) and (keys[0].name == named.columns[0].name or kind == "order")
        if not first or not amounts or (kind == "order" and (not named.dates or named.personal)):
            continue
        unique = named.is_unique(keys[0])
        whose = "and no column names a customer"
        reason = f"{'each row has its' if unique else 'there is'} {keys[0].name!r}, {whose}"
        order: RowIs = "order" if unique else "order_line"
        return Grain(one_row_is=order if kind == "order" else "item", reason=reason)
    told = of_account(named) or of_series(named)
    return CUSTOMERS if told is None else Grain(one_row_is="event", reason=told)


def _period(
    frame: pd.DataFrame, customer: str, dates: Sequence[str], periods: Sequence[str]
) -> str | None:
    """Find the column of months or weeks that goes once with each customer."""
    for name in [*periods, *dates]:
        if name == customer or frame.duplicated([customer, name]).any():
            continue
        values = frame[name].dropna()
        if name in periods and name not in dates:
            return name
        if name in dates and len(values) and values.nunique() <= 0.5 * len(values):
            days = values.dt.day.to_numpy()
            ends = values.dt.is_month_end.to_numpy()
            if np.all(days == days[0]) or np.all(ends):
                return name
    return None
