"""Private files of every role: read and segmented like datasets."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse

from app.db.tables import Dataset, Job
from app.routes.answers import errors
from app.routes.arriving import FORM, receiving_dataset
from app.routes.clustering import Runs, RunTurn, trained
from app.routes.datasets import Datasets, as_uploaded, described
from app.routes.deps import CurrentUser, Id, PreferAsync, ResourcesDep, Transaction, WholePage
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.orders import LinesTurn
from app.routes.uploads import UNLIMITED
from app.schemas.base import Message
from app.schemas.clustering import RunOut, RunRequest
from app.schemas.datasets import DatasetOut, DatasetSummary, FileLimits
from app.schemas.read_overrides import ReadOverrides
from app.services import datasets, own_files
from app.services.datasets import DatasetService, Upload
from app.services.file_limits import limits_of
from app.services.segmentations.asking import AskedRun

PREFIX = "/api/v1/files"
router = APIRouter(prefix=PREFIX, tags=["files"])
uploads = APIRouter(prefix=PREFIX, tags=["files"], max_body_size=UNLIMITED)


async def receive_file(
    request: Request, resources: ResourcesDep, caller: CurrentUser
) -> AsyncIterator[Upload]:
    async with receiving_dataset(request, resources, caller) as upload:
        yield upload


def _described(service: DatasetService, dataset: Dataset) -> DatasetOut:
    return described(service, dataset, orders_at=f"{PREFIX}/{dataset.id}/customers")


def _created(response: Response, service: DatasetService, dataset: Dataset) -> DatasetOut:
    response.headers["Location"] = f"{PREFIX}/{dataset.id}"
    return _described(service, dataset)


@uploads.post(
    "",
    status_code=201,
    response_model=DatasetOut,
    summary="Upload a file of your own",
    responses=errors(401, 422, body=True) | JOB_ANSWER,
    openapi_extra=FORM,
)
def upload_file(
    response: Response,
    service: Datasets,
    caller: CurrentUser,
    prefer_async: PreferAsync,
    received: Annotated[Upload, Depends(receive_file, scope="function")],
) -> DatasetOut | Response:
    """As a dataset is uploaded, for every role: the role `user` within `limits`.

    Only you and administrators can see the file and what is found in it.
    """
    if prefer_async:
        return accepted(service.create_later(caller, received))
    return _created(response, service, service.create(caller, received))


@router.get("/limits", summary="Show what a file may be", responses=errors(401))
def read_limits(resources: ResourcesDep, caller: CurrentUser) -> FileLimits:
    """Returns the most bytes and rows, and how many days a file and its segments are kept."""
    return FileLimits.model_validate(
        limits_of(caller.role, resources.settings), from_attributes=True
    )


@router.get("", response_model=list[DatasetSummary], summary="List files", responses=errors(401))
def list_files(
    response: Response, transaction: Transaction, caller: CurrentUser, page: WholePage
) -> Sequence[Dataset]:
    """Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = datasets.list_visible(session, caller, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.get("/{dataset_id}", summary="Show a file", responses=errors(401, 404))
def read_file(
    transaction: Transaction, service: Datasets, caller: CurrentUser, dataset_id: Id
) -> DatasetOut:
    """Returns its format, columns and kinds, warnings, first rows, and until when it is kept."""
    with transaction() as session:
        dataset = datasets.get(session, caller, dataset_id)
    return _described(service, dataset)


@router.get(
    "/{dataset_id}/download",
    response_class=FileResponse,
    summary="Download a file as it came",
    responses=errors(401, 404),
)
def download_file(
    transaction: Transaction, service: Datasets, caller: CurrentUser, dataset_id: Id
) -> FileResponse:
    """Returns the file exactly as it was uploaded."""
    with transaction() as session:
        dataset = datasets.get(session, caller, dataset_id)
    return as_uploaded(service, dataset)


@router.patch(
    "/{dataset_id}",
    summary="Correct how a file is read",
    responses=errors(401, 404, 413, 429, body=True),
)
def update_file(
    service: Datasets, caller: CurrentUser, dataset_id: Id, form: ReadOverrides
) -> DatasetOut:
    """Reads the file again with these overrides added to the earlier ones; `null` removes one."""
    return _described(service, service.update(caller, dataset_id, form))


@router.delete("/{dataset_id}", summary="Delete a file", responses=errors(401, 404))
def delete_file(service: Datasets, caller: CurrentUser, dataset_id: Id) -> Message:
    """Also deletes its segments and everything based on them."""
    service.delete(caller, dataset_id)
    return Message(message="File deleted successfully")


@router.post(
    "/{dataset_id}/customers",
    status_code=201,
    response_model=DatasetOut,
    dependencies=[LinesTurn],
    summary="Make customers of a file of orders",
    responses=errors(400, 401, 404, 413, 422, 429) | JOB_ANSWER,
)
def make_customers(
    response: Response, resources: ResourcesDep, caller: CurrentUser, dataset_id: Id
) -> DatasetOut | Response:
    """One row per customer, with value and rhythm as of the last day, as another file of yours."""
    made = own_files.customers_of_orders(resources.orders, resources.snapshots, caller, dataset_id)
    if isinstance(made, Job):
        return accepted(made)
    return _created(response, resources.datasets, made)


@router.post(
    "/train",
    status_code=201,
    response_model=RunOut,
    dependencies=[RunTurn],
    summary="Find segments in a file",
    responses=errors(401, 403, 404, body=True) | JOB_ANSWER,
)
def train_file(
    response: Response,
    resources: ResourcesDep,
    service: Runs,
    caller: CurrentUser,
    prefer_async: PreferAsync,
    form: RunRequest,
) -> RunOut | Response:
    """As a dataset is clustered; the segmentation is private."""
    run = service.train(caller, AskedRun.run(form), prefer_async=prefer_async)
    return trained(response, resources, run)
