"""The ledger: what each line of the files counted as, so that all of them are accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from app.segmentation.orders.gathered import gather
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
    amount_per_order : bool
    stands_out : str or None
        As in `Shapes`.
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
    stands_out: str | None = None


def take_ledger(
    connection: duckdb.DuckDBPyConnection,
    *,
    duplicates: int,
    amount_per_order: bool = False,
    stands_out: str | None = None,
) -> Ledger:
    """Account for every line of the view that `define_lines` makes."""
    gather(connection)
    rows = connection.execute(
        """
        SELECT state, CAST(sum(n_lines) AS BIGINT), sum(money),
               count(DISTINCT customer) FILTER (state = 'order'),
               -- 64 bits tell orders apart, as they do duplicates below.
               count(DISTINCT hash(customer, order_key)) FILTER (state = 'order'),
               min(first_day), max(day)
        FROM gathered GROUP BY state
        """
    ).fetchall()
    currencies = connection.execute(
        "SELECT currency FROM gathered WHERE state = 'order' AND currency IS NOT NULL "
        "GROUP BY currency ORDER BY sum(n_lines) DESC, currency"
    ).fetchall()
    of_state = {state: figures for state, *figures in rows}
    entries = tuple(
        Entry(
            state=state,
            counted=state in COUNTED,
            meaning=meaning,
            lines=of_state[state][0],
            value=_rounded(of_state[state][1]),
        )
        for state, meaning in STATES.items()
        if state in of_state
    )
    values = [figures[1] for figures in of_state.values() if figures[1] is not None]
    nothing = (0, None, 0, 0, None, None)
    _, _, customers, orders, first_day, last_day = of_state.get("order", nothing)
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
        stands_out=stands_out,
    )


def _rounded(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 6))


def count_duplicates(connection: duckdb.DuckDBPyConnection, view: str) -> int:
    """Count the lines of a file that repeat another one in every column."""
    # 64 bits tell ten million lines apart but for one time in 300,000, in a tenth of the room.
    columns = ", ".join(quoted_name(name) for name in connection.view(view).columns)
    row = connection.execute(
        f"SELECT count(*) - count(DISTINCT hash({columns})) FROM {view}"  # noqa: S608
    ).fetchone()
    return int(row[0]) if row is not None else 0
