"""Calls that the audit log tells of by what was called; services record what they change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from cachetools import TTLCache
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.context import current_request
from app.services import audit
from app.services.resources import Resources


@dataclass(frozen=True, slots=True)
class Recorded:
    action: str
    object_type: str | None = None
    parameter: str | None = None
    """The one of the path that names it; without one, what the answer says was made."""
    only_files: bool = False
    """Not where the answer is for a page: where `format` names a file alone."""


_DATASETS = "/api/v1/datasets"
_ORDERS = "/api/v1/orders"
_RUNS = "/api/v1/clustering"
_VERSION = "/api/v1/models/{version}"
CALLS: Mapping[tuple[str, str], Recorded] = {
    ("POST", "/train"): Recorded("model.trained"),
    ("POST", "/predict/batch"): Recorded("customers.placed"),
    ("POST", f"{_VERSION}/activate"): Recorded("model.activated", "model", "version"),
    ("GET", "/history/export"): Recorded("history.exported"),
    ("DELETE", "/history"): Recorded("history.deleted"),
    ("POST", f"{_DATASETS}/upload"): Recorded("dataset.uploaded"),
    ("PATCH", f"{_DATASETS}/{{dataset_id}}"): Recorded("dataset.changed", "dataset", "dataset_id"),
    ("DELETE", f"{_DATASETS}/{{dataset_id}}"): Recorded("dataset.deleted", "dataset", "dataset_id"),
    ("GET", f"{_DATASETS}/{{dataset_id}}/download"): Recorded(
        "dataset.downloaded", "dataset", "dataset_id"
    ),
    ("POST", f"{_ORDERS}/upload"): Recorded("orders.uploaded"),
    ("POST", f"{_ORDERS}/from-dataset/{{dataset_id}}"): Recorded(
        "orders.uploaded", "dataset", "dataset_id"
    ),
    ("PUT", f"{_ORDERS}/{{orders_id}}/rfm-rules"): Recorded(
        "orders.rules_changed", "orders", "orders_id"
    ),
    ("POST", "/api/v1/snapshots/{snapshot_id}/remake"): Recorded(
        "orders.snapshot", "snapshot", "snapshot_id"
    ),
    ("POST", f"{_ORDERS}/{{orders_id}}/lines"): Recorded("orders.added", "orders", "orders_id"),
    ("PATCH", f"{_ORDERS}/{{orders_id}}"): Recorded("orders.changed", "orders", "orders_id"),
    ("DELETE", f"{_ORDERS}/{{orders_id}}"): Recorded("orders.deleted", "orders", "orders_id"),
    ("POST", f"{_ORDERS}/{{orders_id}}/snapshots"): Recorded(
        "orders.snapshot", "orders", "orders_id"
    ),
    ("POST", f"{_RUNS}/train"): Recorded("run.trained"),
    ("PUT", f"{_RUNS}/runs/{{run_id}}/sharing"): Recorded("run.shared", "run", "run_id"),
    ("DELETE", f"{_RUNS}/runs/{{run_id}}"): Recorded("run.deleted", "run", "run_id"),
    ("GET", f"{_RUNS}/segments/{{run_id}}"): Recorded(
        "run.exported", "run", "run_id", only_files=True
    ),
    ("POST", f"{_RUNS}/runs/{{run_id}}/predict"): Recorded("run.placed", "run", "run_id"),
    ("GET", "/api/v1/segmentations/{segmentation_id}/customers"): Recorded(
        "customers.exported", "segmentation", "segmentation_id", only_files=True
    ),
    ("GET", "/api/v1/segmentations/{segmentation_id}/report"): Recorded(
        "book.exported", "segmentation", "segmentation_id"
    ),
    ("DELETE", "/api/v1/jobs/{job_id}"): Recorded("job.cancelled", "job", "job_id"),
    ("GET", "/users/me/export"): Recorded("account.exported"),
    ("GET", "/admin/audit/export"): Recorded("audit.exported"),
}


_MADE = re.compile(rb"/(datasets|orders|snapshots|segments|jobs)/(\d+)$")
_KINDS = {b"datasets": "dataset", b"orders": "orders", b"snapshots": "snapshot",
          b"segments": "run", b"jobs": "job"}  # fmt: skip
LIMIT_REACHED = "limit.reached"
LIMIT_RECORDED_SECONDS = 60
"""So long, further refusals of one caller at one door are one with the first: a flood of them must
not become a flood of rows."""


class AuditedCalls:
    """Records a call that succeeded before its answer goes out; without a record there is none.

    Of refused ones it records those that a limit refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._refused: TTLCache[tuple[object, ...], None] = TTLCache(
            10_000, ttl=LIMIT_RECORDED_SECONDS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] < 400:
                    await _record(scope, message)
                elif message["status"] == 429:
                    await self._record_limit(scope)
            await send(message)

        await self._app(scope, receive, send_recorded)

    async def _record_limit(self, scope: Scope) -> None:
        request = current_request()
        route = getattr(scope.get("route"), "path", "")
        who = (request.account_id or request.address) if request else None
        if (who, route) in self._refused:
            return
        self._refused[who, route] = None
        details = {"route": f"{scope['method']} {route}"}
        await _write(scope, LIMIT_REACHED, None, None, details)


async def _record(scope: Scope, start: Message) -> None:
    route = scope.get("route")
    call = CALLS.get((scope["method"], getattr(route, "path", "")))
    if call is None:
        return
    details: dict[str, Any] = {}
    if call.only_files:
        file_format = parse_qs(scope["query_string"].decode("latin-1")).get("format", ["json"])[0]
        if file_format == "json":
            return
        details["format"] = file_format[:10]
    object_type, about = call.object_type, None
    if call.parameter is not None:
        named = str(scope["path_params"][call.parameter])
        # The core's segmentation has a name in place of its number.
        about = int(named) if named.isdecimal() else None
    elif made := _MADE.search(dict(start["headers"]).get(b"location", b"")):
        object_type, about = _KINDS[made[1]], int(made[2])
    await _write(scope, call.action, object_type, about, details)


async def _write(
    scope: Scope,
    action: str,
    object_type: str | None,
    object_id: int | None,
    details: Mapping[str, Any],
) -> None:
    resources: Resources = scope["app"].state.resources
    request = current_request()

    def write() -> None:
        with resources.database.connect() as connection:
            audit.record(
                connection,
                action,
                actor_id=request.account_id if request else None,
                key_id=request.key_id if request else None,
                object_type=object_type,
                object_id=object_id,
                details=details,
            )

    await run_in_threadpool(write)
