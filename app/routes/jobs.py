"""Long work: watching it, and ending it."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from anyio import sleep
from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.db.tables import Job, utcnow
from app.routes.answers import errors
from app.routes.deps import ApiUser, Id, ResourcesDep, Transaction, WholePage
from app.schemas.jobs import JobOut
from app.services import job_queries
from app.services.accounts import Caller
from app.services.jobs import JobService
from app.services.quotas import UNFINISHED

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

POLL_SECONDS = 0.5
JOB_ANSWER: dict[int | str, dict[str, Any]] = {
    202: {"model": JobOut, "description": "Accepted as a job; `Location` says where to watch it"},
    429: errors(429)[429],
}


def described(job: Job) -> JobOut:
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        phase=job.phase,
        percent=job.percent,
        seconds_left=job_queries.seconds_left(job, utcnow()),
        result=_shown(job.result),
        location=_location(job),
        error=job.error,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def accepted(job: Job) -> Response:
    """Answer 202 for work that goes on without the request."""
    return JSONResponse(
        described(job).model_dump(mode="json"),
        status_code=202,
        headers={"Location": f"/api/v1/jobs/{job.id}", "Preference-Applied": "respond-async"},
    )


def _shown(result: dict[str, Any] | None) -> dict[str, Any] | None:
    """Leave an analysis to its own address: it repeats every customer."""
    return {} if result and "analysis" in result else result


def _location(job: Job) -> str | None:
    result = job.result or {}
    if "analysis" in result:
        return f"/api/analyses/{job.id}"
    if "segmentation_id" in result:
        return f"/api/v1/segmentations/{result['segmentation_id']}/versions/{result['version']}"
    if "version" in result:
        return f"/api/v1/models/{result['version']}"
    if "orders_id" in result:
        return f"/api/v1/orders/{result['orders_id']}"
    if "value_of" in result:
        of = result["value_of"]
        terms = {"horizon": f"{of['horizon']:g}d", "margin": of["margin"]}
        terms["discount"] = of["discount"]
        return f"/api/v1/snapshots/{of['snapshot_id']}/value?{urlencode(terms)}"
    if "snapshot_id" in result:
        return f"/api/v1/snapshots/{result['snapshot_id']}"
    if "run_id" in result:
        return f"/api/v1/clustering/segments/{result['run_id']}"
    return f"/api/v1/datasets/{result['dataset_id']}" if "dataset_id" in result else None


@router.get("", summary="List jobs", responses=errors(401))
def list_jobs(
    response: Response, transaction: Transaction, caller: ApiUser, page: WholePage
) -> list[JobOut]:
    """Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = job_queries.list_own(session, caller, page)
    response.headers["X-Total-Count"] = str(total)
    return [described(job) for job in rows]


@router.get("/{job_id}", summary="Show a job", responses=errors(401, 404))
def read_job(transaction: Transaction, caller: ApiUser, job_id: Id) -> JobOut:
    """Returns its state, progress and estimated seconds left."""
    with transaction() as session:
        return described(job_queries.get(session, caller, job_id))


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a job",
    responses=errors(401, 404),
)
async def follow_job(resources: ResourcesDep, caller: ApiUser, job_id: Id) -> EventSourceResponse:
    """Streams server-sent events: one per change, the last one when the job has finished."""
    first = await run_sync(_read, resources.jobs, caller, job_id)
    return EventSourceResponse(_changes(resources.jobs, caller, first))


@router.delete("/{job_id}", summary="Cancel a job", responses=errors(400, 401, 404))
def cancel_job(resources: ResourcesDep, caller: ApiUser, job_id: Id) -> JobOut:
    """Stops a running job immediately; nothing is saved."""
    return described(resources.jobs.cancel(caller, job_id))


def _read(service: JobService, caller: Caller, job_id: int) -> JobOut:
    with service.database.session(read_only=True) as session:
        return described(job_queries.get(session, caller, job_id))


async def _changes(
    service: JobService, caller: Caller, job: JobOut
) -> AsyncIterator[ServerSentEvent]:
    told: tuple[object, ...] = ()
    while True:
        now = (job.state, job.phase, job.percent)
        if now != told:
            told = now
            yield ServerSentEvent(job.model_dump_json(), event=job.state)
        if job.state not in UNFINISHED:
            return
        await sleep(POLL_SECONDS)
        job = await run_sync(_read, service, caller, job.id)
