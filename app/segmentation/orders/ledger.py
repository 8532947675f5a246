"""The ledger: what each line of the files counted as, so that all of them are accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

STATES: Mapping[str, str] = {
    "order": "Counted as orders",
    "return": "Returns: never counted as orders or visits",
    "return_left_out": "Returns, left out as asked",
    "no_customer": "No customer is named; they are not pooled as one",
    "no_date": "No date",
    "cancelled": "Cancelled, refunded or failed, by their status",
    "no_product": "Not a product: postage, charges, adjustments, tests",
    "no_price": "A price of zero or below",
    "no_amount": "No amount",
    "other_currency": "In another currency",
    "later": "After the date of the snapshot",
    "earlier": "Before the period that counts",
}
COUNTED = frozenset({"order", "return"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Lines of one state; ``value`` is in money, None where no line has an amount."""

    state: str
    counted: bool
    meaning: str
    lines: int
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All lines by what they count as.

    Attributes
    ----------
    entries : tuple of Entry
        Those with lines, in the order of `STATES`; their lines sum to ``lines``.
    lines : int
    duplicates : int
        Lines that repeat another one of their file exactly; they are counted like any other.
    customers, orders : int
    first_day, last_day : date or None
        Of the orders.
    currencies : tuple of str
        Of the orders, the most frequent first.
    """

    entries: tuple[Entry, ...]
    lines: int
    duplicates: int
    customers: int
    orders: int
    first_day: date | None
    last_day: date | None
    currencies: tuple[str, ...]


def take_ledger(connection: duckdb.DuckDBPyConnection, *, duplicates: int) -> Ledger:
    """Account for every line of the view that `define_lines` makes."""
    rows = connection.execute(
        "SELECT state, count(*), round(sum(amount), 2) FROM lines GROUP BY state"
    ).fetchall()
    of_state = {state: (count, value) for state, count, value in rows}
    entries = tuple(
        Entry(
            state=state,
            counted=state in COUNTED,
            meaning=meaning,
            lines=of_state[state][0],
            value=of_state[state][1],
        )
        for state, meaning in STATES.items()
        if state in of_state
    )
    summed = connection.execute(
        "SELECT count(DISTINCT customer), count(DISTINCT (customer, coalesce(order_id, "
        "CAST(day AS VARCHAR)))), min(day), max(day) FROM lines WHERE state = 'order'"
    ).fetchone()
    customers, orders, first_day, last_day = summed or (0, 0, None, None)
    currencies = connection.execute(
        "SELECT upper(currency) AS c FROM lines WHERE state = 'order' AND currency IS NOT NULL "
        "GROUP BY c ORDER BY count(*) DESC, c"
    ).fetchall()
    return Ledger(
        entries=entries,
        lines=sum(each.lines for each in entries),
        duplicates=duplicates,
        customers=customers,
        orders=orders,
        first_day=first_day,
        last_day=last_day,
        currencies=tuple(code for (code,) in currencies),
    )


def count_duplicates(connection: duckdb.DuckDBPyConnection, view: str) -> int:
    """Count the lines of a file that repeat another one in every column."""
    lines = connection.view(view)
    whole, distinct = (each.count("*").fetchall()[0][0] for each in (lines, lines.distinct()))
    return int(whole - distinct)
