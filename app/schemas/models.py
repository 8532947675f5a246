"""Model versions, what a change of model moves, and drift, as they go out."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import Outgoing
from app.schemas.predictions import EXAMPLE_ELBOW, EXAMPLE_SEGMENT, ClusterSummary, Elbow
from app.schemas.validation import ValidationOut

_EXAMPLE_MODEL: dict[str, JsonValue] = {
    "version": 3,
    "is_active": True,
    "requested_clusters": None,
    "n_clusters": 5,
    "silhouette_score": 0.55,
    "inertia": 4310.9,
    "n_customers": 5000,
    "trained_by": "admin",
    "created_at": "2026-03-02T09:15:00Z",
    "activated_at": "2026-03-02T09:15:02Z",
    "checksum": "9f2b5c1e",
}
_EXAMPLE_MOVEMENT: dict[str, JsonValue] = {
    "n_customers": 400,
    "n_moved": 12,
    "share_moved": 0.03,
    "rows": ["High Value Customers"],
    "columns": ["High Value Customers", "Loyal Customers"],
    "matrix": [[388, 12]],
    "sentence": "12 of 400 customers (3%) change their segment.",
}
_EXAMPLE_CHANGE: dict[str, JsonValue] = {
    "change": "kept",
    "old_id": 2,
    "old_name": "High Value Customers",
    "new_id": 2,
    "new_name": "High Value Customers",
    "overlap": 0.94,
}


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
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "models": [_EXAMPLE_MODEL],
                "total": 1,
            }
        }
    )

    models: list[ModelSummary]
    total: int


class SegmentMatch(Outgoing):
    """A segment kept from the previous model; `overlap` is shared / in either."""

    old_id: int
    new_id: int
    overlap: float


class ModelDetail(ModelSummary):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_EXAMPLE_MODEL,
                "segments": [EXAMPLE_SEGMENT],
                "sweep": EXAMPLE_ELBOW,
                "imputed": {"age": 0},
                "warnings": [],
                "degenerate": False,
                "silhouette_sample_size": 5000,
                "matches": [{"old_id": 1, "new_id": 2, "overlap": 0.97}],
                "validation": None,
            }
        }
    )

    segments: list[ClusterSummary]
    sweep: Elbow
    imputed: dict[str, int]
    warnings: list[str]
    degenerate: bool
    silhouette_sample_size: int
    matches: list[SegmentMatch]
    validation: ValidationOut | None


class SegmentChange(Outgoing):
    """What changed for a segment; id and name are null on a side that does not have it.

    Of one that is split, or that others are merged into, there is a change for each part.
    """

    change: Literal["kept", "renamed", "new", "gone", "split", "merged"]
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


class RunComparison(Movement):
    """Two runs of a table; customers in no segment are the last row or column, `Noise`.

    `refinement` says that each segment of the one run is a part of one of the other's.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "against": 7,
                "dataset_id": 1,
                **_EXAMPLE_MOVEMENT,
                "adjusted_rand_index": 0.91,
                "refinement": None,
                "segments": [_EXAMPLE_CHANGE],
            }
        }
    )

    run_id: int
    against: int
    dataset_id: int
    adjusted_rand_index: float
    refinement: Literal["split", "merged"] | None
    segments: list[SegmentChange]


EXAMPLE_COMPARISON: dict[str, JsonValue] = {
    "version": 4,
    "against": 3,
    "summary": "1 segment kept, 1 new; 3% of the customers move.",
    "segments": [_EXAMPLE_CHANGE],
    "training": _EXAMPLE_MOVEMENT,
    "history": _EXAMPLE_MOVEMENT,
    "customers_moved": {**_EXAMPLE_MOVEMENT, "n_joined": 20, "n_left": 4},
    "borders_moved": _EXAMPLE_MOVEMENT,
}


class Comparison(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_COMPARISON})

    version: int
    against: int
    summary: str
    segments: list[SegmentChange]
    training: Movement
    history: Movement
    customers_moved: CustomersMoved
    borders_moved: Movement


class Points(Outgoing):
    """Training customers for a map, one list per column; `cluster` has their segment ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 3,
                "n_customers": 2,
                "age": [34, 57],
                "annual_income": [65.5, 21.0],
                "spending_score": [72, 18],
                "purchase_frequency": [18, 4],
                "cluster": [2, 0],
            }
        }
    )

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
    index_by_chance: float = Field(
        description="The index that as many customers without any change have on average."
    )
    p_value: float = Field(description="Chance of such a difference had nothing changed.")
    drift: DriftBand
    training_mean: float
    recent_mean: float


class SegmentDrift(Outgoing):
    cluster_id: int
    cluster_name: str
    training_share: float
    recent_share: float


class CategoryDrift(Outgoing):
    """How far the shares of a column's categories have moved."""

    column: str
    population_stability_index: float
    index_by_chance: float
    p_value: float
    drift: DriftBand


class DriftOut(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": 3,
                "n_predictions": 400,
                "since": "2026-03-02T09:15:00Z",
                "verdict": "stable",
                "alarm": False,
                "sentence": "Recent customers look like those the model was trained on; "
                "no need to retrain.",
                "features": [
                    {
                        "feature": "age",
                        "population_stability_index": 0.03,
                        "index_by_chance": 0.024,
                        "p_value": 0.41,
                        "drift": "none",
                        "training_mean": 43.1,
                        "recent_mean": 42.4,
                    }
                ],
                "categories": [],
                "segments": [
                    {
                        "cluster_id": 2,
                        "cluster_name": "High Value Customers",
                        "training_share": 0.21,
                        "recent_share": 0.23,
                    }
                ],
                "segments_population_stability_index": 0.01,
                "segments_index_by_chance": 0.011,
                "segments_p_value": 0.37,
            }
        }
    )

    version: int
    n_predictions: int
    since: datetime
    verdict: Literal["too few predictions", "stable", "watch", "retrain"]
    alarm: bool = Field(
        description="Whether anything has changed: the verdict is watch or retrain."
    )
    sentence: str
    features: list[FeatureDrift]
    categories: list[CategoryDrift]
    segments: list[SegmentDrift]
    segments_population_stability_index: float | None
    segments_index_by_chance: float | None
    segments_p_value: float | None
