"""A table on its way in: the form that it comes by, and taking it in for its sender."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

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


@asynccontextmanager
async def receiving(
    request: Request, resources: Resources, caller: Caller
) -> AsyncIterator[Upload]:
    """Take the file in once the caller is known and may keep one more."""
    service = resources.datasets
    largest = limits_of(caller.role, resources.settings).max_bytes
    await run_sync(partial(service.check_quota, caller, adding=declared_bytes(request)))
    async with upload_slot(resources):
        incoming = await run_sync(service.store.incoming)
        try:
            form = await receive_form(request, incoming, max_bytes=largest)
            yield Upload(form.filename, incoming, validated(ReadOverrides, form.fields))
        finally:
            incoming.discard()
