"""The ledger: what each line of the files counted as, so that all of them are accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from app.segmentation.orders.literals import quoted_name

STATES: Mapping[str, str] = {
    "order": "Counted as orders",
    "return": "Returns: never counted as orders or visits",
    "return_left_out": "Returns, left out as asked",
    "no_customer": "No customer is named; they are not pooled as one",
    "no_date": "No date",
    "cancelled": "Cancelled, refunded or failed, by their status",
    "no_product": "Not a product: postage, charges, adjustments, tests",
    "no_price": "A price of zero or below",
    "no_quantity": "A quantity of zero",
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
        Those with lines, in the order of `STATES`; their lines sum to ``lines``, and their values
        to ``value``.
    lines : int
    value : float or None
        Money of all lines; None where no line has an amount.
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
    value: float | None
    duplicates: int
    customers: int
    orders: int
    first_day: date | None
    last_day: date | None
    currencies: tuple[str, ...]
    amount_per_order: bool


def take_ledger(
    connection: duckdb.DuckDBPyConnection, *, duplicates: int, amount_per_order: bool = False
) -> Ledger:
    """Account for every line of the view that `define_lines` makes."""
    # Sums of fractions of two lose cents; those of decimals lose nothing.
    rows = connection.execute(
        "SELECT state, count(*), sum(TRY_CAST(amount AS DECIMAL(38, 10))) FROM lines GROUP BY state"
    ).fetchall()
    of_state = {state: (count, value) for state, count, value in rows}
    values = [value for _, value in of_state.values() if value is not None]
    entries = tuple(
        Entry(
            state=state,
            counted=state in COUNTED,
            meaning=meaning,
            lines=of_state[state][0],
            value=None if of_state[state][1] is None else _rounded(of_state[state][1]),
        )
        for state, meaning in STATES.items()
        if state in of_state
    )
    summed = connection.execute(
        # By 64 bits, as duplicates are counted below.
        "SELECT count(DISTINCT customer), count(DISTINCT hash(customer, coalesce(order_id, "
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
        value=_rounded(sum(values)) if values else None,
        duplicates=duplicates,
        customers=customers,
        orders=orders,
        first_day=first_day,
        last_day=last_day,
        currencies=tuple(code for (code,) in currencies),
        amount_per_order=amount_per_order,
    )


def _rounded(value: Decimal) -> float:
    return float(round(value, 6))


def count_duplicates(connection: duckdb.DuckDBPyConnection, view: str) -> int:
    """Count the lines of a file that repeat another one in every column."""
    # 64 bits tell ten million lines apart but for one time in 300,000, in a tenth of the room.
    columns = ", ".join(quoted_name(name) for name in connection.view(view).columns)
    row = connection.execute(
        f"SELECT count(*) - count(DISTINCT hash({columns})) FROM {view}"  # noqa: S608
    ).fetchone()
    return int(row[0]) if row is not None else 0
