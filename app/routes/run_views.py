"""What a finished run shows, and where it places new customers."""

from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.routes.answers import errors, records_or_file
from app.routes.clustering import RunTurn
from app.routes.deps import ApiUser, Id, ResourcesDep, ShortPage
from app.routes.downloads import segments_file
from app.routes.packing import PackingDep
from app.routes.receiving import received
from app.routes.uploads import UNLIMITED
from app.schemas.run_views import (
    CutOut,
    CutRequest,
    Dendrogram,
    PlacementsOut,
    ProjectionOut,
    RowsToPlace,
    Segments,
)
from app.segmentation.pictures.dendrogram import (
    DEFAULT_MAX_LEAVES,
    MAX_SIDE,
    MIN_HEIGHT,
    MIN_WIDTH,
)
from app.services import exports
from app.services.placing import PlacementRules, answered, place_file, place_records
from app.services.segmentations.looked import LookedRun
from app.services.segmentations.views import OpenRun, Picture, RunViews
from app.storage.datasets import IncomingFile

router = APIRouter(prefix="/api/v1/clustering", tags=["clustering"])
placing = APIRouter(prefix="/api/v1/clustering", tags=["clustering"], max_body_size=UNLIMITED)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILE_BYTES = 20_000_000
"""Of a file of new customers, which is read while its sender waits."""


async def get_views(resources: ResourcesDep) -> RunViews:
    return resources.run_views


Views = Annotated[RunViews, Depends(get_views)]


def get_open_run(views: Views, caller: ApiUser, run_id: Id) -> OpenRun:
    return views.open(caller, run_id)


ReadableRun = Annotated[OpenRun, Depends(get_open_run)]
Width = Annotated[int, Query(ge=MIN_WIDTH, le=MAX_SIDE, description="Pixels")]
Height = Annotated[int, Query(ge=MIN_HEIGHT, le=MAX_SIDE, description="Pixels")]
OtherCut = Annotated[
    int | None,
    Query(
        ge=2,
        le=15,
        description="Number of segments for a preview of another cut; nothing is stored",
    ),
]
Leaves = Annotated[
    int, Query(ge=2, le=200, description="Number of branches at the bottom of the picture")
]


def _file(content: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": content}}


@router.get(
    "/segments/{run_id}",
    response_model=Segments,
    summary="Show each customer's segment",
    responses=errors(401, 404) | _file({"text/csv": {}, XLSX: {}}),
)
def read_segments(
    views: Views,
    run: ReadableRun,
    page: ShortPage,
    format: Annotated[Literal["json", "csv", "xlsx"], Query()] = "json",
) -> Segments | Response:
    """Returns assignments by page, in table order, with the profiles of all segments.

    As CSV or as a workbook all customers come at once, with their columns; of someone else's
    dataset, with those that the run used. The workbook has the segments' profiles, and how they
    were found, on sheets of their own.
    """
    if format == "json":
        return views.segments(run, page)
    csv = format == "csv"
    lines = exports.csv_lines if csv else exports.workbook
    return StreamingResponse(
        lines(views, run),
        media_type="text/csv; charset=utf-8" if csv else XLSX,
        headers=segments_file(
            PurePath(run.dataset.filename).stem,
            run.run.n_clusters,
            run.run.created_at.date(),
            ending=format,
        ),
    )


@router.get(
    "/dendrogram/{run_id}",
    response_model=Dendrogram,
    response_class=Response,
    summary="Draw a run's tree",
    responses=errors(400, 401, 404) | _file({"image/png": {}, "image/svg+xml": {}}),
)
def draw_dendrogram(
    views: Views,
    run: ReadableRun,
    format: Annotated[Literal["png", "svg", "json"], Query()] = "png",
    width: Width = 1200,
    height: Height = 700,
    max_leaves: Leaves = DEFAULT_MAX_LEAVES,
) -> Dendrogram | Response:
    """Returns a picture, or with `format=json` the coordinates and possible cuts."""
    if format == "json":
        data = views.dendrogram_data(run, max_leaves=max_leaves)
        return Response(data.model_dump_json(), media_type="application/json")
    picture = views.dendrogram(run, Picture(format, width, height, max_leaves))
    return Response(picture, media_type="image/png" if format == "png" else "image/svg+xml")


@router.get(
    "/projection/{run_id}",
    response_model=ProjectionOut,
    summary="Get a map of the customers",
    responses=errors(400, 401, 404),
)
def read_projection(
    views: Views,
    run: ReadableRun,
    packing: PackingDep,
    n_clusters: OtherCut = None,
) -> Response:
    """Returns two principal components of up to 5,000 customers from all segments."""
    return packing.packed(views.projection(run, n_clusters=n_clusters))


@router.post(
    "/runs/{run_id}/cut",
    dependencies=[RunTurn],
    summary="Preview another cut of a run's tree",
    responses=errors(401, 404, body=True),
)
def preview_cut(views: Views, run: ReadableRun, form: CutRequest) -> CutOut:
    """Nothing is stored; train with this `n_clusters` to save the cut."""
    return views.cut(run, form.n_clusters)


async def receive_rows(
    request: Request, resources: ResourcesDep, run: ReadableRun
) -> AsyncIterator[RowsToPlace | IncomingFile]:
    """Read rows once the caller may use the run."""
    async with received(request, resources, max_file_bytes=MAX_FILE_BYTES) as sent:
        yield sent


@placing.post(
    "/runs/{run_id}/predict",
    summary="Place new customers in a run's segments",
    responses=errors(401, 404, 429, body=True),
    openapi_extra=records_or_file(RowsToPlace),
)
def predict(
    views: Views,
    resources: ResourcesDep,
    run: ReadableRun,
    sent: Annotated[RowsToPlace | IncomingFile, Depends(receive_rows, scope="function")],
) -> PlacementsOut:
    """Accepts rows as JSON, or a file in any format, with the columns that the run used.

    `rule` says how: a tree has no rule of its own for new rows, so the nearest center decides;
    DBSCAN distinguishes core, border and noise.
    """
    rules = PlacementRules.of(LookedRun(views, run))
    if isinstance(sent, RowsToPlace):
        return answered(run.run.id, rules, place_records(rules, sent.rows))
    with sent.path.open("rb") as source:
        _, placed = place_file(rules, source, resources.settings.max_columns)
    return answered(run.run.id, rules, placed)
