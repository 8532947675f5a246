"""What a run's row says of it: written once, when it is stored, and read by everything else."""

from pydantic import BaseModel, Field

from app.schemas.clustering import MembershipOut, SweepOut
from app.schemas.run_views import SegmentProfile
from app.schemas.validation import Structure, Validation
from app.segmentation.tables import NumberFormat


class StoredProfile(SegmentProfile):
    """Runs of earlier releases have no sentences."""

    characteristics: list[str] = Field(default_factory=list)


class Report(BaseModel):
    """A run, described; what an earlier release did not write has a default."""

    details: dict[str, object]
    inertia: float
    n_noise: int
    n_features: int
    explained_variance: list[float]
    silhouette_sample_size: int | None
    columns: list[str]
    numeric: list[str]
    categorical: list[str]
    left_out: dict[str, str]
    identifier: str | None
    degenerate: bool
    warnings: list[str]
    profiles: list[StoredProfile]
    sweep: SweepOut | None
    validation: Validation | None = None
    structure: Structure | None = None
    placement: MembershipOut | None = None
    reason: str | None = None
    feature_importance: dict[str, float] | None = None
    accuracy: float | None = None
    formats: dict[str, NumberFormat] = Field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        """The names of the segments, in their order."""
        return {each.cluster: each.cluster_name for each in self.profiles}
