"""What a sample of the lines shows of a file's habits: whose amounts they are, what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from app.segmentation.tables.order_names import Role

SAMPLE_LINES = 50_000
NEARLY_ALL = 0.9
"""Share of orders of several lines from which leaving a value out of further lines is a habit."""

ALWAYS = 0.98
FEWEST_ORDERS = 5
FEWEST_AMOUNTS = 3
MOSTLY_DIGITS = 0.5
"""Share of order numbers of digits alone from which a letter before the others says something."""

CREDITS = r"(?i)(C|CN|CR|CRN|CM|GS|ST|STO|RG|RET|RMA|REF|RF|AV|AVO|NC|NCR|CANC)[-_ /]?\d+"
"""Order numbers of credit notes: Gutschrift, avoir, nota de crédito."""

_OF_AN_ORDER: tuple[Role, ...] = ("customer", "date", "currency", "status")


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """Habits of a file.

    Attributes
    ----------
    returns_by_number : bool
        Whether order numbers with a letter before them are cancellations.
    amount_per_order : bool
        Whether the amount is the whole order's, on each of its lines or on the first alone.
    once_per_order : frozenset of Role
        What is written on one line of an order and holds for all of them.
    """

    returns_by_number: bool = False
    amount_per_order: bool = False
    once_per_order: frozenset[Role] = field(default_factory=frozenset)


def find_shapes(connection: duckdb.DuckDBPyConnection, roles: Mapping[Role, str]) -> Shapes:
    """Look at a sample of the view ``written``; without an order number there is nothing to see."""
    if "order" not in roles:
        return Shapes()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE seen AS "
        "SELECT order_id, customer, moment, currency, status, amount "
        "FROM written WHERE order_id IS NOT NULL LIMIT $most",
        {"most": SAMPLE_LINES},
    )
    return Shapes(
        returns_by_number=_returns_by_number(connection),
        amount_per_order="amount" in roles and _amount_per_order(connection),
        once_per_order=frozenset(role for role in _OF_AN_ORDER if _is_once(connection, role)),
    )


def _returns_by_number(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        r"SELECT avg(CAST(regexp_full_match(order_id, '\d+') AS INT)) FROM seen"
    ).fetchone()
    return row is not None and row[0] is not None and row[0] > MOSTLY_DIGITS


def _amount_per_order(connection: duckdb.DuckDBPyConnection) -> bool:
    several, same, first_alone, amounts = _one_row(
        connection,
        """
        SELECT count(*), count(*) FILTER (lowest = highest AND held = lines),
               count(*) FILTER (held = 1), count(DISTINCT highest)
        FROM (SELECT count(*) AS lines, count(amount) AS held, min(amount) AS lowest,
                     max(amount) AS highest
              FROM seen GROUP BY order_id HAVING count(*) > 1 AND count(amount) > 0)
        """,
    )
    if several < FEWEST_ORDERS or amounts < FEWEST_AMOUNTS:
        return False
    return same >= ALWAYS * several or first_alone >= ALWAYS * several


def _is_once(connection: duckdb.DuckDBPyConnection, role: Role) -> bool:
    column = "moment" if role == "date" else role
    several, mixed = _one_row(
        connection,
        # The column is one of four names.
        f"""
        SELECT count(*), count(*) FILTER (held < lines)
        FROM (SELECT count(*) AS lines, count({column}) AS held
              FROM seen GROUP BY order_id HAVING count(*) > 1 AND count({column}) > 0)
        """,  # noqa: S608
    )
    # An order has one customer, whichever of its lines name them.
    return mixed > 0 if role == "customer" else mixed > NEARLY_ALL * several


def _one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row: tuple[int, ...] | None = connection.execute(query).fetchone()
    return row or ()
