"""What orders say of their customers: value still to come, cohorts, movement."""

from datetime import date

from pydantic import ConfigDict, JsonValue

from app.schemas.base import Outgoing
from app.schemas.orders import OrderNote


class ForecastScore(Outgoing):
    """One way of forecasting. `by_decile` has mean expected and actual orders, lowest tenth first.

    `top_found` is the share of the real top tenth's orders that the expected top tenth holds.
    """

    name: str
    expected: float
    actual: float
    total_error: float | None
    mean_absolute_error: float
    by_decile: list[list[float]]
    top_found: float | None


class ForecastRecord(Outgoing):
    """Forecasts made at an earlier day, and what came; the chosen model stands first."""

    made_at: date
    until: date
    n_customers: int
    chosen: str
    best: str
    scores: list[ForecastScore]


class SegmentValue(Outgoing):
    segment: str
    customers: int
    expected_orders: float
    expected_money: float | None


class CustomerValue(Outgoing):
    """`orders_low` to `orders_high` holds 90% of simulated futures."""

    customer_id: str
    segment: str
    alive: float
    expected_orders: float
    orders_low: float
    orders_high: float
    expected_money: float | None


_RECORD: dict[str, JsonValue] = {
    "made_at": "2025-12-31",
    "until": "2026-06-30",
    "n_customers": 700,
    "chosen": "MBG/NBD",
    "best": "MBG/NBD",
    "scores": [
        {
            "name": "MBG/NBD",
            "expected": 410.5,
            "actual": 402.0,
            "total_error": 0.021,
            "mean_absolute_error": 0.61,
            "by_decile": [[0.05, 0.04]],
            "top_found": 0.71,
        }
    ],
}


class ValueOut(Outgoing):
    """`money_rounded_to` is what the record's error allows; sums are rounded to it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 1,
                "as_of": "2026-06-30",
                "horizon_days": 365,
                "currency": None,
                "model": "MBG/NBD",
                "record": _RECORD,
                "notes": [],
                "expected_orders": 812.4,
                "expected_money": 41000,
                "money_rounded_to": 1000,
                "segments": [
                    {
                        "segment": "Champions",
                        "customers": 118,
                        "expected_orders": 320.5,
                        "expected_money": 17000,
                    }
                ],
                "customers": [
                    {
                        "customer_id": "C000",
                        "segment": "Champions",
                        "alive": 0.94,
                        "expected_orders": 4.1,
                        "orders_low": 1,
                        "orders_high": 8,
                        "expected_money": 205.5,
                    }
                ],
                "total": 812,
            }
        }
    )

    snapshot_id: int
    as_of: date
    horizon_days: int
    currency: str | None
    model: str
    record: ForecastRecord
    notes: list[OrderNote]
    expected_orders: float
    expected_money: float | None
    money_rounded_to: float | None
    segments: list[SegmentValue]
    customers: list[CustomerValue]
    total: int


class CohortsOut(Outgoing):
    """One row of `values` per cohort, one column per period since its first; `null` is to come."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "by": "month",
                "measure": "customers",
                "until": "2026-02-14",
                "cohorts": ["2026-01", "2026-02"],
                "sizes": [40, 31],
                "values": [[40, 12], [31, None]],
                "unfinished": [[False, True], [True, False]],
            }
        }
    )

    by: str
    measure: str
    until: date
    cohorts: list[str]
    sizes: list[int]
    values: list[list[float | None]]
    unfinished: list[list[bool]]


class Move(Outgoing):
    """Customers who went from one RFM segment to another; `money` is what they had brought."""

    source: str
    target: str
    customers: int
    money_before: float | None
    money_after: float | None
    members: list[str]


class MigrationOut(Outgoing):
    """Every customer of either day is in one move; `members` lists the first of each."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "from_day": "2026-05-31",
                "to_day": "2026-06-30",
                "sources": ["Champions", "New customers"],
                "targets": ["Champions", "At risk"],
                "moves": [
                    {
                        "source": "Champions",
                        "target": "At risk",
                        "customers": 12,
                        "money_before": 4100.5,
                        "money_after": 4100.5,
                        "members": ["C000"],
                    }
                ],
            }
        }
    )

    from_day: date
    to_day: date
    sources: list[str]
    targets: list[str]
    moves: list[Move]
