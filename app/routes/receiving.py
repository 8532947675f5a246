"""Customers to be placed, as they arrive: records, or a file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.errors import TooLarge, UnsupportedMediaType
from app.routes.handlers import is_json
from app.routes.uploads import receive_file, receive_form, upload_slot
from app.schemas.run_views import RowsToPlace
from app.services.resources import Resources
from app.storage.datasets import IncomingFile

MAX_JSON_BYTES = 10_000_000


@asynccontextmanager
async def received(
    request: Request, resources: Resources, *, max_file_bytes: int
) -> AsyncIterator[RowsToPlace | IncomingFile]:
    """Read rows from JSON, a file or a form with one."""
    content_type = request.headers.get("content-type", "application/json").partition(";")[0]
    sent_as = content_type.strip().lower()
    if is_json(request):
        yield parsed_rows(await _json_body(request))
        return
    if sent_as not in ("multipart/form-data", "text/csv"):
        raise UnsupportedMediaType(
            "Send the rows as JSON, as text/csv, or as a file in the form's field named file"
        )
    receive = receive_file if sent_as == "text/csv" else receive_form
    largest = min(max_file_bytes, resources.settings.max_upload_bytes)
    async with upload_slot(resources):
        incoming = await run_sync(resources.datasets.store.incoming)
        try:
            await receive(request, incoming, max_bytes=largest)
            await run_sync(incoming.close)
            await run_sync(resources.datasets.reader.try_apart, incoming.path)
            yield incoming
        finally:
            incoming.discard()


async def _json_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise TooLarge("Too large for JSON; send the customers as a file")
    return bytes(body)


def parsed_rows(body: bytes) -> RowsToPlace:
    try:
        return RowsToPlace.model_validate_json(body)
    except ValidationError as error:
        problems = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(problems) from error
