"""The value that customers will still bring, and the record of such forecasts."""

from datetime import date

from pydantic import ConfigDict, JsonValue

from app.schemas.base import Outgoing
from app.schemas.orders import OrderNote


class ForecastScore(Outgoing):
    """One way of forecasting. `by_decile` has mean expected and actual values, lowest tenth first.

    `decile_error` is the mean difference within a tenth as a share of the mean actual value;
    `top_found` is the share of the real top tenth of customers that the expected top tenth holds.
    """

    name: str
    naive: bool
    expected: float
    actual: float
    total_error: float | None
    mean_absolute_error: float
    decile_error: float | None
    by_decile: list[list[float]]
    top_found: float | None


class ForecastWinners(Outgoing):
    """The best way by each measure, naive ways included."""

    total_error: str
    decile_error: str
    top_found: str


class MoneyRecord(Outgoing):
    """The same comparison in money; the way that is used comes first."""

    scores: list[ForecastScore]
    winners: ForecastWinners


class ForecastRecord(Outgoing):
    """Forecasts made at an earlier day, and what came; the chosen model comes first.

    `money` is `null` where orders have no amounts, or no model of them was sound.
    """

    made_at: date
    until: date
    n_customers: int
    chosen: str
    best: str
    scores: list[ForecastScore]
    winners: ForecastWinners
    money: MoneyRecord | None


class SegmentValue(Outgoing):
    """`money_low` to `money_high` covers the error that the record shows."""

    segment: str
    customers: int
    expected_orders: float
    expected_money: float | None
    money_low: float | None
    money_high: float | None


class CustomerValue(Outgoing):
    """`orders_low` to `orders_high`, and so for money, holds 90% of simulated futures."""

    customer_id: str
    segment: str
    alive: float
    expected_orders: float
    orders_low: float
    orders_high: float
    expected_money: float | None
    money_low: float | None
    money_high: float | None


_SCORE: dict[str, JsonValue] = {
    "name": "MBG/NBD",
    "naive": False,
    "expected": 410.5,
    "actual": 402.0,
    "total_error": 0.021,
    "mean_absolute_error": 0.61,
    "decile_error": 0.08,
    "by_decile": [[0.05, 0.04]],
    "top_found": 0.71,
}
_WINNERS: dict[str, JsonValue] = {
    "total_error": "MBG/NBD",
    "decile_error": "MBG/NBD",
    "top_found": "Orders so far",
}
_RECORD: dict[str, JsonValue] = {
    "made_at": "2025-12-31",
    "until": "2026-06-30",
    "n_customers": 700,
    "chosen": "MBG/NBD",
    "best": "MBG/NBD",
    "scores": [_SCORE],
    "winners": _WINNERS,
    "money": {"scores": [_SCORE], "winners": _WINNERS},
}


class ValueOut(Outgoing):
    """`money_rounded_to` is what the record's error allows; sums are rounded to it.

    Money is the margin's share of what is spent, and worth less by `discount` per year ahead.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 1,
                "as_of": "2026-06-30",
                "horizon_days": 365,
                "margin": 1,
                "discount": 0,
                "currency": None,
                "model": "MBG/NBD",
                "record": _RECORD,
                "notes": [],
                "expected_orders": 812.4,
                "expected_money": 41000,
                "money_low": 37000,
                "money_high": 45000,
                "money_rounded_to": 1000,
                "segments": [
                    {
                        "segment": "Champions",
                        "customers": 118,
                        "expected_orders": 320.5,
                        "expected_money": 17000,
                        "money_low": 15000,
                        "money_high": 19000,
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
                        "money_low": 40.5,
                        "money_high": 420.0,
                    }
                ],
                "total": 812,
            }
        }
    )

    snapshot_id: int
    as_of: date
    horizon_days: int
    margin: float
    discount: float
    currency: str | None
    model: str
    record: ForecastRecord
    notes: list[OrderNote]
    expected_orders: float
    expected_money: float | None
    money_low: float | None
    money_high: float | None
    money_rounded_to: float | None
    segments: list[SegmentValue]
    customers: list[CustomerValue]
    total: int
