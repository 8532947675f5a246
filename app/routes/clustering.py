"""Clustering runs of uploaded tables: training, listing, sharing, deleting."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.db.segmentation_tables import ClusteringRun
from app.db.tables import Job
from app.routes.answers import errors
from app.routes.deps import (
    ApiAnalyst,
    ApiUser,
    Id,
    PreferAsync,
    ResourcesDep,
    Transaction,
    WholePage,
)
from app.routes.jobs import JOB_ANSWER, accepted
from app.schemas.base import Message
from app.schemas.clustering import RunOut, RunRequest, SharingRequest
from app.services.resources import Resources
from app.services.segmentations import runs
from app.services.segmentations.asking import AskedRun
from app.services.segmentations.runs import RunService

router = APIRouter(prefix="/api/v1/clustering", tags=["clustering"])

RUN_CONCURRENCY = 2
"""Runs in requests at a time; the others wait without a thread."""


async def get_runs(resources: ResourcesDep) -> RunService:
    return resources.runs


Runs = Annotated[RunService, Depends(get_runs)]


async def _run_turn() -> AsyncIterator[None]:
    """Wait for a turn without holding a thread."""
    yield


RunTurn = Depends(_run_turn, scope="function", max_concurrency=RUN_CONCURRENCY)


@router.post(
    "/train",
    status_code=201,
    response_model=RunOut,
    dependencies=[RunTurn],
    summary="Cluster a dataset",
    responses=errors(401, 403, 404, body=True) | JOB_ANSWER,
)
def train(
    response: Response,
    resources: ResourcesDep,
    service: Runs,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    form: RunRequest,
) -> RunOut | Response:
    """Leaves out identifiers, dates, free text and constants, and lists them in the answer.

    A tree is computed once: another `n_clusters` on the same dataset and options only cuts it.
    Large tables, and any with `Prefer: respond-async`, answer 202 and run as a job.
    """
    run = service.train(caller, AskedRun.run(form), prefer_async=prefer_async)
    return trained(response, resources, run)


def trained(
    response: Response, resources: Resources, run: ClusteringRun | Job
) -> RunOut | Response:
    """Answer with a run, or with the job that makes it."""
    if isinstance(run, Job):
        return accepted(run)
    response.headers["Location"] = f"/api/v1/clustering/segments/{run.id}"
    with resources.database.session(read_only=True) as session:
        return runs.describe(session, run)


@router.get("/runs", summary="List runs", responses=errors(401))
def list_all_runs(
    response: Response, transaction: Transaction, caller: ApiUser, page: WholePage
) -> list[RunOut]:
    """Yours and the team's, newest first; `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = runs.list_visible(session, caller, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.get("/runs/{dataset_id}", summary="List a dataset's runs", responses=errors(401, 404))
def list_runs(
    response: Response, transaction: Transaction, caller: ApiUser, dataset_id: Id, page: WholePage
) -> list[RunOut]:
    """Newest first. For someone else's dataset, only the runs shared with the team."""
    with transaction() as session:
        rows, total = runs.list_of_dataset(session, caller, dataset_id, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.put(
    "/runs/{run_id}/sharing",
    summary="Share a run with the team",
    responses=errors(401, 403, 404, body=True),
)
def share_run(
    resources: ResourcesDep, service: Runs, caller: ApiAnalyst, run_id: Id, form: SharingRequest
) -> RunOut:
    """Every signed-in user can read a `team` run and place customers with it.

    They see each customer's identifier, segment and the columns that the run used, in the export
    too; the dataset and its other columns stay their owner's. Segments are described as you see
    them, which includes averages and shares of columns that were set aside as unrelated. Making a
    run private makes its segmentation private if that is shared.
    """
    run = service.share(caller, run_id, form.visibility)
    with resources.database.session(read_only=True) as session:
        return runs.describe(session, run)


@router.delete("/runs/{run_id}", summary="Delete a run", responses=errors(401, 403, 404))
def delete_run(service: Runs, caller: ApiAnalyst, run_id: Id) -> Message:
    """Deletes the run; the dataset is kept."""
    service.delete(caller, run_id)
    return Message(message="Run deleted successfully")
