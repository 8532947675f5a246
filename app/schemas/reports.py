"""What the rows of runs and versions say of them: written once, and read by everything else."""

from typing import Any

from pydantic import BaseModel, Field, model_validator

from app.schemas.clustering import RunDescription
from app.schemas.run_views import DifferenceOut, SegmentProfileOut
from app.schemas.validation import SegmentStabilityOut, StructureOut
from app.segmentation.caution import NOTE
from app.segmentation.identity import Match
from app.segmentation.probability import ProbabilityScale
from app.segmentation.tables import ColumnFormat
from app.segmentation.trained import SegmentProfile


class StoredProfile(SegmentProfileOut):
    """`evidence` and `middle` are what advice rests on; runs of earlier releases have neither."""

    characteristics: list[str] = Field(default_factory=list)
    evidence: list[DifferenceOut] | None = None
    middle: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_earlier_releases(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {"automatic_name": values["cluster_name"], **values}


class Report(RunDescription):
    """A run, described; `formats` says how its columns of numbers were written."""

    numeric: list[str]
    categorical: list[str]
    identifier: str | None
    profiles: list[StoredProfile]
    formats: dict[str, ColumnFormat]

    @model_validator(mode="before")
    @classmethod
    def _from_earlier_releases(cls, values: Any) -> Any:
        later = ("validation", "structure", "placement", "reason", "feature_importance", "accuracy")
        cautions = [{"code": NOTE, "message": each} for each in values["warnings"]]
        return {**dict.fromkeys(later), "formats": {}, "cautions": cautions, **values}

    @property
    def names(self) -> dict[int, str]:
        """The names of the segments, in their order."""
        return {each.cluster: each.cluster_name for each in self.profiles}

    @property
    def tested_structure(self) -> StructureOut | None:
        """The test for structure, whether it was made by itself or within the validation."""
        return self.structure or (self.validation.structure if self.validation else None)

    @property
    def stabilities(self) -> dict[int, SegmentStabilityOut]:
        """How well each segment came back, by its label; empty where that was not measured."""
        stability = self.validation.stability if self.validation else None
        return {each.cluster: each for each in stability.segments} if stability else {}


class VersionSweep(BaseModel):
    """The numbers of segments that were compared, with why others could not be."""

    best_k: int
    k_range: list[int]
    inertias: list[float]
    silhouettes: list[float]
    failures: dict[int, str]


class VersionReport(BaseModel):
    """A version of the core's model, described."""

    segments: list[SegmentProfile]
    sweep: VersionSweep
    silhouette_sample_size: int
    degenerate: bool
    imputed: dict[str, int]
    outlier_threshold: float
    outlier_reaches: list[float] = Field(default_factory=list)
    probability_scale: ProbabilityScale | None = None
    warnings: list[str]
    matches: list[Match]
    validation: dict[str, Any] | None = None
    validated_by: str | None = None
    """The release that validated it."""
    identity: dict[str, Any] | None = None
    """As that of a run; versions of earlier releases have none."""

    @property
    def names(self) -> list[str]:
        """The names of the segments, by id."""
        return [each.name for each in self.segments]
