"""The one place that turns errors into answers."""

from email.message import Message
from http import HTTPStatus
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
from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.db.session import is_busy
from app.errors import (
    AppError,
    BadRequest,
    InsufficientStorage,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unauthorized,
    Unavailable,
    is_disk_full,
)
from app.routes.error_answers import MOST_PROBLEMS, answer, app_answer, fields_answer
from app.routes.refusals import RefusalsAsJSON
from app.security import InvalidToken
from app.services import accounts
from app.services.resources import Resources

log = structlog.get_logger(__name__)

_CODES = {error.status: error.code for error in (BadRequest, NotFound, TooLarge)}


def add_error_handlers(app: FastAPI) -> None:
    app.exception_handler(AppError)(_app_error)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_validation_error)
    for error in (OperationalError, InterfaceError, PoolTimeoutError):
        app.exception_handler(error)(_database_away)
    app.exception_handler(InternalError)(_inside_database)
    app.exception_handler(OSError)(_file_error)
    app.exception_handler(IntegrityError)(_changed_meanwhile)
    app.exception_handler(StaleDataError)(_changed_meanwhile)
    app.exception_handler(ClientDisconnect)(_cut_off)
    app.exception_handler(Exception)(_unexpected)
    build = app.build_middleware_stack
    # The body limit is outside of every middleware that can be added.
    app.build_middleware_stack = lambda: RefusalsAsJSON(build())  # type: ignore[method-assign]


async def _app_error(_request: Request, error: AppError) -> Response:
    return app_answer(error)


async def _http_error(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of the first route with this path alone.
        allowed = request.app.state.path_methods.of(get_route_path(request.scope))
        return app_answer(MethodNotAllowed(allowed)) if allowed else _framework_answer(error)
    return _framework_answer(error)


def _framework_answer(error: HTTPException) -> Response:
    # The names of some statuses differ between versions of Python.
    status = HTTPStatus(error.status_code)
    code = _CODES.get(status, status.name.lower())
    return answer(error.status_code, error.detail, code=code, headers=error.headers)


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    if await _token_is_refused(request):
        return app_answer(Unauthorized())
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        reason = problems[0]["ctx"]["error"]
        return answer(400, f"The body is not valid JSON: {reason}", code="invalid_json")
    if _whole_body_refused(problems) and not is_json(request):
        return answer(
            415,
            "The body must be JSON, with Content-Type: application/json",
            code="unsupported_media_type",
        )
    # The input is left out: it may be secret, and NaN in it could not be sent back as JSON.
    return fields_answer(
        [
            {"type": each["type"], "loc": list(each["loc"]), "msg": each["msg"]}
            for each in problems[:MOST_PROBLEMS]
        ]
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


async def _file_error(request: Request, error: Exception) -> Response:
    return await (_disk_full if is_disk_full(error) else _unexpected)(request, error)


async def _disk_full(request: Request, error: Exception) -> Response:
    log.error("disk full", path=request.url.path, reason=str(error))
    return await _app_error(request, InsufficientStorage())


async def _database_away(request: Request, error: Exception) -> Response:
    if is_disk_full(error):
        return await _disk_full(request, error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if is_busy(error):
        log.warning("database busy", reason=str(cause))
        away = Unavailable(
            "The database is busy; try again shortly",
            retry_after=1,
            code="database_busy",
        )
    else:
        log.error("database unavailable", reason=str(cause))
        away = Unavailable(
            "The database is unavailable; try again shortly",
            code="database_unavailable",
        )
    return app_answer(away)


async def _inside_database(request: Request, error: Exception) -> Response:
    # The driver's word for a transaction that stood idle too long is that of a fault.
    return await (_database_away if is_busy(error) else _unexpected)(request, error)


async def _cut_off(_request: Request, _error: Exception) -> Response:
    # Nobody is there to read it; without an answer the server would log a traceback.
    return answer(400, "The request was cut off", code="request_cut_off")


async def _changed_meanwhile(_request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, DBAPIError) else error
    log.warning("conflicting requests", reason=str(cause))
    return app_answer(
        Unavailable(
            "Another request changed this at the same moment; try again",
            retry_after=1,
            code="conflicting_requests",
        )
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    if is_disk_full(error):
        return await _disk_full(request, error)
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return answer(500, "Internal server error", code=AppError.code)
