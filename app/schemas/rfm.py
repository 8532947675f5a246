"""RFM scores of a snapshot's customers, as they go out."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.schemas.base import STORABLE, Incoming, Outgoing, Real, Whole

Edges = Annotated[list[Real], Field(min_length=4, max_length=4)]
ScoreRange = Annotated[list[Annotated[Whole, Field(ge=1, le=5)]], Field(min_length=2, max_length=2)]
SegmentName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]


class GivenCutPoints(Incoming):
    """Largest value of each group but the last, ascending, in days, orders and money."""

    recency: Edges
    frequency: Edges
    monetary: Edges


class RuleIn(Incoming):
    """A segment, with the lowest and highest scores in it; any money where none is given."""

    name: SegmentName
    recency: ScoreRange
    frequency: ScoreRange
    monetary: ScoreRange = Field(default_factory=lambda: [1, 5])


class RFMRulesUpdate(Incoming):
    """Own cut points and own segments; `null` goes back to the program's."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "cut_points": {
                    "recency": [30, 90, 180, 365],
                    "frequency": [1, 2, 4, 8],
                    "monetary": [50, 150, 400, 1000],
                },
                "segments": None,
            }
        }
    )

    cut_points: GivenCutPoints | None = None
    segments: Annotated[list[RuleIn], Field(min_length=1, max_length=125)] | None = None


class RFMRuleOut(Outgoing):
    name: str
    recency: list[int]
    frequency: list[int]
    monetary: list[int]


class CutPointsGiven(Outgoing):
    recency: list[float]
    frequency: list[float]
    monetary: list[float]


class RFMRules(Outgoing):
    """How customers of these orders are scored and named.

    `cut_points` is `null` where those of the first snapshot are kept; `segments_are` says whether
    the segments are those of the program and its `RFM_RULES_FILE`, or yours.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "cut_points": None,
                "segments_are": "default",
                "segments": [
                    {
                        "name": "Champions",
                        "recency": [5, 5],
                        "frequency": [4, 5],
                        "monetary": [1, 5],
                    }
                ],
            }
        }
    )

    cut_points: CutPointsGiven | None
    segments_are: Literal["default", "given"]
    segments: list[RFMRuleOut]


class CutPointsOut(Outgoing):
    """Largest value of each score but the last, in `unit`; equal values get equal scores.

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
    """A cell of recency and frequency; it has several `segments` where money divides it.

    `segment` is the one that takes in most of its scores of money.
    """

    recency: int
    frequency: int
    segment: str
    segments: list[str]
    customers: int
    orders: int
    money: float | None


class RFMCube(Outgoing):
    """A cell of all three scores that holds customers."""

    recency: int
    frequency: int
    monetary: int
    segment: str
    customers: int
    orders: int
    money: float


class RFMOut(Outgoing):
    """`cut_points_of` is the snapshot whose fifths the scores are; `null` for the owner's own.

    `grid` has the 25 cells of recency and frequency; `cube` those of all three scores that hold
    customers, and nothing where orders have no amounts.
    """

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
                        "segments": ["Champions"],
                        "customers": 81,
                        "orders": 590,
                        "money": 35100.2,
                    }
                ],
                "cube": [
                    {
                        "recency": 5,
                        "frequency": 5,
                        "monetary": 5,
                        "segment": "Champions",
                        "customers": 64,
                        "orders": 512,
                        "money": 33020.1,
                    }
                ],
            }
        }
    )

    snapshot_id: int
    as_of: date
    currency: str | None
    n_customers: int
    cut_points_of: int | None
    cut_points: list[CutPointsOut]
    segments: list[RFMSegment]
    grid: list[RFMCell]
    cube: list[RFMCube]


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
