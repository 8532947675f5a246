"""What to do, what matters and by which rules, for a version of a segmentation."""

from pydantic import ConfigDict, JsonValue

from app.schemas.base import Outgoing
from app.schemas.customers import SegmentId
from app.schemas.validation import RuleOut

EXAMPLE_ADVICE: dict[str, JsonValue] = {
    "segment": 1,
    "segment_name": "Higher income",
    "action": 'Target "Higher income" with premium offers',
    "reason": "Annual income is 82.1 vs 40.3",
    "text": 'Target "Higher income" with premium offers: Annual income is 82.1 vs 40.3.',
}
EXAMPLE_RULE: dict[str, JsonValue] = {
    "cluster": 0,
    "text": "annual_income > 70",
    "sql": '"annual_income" > 70',
    "precision": 0.95,
    "recall": 0.97,
    "size": 184,
}


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


class Insights(Outgoing):
    """What `/api/analyze` and `/api/recommendations` say, of a version.

    `feature_importance` sums to 1; `accuracy` is that of small trees that reproduce the segments.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 2,
                "recommendations": [EXAMPLE_ADVICE],
                "feature_importance": {"annual_income": 0.8, "age": 0.2},
                "accuracy": 0.96,
                "accuracy_by_chance": 0.5,
                "rules": [{**EXAMPLE_RULE, "segment": 1, "segment_name": "Higher income"}],
            }
        }
    )

    version: int
    recommendations: list[AdviceOut]
    feature_importance: dict[str, float]
    accuracy: float
    accuracy_by_chance: float | None
    rules: list[SegmentRuleOut]
