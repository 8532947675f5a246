"""What one row of a table is: a customer, an order or its line, an event, a customer's month."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from app.segmentation.errors import GrainError
from app.segmentation.tables.columns import Column
from app.segmentation.tables.dialect import RowIs
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.quality import MOST_ROWS, Alternative, TableWarning
from app.segmentation.tables.roles import ID, WORDS, means, plain_name

CALLED: dict[RowIs, str] = {
    "customer": "a customer",
    "order": "an order",
    "order_line": "a line of an order",
    "event": "an event",
    "customer_month": "a month of a customer",
    "item": "an item",
}

_CONTACT = re.compile(
    r"(e ?mail|mail)( (address|adresse))?|(mobile |cell ?)?phone( (number|no))?|telefon(nummer)?|"
    r"telephone|telefono|telefone|handy|mobil|телефон|电话|電話|전화번호?"
)
_REPEATED = 0.8
_FEWEST_ROWS = 4
_MOST_ALIKE = 0.2
"""Past this share, customers without ids are alike because few things are known of them."""

_FEWEST_NAMES = 3
"""Below that a column called after customers is a flag: member, yes or no."""


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


def duplicate_warnings(
    frame: pd.DataFrame, columns: Sequence[Column], line_of: Callable[[int], int], unit: str
) -> list[TableWarning]:
    """Count the rows that are the same as an earlier one in every column."""
    if len(columns) < 2 or any(column.distinct >= len(frame) for column in columns):
        return []
    again = np.flatnonzero(frame.duplicated().to_numpy())
    has_ids = any(column.kind is Kind.IDENTIFIER for column in columns)
    if not len(again) or (not has_ids and len(again) > _MOST_ALIKE * len(frame)):
        return []
    lines = tuple(line_of(int(row)) for row in again[:MOST_ROWS])
    one = "row is" if len(again) == 1 else "rows are"
    return [
        TableWarning(
            code="duplicate_rows",
            message=f"{len(again):,} {one} the same as an earlier one in every column, first at "
            f"{unit} {lines[0]}",
            count=len(again),
            line=lines[0],
            rows=lines,
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
    named = {kind: [c for c in columns if means(kind, c.name)] for kind in WORDS}
    n_rows = len(frame)
    whose = _repeated(frame, columns, named)
    if whose is None:
        return _of_unique_rows(frame, columns, named)
    customer, distinct, n_present = whose
    repeats = f"{customer!r} repeats: {distinct:,} different in {n_present:,} rows"
    dates = [c.name for c in columns if c.kind is Kind.DATE]
    orders = [c.name for c in named["order"] if c.kind in (Kind.IDENTIFIER, Kind.CATEGORICAL)]
    products = [
        c.name for c in named["product"] if c.name != customer and c.kind is not Kind.NUMERIC
    ]
    measured = [c.name for c in columns if c.kind is Kind.NUMERIC]
    amounts = [c.name for c in named["amount"] if c.kind is Kind.NUMERIC]
    ids = {c.name for c in columns if c.kind is Kind.IDENTIFIER}
    period = _period(frame, customer, dates, [c.name for c in named["period"]])
    if orders and (frame[orders[0]].duplicated().mean() > 1 - _REPEATED or products):
        return _grain("order_line", repeats, [*orders[:1], *products, *amounts], customer)
    if orders and (dates or measured):
        return _grain("order", repeats, [*orders[:1], *dates, *amounts], customer)
    if products and (amounts or dates):
        return _grain("order_line", repeats, [*products, *amounts, *dates], customer)
    if period is not None:
        return _grain("customer_month", repeats, [period], customer)
    if named["event"]:
        return _grain("event", repeats, [named["event"][0].name], customer)
    if dates and measured:
        return _grain("order", repeats, [*dates, *(amounts or measured)], customer)
    if dates or (n_rows - distinct > distinct and customer in ids):
        return _grain("event", repeats, dates, customer)
    return Grain(one_row_is="customer", reason=f"{repeats}, and nothing says what differs")


def _grain(one_row_is: RowIs, repeats: str, beside: Sequence[str], customer: str) -> Grain:
    listed = ", ".join(repr(name) for name in list(dict.fromkeys(beside))[:3])
    reason = f"{repeats}, with {listed} beside it" if listed else repeats
    return Grain(one_row_is=one_row_is, reason=reason, customer=customer)


def _repeated(
    frame: pd.DataFrame, columns: Sequence[Column], named: dict[str, list[Column]]
) -> tuple[str, int, int] | None:
    """Find the column of customers whose values repeat: its name, distinct values, rows."""
    if len(frame) < _FEWEST_ROWS:
        return None
    others = {c.name for kind in ("order", "product", "event") for c in named[kind]}
    whose = [c for c in named["customer"] if c.name not in others and _names(c)]
    if any(_unique(frame, c) for c in whose):
        return None
    ids = [c for c in columns if c.kind is Kind.IDENTIFIER and c.name not in others]
    if not whose and any(_unique(frame, c) for c in ids):
        return None
    contact = [c for c in columns if _CONTACT.fullmatch(plain_name(c.name))]
    # Without a name that says so, only ids of more than one column in the file tell of it.
    unnamed = [c for c in ids if re.fullmatch(r"column_\d+|id|uid", c.name.lower())]
    for column in [*whose, *contact, *unnamed]:
        n_present = len(frame) - column.missing
        if n_present >= _FEWEST_ROWS and 1 < column.distinct <= _REPEATED * n_present:
            return column.name, column.distinct, n_present
    return None


def _names(column: Column) -> bool:
    """Whether a column of the right name names customers, and not their type or number."""
    plain = plain_name(column.name)
    if column.kind is Kind.IDENTIFIER:
        return True
    bare = re.fullmatch(
        rf"({WORDS['customer']})(s|n|e)?(?P<called> ?(name|nom|nombre|{ID}))?", plain
    )
    if bare is None or column.distinct < _FEWEST_NAMES:
        return False
    return column.kind in (Kind.CATEGORICAL, Kind.FREE_TEXT) or (
        column.kind is Kind.NUMERIC and bare["called"] is not None
    )


def _unique(frame: pd.DataFrame, column: Column) -> bool:
    return column.distinct >= 0.98 * max(1, len(frame) - column.missing) and column.distinct > 1


def _of_unique_rows(
    frame: pd.DataFrame, columns: Sequence[Column], named: dict[str, list[Column]]
) -> Grain:
    """Tell orders and items without customers from customers."""
    own = {c.name for c in named["customer"]}
    dates = any(c.kind is Kind.DATE for c in columns)
    amounts = any(c.kind is Kind.NUMERIC and c.name not in own for c in named["amount"])
    for kind, one_row_is in (("order", "order"), ("product", "item")):
        keys = [
            c
            for c in named[kind]
            if c.kind is Kind.IDENTIFIER
            and re.search(rf"(\b|{WORDS[kind]}){ID}$|\bsku$", plain_name(c.name))
        ]
        first = bool(keys) and keys[0].name == columns[0].name
        if own or not first or not amounts or len(frame) < _FEWEST_ROWS:
            continue
        if kind == "order" and not dates:
            continue
        reason = f"each row has its {keys[0].name!r}, and no column names a customer"
        return Grain(one_row_is="order" if one_row_is == "order" else "item", reason=reason)
    return CUSTOMERS


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
