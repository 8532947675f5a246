"""A table on its way in: the form that it comes by, and taking it in for its sender."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Protocol

from anyio.to_thread import run_sync
from fastapi import Request

from app.routes.uploads import declared_bytes, receive_form, upload_slot, validated
from app.schemas.read_overrides import ReadOverrides
from app.services.accounts import Caller
from app.services.datasets import Upload
from app.services.file_limits import limits_of
from app.services.resources import Resources

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{
                            name: {"type": "string"}
                            for name in ReadOverrides.model_fields
                            if name not in ("has_header", "decimal", "header_row")
                        },
                        "has_header": {"type": "boolean"},
                        "header_row": {"type": "integer"},
                        "decimal": {"type": "string", "enum": [".", ","]},
                    },
                }
            }
        },
    }
}


class RoomCheck(Protocol):
    """Refuses a file that its sender may not keep."""

    def __call__(self, *, adding: int) -> None: ...


def receiving_dataset(
    request: Request, resources: Resources, caller: Caller
) -> AbstractAsyncContextManager[Upload]:
    """Take a table in, if the caller may keep one more."""
    largest = limits_of(caller.role, resources.settings).max_bytes
    check = partial(resources.datasets.check_quota, caller)
    return receiving(request, resources, check, max_bytes=largest)


@asynccontextmanager
async def receiving(
    request: Request, resources: Resources, check: RoomCheck, *, max_bytes: int
) -> AsyncIterator[Upload]:
    """Take a file in, once `check` allows as many bytes as the request declares."""
    await run_sync(partial(check, adding=declared_bytes(request)))
    async with upload_slot(resources):
        incoming = await run_sync(resources.datasets.store.incoming)
        try:
            form = await receive_form(request, incoming, max_bytes=max_bytes)
            yield Upload(form.filename, incoming, validated(ReadOverrides, form.fields))
        finally:
            incoming.discard()
