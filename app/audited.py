"""Calls that the audit log tells of by what was called; services record what they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.routes.deps import caller_of
from app.services import audit
from app.services.resources import Resources


@dataclass(frozen=True, slots=True)
class Recorded:
    action: str
    object_type: str | None = None
    parameter: str | None = None
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
    ("DELETE", "/api/v1/jobs/{job_id}"): Recorded("job.cancelled", "job", "job_id"),
    ("GET", "/users/me/export"): Recorded("account.exported"),
    ("GET", "/admin/audit/export"): Recorded("audit.exported"),
}


class AuditedCalls:
    """Records a call that succeeded before its answer goes out; without a record there is none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                await _record(scope)
            await send(message)

        await self._app(scope, receive, send_recorded)


async def _record(scope: Scope) -> None:
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
    resources: Resources = scope["app"].state.resources
    about = scope["path_params"].get(call.parameter) if call.parameter else None
    actor_id, key_id = caller_of(scope)

    def write() -> None:
        with resources.database.connect() as connection:
            audit.record(
                connection,
                call.action,
                actor_id=actor_id,
                key_id=key_id,
                object_type=call.object_type,
                object_id=int(about) if about is not None else None,
                details=details,
            )

    await run_in_threadpool(write)
