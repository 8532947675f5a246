"""Segmentations that last: making, finding, changing and removing them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from app.db.tables import Job, Visibility
from app.routes.answers import errors
from app.routes.clustering import Runs, RunTurn
from app.routes.deps import (
    ApiAnalyst,
    ApiUser,
    PreferAsync,
    ResourcesDep,
    Search,
    Transaction,
    WholePage,
)
from app.routes.jobs import JOB_ANSWER, accepted
from app.schemas.base import MAX_DATABASE_ID, Message
from app.schemas.segmentations import (
    SegmentationCreate,
    SegmentationOut,
    SegmentationSort,
    SegmentationUpdate,
)
from app.services.segmentations import editing, finding
from app.services.segmentations.asking import AskedRun
from app.services.segmentations.describing import describe, describe_all
from app.services.segmentations.finding import WantedSegmentations

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])

SegmentationRef = Annotated[
    Annotated[int, Path(ge=1, le=MAX_DATABASE_ID)] | Literal["core"],
    Path(description="The segmentation's id, or `core`"),
]
LastingId = Annotated[int, Path(ge=0, le=MAX_DATABASE_ID, description="As in the list")]


async def get_wanted(
    q: Search = None,
    visibility: Visibility | None = None,
    sort: Annotated[
        SegmentationSort, Query(description="The most segments, and what was used last, come first")
    ] = "-updated_at",
) -> WantedSegmentations:
    return WantedSegmentations(q, visibility, sort)


@router.get("", summary="List segmentations", responses=errors(401))
def list_segmentations(
    response: Response,
    transaction: Transaction,
    caller: ApiUser,
    page: WholePage,
    wanted: Annotated[WantedSegmentations, Depends(get_wanted)],
) -> list[SegmentationOut]:
    """Yours and the team's, changed last first; `X-Total-Count` is the total number.

    `q` looks in names, descriptions and the names of tables.
    """
    with transaction() as session:
        rows, total = finding.list_visible(session, caller, page, wanted)
        found = describe_all(session, caller, rows)
    response.headers["X-Total-Count"] = str(total)
    return found


@router.post(
    "",
    status_code=201,
    response_model=SegmentationOut,
    dependencies=[RunTurn],
    summary="Create a segmentation",
    responses=errors(401, 403, 404, body=True) | JOB_ANSWER,
)
def create_segmentation(
    response: Response,
    resources: ResourcesDep,
    service: Runs,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    form: SegmentationCreate,
) -> SegmentationOut | Response:
    """Segments a dataset and keeps the result as the first version.

    Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job.
    """
    run = service.train(caller, AskedRun.segmentation(form), prefer_async=prefer_async)
    if isinstance(run, Job):
        return accepted(run)
    response.headers["Location"] = f"/api/v1/segmentations/{run.segmentation_id}"
    with resources.database.session(read_only=True) as session:
        return describe(session, caller, finding.find(session, caller, run.segmentation_id))


@router.get("/{segmentation_id}", summary="Show a segmentation", responses=errors(401, 404))
def read_segmentation(
    resources: ResourcesDep, caller: ApiUser, segmentation_id: SegmentationRef
) -> SegmentationOut:
    """Returns it with its active version; it becomes the one that you used last."""
    with resources.database.session() as session:
        row = finding.find(session, caller, segmentation_id)
        finding.note_use(session, caller, row)
        return describe(session, caller, row)


@router.patch(
    "/{segmentation_id}",
    summary="Change a segmentation",
    responses=errors(401, 403, 404, body=True),
)
def update_segmentation(
    resources: ResourcesDep,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    form: SegmentationUpdate,
) -> SegmentationOut:
    """Renames, describes or shares it; `team` lets every signed-in user read it and place with it.

    Sharing requires the role analyst. They see each customer's identifier, segment and the columns
    that were used; the dataset and its other columns stay their owner's. Segments are described as
    you see them, which includes averages and shares of columns that were set aside as unrelated.
    """
    row = editing.update(resources.database, caller, segmentation_id, form)
    with resources.database.session(read_only=True) as session:
        return describe(session, caller, finding.find(session, caller, row.id))


@router.delete(
    "/{segmentation_id}",
    summary="Delete a segmentation",
    responses=errors(400, 401, 403, 404),
)
def delete_segmentation(
    service: Runs, caller: ApiUser, segmentation_id: SegmentationRef
) -> Message:
    """Deletes all of its versions; datasets are kept."""
    editing.delete(service.tools, caller, segmentation_id)
    return Message(message="Segmentation deleted successfully")
