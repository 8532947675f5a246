"""Customers at a date: one row for each, of what they had ordered by then."""

from datetime import date

import duckdb
import pandas as pd

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.lines import Plan

TREND_DAYS = 90

_ORDERS = """
CREATE OR REPLACE TEMP TABLE placed AS
SELECT customer, coalesce(order_id, CAST(day AS VARCHAR)) AS order_key, max(moment) AS moment,
       max(day) AS day, coalesce(sum(amount), 0) AS money
FROM lines WHERE state = 'order' GROUP BY ALL
"""

_CUSTOMERS = """
WITH visits AS (SELECT DISTINCT customer, day FROM placed),
gaps AS (
    SELECT customer, median(gap) AS median_gap,
           quantile_cont(gap, 0.75) - quantile_cont(gap, 0.25) AS gap_spread
    FROM (SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap
          FROM visits)
    WHERE gap IS NOT NULL GROUP BY customer
),
bought AS (
    SELECT customer, count(DISTINCT product) AS products, count(DISTINCT category) AS categories
    FROM lines WHERE state = 'order' GROUP BY customer
),
favourite AS (
    SELECT customer, max(held) / nullif(sum(held), 0) AS share
    FROM (SELECT customer, category, CASE WHEN $has_money THEN sum(amount) ELSE count(*) END AS held
          FROM lines WHERE state = 'order' AND category IS NOT NULL GROUP BY customer, category)
    GROUP BY customer
),
returned AS (
    -- Shops write what they give back with a minus, or not.
    SELECT customer, sum(abs(amount)) AS money FROM lines WHERE state = 'return' GROUP BY customer
),
summed AS (
    SELECT customer, min(day) AS first_order, max(day) AS last_order, count(*) AS orders,
           count(DISTINCT day) AS days_with_orders, sum(money) AS gross,
           arg_max(money, (moment, order_key)) AS last_money,
           coalesce(sum(money) FILTER (day > $as_of - $trend), 0) AS late,
           coalesce(sum(money) FILTER (day > $as_of - 2 * $trend AND day <= $as_of - $trend), 0)
               AS before
    FROM placed GROUP BY customer
)
SELECT s.customer AS customer_id, s.first_order, s.last_order,
       $as_of - s.last_order AS recency_days, s.orders, s.days_with_orders,
       round(s.gross, 4) AS gross_money, round(coalesce(r.money, 0), 4) AS returned_money,
       round(s.gross - coalesce(r.money, 0), 4) AS net_money,
       round(s.gross / s.orders, 4) AS mean_order_money, round(s.last_money, 4) AS last_order_money,
       $as_of - s.first_order AS tenure_days, g.median_gap AS median_gap_days,
       g.gap_spread AS gap_spread_days,
       round(($as_of - s.last_order) / g.median_gap, 4) AS overdue,
       b.products, b.categories, round(f.share, 4) AS favourite_category_share,
       CASE WHEN s.gross > 0 THEN round(coalesce(r.money, 0) / s.gross, 4) END AS return_rate,
       CASE WHEN s.late + s.before > 0
            THEN round((s.late - s.before) / (s.late + s.before), 4) END AS trend_90_days
FROM summed s
LEFT JOIN gaps g USING (customer) LEFT JOIN bought b USING (customer)
LEFT JOIN favourite f USING (customer) LEFT JOIN returned r USING (customer)
ORDER BY s.customer
"""


def take_snapshot(
    connection: duckdb.DuckDBPyConnection, plan: Plan, *, as_of: date, whole: bool = False
) -> pd.DataFrame:
    """Make one row per customer of the view ``lines``.

    Parameters
    ----------
    connection : DuckDBPyConnection
        With the view that `define_lines` makes.
    plan : Plan
    as_of : date
        Figures count back from here.
    whole : bool
        Keep the figures that say nothing here, for a run that was made of another date's.

    Returns
    -------
    DataFrame of shape (n_customers, n_figures), by customer
        Money is in the currency of the orders, times are in days, shares run from 0 to 1. Gaps
        are those between days with orders; ``overdue`` is recency in median gaps; the trend is
        (a - b) / (a + b) of the money of the last 90 days and of the 90 before. Figures without
        a role, and those that every customer lacks, are left out.

    Raises
    ------
    DegenerateDataError
        Fewer than two customers have orders.
    """
    connection.execute(_ORDERS)
    parameters = {"as_of": as_of, "trend": TREND_DAYS, "has_money": plan.has_money}
    frame = connection.execute(_CUSTOMERS, parameters).df()
    if len(frame) < 2:
        raise DegenerateDataError(
            "All orders are of a single customer; segments need at least two."
            if len(frame)
            else "No line counts as an order."
        )
    if whole:
        return frame
    dropped = _without_meaning(plan)
    if not frame["returned_money"].any():
        # Beside the gross the net would count the same money twice.
        dropped |= {"returned_money", "return_rate", "net_money"}
    return frame.drop(columns=sorted(dropped)).dropna(axis="columns", how="all")


def _without_meaning(plan: Plan) -> set[str]:
    dropped = set()
    if not plan.has_money:
        dropped |= {"gross_money", "mean_order_money", "last_order_money", "trend_90_days"}
    if plan.returns != "net" or not plan.has_money:
        dropped.add("net_money")
    if "product" not in plan.roles:
        dropped.add("products")
    if "category" not in plan.roles:
        dropped |= {"categories", "favourite_category_share"}
    return dropped


def orders_placed(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Give the orders of the view ``lines``: customer, day, money; by customer and day."""
    connection.execute(_ORDERS)
    return connection.execute(
        "SELECT customer, CAST(day AS TIMESTAMP) AS day, round(money, 4) AS money FROM placed "
        "ORDER BY customer, day, order_key"
    ).df()
