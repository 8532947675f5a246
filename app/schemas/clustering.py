"""Clustering runs: requests and answers."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.schemas.base import (
    MAX_DATABASE_ID,
    NUMBER,
    STORABLE,
    CautionOut,
    ClusterCount,
    Flag,
    Incoming,
    NullAsDefault,
    Outgoing,
)
from app.schemas.recipes import RecipeOptions, RecipeOut
from app.schemas.validation import StructureOut, ValidationOut
from app.segmentation.recipe import AUTO, CONTRACT, Algorithm, Linkage, Recipe, Transform

Visibility = Literal["private", "team"]
COUNTS = 'a whole number, 2 to 15, or "auto"'


def _count_or_auto(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    """Refuse with one sentence, where a union would tell each of its branches."""
    try:
        return validate(value)
    except ValidationError:
        raise PydanticCustomError("n_clusters", "must be {counts}", {"counts": COUNTS}) from None


CountOrAuto = Annotated[ClusterCount | Literal["auto"] | None, WrapValidator(_count_or_auto)]


SegmentationName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE
]


class RunOptions(RecipeOptions):
    """The options of a run, whatever its table."""

    algorithm: Annotated[Algorithm, NullAsDefault()] = "hierarchical"
    linkage: Annotated[Linkage, NullAsDefault()] = "ward"
    n_clusters: Annotated[CountOrAuto, Field(validate_default=True)] = None
    use_pca: Annotated[Flag, NullAsDefault()] = False
    pca_components: Annotated[int, Field(ge=2, le=10_000), NUMBER, NullAsDefault()] = 2
    transform: Annotated[Transform, NullAsDefault()] = "none"
    categorical_limit: Annotated[int, Field(ge=1, le=1_000), NUMBER, NullAsDefault()] = 20
    eps: Annotated[float, Field(gt=0, allow_inf_nan=False), NUMBER] | None = None
    min_samples: Annotated[int, Field(ge=1, le=1_000_000), NUMBER] | None = None
    min_cluster_size: Annotated[int, Field(ge=2, le=1_000_000), NUMBER] | None = None

    def laid_over(self, base: Recipe) -> Recipe:
        recipe = super().laid_over(base)
        return replace(recipe, projection=self.pca_components) if self.use_pca else recipe

    def recipe(self) -> Recipe:
        """Take the contract's recipe, or the automatic one where the algorithm is left open."""
        return self.laid_over(AUTO if self.algorithm == "auto" else CONTRACT)


class RunRequest(RunOptions, Incoming):
    """`n_clusters` may be `"auto"`: the valid split with the highest silhouette.

    With `algorithm: "auto"` the columns, the preparation, the algorithm and the number of segments
    are chosen as for `/api/analyze`; `relevance`, `extremes`, `blanks`, `sparse`, `redundancy`,
    `projection` and `category_weight` switch single decisions. An option that is null is as if not
    given.

    The run is a version of the segmentation `segmentation_id`, or of a new one called `name`;
    without either, of the one that is named after the table.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"dataset_id": 1, "linkage": "ward", "n_clusters": 5, "use_pca": False}
        }
    )

    dataset_id: Annotated[int, Field(ge=1, le=MAX_DATABASE_ID), NUMBER]
    segmentation_id: Annotated[int, Field(ge=1, le=MAX_DATABASE_ID), NUMBER] | None = None
    name: SegmentationName | None = None

    @field_validator("n_clusters")
    @classmethod
    def _counted(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.data.get("algorithm") in ("hierarchical", "kmeans"):
            raise PydanticCustomError("missing", "is required, {counts}", {"counts": COUNTS})
        return value

    @field_validator("name")
    @classmethod
    def _either(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("segmentation_id") is not None:
            raise PydanticCustomError("either", "must not be given with segmentation_id")
        return value


class SharingRequest(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"visibility": "team"}})

    visibility: Visibility


class SweepOut(Outgoing):
    """The numbers of clusters that were compared."""

    k_range: list[int]
    silhouette_scores: list[float]
    inertias: list[float]
    degenerate: list[bool]


PlacementRule = Literal["nearest_center", "nearest_row", "nearest_rows", "density"]


class MembershipOut(Outgoing):
    """How new customers are placed: by the rule that agrees best with the run.

    `agreement` is the share of customers, each left out in turn, that it puts into the segment
    which the run has them in.
    """

    rule: PlacementRule
    agreement: float


class RunDescription(Outgoing):
    """What is said of a run, kept as it was found.

    `cautions` are the `warnings` with their codes.
    """

    silhouette_sample_size: int | None
    inertia: float
    n_noise: int
    n_features: int
    explained_variance: list[float]
    columns: list[str]
    left_out: dict[str, str]
    degenerate: bool
    warnings: list[str]
    cautions: list[CautionOut]
    details: dict[str, JsonValue]
    sweep: SweepOut | None
    validation: ValidationOut | None
    structure: StructureOut | None
    placement: MembershipOut | None
    reason: str | None
    feature_importance: dict[str, float] | None
    accuracy: float | None


class RunHeading(Outgoing):
    """Which run it is and what came of it; these fields come first in an answer."""

    run_id: int
    dataset_id: int
    dataset: str
    segmentation_id: int
    version: int
    created_by: str
    visibility: Visibility
    algorithm: Algorithm | Literal["mixture", "regions"]
    linkage: Linkage | None
    method: str | None
    n_clusters: int
    n_clusters_requested: int | Literal["auto"] | None
    silhouette_score: float | None
    cluster_sizes: list[int]
    cluster_names: list[str]
    n_samples: int
    n_encoded_features: int
    use_pca: bool
    transform: str


class RunOut(RunDescription, RunHeading):
    """`method` is `exact` or `two_step` for a tree; noise is in no cluster's size.

    `algorithm` is the one that was taken, and `recipe` how the table was prepared. `data_changed`
    says that the dataset was read or made again since; the run keeps the rows it was made of.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run_id": 8,
                "dataset_id": 1,
                "dataset": "customers.csv",
                "segmentation_id": 3,
                "version": 2,
                "created_by": "maria",
                "visibility": "private",
                "algorithm": "hierarchical",
                "linkage": "ward",
                "method": "exact",
                "n_clusters": 2,
                "n_clusters_requested": "auto",
                "silhouette_score": 0.48,
                "silhouette_sample_size": 400,
                "inertia": 512.3,
                "cluster_sizes": [180, 220],
                "cluster_names": ["Higher income", "Lower income"],
                "n_noise": 0,
                "n_samples": 400,
                "n_encoded_features": 3,
                "n_features": 3,
                "use_pca": False,
                "explained_variance": [],
                "transform": "none",
                "columns": ["age", "region"],
                "left_out": {"customer_id": "identifier"},
                "degenerate": False,
                "warnings": [],
                "cautions": [],
                "details": {},
                "sweep": None,
                "validation": None,
                "structure": None,
                "placement": {"rule": "nearest_rows", "agreement": 0.97},
                "recipe": {
                    "name": "contract",
                    "sentence": "Named options follow the contract.",
                    "values": {"algorithm": "hierarchical", "linkage": "ward"},
                },
                "reason": "Hierarchical (Ward) with 2 segments: the algorithm was requested.",
                "feature_importance": None,
                "accuracy": None,
                "created_at": "2026-03-02T09:15:00Z",
                "data_changed": False,
            }
        }
    )

    recipe: RecipeOut
    created_at: datetime
    data_changed: bool
