"""Many customers at once, as JSON or as a file."""

import json
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.db.tables import utcnow
from app.errors import BadRequest, InvalidField, UnsupportedMediaType
from app.routes.answers import errors, records_or_file
from app.routes.deps import Analyst, ResourcesDep
from app.routes.downloads import attachment
from app.routes.uploads import upload_slot
from app.schemas.batch import BatchRequest, BatchResult
from app.services import batch

router = APIRouter(tags=["segments"])

MAX_JSON_BYTES = 10_000_000
MAX_FIELDS = 20
"""Of a form, besides its file."""
_IN_MEMORY_BYTES = 1_000_000


async def read_batch(
    request: Request, resources: ResourcesDep, _analyst: Analyst
) -> AsyncIterator[BatchRequest | BinaryIO]:
    """Read customers from JSON, or a file from the body or from a form; files go to disk."""
    content_type = request.headers.get("content-type", "application/json").partition(";")[0]
    match content_type.strip().lower():
        case "application/json":
            yield await run_in_threadpool(_parse, await _read_json(request))
        case "text/csv":
            async with upload_slot(resources):
                with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
                    async for chunk in request.stream():
                        await run_in_threadpool(file.write, chunk)
                    source = cast(BinaryIO, file)
                    await run_in_threadpool(resources.datasets.reader.try_copy_apart, source)
                    yield source
        case "multipart/form-data":
            async with (
                upload_slot(resources),
                request.form(max_fields=MAX_FIELDS, max_files=1) as form,
            ):
                sent = form.get("file")
                if not isinstance(sent, UploadFile):
                    raise InvalidField("file", "Send the CSV as file", code="missing")
                await run_in_threadpool(resources.datasets.reader.try_copy_apart, sent.file)
                yield sent.file
        case _:
            raise UnsupportedMediaType("Send JSON, text/csv, or a form with the CSV as `file`")


async def _read_json(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise HTTPException(413, "Too large for JSON; send the customers as a CSV file")
    return bytes(body)


def _parse(body: bytes) -> BatchRequest:
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not valid JSON: {error}", code="invalid_json") from error
    try:
        return BatchRequest.model_validate(
            {"customers": parsed} if isinstance(parsed, list) else parsed
        )
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


@router.post(
    "/predict/batch",
    response_model=BatchResult,
    summary="Place many customers",
    responses=errors(400, 401, 403, 413, 415, 422, 429) | {200: {"content": {"text/csv": {}}}},
    openapi_extra=records_or_file(BatchRequest),
)
def predict_batch(
    resources: ResourcesDep,
    customers: Annotated[BatchRequest | BinaryIO, Depends(read_batch)],
) -> BatchResult | Response:
    """Accepts up to 10,000 customers as JSON, or a CSV file of any length and returns CSV.

    The same answers as one by one, and no rows in the history. Rows that are not valid are
    reported by number and reason; the others are answered all the same.
    """
    if isinstance(customers, BatchRequest):
        return batch.predict_records(resources.models, customers.customers)
    return StreamingResponse(
        batch.predict_file(resources.models, customers),
        media_type="text/csv; charset=utf-8",
        headers=attachment("segments", utcnow().date(), ending="csv"),
    )
