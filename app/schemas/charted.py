"""What the charts of a version are drawn from."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Outgoing
from app.schemas.customers import SegmentId

_COLUMN: dict[str, JsonValue] = {
    "name": "annual_income",
    "kind": "number",
    "unit": "k$",
    "used": True,
}


class ChartedColumn(Outgoing):
    """A column that the caller may see; `used` says whether customers were segmented by it."""

    model_config = ConfigDict(json_schema_extra={"example": _COLUMN})

    name: str
    kind: Literal["number", "category", "date"]
    unit: str | None
    used: bool


class ColumnInSegment(Outgoing):
    """A column within one segment: customers in each bin or of each level.

    `other` counts those of rarer levels, and `shares` are of those with a value. `mean` is null
    where the column has no numbers, or the segment none of them.
    """

    segment: SegmentId
    segment_name: str
    size: int
    mean: float | None
    counts: list[int]
    other: int
    missing: int
    shares: list[float]


class ColumnBySegment(ChartedColumn):
    """A column in each segment, in bins or levels that all of them share, as of one segment."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_COLUMN,
                "version": 2,
                "edges": [0, 50, 100],
                "levels": None,
                "open_low": False,
                "open_high": True,
                "segments": [
                    {
                        "segment": 1,
                        "segment_name": "Higher income",
                        "size": 180,
                        "mean": 82.1,
                        "counts": [9, 171],
                        "other": 0,
                        "missing": 0,
                        "shares": [0.05, 0.95],
                    }
                ],
            }
        }
    )

    version: int
    edges: list[float] | list[str] | None
    levels: list[str] | None
    open_low: bool
    open_high: bool
    segments: list[ColumnInSegment]


class CustomerPoints(Outgoing):
    """Customers by two columns, as lists of the same order; those without a value are left out.

    A sample where there are more than can be shown, with customers of every segment in it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "x": _COLUMN,
                "y": _COLUMN | {"name": "age", "unit": "years"},
                "n_customers": 400,
                "n_missing": 3,
                "n_shown": 1,
                "identifiers": ["C017"],
                "segments": [1],
                "xs": [82.5],
                "ys": [34],
            }
        }
    )

    version: int
    x: ChartedColumn
    y: ChartedColumn
    n_customers: int
    n_missing: int
    n_shown: int
    identifiers: list[str]
    segments: list[SegmentId]
    xs: Annotated[list[float] | list[str], Field(description="Numbers, or dates as ISO 8601")]
    ys: list[float] | list[str]
