"""Views of a run: its segments, tree, map, other cuts and new customers."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.schemas.base import CautionOut, ClusterCount, Incoming, Outgoing, Probability, Text
from app.schemas.clustering import PlacementRule
from app.schemas.validation import SegmentStabilityOut
from app.segmentation.recipe import Linkage


class CutRequest(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"n_clusters": 4}})

    n_clusters: ClusterCount


class RowsToPlace(Incoming):
    model_config = ConfigDict(
        json_schema_extra={"example": {"rows": [{"age": 34, "annual_income": 62.5}]}}
    )

    rows: Annotated[list[dict[Text, Any]], Field(min_length=1, max_length=10_000)]


_EXAMPLE_PROFILE: dict[str, JsonValue] = {
    "cluster": 0,
    "cluster_name": "Our best",
    "automatic_name": "Higher income",
    "size": 180,
    "share": 0.45,
    "silhouette": 0.51,
    "means": {"annual_income": 82.1},
    "categories": {"region": [{"level": "North", "share": 0.7}]},
    "differences": [
        {"column": "annual_income", "level": None, "value": 82.1, "rest": 40.3, "effect": 1.8}
    ],
    "characteristics": ["Higher annual income (mean 82.1 vs 40.3)"],
}


class CategoryShareOut(Outgoing):
    level: str
    share: float


class DifferenceOut(Outgoing):
    """How a segment differs from the rest: means of a number, or shares of a category."""

    column: str
    level: str | None
    value: float
    rest: float
    effect: float


class SegmentProfileOut(Outgoing):
    """`cluster_name` is the owner's name, or else the automatic one."""

    cluster: int
    cluster_name: str
    automatic_name: str
    size: int
    share: float
    silhouette: float | None
    means: dict[str, float | None]
    categories: dict[str, list[CategoryShareOut]]
    differences: list[DifferenceOut]
    characteristics: list[str]


class Assignment(Outgoing):
    """`cluster` is -1 for noise; `customer_id` is the row number if there is no identifier."""

    row: int
    customer_id: str
    cluster: int
    cluster_name: str


class Segments(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "dataset_id": 1,
                "n_clusters": 1,
                "silhouette_score": 0.48,
                "customer_id_column": "customer_id",
                "total": 400,
                "assignments": [
                    {"row": 1, "customer_id": "C001", "cluster": 0, "cluster_name": "Higher income"}
                ],
                "profiles": [_EXAMPLE_PROFILE],
            }
        }
    )

    run_id: int
    dataset_id: int
    n_clusters: int
    silhouette_score: float | None
    customer_id_column: str | None
    total: int
    assignments: list[Assignment]
    profiles: list[SegmentProfileOut]


class CutOut(Outgoing):
    """Another cut of a run's tree; nothing is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "n_clusters": 2,
                "silhouette_score": 0.48,
                "cluster_sizes": [180, 220],
                "cluster_names": ["Higher income", "Lower income"],
                "headline": "All 2 segments come back when the customers are drawn again.",
                "segment_stability": None,
                "degenerate": False,
                "height": 12.4,
                "profiles": [_EXAMPLE_PROFILE],
            }
        }
    )

    run_id: int
    n_clusters: int
    silhouette_score: float | None
    cluster_sizes: list[int]
    cluster_names: list[str]
    headline: str = Field(description="What to make of this cut, in a sentence.")
    segment_stability: list[SegmentStabilityOut] | None = Field(
        description="How well each segment comes back in draws kept with the tree."
    )
    degenerate: bool
    height: float
    profiles: list[SegmentProfileOut]


class BranchOut(Outgoing):
    """One merge, as a bracket; `cluster` is -1 above the cut."""

    x_left: float
    x_right: float
    y_left: float
    y_right: float
    height: float
    cluster: int


class LeafOut(Outgoing):
    x: float
    n_rows: int
    cluster: int


class DendrogramSegment(Outgoing):
    cluster: int
    cluster_name: str
    size: int
    colour: str


class CutMeasure(Outgoing):
    """A possible cut, for a slider; `leaf_clusters` is in the order of the leaves."""

    n_clusters: int
    cut_height: float
    leaf_clusters: list[int]
    silhouette_score: float
    degenerate: bool


class Dendrogram(Outgoing):
    run_id: int
    linkage: Linkage
    method: str
    n_clusters: int
    cut_height: float
    branches: list[BranchOut]
    leaves: list[LeafOut]
    segments: list[DendrogramSegment]
    cuts: list[CutMeasure]


class ProjectedCustomer(Outgoing):
    row: int
    customer_id: str
    x: float
    y: float
    cluster: int


class ProjectionOut(Outgoing):
    """Two principal components of sampled customers, and the variance each explains."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "explained_variance": [0.52, 0.21],
                "n_samples": 400,
                "n_shown": 1,
                "points": [{"row": 1, "customer_id": "C001", "x": 1.2, "y": -0.4, "cluster": 0}],
            }
        }
    )

    run_id: int
    explained_variance: list[float]
    n_samples: int
    n_shown: int
    points: list[ProjectedCustomer]


class PlacementOut(Outgoing):
    row: int
    cluster: int
    cluster_name: str
    confidence: int | None
    probability: Probability
    outlier: bool
    role: Literal["core", "border", "noise"] | None


class PlacementsOut(Outgoing):
    """`rule` is how rows that the run did not have were placed; those it had keep their segments.

    It is the nearest center, the nearest row or rows, or the dense region within reach; the
    run's `placement` says how well it agrees with the run. `cluster` is -1 in no segment.

    `warnings` list missing numbers, which the run's median fills, and of unseen categories.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "rule": "nearest_center",
                "n_rows": 1,
                "warnings": ["age: 1 blank where a number is expected, first at row 1"],
                "cautions": [
                    {
                        "code": "blank_number",
                        "message": "age: 1 blank where a number is expected, first at row 1",
                    }
                ],
                "placements": [
                    {
                        "row": 1,
                        "cluster": 0,
                        "cluster_name": "Higher income",
                        "confidence": 77,
                        "probability": 0.98,
                        "outlier": False,
                        "role": None,
                    }
                ],
            }
        }
    )

    run_id: int
    rule: PlacementRule
    n_rows: int
    warnings: list[str]
    cautions: list[CautionOut]
    placements: list[PlacementOut]
