"""Segmentations that last: their versions, their segments, and what is done with them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.schemas.base import (
    MAX_DATABASE_ID,
    NUMBER,
    STORABLE,
    CautionOut,
    Flag,
    Incoming,
    NullAsDefault,
    Outgoing,
)
from app.schemas.clustering import (
    CountOrAuto,
    RunOptions,
    SegmentationName,
    Visibility,
)
from app.schemas.models import EXAMPLE_COMPARISON, Comparison
from app.schemas.recipes import RecipeOut
from app.segmentation.recipe import AUTO, Algorithm, Recipe

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), STORABLE
]
DatasetId = Annotated[int, Field(ge=1, le=MAX_DATABASE_ID), NUMBER]
SegmentationSort = Literal["name", "-updated_at", "created_at", "n_segments", "last_used"]

_EXAMPLE_SEGMENT: dict[str, JsonValue] = {
    "id": 0,
    "lasting_id": 4,
    "name": "Our best",
    "automatic_name": "High-income customers",
    "note": None,
    "advice": None,
    "position": None,
    "size": 180,
    "share": 0.45,
    "lived_on_from": 0.93,
}
_EXAMPLE_VERSION: dict[str, JsonValue] = {
    "version": 2,
    "run_id": 8,
    "is_active": True,
    "n_segments": 1,
    "n_customers": 400,
    "algorithm": "kmeans",
    "linkage": None,
    "silhouette_score": 0.48,
    "headline": "These customers form distinct groups.",
    "trained_by": "maria",
    "created_at": "2026-03-02T09:15:00Z",
    "activated_at": "2026-03-02T09:15:00Z",
    "segments": [_EXAMPLE_SEGMENT],
    "identified_by": "customer_id",
    "warnings": [],
}
_EXAMPLE_SEGMENTATION: dict[str, JsonValue] = {
    "id": 3,
    "name": "Shop customers",
    "description": None,
    "owner": "maria",
    "visibility": "private",
    "kind": "table",
    "dataset_id": 1,
    "dataset_name": "customers.csv",
    "recipe": None,
    "n_versions": 2,
    "active_version": _EXAMPLE_VERSION,
    "is_owner": True,
    "created_at": "2026-03-01T09:15:00Z",
    "updated_at": "2026-03-02T09:15:00Z",
    "last_used_at": "2026-03-02T09:20:00Z",
}


class SegmentOut(Outgoing):
    """`id` is its label in this version, `lasting_id` the same over all versions.

    `name` is the owner's, or else the automatic one. `lived_on_from` is the share of customers in
    either that it has in common with the segment it lives on from; null for a new one.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_SEGMENT})

    id: int
    lasting_id: int
    name: str
    automatic_name: str
    note: str | None
    advice: str | None
    position: int | None
    size: int
    share: float
    lived_on_from: float | None


class VersionOut(Outgoing):
    """`identified_by` is the column that recognised customers of the version before."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_VERSION})

    version: int
    run_id: int | None
    is_active: bool
    n_segments: int
    n_customers: int
    algorithm: str
    linkage: str | None
    silhouette_score: float | None
    headline: str | None
    trained_by: str | None
    created_at: datetime
    activated_at: datetime | None
    segments: list[SegmentOut]
    identified_by: str | None
    warnings: list[CautionOut]


class SegmentationOut(Outgoing):
    """`recipe` is the active version's; a segmentation of the core has no dataset."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_SEGMENTATION})

    id: int
    name: str
    description: str | None
    owner: str | None
    visibility: Visibility
    kind: Literal["table", "core"]
    dataset_id: int | None
    dataset_name: str | None
    recipe: RecipeOut | None
    n_versions: int
    active_version: VersionOut | None
    is_owner: bool
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


class SegmentationCreate(RunOptions, Incoming):
    """What is not said is chosen automatically, as by `algorithm: "auto"` for a run."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Shop customers", "dataset_id": 1}}
    )

    name: SegmentationName
    description: Words | None = None
    dataset_id: DatasetId
    visibility: Annotated[Visibility, NullAsDefault()] = "private"
    algorithm: Annotated[Algorithm, NullAsDefault()] = "auto"


class SegmentationUpdate(Incoming):
    """A description that is null is removed."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Shop customers"}})

    name: SegmentationName | None = None
    description: Words | None = None
    visibility: Visibility | None = None


class VersionComparison(Comparison):
    """`adjusted_rand_index` is 1 where both versions group the customers alike.

    It is null where no customer can be compared.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {**EXAMPLE_COMPARISON, "adjusted_rand_index": 0.93, "refinement": None}
        }
    )

    adjusted_rand_index: float | None
    refinement: Literal["split", "merged"] | None


class SegmentUpdate(Incoming):
    """The owner's words for a segment; null takes one back."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Our best", "advice": "Invite to the preview."}}
    )

    name: SegmentationName | None = None
    note: Words | None = None
    advice: Words | None = None
    position: Annotated[int, Field(ge=0, le=10_000), NUMBER] | None = None


class RecordEntry(Outgoing):
    """`by` is null for an account that is gone; `segment` is a `lasting_id`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "at": "2026-03-02T09:15:00Z",
                "by": "maria",
                "change": "segment_changed",
                "version": None,
                "segment": 4,
                "visibility": None,
                "fields": ["name"],
            }
        }
    )

    at: datetime
    by: str | None
    change: Literal[
        "trained", "activated", "renamed", "described", "shared", "segment_changed", "deleted"
    ]
    version: int | None
    segment: int | None
    visibility: Visibility | None
    fields: list[str]


class VersionRequest(RunOptions, Incoming):
    """What is not said is as in the active version: its dataset and each of its options."""

    model_config = ConfigDict(json_schema_extra={"example": {"dataset_id": 2}})

    dataset_id: DatasetId | None = None
    n_clusters: CountOrAuto = None
    activate: Annotated[Flag, NullAsDefault()] = True

    def over(self, base: Recipe) -> Recipe:
        """Lay what was said over another version's recipe."""
        automatic = "algorithm" in self.model_fields_set and self.algorithm == "auto"
        return self.laid_over(AUTO if automatic else base)
