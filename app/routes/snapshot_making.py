"""Snapshots of customers: making one, showing it, making it again."""

from fastapi import APIRouter, Response

from app.db.order_tables import Snapshot
from app.db.tables import Job
from app.routes.answers import errors
from app.routes.deps import ApiAnalyst, Id, PreferAsync, Transaction
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.orders import LinesTurn, SnapshotsDep
from app.schemas.orders import SnapshotOut, SnapshotRequest
from app.services import snapshots

router = APIRouter(prefix="/api/v1", tags=["orders"])


def _answer(response: Response, made: Snapshot | Job) -> Snapshot | Response:
    """Answer with a snapshot, or with the job that makes it."""
    if isinstance(made, Job):
        return accepted(made)
    response.headers["Location"] = f"/api/v1/datasets/{made.dataset_id}"
    return made


@router.post(
    "/orders/{orders_id}/snapshots",
    status_code=201,
    response_model=SnapshotOut,
    dependencies=[LinesTurn],
    summary="Make a snapshot",
    responses=errors(401, 403, 404, 422, body=True) | JOB_ANSWER,
)
def create_snapshot(
    response: Response,
    service: SnapshotsDep,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    orders_id: Id,
    form: SnapshotRequest,
) -> Snapshot | Response:
    """One row per customer as of a day, kept as a dataset: train on it like on any other.

    Of millions of lines, and with `Prefer: respond-async`, it is made as a job.
    """
    made = service.create(caller, orders_id, form, prefer_async=prefer_async)
    return _answer(response, made)


@router.get(
    "/snapshots/{snapshot_id}",
    response_model=SnapshotOut,
    summary="Show a snapshot",
    responses=errors(401, 403, 404),
)
def read_snapshot(transaction: Transaction, caller: ApiAnalyst, snapshot_id: Id) -> Snapshot:
    """Its date, its dataset, its ledger, and whether lines came since that belong to it."""
    with transaction() as session:
        return snapshots.get(session, caller, snapshot_id)[0]


@router.post(
    "/snapshots/{snapshot_id}/remake",
    status_code=201,
    response_model=SnapshotOut,
    dependencies=[LinesTurn],
    summary="Make a snapshot again",
    responses=errors(400, 401, 403, 404, 422) | JOB_ANSWER,
)
def remake_snapshot(
    response: Response,
    service: SnapshotsDep,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    snapshot_id: Id,
) -> Snapshot | Response:
    """Of the same day and settings, from all lines there are now, in its place.

    The dataset of its customers keeps its id; runs made of it before keep the customers they were
    made of, and say so (`data_changed`).
    """
    made = service.remake(caller, snapshot_id, prefer_async=prefer_async)
    return _answer(response, made)
