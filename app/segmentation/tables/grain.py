"""What one row of a table is: a customer, an order or its line, an event, a customer's month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.segmentation.errors import GrainError
from app.segmentation.tables.columns import Column
from app.segmentation.tables.date_names import means_date
from app.segmentation.tables.dialect import RowIs
from app.segmentation.tables.grain_keys import (
    FEWEST_ROWS,
    REPEATED,
    CustomerKey,
    Named,
    find_key,
    key_by_shape,
    order_by_shape,
)
from app.segmentation.tables.kinds import Kind
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

_ENTRY = re.compile(
    r"verwendungszweck|buchungs(tag|datum|text)|wertstellung|valuta|auftraggeber|begunstigter|"
    r"zahlungsempfanger|\b(posting|value|booking) date\b|\bnarration\b|\bwithdrawals?\b|"
    r"\bdeposits?\b|\b(paid|money) (in|out)\b|"
    r"\btransaction (details|description|type)\b|\blibelle\b|date d? ?operation|date de valeur|"
    r"fecha (de )?(operacion|valor)|\bconcepto\b|\bcausale\b|data (contabile|valuta|operazione)|"
    r"tegenrekening|mededelingen|af bij|\blancamento\b|\bhistorico\b|data (ksiegowania|operacji)|"
    r"\btytul\b|摘要|取引|出金|入金|交易"
)
_FEWEST_ENTRIES = 8
_BALANCE = re.compile(
    r"\b(saldo|balance|solde|debit|credit|soll|haben|iban|kontonummer|betrag|amount|umsatz|montant|"
    r"importe|importo|bedrag|kwota|valor)\b|残高|余额|金额|金額"
)


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
    return _of_account(named) or _of_series(named) or CUSTOMERS


def _of_account(named: Named) -> Grain | None:
    """Tell the entries of a bank account by what their columns are called."""
    entries = [c.name for c in named.columns if _ENTRY.search(plain_name(c.name))]
    if not entries and _has_balance(named):
        return Grain(one_row_is="event", reason="one column is the running balance of another")
    beside = [c.name for c in named.columns if _BALANCE.search(plain_name(c.name))]
    if not entries or len({*entries, *beside}) < 2 or not named.numbers:
        return None
    if not named.dates and not any(means_date(c.name) for c in named.columns):
        return None
    others = [c for c in named.columns if c.name not in (*entries, *beside)]
    if named.personal or any(c.kind is Kind.IDENTIFIER and named.is_unique(c) for c in others):
        return None
    listed = ", ".join(map(repr, [*entries, *beside][:3]))
    return Grain(one_row_is="event", reason=f"{listed} are columns of an account's entries")


def _has_balance(named: Named) -> bool:
    """Whether a column of numbers goes up and down by what another one says."""
    if not named.dates or len(named.frame) < _FEWEST_ENTRIES:
        return False
    numbers = [named.sample[name].to_numpy(dtype=np.float64) for name in named.numbers[:6]]
    for balance in numbers:
        steps = np.diff(balance)
        for amount in numbers:
            if amount is balance or not np.any(amount):
                continue
            for moved in (amount[1:], -amount[:-1]):
                if np.mean(np.isclose(steps, moved, rtol=0, atol=0.006)) > REPEATED:
                    return True
    return False


def _of_series(named: Named) -> Grain | None:
    """Tell a series by its first column: a day, week or month for each row, at even steps."""
    first = named.columns[0]
    if first.kind is not Kind.DATE or first.missing or first.distinct < len(named.frame):
        return None
    if any(c.kind in (Kind.IDENTIFIER, Kind.FREE_TEXT) for c in named.columns) or named.personal:
        return None
    days = named.frame[first.name].sort_values()
    if not (days == days.dt.normalize()).all():
        return None
    steps = days.diff().dropna().dt.days
    monthly = bool(days.dt.is_month_start.all() or days.dt.is_month_end.all())
    even = steps.nunique() == 1 or (monthly and bool(steps.between(27, 93).all()))
    if len(steps) < FEWEST_ROWS or not even:
        return None
    return Grain(one_row_is="event", reason=f"each row has its {first.name!r}, at even steps")


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
