"""Customers at a date: one row for each, of what they had ordered by then."""

from datetime import date

import duckdb
import pandas as pd

from app.segmentation.errors import DegenerateDataError
from app.segmentation.orders.gathered import gather_orders
from app.segmentation.orders.lines import Plan

TREND_DAYS = 90

FEWEST_FOR_SHARES = 5
"""Days with orders from which it says something that a customer orders on a certain weekday."""

SEASONS_FROM_DAYS = 730
"""Before two years have passed, seasons and years cannot be told apart."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_QUARTERS = ("january_to_march", "april_to_june", "july_to_september", "october_to_december")
WEEKDAY_SHARES = tuple(f"{name}_share" for name in _WEEKDAYS)
SEASON_SHARES = tuple(f"{name}_share" for name in _QUARTERS)
_SHARES = ", ".join(
    f"CASE WHEN count(*) >= {FEWEST_FOR_SHARES} "
    f"THEN round(count(*) FILTER ({part} = {number}) / count(*), 4) END AS {name}"
    for part, names in (("isodow(day)", WEEKDAY_SHARES), ("quarter(day)", SEASON_SHARES))
    for number, name in enumerate(names, start=1)
)

_CUSTOMERS = f"""
WITH visits AS (SELECT DISTINCT customer, day FROM placed),
gaps AS (
    SELECT customer, median(gap) AS median_gap,
           quantile_cont(gap, 0.75) - quantile_cont(gap, 0.25) AS gap_spread
    FROM (SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap
          FROM visits)
    WHERE gap IS NOT NULL GROUP BY customer
),
habits AS (SELECT customer, {_SHARES} FROM visits GROUP BY customer),
bought AS (
    SELECT customer, count(DISTINCT product) AS products
    FROM lines WHERE state = 'order' GROUP BY customer
),
favourite AS (
    SELECT customer, count(*) AS categories, max(held) / nullif(sum(held), 0) AS share
    FROM (SELECT customer, category, CASE WHEN $has_money THEN sum(amount) ELSE count(*) END AS held
          FROM lines WHERE state = 'order' AND category IS NOT NULL GROUP BY customer, category)
    GROUP BY customer
),
returned AS (
    -- Shops write what they give back with a minus, or not.
    SELECT customer, sum(given_back) AS money FROM gathered WHERE state = 'return'
    GROUP BY customer
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
       b.products, coalesce(f.categories, 0) AS categories,
       round(f.share, 4) AS favourite_category_share,
       CASE WHEN s.gross > 0 THEN round(coalesce(r.money, 0) / s.gross, 4) END AS return_rate,
       CASE WHEN s.late + s.before > 0
            THEN round((s.late - s.before) / (s.late + s.before), 4) END AS trend_90_days,
       {", ".join(f"h.{name}" for name in (*WEEKDAY_SHARES, *SEASON_SHARES))}
FROM summed s
LEFT JOIN gaps g USING (customer) LEFT JOIN habits h USING (customer)
LEFT JOIN bought b USING (customer)
LEFT JOIN favourite f USING (customer) LEFT JOIN returned r USING (customer)
ORDER BY s.customer
"""  # noqa: S608 - names of figures, which are written above


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
        (a - b) / (a + b) of the money of the last 90 days and of the 90 before. Shares of weekdays
        and, from two years on, of quarters are of days with orders, for customers who have
        `FEWEST_FOR_SHARES` of these; they are left out where most have not. So are figures
        without a role, and those that every customer lacks.

    Raises
    ------
    DegenerateDataError
        Fewer than two customers have orders.
    """
    gather_orders(connection)
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
    dropped = _without_meaning(plan) | _without_habit(frame)
    if not frame["returned_money"].any():
        # Beside the gross the net would count the same money twice.
        dropped |= {"returned_money", "return_rate", "net_money"}
    return frame.drop(columns=sorted(dropped)).dropna(axis="columns", how="all")


def _without_habit(frame: pd.DataFrame) -> set[str]:
    if frame["monday_share"].isna().mean() > 0.5:
        return {*WEEKDAY_SHARES, *SEASON_SHARES}
    return set(SEASON_SHARES) if frame["tenure_days"].max() < SEASONS_FROM_DAYS else set()


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
    gather_orders(connection)
    return connection.execute(
        "SELECT customer, CAST(day AS TIMESTAMP) AS day, round(money, 4) AS money FROM placed "
        "ORDER BY customer, day, order_key"
    ).df()
