"""A segmentation as a report to hand on."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from app.routes.answers import errors
from app.routes.deps import ApiUser, ResourcesDep
from app.routes.downloads import segments_file
from app.routes.run_views import XLSX
from app.routes.segmentations import SegmentationRef
from app.schemas.base import MAX_DATABASE_ID
from app.services.segmentations.booking import BookFormat, BookService

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])

BOOK_CONCURRENCY = 2
"""Books at a time; the others wait without a thread."""

MEDIA_TYPES: dict[BookFormat, str] = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html; charset=utf-8",
    "xlsx": XLSX,
}
_NO_SCRIPT = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


async def get_books(resources: ResourcesDep) -> BookService:
    return BookService(resources.opening)


Books = Annotated[BookService, Depends(get_books)]


async def _book_turn() -> AsyncIterator[None]:
    """Wait for a turn without holding a thread."""
    yield


BookTurn = Depends(_book_turn, scope="function", max_concurrency=BOOK_CONCURRENCY)


@router.get(
    "/{segmentation_id}/report",
    response_class=StreamingResponse,
    dependencies=[BookTurn],
    summary="Download the segment book",
    responses=errors(400, 401, 404)
    | {200: {"content": {each.partition(";")[0]: {} for each in MEDIA_TYPES.values()}}},
)
def read_book(
    books: Books,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    format: Annotated[BookFormat, Query(description="What the book is written as")] = "pdf",
    version: Annotated[
        int | None, Query(ge=1, le=MAX_DATABASE_ID, description="The active one by default")
    ] = None,
) -> StreamingResponse:
    """Returns an overview and a page per segment: size, change, differences, what to do.

    All formats show the figures of the API. The workbook has the customers as well, with their
    columns; of someone else's dataset, with those that the version used, and of the core none.
    """
    opened = books.open(caller, segmentation_id, version)
    told = opened.described
    name = segments_file(
        told.title, told.version.n_segments, told.version.created_at.date(), ending=format
    )
    return StreamingResponse(
        books.write(opened, format),
        media_type=MEDIA_TYPES[format],
        headers={**name, **_NO_SCRIPT},
    )
