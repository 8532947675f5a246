"""The versions of a segmentation: listing, showing and activating them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from app.db.tables import Job
from app.routes.answers import errors
from app.routes.clustering import RunTurn
from app.routes.deps import (
    ApiAnalyst,
    ApiUser,
    PreferAsync,
    ResourcesDep,
    ShortPage,
    Transaction,
    WholePage,
)
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.segmentations import LastingId, SegmentationRef
from app.schemas.base import MAX_DATABASE_ID
from app.schemas.models import DriftOut
from app.schemas.segmentations import (
    RecordEntry,
    SegmentOut,
    SegmentUpdate,
    VersionComparison,
    VersionOut,
    VersionRequest,
)
from app.services.segmentations import editing, versions
from app.services.segmentations.finding import find
from app.services.segmentations.record import list_changes
from app.services.segmentations.versions import VersionService

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])


async def get_versions(resources: ResourcesDep) -> VersionService:
    return resources.versions


Versions = Annotated[VersionService, Depends(get_versions)]
VersionNumber = Annotated[int, Path(ge=1, le=MAX_DATABASE_ID)]


@router.get("/{segmentation_id}/versions", summary="List the versions", responses=errors(401, 404))
def list_versions(
    response: Response,
    transaction: Transaction,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    page: WholePage,
) -> list[VersionOut]:
    """Newest first; `X-Total-Count` is the total number."""
    with transaction() as session:
        found, total = versions.list_versions(session, caller, segmentation_id, page)
    response.headers["X-Total-Count"] = str(total)
    return found


@router.get(
    "/{segmentation_id}/versions/{version}",
    summary="Show a version",
    responses=errors(401, 404),
)
def read_version(
    transaction: Transaction,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    version: VersionNumber,
) -> VersionOut:
    """Returns its segments, with the ids that last, and its warnings."""
    with transaction() as session:
        return versions.read_version(session, caller, segmentation_id, version)


@router.get(
    "/{segmentation_id}/versions/{version}/compare",
    dependencies=[RunTurn],
    summary="Compare two versions",
    responses=errors(400, 401, 404),
)
def compare_versions(
    service: Versions,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    version: VersionNumber,
    against: Annotated[int | None, Query(ge=1, le=MAX_DATABASE_ID)] = None,
) -> VersionComparison:
    """Compares with the active version, or with the version `against`; nothing is changed.

    On two tables, customers are recognised by the identifier: `customers_moved` follows those of
    both by the older version's rules, and `borders_moved` places the older table by both versions.
    """
    return service.compare(caller, segmentation_id, version, against)


@router.get(
    "/{segmentation_id}/drift",
    dependencies=[RunTurn],
    summary="Check a segmentation for drift",
    responses=errors(400, 401, 404),
)
def read_drift(service: Versions, caller: ApiUser, segmentation_id: SegmentationRef) -> DriftOut:
    """Compares what was placed since the version was activated with its training data.

    Measured as for model versions; categories by the shares of their values.
    """
    return service.drift(caller, segmentation_id)


@router.patch(
    "/{segmentation_id}/segments/{lasting_id}",
    summary="Name a segment",
    responses=errors(401, 403, 404, body=True),
)
def update_segment(
    resources: ResourcesDep,
    caller: ApiAnalyst,
    segmentation_id: SegmentationRef,
    lasting_id: LastingId,
    form: SegmentUpdate,
) -> SegmentOut:
    """Sets a name, a note, advice or a position; null takes one back.

    They stay with the segment over versions, as long as one of each version's segments lives on
    from it, and are shown everywhere, with the automatic name. The core's show under
    `/api/v1/segmentations`; `/predict`, `/clusters`, `/history` and `/api/v1/models` keep the names
    of the contract.
    """
    return editing.update_segment(resources.database, caller, segmentation_id, lasting_id, form)


@router.get(
    "/{segmentation_id}/record",
    summary="Show who did what",
    responses=errors(401, 404),
)
def read_record(
    response: Response,
    transaction: Transaction,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    page: ShortPage,
) -> list[RecordEntry]:
    """Trainings, activations, names and sharing, newest first; `X-Total-Count` counts them."""
    with transaction() as session:
        row = find(session, caller, segmentation_id)
        found, total = list_changes(session, row, page)
    response.headers["X-Total-Count"] = str(total)
    return found


@router.post(
    "/{segmentation_id}/train",
    status_code=201,
    response_model=VersionOut,
    dependencies=[RunTurn],
    summary="Train a new version",
    responses=errors(401, 403, 404, body=True) | JOB_ANSWER,
)
def train_version(
    response: Response,
    service: Versions,
    caller: ApiAnalyst,
    segmentation_id: SegmentationRef,
    prefer_async: PreferAsync,
    form: VersionRequest,
) -> VersionOut | Response:
    """Segments again: another dataset with the same columns, or with other options.

    Segments that share half of their customers with one of the active version keep its
    `lasting_id` and the owner's words. The version is activated unless `activate` is false.
    Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job; so does the
    core, which is trained on the customer file.
    """
    found = service.train(caller, segmentation_id, form, prefer_async=prefer_async)
    if isinstance(found, Job):
        return accepted(found)
    response.headers["Location"] = (
        f"/api/v1/segmentations/{segmentation_id}/versions/{found.version}"
    )
    return found


@router.post(
    "/{segmentation_id}/versions/{version}/activate",
    summary="Activate a version",
    responses=errors(400, 401, 403, 404),
)
def activate_version(
    service: Versions,
    caller: ApiAnalyst,
    segmentation_id: SegmentationRef,
    version: VersionNumber,
) -> VersionOut:
    """Activates a candidate or rolls back to an older version."""
    return service.activate(caller, segmentation_id, version)
