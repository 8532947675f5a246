"""What a sample of the lines shows of a file's habits: whose amounts they are, what is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from app.segmentation.orders.line_words import CANCELLED, PLACEHOLDERS
from app.segmentation.orders.literals import quoted
from app.segmentation.tables.order_names import Role

SAMPLE_LINES = 50_000
NEARLY_ALL = 0.9
"""Share of orders of several lines from which leaving a value out of further lines is a habit."""

ALWAYS = 0.98
FEWEST_ORDERS = 5
FEWEST_AMOUNTS = 3
MOSTLY_DIGITS = 0.5
"""Share of order numbers of digits alone from which a letter before the others says something."""

STANDS_OUT = 10
"""How many times as many lines as any other customer the one that stands for nobody has."""

FEWEST_CUSTOMERS = 20

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
    amount_per_visit : bool
        The same where there are no order numbers: lines of a customer at one time.
    refunds_are_lines : bool
        Whether a refund is a line of its own with a minus, rather than what became of an order.
    returns_by_price : bool
        Whether returns have a price below zero, and no quantity has.
    nobody : str or None
        The number of customers without one, such as 0.
    stands_out : str or None
        A customer with many times as many lines as any other, who may be none.
    """

    returns_by_number: bool = False
    amount_per_order: bool = False
    once_per_order: frozenset[Role] = field(default_factory=frozenset)
    amount_per_visit: bool = False
    refunds_are_lines: bool = False
    returns_by_price: bool = False
    nobody: str | None = None
    stands_out: str | None = None


def find_shapes(connection: duckdb.DuckDBPyConnection, roles: Mapping[Role, str]) -> Shapes:
    """Look at a sample of the view ``written``."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sampled AS SELECT order_id, customer, moment, currency, "
        "status, amount, quantity, price, coalesce(product, product_name) AS product "
        "FROM written LIMIT $most",
        {"most": SAMPLE_LINES},
    )
    largest = _customer_that_stands_out(connection)
    is_placeholder = largest is not None and re.fullmatch(PLACEHOLDERS, largest.lower())
    of_lines = Shapes(
        refunds_are_lines="status" in roles and _refunds_are_lines(connection),
        returns_by_price="price" in roles and _returns_by_price(connection),
        nobody=largest if is_placeholder else None,
        stands_out=None if is_placeholder else largest,
    )
    if "order" not in roles:
        return replace(of_lines, amount_per_visit="amount" in roles and _per_visit(connection))
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW seen AS SELECT * FROM sampled WHERE order_id IS NOT NULL"
    )
    return replace(
        of_lines,
        returns_by_number=_returns_by_number(connection),
        amount_per_order="amount" in roles and _amount_per_order(connection),
        once_per_order=frozenset(role for role in _OF_AN_ORDER if _is_once(connection, role)),
    )


def _customer_that_stands_out(connection: duckdb.DuckDBPyConnection) -> str | None:
    rows = connection.execute(
        "SELECT customer, count(*) AS lines, count(*) OVER () FROM sampled "
        "WHERE customer IS NOT NULL GROUP BY customer ORDER BY lines DESC, customer LIMIT 2"
    ).fetchall()
    if len(rows) < 2 or rows[0][2] < FEWEST_CUSTOMERS or rows[0][1] < STANDS_OUT * rows[1][1]:
        return None
    return str(rows[0][0])


def _refunds_are_lines(connection: duckdb.DuckDBPyConnection) -> bool:
    alone, mixed = _one_row(
        connection,
        f"""
        WITH undone AS (
            SELECT order_id, coalesce(quantity, 0) < 0 OR coalesce(amount, 0) < 0 AS minus
            FROM sampled WHERE regexp_matches(status, {quoted(CANCELLED)})),
        called_off AS (SELECT DISTINCT order_id FROM undone WHERE NOT minus)
        SELECT count(*) FILTER (c.order_id IS NULL), count(c.order_id)
        FROM undone u LEFT JOIN called_off c USING (order_id) WHERE u.minus
        """,  # noqa: S608 - a pattern of ours
    )
    return alone > mixed


def _returns_by_price(connection: duckdb.DuckDBPyConnection) -> bool:
    below, less = _one_row(
        connection,
        "SELECT count(*) FILTER (price < 0), count(*) FILTER (quantity < 0) FROM sampled",
    )
    return below >= FEWEST_ORDERS and not less


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


def _per_visit(connection: duckdb.DuckDBPyConnection) -> bool:
    several, same, amounts = _one_row(
        connection,
        # Different products of one visit do not always cost the same.
        """
        SELECT count(*), count(*) FILTER (lowest = highest AND held = lines AND products > 1),
               count(DISTINCT highest)
        FROM (SELECT count(*) AS lines, count(amount) AS held, min(amount) AS lowest,
                     max(amount) AS highest, count(DISTINCT product) AS products
              FROM sampled WHERE customer IS NOT NULL AND moment IS NOT NULL
              GROUP BY customer, moment HAVING count(*) > 1 AND count(amount) > 0)
        """,
    )
    return several >= FEWEST_ORDERS and amounts >= FEWEST_AMOUNTS and same >= ALWAYS * several


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
