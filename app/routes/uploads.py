"""Receive a form with one file, written to disk as it comes and counted on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, TypeVar

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from app.context import current_account
from app.errors import (
    BadRequest,
    InvalidField,
    TooLarge,
    TooManyRequests,
    UnsupportedMediaType,
)
from app.schemas.base import storable
from app.services.resources import Resources
from app.storage.datasets import IncomingFile

MAX_PARTS = 100
"""Of a form; each costs more than its bytes."""
MAX_FIELDS_BYTES = 1_000_000
"""Everything around the file: the other fields, and the headers of each."""

UNLIMITED = 2**62
"""For the framework's own limit: bytes are counted here, with an answer that names the setting."""

CUT_OFF = "request_cut_off"
_WRITE_BYTES = 1 << 20


if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

Schema = TypeVar("Schema", bound=BaseModel)


@dataclass
class _Parts:
    """What the parser found so far."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    content: bytearray = field(default_factory=bytearray)
    complete: bool = False
    _n_parts: int = 0
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: dict[bytes, bytes] = field(default_factory=dict)
    _text: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._n_parts += 1
        if self._n_parts > MAX_PARTS:
            raise BadRequest(f"The form has more than {MAX_PARTS} fields", code="malformed_form")
        self._disposition = {}
        self._text.clear()

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = parse_options_header(bytes(self._value))[1]
        self._header.clear()
        self._value.clear()

    def _end_headers(self) -> None:
        if b"filename" in self._disposition:
            if self.filename is not None:
                raise BadRequest("Send one file at a time", code="several_files", field="file")
            if self._disposition.get(b"name") != b"file":
                raise InvalidField(
                    "file", "The file belongs in the field named file", code="wrong_field"
                )
            self.filename = self._disposition[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        target = self.content if b"filename" in self._disposition else self._text
        target.extend(data[start:end])

    def _end(self) -> None:
        if b"filename" not in self._disposition:
            name = self._disposition.get(b"name", b"").decode("utf-8", "replace")
            self.fields[name] = self._text.decode("utf-8", "replace")

    def _finish(self) -> None:
        self.complete = True


@dataclass(frozen=True)
class ReceivedForm:
    filename: str
    fields: dict[str, str]


async def receive_form(request: Request, incoming: IncomingFile, *, max_bytes: int) -> ReceivedForm:
    """Stream the form's file to disk; memory holds a megabyte of it at most.

    Raises
    ------
    TooLarge
        The file is larger than `max_bytes`, or the other fields exceed a megabyte.
    BadRequest
        The upload was cut off in the middle.
    """
    parts = _Parts()
    parser = MultipartParser(_boundary(request), parts.callbacks())
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            parser.write(chunk)
            _check_size(incoming, parts, max_bytes)
            if received > incoming.size + len(parts.content) + MAX_FIELDS_BYTES:
                raise TooLarge("The other form fields are too large")
            if len(parts.content) >= _WRITE_BYTES:
                await run_sync(_write, incoming, parts)
    except FormParserError as error:
        raise BadRequest(f"The form is malformed: {error}", code="malformed_form") from error
    except ClientDisconnect as error:
        raise BadRequest("The upload was cut off in the middle", code=CUT_OFF) from error
    await run_sync(_write, incoming, parts)
    if not parts.complete:
        raise BadRequest("The upload was cut off in the middle; send it again", code=CUT_OFF)
    if parts.filename is None:
        raise InvalidField("file", "Field required", code="missing")
    return ReceivedForm(_plain_name(parts.filename), parts.fields)


@asynccontextmanager
async def upload_slot(resources: Resources) -> AsyncIterator[None]:
    """Hold one of the slots that an account has for files on their way in."""
    most, account = resources.settings.max_uploads_per_user, current_account()
    if not most or account is None:
        yield
        return
    slot = await run_sync(resources.upload_slots.take, account, most)
    if slot is None:
        raise TooManyRequests(
            f"You are sending {most} files already, the most at once (MAX_UPLOADS_PER_USER); "
            "wait until one has arrived",
            retry_after=5,
            code="too_many_uploads",
        )
    try:
        yield
    finally:
        slot.release()


def declared_bytes(request: Request) -> int:
    """Return the least that a form's file has by its sender's word; 0 where that is not known."""
    length = request.headers.get("content-length", "")
    return max(0, int(length) - MAX_FIELDS_BYTES) if length.isdigit() else 0


async def receive_file(request: Request, incoming: IncomingFile, *, max_bytes: int) -> None:
    """Stream a body that is the file itself to disk.

    Raises
    ------
    TooLarge
        It is larger than `max_bytes`.
    BadRequest
        The upload was cut off in the middle.
    """
    parts = _Parts()
    try:
        async for chunk in request.stream():
            parts.content.extend(chunk)
            _check_size(incoming, parts, max_bytes)
            if len(parts.content) >= _WRITE_BYTES:
                await run_sync(_write, incoming, parts)
    except ClientDisconnect as error:
        raise BadRequest("The upload was cut off in the middle", code=CUT_OFF) from error
    await run_sync(_write, incoming, parts)


def _check_size(incoming: IncomingFile, parts: _Parts, max_bytes: int) -> None:
    if incoming.size + len(parts.content) > max_bytes:
        raise TooLarge(f"The file is larger than {max_bytes:,} bytes, the maximum")


def validated(schema: type[Schema], fields: dict[str, str]) -> Schema:
    """Read a form's text fields by a schema; an empty field is one that was left out."""
    given = {name: value for name, value in fields.items() if value != "" or name == "thousands"}
    try:
        return schema.model_validate(given)
    except ValidationError as error:
        problems = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(problems) from error


def _write(incoming: IncomingFile, parts: _Parts) -> None:
    incoming.write(bytes(parts.content))
    parts.content.clear()


def _boundary(request: Request) -> bytes:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() != "multipart/form-data":
        raise UnsupportedMediaType("Send the file as multipart/form-data, in the field named file")
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise BadRequest("The form is malformed: its boundary is missing", code="malformed_form")
    return boundary.encode("latin-1", "replace")


def _plain_name(filename: str) -> str:
    """Return the name without folders or control characters, which some browsers send along."""
    name = PureWindowsPath(filename.replace("/", "\\")).name
    name = "".join(character for character in name if character.isprintable())[:255]
    try:
        return storable(name) or "table"
    except ValueError as error:
        raise InvalidField("file", f"The file's name {error}", code="invalid_filename") from error
