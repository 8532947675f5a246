"""Customers placed in a segmentation, and what was placed before."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse

from app.db.tables import utcnow
from app.routes.answers import errors, records_or_file
from app.routes.deps import (
    ApiUser,
    OptionalCredentials,
    ResourcesDep,
    ShortPage,
    Transaction,
    get_api_user,
)
from app.routes.downloads import attachment
from app.routes.handlers import is_json
from app.routes.receiving import parsed_rows, received
from app.routes.run_views import MAX_FILE_BYTES
from app.routes.segmentations import SegmentationRef
from app.routes.uploads import UNLIMITED
from app.schemas.placements import PlacedCustomerOut, VersionPlacements
from app.schemas.run_views import RowsToPlace
from app.security import Claims
from app.services.accounts import Caller
from app.services.resources import Resources
from app.services.segmentations.finding import Reference
from app.services.segmentations.placed import list_placed
from app.services.segmentations.placing import PlacingService
from app.storage.datasets import IncomingFile

router = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"])
placing = APIRouter(prefix="/api/v1/segmentations", tags=["segmentations"], max_body_size=UNLIMITED)

FEW_BYTES = 100_000


def wants_csv(request: Request) -> bool:
    return "text/csv" in request.headers.get("accept", "")


@dataclass(frozen=True)
class Arrived:
    """What came to be placed, where, and from whom."""

    resources: Resources
    credentials: Claims | Caller | None
    reference: Reference
    rows: bytes | RowsToPlace | IncomingFile


async def receive_rows(
    request: Request,
    resources: ResourcesDep,
    credentials: OptionalCredentials,
    segmentation_id: SegmentationRef,
) -> AsyncIterator[Arrived]:
    """Read rows once the caller may use the segmentation; few of them, which cost nothing, before.

    A thread for each question costs more than the answers, where one customer is placed, and so
    does each parameter of the handler's that it would ask for again.
    """
    if is_json(request) and int(request.headers.get("content-length", MAX_FILE_BYTES)) <= FEW_BYTES:
        yield Arrived(resources, credentials, segmentation_id, await request.body())
        return

    def check() -> None:
        resources.placing.serving(get_api_user(resources, credentials), segmentation_id)

    await run_sync(check)
    largest = resources.settings.max_batch_bytes if wants_csv(request) else MAX_FILE_BYTES
    async with received(request, resources, max_file_bytes=largest) as sent:
        yield Arrived(resources, credentials, segmentation_id, sent)


@placing.post(
    "/{segmentation_id}/predict",
    response_model=VersionPlacements,
    summary="Place new customers",
    responses=errors(401, 404, body=True) | {200: {"content": {"text/csv": {}}}},
    openapi_extra=records_or_file(RowsToPlace),
)
def predict(
    request: Request, arrived: Annotated[Arrived, Depends(receive_rows, scope="function")]
) -> Response:
    """Places rows by the active version, and adds them to the history.

    Accepts JSON, or a file in any format, with the columns that the version used. A file is
    answered as CSV with columns added, as a stream, where `Accept` asks for `text/csv`; such a
    file for the core is not added to the history, as at `/predict/batch`.
    """
    service = arrived.resources.placing
    found = _at_once(service, arrived)
    if found is None:
        caller = get_api_user(arrived.resources, arrived.credentials)
        serving = service.serving(caller, arrived.reference)
        rows = parsed_rows(arrived.rows) if isinstance(arrived.rows, bytes) else arrived.rows
        if isinstance(rows, IncomingFile) and wants_csv(request):
            return StreamingResponse(
                service.stream_file(caller, serving, rows),
                media_type="text/csv; charset=utf-8",
                headers=attachment("placed customers", utcnow().date(), ending="csv"),
            )
        found = (
            service.place_file(caller, serving, rows)
            if isinstance(rows, IncomingFile)
            else service.place(caller, serving, rows.rows)
        )
    # Ready-made JSON spares a second validation.
    return Response(found.model_dump_json(), media_type="application/json")


def _at_once(service: PlacingService, arrived: Arrived) -> VersionPlacements | None:
    """Place ordinary rows at once; errors are left to the handler, which reports them in order."""
    who, reference, rows = arrived.credentials, arrived.reference, arrived.rows
    if who is None or reference == "core" or not isinstance(rows, bytes):
        return None
    with suppress(RequestValidationError):
        return service.place_at_once(who, reference, parsed_rows(rows).rows)
    return None


@router.get(
    "/{segmentation_id}/history",
    summary="List who was placed",
    responses=errors(401, 404),
)
def list_history(
    response: Response,
    transaction: Transaction,
    caller: ApiUser,
    segmentation_id: SegmentationRef,
    page: ShortPage,
) -> list[PlacedCustomerOut]:
    """Newest first, with `X-Total-Count`; the owner sees everyone's placements, others their own.

    For the core these are your predictions.
    """
    with transaction() as session:
        found, total = list_placed(session, caller, segmentation_id, page)
    response.headers["X-Total-Count"] = str(total)
    return found
