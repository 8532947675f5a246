"""The one place that turns errors into answers."""

from collections.abc import Mapping
from email.message import Message
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.db.session import is_busy
from app.errors import AppError, InvalidFields, Unauthorized, Unavailable
from app.routes.refusals import RefusalsAsJSON
from app.security import InvalidToken
from app.services import accounts
from app.services.resources import Resources

log = structlog.get_logger(__name__)

MOST_PROBLEMS = 100
"""Of one body; a list of a million wrong values would make an answer of 90 MB."""


class SafeJSONResponse(JSONResponse):
    """JSON that can be encoded whatever text of the caller's it repeats."""

    def render(self, content: Any) -> bytes:
        return super().render(content) if _encodable(content) else b'{"detail":"Invalid text"}'


def add_error_handlers(app: FastAPI) -> None:
    app.exception_handler(AppError)(_app_error)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_validation_error)
    for error in (OperationalError, InterfaceError, PoolTimeoutError):
        app.exception_handler(error)(_database_away)
    app.exception_handler(InternalError)(_inside_database)
    app.exception_handler(IntegrityError)(_changed_meanwhile)
    app.exception_handler(StaleDataError)(_changed_meanwhile)
    app.exception_handler(ClientDisconnect)(_cut_off)
    app.exception_handler(Exception)(_unexpected)
    build = app.build_middleware_stack
    # The body limit is outside of every middleware that can be added.
    app.build_middleware_stack = lambda: RefusalsAsJSON(build())  # type: ignore[method-assign]


def _answer(status: int, detail: object, headers: Mapping[str, str] | None = None) -> Response:
    return SafeJSONResponse({"detail": detail}, status_code=status, headers=headers)


def _encodable(content: object) -> bool:
    try:
        repr(content).encode()
    except UnicodeEncodeError:
        return False
    return True


async def _app_error(_request: Request, error: AppError) -> Response:
    detail = error.problems if isinstance(error, InvalidFields) else error.detail
    return _answer(error.status, detail, error.headers)


async def _http_error(_request: Request, error: HTTPException) -> Response:
    return _answer(error.status_code, error.detail, error.headers)


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    if await _token_is_refused(request):
        return await _app_error(request, Unauthorized())
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _answer(400, f"The body is not valid JSON: {problems[0]['ctx']['error']}")
    if _whole_body_refused(problems) and not is_json(request):
        return _answer(415, "The body must be JSON, with Content-Type: application/json")
    # The input is left out: it may be secret, and NaN in it could not be sent back as JSON.
    told = problems[:MOST_PROBLEMS]
    return _answer(
        422, [{"type": each["type"], "loc": each["loc"], "msg": each["msg"]} for each in told]
    )


async def _token_is_refused(request: Request) -> bool:
    """Whether the caller is anonymous; on the hot path the body is read before the token's row."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    resources: Resources = request.app.state.resources
    try:
        await run_in_threadpool(accounts.identify, resources.database, resources.signer.read(token))
    except (InvalidToken, Unauthorized):
        return True
    return False


def _whole_body_refused(problems: Any) -> bool:
    return any(problem["loc"] == ("body",) and problem["type"] != "missing" for problem in problems)


def is_json(request: Request) -> bool:
    message = Message()
    # A body of no declared type is read as JSON.
    message["content-type"] = request.headers.get("content-type", "application/json")
    subtype = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (
        subtype == "json" or subtype.endswith("+json")
    )


async def _database_away(_request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if is_busy(error):
        log.warning("database busy", reason=str(cause))
        answer = Unavailable("The database is busy at the moment; try again shortly", retry_after=1)
    else:
        log.error("database unavailable", reason=str(cause))
        answer = Unavailable("The database is not available at the moment; try again shortly")
    return _answer(answer.status, answer.detail, answer.headers)


async def _inside_database(request: Request, error: Exception) -> Response:
    # The driver's word for a transaction that stood idle too long is that of a fault.
    return await (_database_away if is_busy(error) else _unexpected)(request, error)


async def _cut_off(_request: Request, _error: Exception) -> Response:
    # Nobody is there to read it; without an answer the server would log a traceback.
    return _answer(400, "The request was cut off")


async def _changed_meanwhile(_request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, DBAPIError) else error
    log.warning("conflicting requests", reason=str(cause))
    answer = Unavailable(
        "Another request changed this at the same moment; try again", retry_after=1
    )
    return _answer(answer.status, answer.detail, answer.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return _answer(500, "Internal server error")
