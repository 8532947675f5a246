"""An analysis as posted back, and the recommended actions."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from app.schemas.analysis import EXAMPLE_RECORDS, Records
from app.schemas.base import MAX_DATABASE_ID, NUMBER, STORABLE, Outgoing, Real, Text, Whole
from app.schemas.camel import Camel

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), NUMBER]
Count = Annotated[int, Field(ge=0, le=MAX_DATABASE_ID), NUMBER]
Figure = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), NUMBER]
"""Beyond it a double cannot tell neighbours apart, and no sentence could be read."""
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), STORABLE
]

_EXAMPLE: dict[str, Any] = {
    "analysis": {
        "clusters": [
            {
                "clusterId": 0,
                "customers": EXAMPLE_RECORDS[::2],
                "centroid": {"age": 32, "income": 73000, "purchases": 13.5},
                "clusterName": "High Income, Younger",
                "characteristics": ["Higher income: 73,000 vs 46,750"],
            },
            {
                "clusterId": 1,
                "customers": EXAMPLE_RECORDS[1::2],
                "centroid": {"age": 54.5, "income": 46750, "purchases": 3.5},
                "clusterName": "Low Income, Older",
                "characteristics": ["Lower income: 46,750 vs 73,000"],
            },
        ],
        "featureImportance": {"income": 0.5, "age": 0.3, "purchases": 0.2},
        "accuracy": 0.97,
    }
}

MOST_FIELDS = 10_000


def _few(figures: Any) -> Any:
    """Refuse so many figures that a problem with each could not be reported."""
    if isinstance(figures, dict) and len(figures) > MOST_FIELDS:
        raise ValueError(f"has {len(figures):,} fields; the maximum is {MOST_FIELDS:,}")
    return figures


FEW = BeforeValidator(_few)

LONGEST_STATEMENT = 300
"""Characters of a characteristic that is given as a reason; an analysis answers with fewer."""

MOST_EVIDENCE = 100
"""An analysis answers with five for each segment."""


class PostedEvidence(Camel):
    feature: Name
    level: Text | None = None
    value: Figure
    rest: Figure
    effect: Figure

    @field_validator("value", "rest")
    @classmethod
    def _of_a_level_is_a_share(cls, figure: float, info: ValidationInfo) -> float:
        if info.data.get("level") is not None and not 0 <= figure <= 1:
            raise ValueError("the share of a level must be from 0 to 1")
        return figure

    @model_validator(mode="after")
    def _agrees_with_its_figures(self) -> Self:
        if (self.value - self.rest) * self.effect < 0:
            raise ValueError("the effect must have the sign of value less rest")
        return self


class PostedCluster(Camel):
    cluster_id: Count
    cluster_name: Name
    size: Count | None = None
    share: Share | None = None
    customers: Annotated[Records, Field(min_length=1)]
    centroid: Annotated[dict[Text, Real | None], FEW]
    characteristics: Annotated[list[Text], FailFast()]
    middle: Annotated[str, StringConstraints(max_length=LONGEST_STATEMENT), STORABLE] | None = None
    evidence: Annotated[list[PostedEvidence], Field(max_length=MOST_EVIDENCE)] | None = None


class PostedStructure(Camel):
    verdict: Literal["strong", "weak", "none"]
    p_value: Share | None = None


class PostedSegmentStability(Camel):
    cluster: Whole
    jaccard: Share


class PostedStability(Camel):
    segments: Annotated[list[PostedSegmentStability], FailFast()]


class PostedValidation(Camel):
    structure: PostedStructure | None = None
    stability: PostedStability | None = None


class PostedAnalysis(Camel):
    """The answer of `/api/analyze`; missing parts are ignored.

    Its parts must agree: ids and names are unique, sizes and shares are of the customers given, and
    importance sums to 1.
    """

    n_customers: Count | None = None
    n_clusters: Count | None = None
    clusters: Annotated[list[PostedCluster], Field(min_length=1, max_length=1000), FailFast()]
    feature_importance: Annotated[dict[Text, Share], FEW]
    accuracy: Share
    structure: PostedStructure | None = None
    validation: PostedValidation | None = None
    unassigned: Records = Field(default_factory=list)


class RecommendationRequest(Camel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    analysis: PostedAnalysis


class RecommendationDetail(Camel, Outgoing):
    """One recommendation in its parts; for all customers if `clusterId` is null."""

    cluster_id: int | None
    cluster_name: str | None
    action: str
    reason: str


class Recommendations(Camel, Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "recommendations": ['Target "Higher income" with premium offers'],
                "details": [
                    {
                        "clusterId": 0,
                        "clusterName": "Higher income",
                        "action": 'Target "Higher income" with premium offers',
                        "reason": "Their income is far above the others'",
                    }
                ],
            }
        }
    )

    recommendations: list[str]
    details: list[RecommendationDetail]
