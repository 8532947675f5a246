"""Lines gathered by what they count as, customer and order, in one pass over them."""

import duckdb

_GATHERED = """
CREATE TEMP TABLE IF NOT EXISTS gathered AS
SELECT state, customer, coalesce(order_id, CAST(day AS VARCHAR)) AS order_key, currency,
       count(*) AS n_lines, sum(TRY_CAST(amount AS DECIMAL(38, 10))) AS money,
       sum(abs(amount)) FILTER (state = 'return') AS given_back, max(moment) AS moment,
       min(day) AS first_day, max(day) AS day
FROM lines GROUP BY ALL
"""

_PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
SELECT customer, order_key, max(moment) AS moment, max(day) AS day,
       coalesce(CAST(sum(money) AS DOUBLE), 0) AS money
FROM gathered WHERE state = 'order' GROUP BY customer, order_key
"""


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was gathered of other lines."""
    connection.execute("DROP TABLE IF EXISTS gathered")


def gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``gathered`` of the view ``lines``, unless it is there.

    Columns: state, customer, order_key (a day where there is no order number), currency, n_lines,
    money, given_back, moment, first_day, day. Sums of fractions of two lose cents, those of
    decimals lose nothing.
    """
    connection.execute(_GATHERED)


def gather_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``placed`` of the orders: customer, order_key, moment, day, money."""
    gather(connection)
    connection.execute(_PLACED)
