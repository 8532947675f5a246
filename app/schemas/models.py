"""Model versions, what a change of model moves, and drift, as they go out."""

from datetime import datetime
from typing import Literal

from app.schemas.base import Outgoing
from app.schemas.predictions import ClusterSummary, Elbow
from app.schemas.validation import Validation


class ModelSummary(Outgoing):
    version: int
    is_active: bool
    requested_clusters: int | None
    n_clusters: int
    silhouette_score: float
    inertia: float
    n_customers: int
    trained_by: str | None
    created_at: datetime
    activated_at: datetime | None
    checksum: str


class ModelList(Outgoing):
    models: list[ModelSummary]
    total: int


class SegmentMatch(Outgoing):
    """A segment of the model before that lives on; `overlap` is shared / in either."""

    old_id: int
    new_id: int
    overlap: float


class ModelDetail(ModelSummary):
    segments: list[ClusterSummary]
    sweep: Elbow
    imputed: dict[str, int]
    warnings: list[str]
    degenerate: bool
    silhouette_sample_size: int
    matches: list[SegmentMatch]
    validation: Validation | None


class SegmentChange(Outgoing):
    """What became of a segment; an id and a name are null where there is none on that side."""

    change: Literal["kept", "renamed", "new", "gone"]
    old_id: int | None
    old_name: str | None
    new_id: int | None
    new_name: str | None
    overlap: float | None


class Movement(Outgoing):
    """Customers by segment before (rows) and after (columns), and how many of them moved."""

    n_customers: int
    n_moved: int
    share_moved: float
    rows: list[str]
    columns: list[str]
    matrix: list[list[int]]
    sentence: str


class CustomersMoved(Movement):
    n_joined: int
    n_left: int


class Comparison(Outgoing):
    version: int
    against: int
    summary: str
    segments: list[SegmentChange]
    training: Movement
    history: Movement
    customers_moved: CustomersMoved
    borders_moved: Movement


class Points(Outgoing):
    """Training customers for a map, one list a column; `cluster` has their segments' ids."""

    version: int
    n_customers: int
    age: list[float]
    annual_income: list[float]
    spending_score: list[float]
    purchase_frequency: list[float]
    cluster: list[int]


DriftBand = Literal["none", "moderate", "large"]


class FeatureDrift(Outgoing):
    feature: str
    population_stability_index: float
    drift: DriftBand
    training_mean: float
    recent_mean: float


class SegmentDrift(Outgoing):
    cluster_id: int
    cluster_name: str
    training_share: float
    recent_share: float


class Drift(Outgoing):
    version: int
    n_predictions: int
    since: datetime
    verdict: Literal["too few predictions", "stable", "watch", "retrain"]
    sentence: str
    features: list[FeatureDrift]
    segments: list[SegmentDrift]
    segments_population_stability_index: float | None
