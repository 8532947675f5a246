"""Lines of orders to measure with, written by DuckDB: seasonal, with returns and anonymous ones."""

from pathlib import Path

import duckdb

COLUMNS = "order_id, customer_id, order_date, product, category, quantity, unit_price"

_LINES = """
SELECT CASE WHEN returned THEN 'C' || o ELSE o::VARCHAR END AS order_id,
       CASE WHEN h3 % 20 = 0 THEN NULL ELSE (10000 + h1 % $customers)::VARCHAR END AS customer_id,
       strftime(TIMESTAMP '2024-01-01' + to_minutes(CAST(h2 % 1051200 AS INT)),
                '%Y-%m-%d %H:%M:%S') AS order_date,
       'P' || lpad((h4 % 4000)::VARCHAR, 5, '0') AS product,
       'Category ' || h4 % 25 AS category,
       CASE WHEN returned THEN -1 ELSE 1 END * (1 + h4 % 5) AS quantity,
       round(0.5 + (h4 % 4000) / 40.0, 2) AS unit_price
FROM (SELECT o, hash(o) AS h1, hash(o + 7000000000) AS h2, hash(o + 9000000000) AS h3,
             hash(i) AS h4, hash(o + 3000000000) % 40 = 0 AS returned
      FROM (SELECT i, 500000 + i // 4 AS o FROM range($lines) t(i)))
"""


def write_lines(target: Path, *, lines: int) -> None:
    """Write so many lines as CSV, a few hundred orders per customer."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET memory_limit = '1GB'")
        made = connection.sql(_LINES, params={"lines": lines, "customers": max(lines // 40, 10)})
        made.write_csv(str(target))
