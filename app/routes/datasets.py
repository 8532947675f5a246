"""Uploaded tables of customers."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse

from app.db.tables import Dataset
from app.routes.answers import errors
from app.routes.arriving import FORM, receiving_dataset
from app.routes.deps import (
    ApiAnalyst,
    Id,
    PreferAsync,
    ResourcesDep,
    ShortPage,
    Transaction,
    WholePage,
)
from app.routes.downloads import disposition
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.uploads import UNLIMITED
from app.schemas.base import Message
from app.schemas.datasets import DatasetOut, DatasetRows, DatasetSummary
from app.schemas.read_overrides import ReadOverrides
from app.services import datasets
from app.services.datasets import DatasetService, Upload
from app.services.reading import grain_of
from app.services.way_on import way_on

router = APIRouter(prefix="/api/v1/datasets", tags=["datasets"])
uploads = APIRouter(prefix="/api/v1/datasets", tags=["datasets"], max_body_size=UNLIMITED)


async def get_datasets(resources: ResourcesDep) -> DatasetService:
    return resources.datasets


Datasets = Annotated[DatasetService, Depends(get_datasets)]


async def receive_upload(
    request: Request, resources: ResourcesDep, caller: ApiAnalyst
) -> AsyncIterator[Upload]:
    async with receiving_dataset(request, resources, caller) as upload:
        yield upload


def described(
    service: DatasetService, dataset: Dataset, *, orders_at: str | None = None
) -> DatasetOut:
    """Describe a dataset; `orders_at` is where its orders are taken for what they are."""
    grain = grain_of(dataset)
    return DatasetOut(
        **DatasetSummary.model_validate(dataset).model_dump(),
        one_row_is=grain.one_row_is,
        one_row_is_because=grain.reason,
        way_on=way_on(dataset, href=orders_at),
        columns=dataset.columns,
        dialect=dataset.dialect,
        overrides=dataset.options,
        warnings=dataset.warnings,
        preview=service.preview(dataset),
    )


@uploads.post(
    "/upload",
    status_code=201,
    response_model=DatasetOut,
    summary="Upload a table",
    responses=errors(401, 403, 422, body=True) | JOB_ANSWER,
    openapi_extra=FORM,
)
def upload(
    response: Response,
    service: Datasets,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    received: Annotated[Upload, Depends(receive_upload, scope="function")],
) -> DatasetOut | Response:
    """Accepts CSV in any common format, Excel or Parquet, and detects the format and column kinds.

    The form's other fields override what is recognised. With `Prefer: respond-async` the answer
    is 202 and the table is read as a job.
    """
    if prefer_async:
        return accepted(service.create_later(caller, received))
    dataset = service.create(caller, received)
    response.headers["Location"] = f"/api/v1/datasets/{dataset.id}"
    return described(service, dataset)


@router.get(
    "", response_model=list[DatasetSummary], summary="List datasets", responses=errors(401, 403)
)
def list_datasets(
    response: Response, transaction: Transaction, caller: ApiAnalyst, page: WholePage
) -> Sequence[Dataset]:
    """Yours, newest first (everyone's for administrators); `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = datasets.list_visible(session, caller, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.get("/{dataset_id}", summary="Show a dataset", responses=errors(401, 403, 404))
def read_dataset(
    transaction: Transaction, service: Datasets, caller: ApiAnalyst, dataset_id: Id
) -> DatasetOut:
    """Returns its format, columns and kinds, warnings and first rows."""
    with transaction() as session:
        dataset = datasets.get(session, caller, dataset_id)
    return described(service, dataset)


@router.patch(
    "/{dataset_id}",
    response_model=DatasetOut,
    summary="Correct how a dataset is read",
    responses=errors(401, 403, 404, 429, body=True) | JOB_ANSWER,
)
def update_dataset(
    service: Datasets,
    caller: ApiAnalyst,
    dataset_id: Id,
    prefer_async: PreferAsync,
    form: ReadOverrides,
) -> DatasetOut | Response:
    """Reads the file again with these overrides added to the earlier ones; `null` removes one.

    Runs made before keep the reading they were made from. With `Prefer: respond-async` the answer
    is 202 and the file is read as a job.
    """
    if prefer_async:
        return accepted(service.update_later(caller, dataset_id, form))
    return described(service, service.update(caller, dataset_id, form))


@router.get("/{dataset_id}/rows", summary="Page through the rows", responses=errors(401, 403, 404))
def read_rows(
    transaction: Transaction, service: Datasets, caller: ApiAnalyst, dataset_id: Id, page: ShortPage
) -> DatasetRows:
    """Returns the rows in file order, as they were read; `null` marks a missing value."""
    with transaction() as session:
        dataset = datasets.get(session, caller, dataset_id)
    return DatasetRows(
        columns=[column["name"] for column in dataset.columns],
        rows=service.rows(dataset, page),
        total=dataset.n_rows,
    )


@router.get(
    "/{dataset_id}/download",
    response_class=FileResponse,
    summary="Download the file",
    responses=errors(401, 403, 404),
)
def download(
    transaction: Transaction, service: Datasets, caller: ApiAnalyst, dataset_id: Id
) -> FileResponse:
    """Returns the file exactly as it was uploaded."""
    with transaction() as session:
        dataset = datasets.get(session, caller, dataset_id)
    return as_uploaded(service, dataset)


def as_uploaded(service: DatasetService, dataset: Dataset) -> FileResponse:
    return FileResponse(
        service.original(dataset),
        media_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", **disposition(dataset.filename)},
    )


@router.delete("/{dataset_id}", summary="Delete a dataset", responses=errors(401, 403, 404))
def delete_dataset(service: Datasets, caller: ApiAnalyst, dataset_id: Id) -> Message:
    """Also deletes its file, its runs and everything based on them."""
    service.delete(caller, dataset_id)
    return Message(message="Dataset deleted successfully")
