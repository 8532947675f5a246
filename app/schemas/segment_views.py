"""Everything about one segment of a version."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Outgoing
from app.schemas.customers import EXAMPLE_CUSTOMER, ListedCustomer
from app.schemas.insights import EXAMPLE_ADVICE, EXAMPLE_RULE, AdviceOut
from app.schemas.run_views import DifferenceOut
from app.schemas.validation import RuleOut, SegmentStabilityOut

_DIFFERENCE: dict[str, JsonValue] = {
    "column": "annual_income",
    "level": None,
    "value": 82.1,
    "rest": 40.3,
    "effect": 1.8,
}
_COLUMN: dict[str, JsonValue] = {
    "name": "annual_income",
    "kind": "number",
    "unit": "k$",
    "used": True,
    "edges": [0, 50, 100],
    "levels": None,
    "open_low": False,
    "open_high": True,
    "this": {"counts": [9, 171], "other": 0, "missing": 0, "shares": [0.05, 0.95]},
    "rest": {"counts": [176, 44], "other": 0, "missing": 0, "shares": [0.8, 0.2]},
    "difference": _DIFFERENCE,
}


class SideOut(Outgoing):
    """Customers in each bin or of each level, `other` those of rarer levels."""

    counts: list[int]
    other: int
    missing: int
    shares: Annotated[
        list[float], Field(description="Of those with a value, in the order of the counts")
    ]


class ColumnDistribution(Outgoing):
    """A column within the segment and among everybody else, in the same bins.

    Numbers and dates have `edges`: a bin holds its lower edge, and the last one its upper edge too.
    Categories, and numbers of few different values, have `levels`. Where `open_low` or `open_high`
    is true, the first or the last bin also holds all that lies beyond.
    """

    name: str
    kind: Literal["number", "category", "date"]
    unit: str | None
    used: Annotated[bool, Field(description="Whether customers were segmented by it")]
    edges: list[float] | list[str] | None
    levels: list[str] | None
    open_low: bool
    open_high: bool
    this: SideOut
    rest: SideOut
    difference: DifferenceOut | None


class NeighbourOut(Outgoing):
    """Another segment, and the share of this segment's borderline customers that are next to it.

    Borderline is the tenth of the segment's customers that are nearest to another one.
    """

    lasting_id: int
    name: str
    distance: float
    share_of_borderline: float


class VersionShare(Outgoing):
    """`share` is null where the version has no such segment."""

    version: int
    share: float | None


class SegmentView(Outgoing):
    """Everything about one segment; `label` is its number within the version.

    `columns` come with those first that differ most, and `rule` is null where none was found.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "lasting_id": 1,
                "label": 0,
                "name": "Higher income",
                "automatic_name": "High-income customers",
                "note": None,
                "owner_advice": None,
                "size": 180,
                "share": 0.45,
                "headline": None,
                "silhouette": 0.51,
                "stability": None,
                "characteristics": ["Higher annual income: $82.1k vs $40.3k"],
                "differences": [_DIFFERENCE],
                "columns": [_COLUMN],
                "rule": EXAMPLE_RULE,
                "typical": [EXAMPLE_CUSTOMER],
                "borderline": [EXAMPLE_CUSTOMER],
                "neighbours": [
                    {
                        "lasting_id": 2,
                        "name": "Lower income",
                        "distance": 2.4,
                        "share_of_borderline": 1,
                    }
                ],
                "shares": [{"version": 1, "share": 0.41}, {"version": 2, "share": 0.45}],
                "advice": [EXAMPLE_ADVICE],
            }
        }
    )

    version: int
    lasting_id: int
    label: int
    name: str
    automatic_name: str
    note: str | None
    owner_advice: str | None
    size: int
    share: float
    headline: str | None
    silhouette: float | None
    stability: SegmentStabilityOut | None
    characteristics: list[str]
    differences: list[DifferenceOut]
    columns: list[ColumnDistribution]
    rule: RuleOut | None
    typical: list[ListedCustomer]
    borderline: list[ListedCustomer]
    neighbours: list[NeighbourOut]
    shares: list[VersionShare]
    advice: list[AdviceOut]
