"""Each request gets an id, a line in the log and a place in the metrics."""

import re
from time import perf_counter
from uuid import uuid4

import structlog
from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.context import RequestContext, enter_request
from app.tracing import name_request

log = structlog.get_logger("app.requests")

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
WATCHED = ("/live", "/ready", "/metrics")
"""Asked every few seconds by what watches over the service."""
SECONDS = Histogram(
    "http_request_duration_seconds",
    "How long answers took, by route",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class ObservedRequests:
    """Logs paths without their queries, which may have names and addresses of people in them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        request_id = _id_of(scope)
        client = scope.get("client")
        enter_request(RequestContext(request_id, client[0] if client else ""))
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        name_request(request_id)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                header = (b"x-request-id", request_id.encode())
                message["headers"] = [*message["headers"], header]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _note(scope, status, perf_counter() - began)


def _id_of(scope: Scope) -> str:
    """Return the id that a caller gave, so that their log and this one tell of one request."""
    given: bytes = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if _GIVEN_ID.fullmatch(given) else uuid4().hex


def _note(scope: Scope, status: int, seconds: float) -> None:
    # A path that no route has could be anything, and make a series each.
    route = getattr(scope.get("route"), "path", "other")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    SECONDS.labels(method, route, str(status)).observe(seconds)
    if not scope["path"].endswith(WATCHED):
        log.info(
            "request",
            method=method,
            path=scope["path"],
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )
