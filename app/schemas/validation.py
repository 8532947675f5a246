"""Whether segments are real; read as they are from what the engine found."""

from typing import Annotated, Any

from pydantic import AliasChoices, Field, model_validator

from app.schemas.base import Outgoing
from app.segmentation.validation.stability import Band
from app.segmentation.validation.structure_words import Verdict

Cluster = Annotated[int, Field(validation_alias=AliasChoices("cluster", "segment"))]
Count = Annotated[int, Field(validation_alias=AliasChoices("n_clusters", "k"))]
BestCount = Annotated[int, Field(validation_alias=AliasChoices("best_n_clusters", "best_k"))]


class StructureOut(Outgoing):
    """The test against "no structure"; `separation` is how deep the valley between groups is."""

    verdict: Verdict
    p_value: float
    separation: float
    sentence: str
    n_samples: int
    sampled: bool
    borderline: bool
    notes: list[str]

    @model_validator(mode="before")
    @classmethod
    def _from_earlier_releases(cls, values: Any) -> Any:
        """Take reports that earlier releases stored, which have no notes."""
        later: dict[str, object] = {"borderline": False, "notes": []}
        return {**later, **values} if isinstance(values, dict) else values


class SegmentStabilityOut(Outgoing):
    """Mean Jaccard similarity over bootstrap samples, with its band in words."""

    cluster: Cluster
    jaccard: float
    recovered: float
    dissolved: float
    band: Band
    sentence: str


class StabilityOut(Outgoing):
    weakest: float
    n_resamples: int
    sample_size: int
    segments: list[SegmentStabilityOut]


class CriterionOut(Outgoing):
    name: str
    n_clusters: Count


class CertaintyOut(Outgoing):
    """How certain the number of segments is: the share of resamples that choose each."""

    best_n_clusters: BestCount
    shares: dict[int, float]
    criteria: list[CriterionOut]
    agree: bool
    n_resamples: int
    sentences: list[str]


class RuleOut(Outgoing):
    """A segment as a rule; precision and recall are measured on held-out rows.

    `sql` is a condition for WHERE, in SQLite and in PostgreSQL: for posted records on a table that
    holds them as they were posted, text as text; otherwise on the table as it was read, numbers as
    numbers, all else as text, and missing values as NULL. `true` and `false` may be stored as
    text, as booleans or as 1 and 0.
    """

    cluster: Cluster
    text: str
    sql: str
    precision: float
    recall: float
    size: int


class ValidationOut(Outgoing):
    headline: str
    structure: StructureOut
    stability: StabilityOut | None
    certainty: CertaintyOut | None
    rules: list[RuleOut]
    notes: list[str]

    @model_validator(mode="before")
    @classmethod
    def _from_earlier_releases(cls, values: Any) -> Any:
        """Take reports that earlier releases stored, which have no headline."""
        return {"headline": "", **values} if isinstance(values, dict) else values
