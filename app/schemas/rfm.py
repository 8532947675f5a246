"""RFM scores of a snapshot's customers, as they go out."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict

from app.schemas.base import Outgoing

Figure = Literal["recency", "frequency", "monetary"]


class CutPointsOut(Outgoing):
    """Largest value of each score but the last, in `unit`; equal values score alike.

    `highest_scores` says whether the smallest or the largest values score 5.
    """

    figure: str
    unit: str
    edges: list[float]
    highest_scores: Literal["smallest", "largest"]
    empty_scores: list[int]


class RFMSegment(Outgoing):
    name: str
    customers: int
    share: float
    orders: int
    money: float | None


class RFMCell(Outgoing):
    recency: int
    frequency: int
    segment: str
    customers: int
    orders: int
    money: float | None


class RFMOut(Outgoing):
    """`cut_points_of` is the snapshot whose fifths the scores are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "snapshot_id": 2,
                "as_of": "2026-06-30",
                "currency": None,
                "n_customers": 812,
                "cut_points_of": 1,
                "cut_points": [
                    {
                        "figure": "recency",
                        "unit": "days",
                        "edges": [14, 40, 95, 210],
                        "highest_scores": "smallest",
                        "empty_scores": [],
                    }
                ],
                "segments": [
                    {
                        "name": "Champions",
                        "customers": 118,
                        "share": 0.145,
                        "orders": 731,
                        "money": 41210.5,
                    }
                ],
                "grid": [
                    {
                        "recency": 5,
                        "frequency": 5,
                        "segment": "Champions",
                        "customers": 81,
                        "orders": 590,
                        "money": 35100.2,
                    }
                ],
            }
        }
    )

    snapshot_id: int
    as_of: date
    currency: str | None
    n_customers: int
    cut_points_of: int
    cut_points: list[CutPointsOut]
    segments: list[RFMSegment]
    grid: list[RFMCell]


class RFMCustomer(Outgoing):
    customer_id: str
    recency: int
    frequency: int
    monetary: int
    segment: str
    recency_days: int
    orders: int
    money: float | None


class RFMCustomers(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "customers": [
                    {
                        "customer_id": "C000",
                        "recency": 5,
                        "frequency": 4,
                        "monetary": 4,
                        "segment": "Champions",
                        "recency_days": 3,
                        "orders": 6,
                        "money": 310.5,
                    }
                ],
                "total": 118,
            }
        }
    )

    customers: list[RFMCustomer]
    total: int
