"""Looking into a segmentation: its customers, one segment, one customer, what to do."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Outgoing, Probability
from app.schemas.run_views import DifferenceOut
from app.schemas.validation import RuleOut, SegmentStabilityOut

Values = dict[str, JsonValue]
SegmentId = Annotated[
    int | None, Field(description="The segment's id, constant over versions; null in no segment")
]
_CUSTOMER: dict[str, JsonValue] = {
    "row": 17,
    "identifier": "C017",
    "segment": 1,
    "segment_name": "Higher income",
    "confidence": 81,
    "probability": 0.97,
    "outlier": False,
    "values": {"age": 34, "annual_income": 82.5},
}


_ADVICE: dict[str, JsonValue] = {
    "segment": 1,
    "segment_name": "Higher income",
    "action": 'Target "Higher income" with premium offers',
    "reason": "Annual income is 82.1 vs 40.3",
    "text": 'Target "Higher income" with premium offers: Annual income is 82.1 vs 40.3.',
}
_RULE: dict[str, JsonValue] = {
    "cluster": 0,
    "text": "annual_income > 70",
    "sql": '"annual_income" > 70',
    "precision": 0.95,
    "recall": 0.97,
    "size": 184,
}
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


class ListedCustomer(Outgoing):
    """`identifier` is the row's number where the table has no identifier column."""

    row: int
    identifier: str
    segment: SegmentId
    segment_name: str
    confidence: int | None
    probability: Probability
    outlier: bool
    values: Values


class CustomerPage(Outgoing):
    """`total` counts what the filters leave; `next_cursor` is null on the last page."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identified_by": "customer_id",
                "total": 180,
                "next_cursor": None,
                "items": [_CUSTOMER],
            }
        }
    )

    version: int
    identified_by: str | None
    total: int
    next_cursor: str | None
    items: list[ListedCustomer]


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


class AdviceOut(Outgoing):
    """What to do; for all customers if `segment` is null."""

    segment: SegmentId
    segment_name: str | None
    action: str
    reason: str
    text: str


class SegmentRuleOut(RuleOut):
    """A rule with the segment that it is of."""

    segment: int
    segment_name: str


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
                "rule": _RULE,
                "typical": [_CUSTOMER],
                "borderline": [_CUSTOMER],
                "neighbours": [
                    {
                        "lasting_id": 2,
                        "name": "Lower income",
                        "distance": 2.4,
                        "share_of_borderline": 1,
                    }
                ],
                "shares": [{"version": 1, "share": 0.41}, {"version": 2, "share": 0.45}],
                "advice": [_ADVICE],
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


class SegmentChance(Outgoing):
    """How near a segment is; only the customer's own probability is calibrated.

    The others share what it leaves, the more the nearer their center.
    """

    segment: int
    segment_name: str
    probability: float | None
    distance: float


class SpeakingColumn(Outgoing):
    """A column that speaks for the customer's segment, against the nearest other one.

    `here` and `there` are the two segments' means, or their most frequent categories; `share` is
    the column's part in all that speaks for the segment.
    """

    column: str
    value: JsonValue
    here: JsonValue
    there: JsonValue
    share: float


class ChangeToMove(Outgoing):
    """The smallest change of one column after which the customer would be in another segment.

    `size` is the distance moved, for a number in standard deviations as a rule. With `exact` no
    smaller change within the column's values would do; otherwise some were tried.
    """

    column: str
    from_: Annotated[JsonValue, Field(alias="from")]
    to: JsonValue
    segment: SegmentId
    segment_name: str
    size: float
    exact: bool

    model_config = ConfigDict(populate_by_name=True, from_attributes=True)


class VersionPlace(Outgoing):
    """Where the customer was; `segment_name` is null where the version did not have them."""

    version: int
    segment: SegmentId
    segment_name: str | None


class CustomerView(Outgoing):
    """One customer, and why they are where they are.

    `same_identifier` counts the rows with this identifier, of which the first is shown.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identified_by": "customer_id",
                "customer": _CUSTOMER,
                "same_identifier": 1,
                "probabilities": [
                    {
                        "segment": 1,
                        "segment_name": "Higher income",
                        "probability": 0.97,
                        "distance": 0.6,
                    },
                    {
                        "segment": 2,
                        "segment_name": "Lower income",
                        "probability": 0.03,
                        "distance": 2.3,
                    },
                ],
                "compared_with": 2,
                "speaks_for": [
                    {
                        "column": "annual_income",
                        "value": 82.5,
                        "here": 82.1,
                        "there": 40.3,
                        "share": 0.9,
                    }
                ],
                "smallest_change": {
                    "column": "annual_income",
                    "from": 82.5,
                    "to": 61,
                    "segment": 2,
                    "segment_name": "Lower income",
                    "size": 0.8,
                    "exact": True,
                },
                "history": [{"version": 2, "segment": 1, "segment_name": "Higher income"}],
            }
        }
    )

    version: int
    identified_by: str | None
    customer: ListedCustomer
    same_identifier: int
    probabilities: list[SegmentChance]
    compared_with: SegmentId
    speaks_for: list[SpeakingColumn]
    smallest_change: ChangeToMove | None
    history: list[VersionPlace]


class Insights(Outgoing):
    """What `/api/analyze` and `/api/recommendations` say, of a version.

    `feature_importance` sums to 1; `accuracy` is that of small trees that reproduce the segments.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "recommendations": [_ADVICE],
                "feature_importance": {"annual_income": 0.8, "age": 0.2},
                "accuracy": 0.96,
                "accuracy_by_chance": 0.5,
                "rules": [{**_RULE, "segment": 1, "segment_name": "Higher income"}],
            }
        }
    )

    version: int
    recommendations: list[AdviceOut]
    feature_importance: dict[str, float]
    accuracy: float
    accuracy_by_chance: float | None
    rules: list[SegmentRuleOut]


class FormColumn(Outgoing):
    """A column of a customer to place; `typical` is the median, or the most frequent choice.

    `choices` are the most frequent categories, at most 50. A column that only its owner may see
    has neither range nor choices.
    """

    name: str
    kind: Literal["number", "category", "yes_no", "date"]
    unit: str | None
    low: float | str | None
    high: float | str | None
    typical: float | str | None
    choices: list[str]


class PlacementForm(Outgoing):
    """What a customer needs to be placed in a version."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "identifier": "customer_id",
                "columns": [
                    {
                        "name": "annual_income",
                        "kind": "number",
                        "unit": "k$",
                        "low": 15,
                        "high": 137,
                        "typical": 61.5,
                        "choices": [],
                    }
                ],
            }
        }
    )

    version: int
    identifier: str | None
    columns: list[FormColumn]
