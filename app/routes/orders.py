"""Orders: files of order lines, and the snapshots of customers made of them."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.db.order_tables import Orders
from app.db.tables import Job
from app.routes.answers import errors
from app.routes.arriving import FORM, receiving
from app.routes.deps import ApiAnalyst, Id, PreferAsync, ResourcesDep, Transaction, WholePage
from app.routes.jobs import JOB_ANSWER, accepted
from app.routes.uploads import (
    UNLIMITED,
)
from app.schemas.base import Message
from app.schemas.orders import (
    AppendedOut,
    OrdersOut,
    OrdersSummary,
    OrdersUpdate,
)
from app.services import order_books
from app.services.datasets import Upload
from app.services.order_descriptions import described
from app.services.orders import OrderService
from app.services.snapshots import SnapshotService

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
uploads = APIRouter(prefix="/api/v1/orders", tags=["orders"], max_body_size=UNLIMITED)


async def get_orders_service(resources: ResourcesDep) -> OrderService:
    return resources.orders


async def get_snapshot_service(resources: ResourcesDep) -> SnapshotService:
    return resources.snapshots


OrdersDep = Annotated[OrderService, Depends(get_orders_service)]
SnapshotsDep = Annotated[SnapshotService, Depends(get_snapshot_service)]


async def receive_orders(
    request: Request, resources: ResourcesDep, caller: ApiAnalyst
) -> AsyncIterator[Upload]:
    """Take a file of lines in once the caller is known; it may be larger than other tables."""
    check = partial(resources.datasets.check_room, caller)
    largest = resources.settings.max_orders_bytes
    async with receiving(request, resources, check, max_bytes=largest) as upload:
        yield upload


Received = Annotated[Upload, Depends(receive_orders, scope="function")]


async def _lines_turn() -> AsyncIterator[None]:
    """Wait for a turn at lines of orders without holding a thread."""
    yield


LinesTurn = Depends(_lines_turn, scope="function", max_concurrency=2)
"""DuckDB takes every core and much memory, so that more at once would be no faster."""

TurnOnceReceived = Annotated[None, LinesTurn]
"""Named after the file in a handler's parameters, as a slow upload must not hold a turn."""


@uploads.post(
    "/upload",
    status_code=201,
    response_model=OrdersOut,
    summary="Upload orders",
    responses=errors(401, 403, 422, body=True) | JOB_ANSWER,
    openapi_extra=FORM,
)
def upload_orders(
    response: Response,
    service: OrdersDep,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    received: Received,
    _turn: TurnOnceReceived,
) -> OrdersOut | Response:
    """A table of orders or of their lines, in any form that datasets take.

    The columns' roles are recognised by name and by shape, each with its reason; the ledger
    accounts for every line. `problems` name what has to be given by `PATCH` first. With
    `Prefer: respond-async` the answer is 202 and the lines are read as a job.
    """
    if prefer_async:
        return accepted(service.create_later(caller, received))
    orders = service.create(caller, received)
    response.headers["Location"] = f"/api/v1/orders/{orders.id}"
    return described(service, orders)


@router.post(
    "/from-dataset/{dataset_id}",
    status_code=201,
    response_model=OrdersOut,
    dependencies=[LinesTurn],
    summary="Use a dataset as orders",
    responses=errors(400, 401, 403, 404, 413, 422, 429) | JOB_ANSWER,
)
def create_from_dataset(
    response: Response,
    service: OrdersDep,
    caller: ApiAnalyst,
    dataset_id: Id,
    prefer_async: PreferAsync,
) -> OrdersOut | Response:
    """For a file of orders that was uploaded as a dataset, which stays as it is.

    With `Prefer: respond-async` the answer is 202 and the lines are read as a job.
    """
    if prefer_async:
        return accepted(service.create_from_later(caller, dataset_id))
    orders = service.create_from(caller, dataset_id)
    response.headers["Location"] = f"/api/v1/orders/{orders.id}"
    return described(service, orders)


@router.get(
    "", response_model=list[OrdersSummary], summary="List orders", responses=errors(401, 403)
)
def list_orders(
    response: Response, transaction: Transaction, caller: ApiAnalyst, page: WholePage
) -> Sequence[Orders]:
    """Yours, newest first, and everyone's for administrators; `X-Total-Count` counts all."""
    with transaction() as session:
        rows, total = order_books.list_visible(session, caller, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.get("/{orders_id}", summary="Show orders", responses=errors(401, 403, 404))
def read_orders(
    transaction: Transaction, service: OrdersDep, caller: ApiAnalyst, orders_id: Id
) -> OrdersOut:
    """Their first lines, their roles, their ledger, their files and the snapshots made of them."""
    with transaction() as session:
        orders = order_books.get(session, caller, orders_id)
    return described(service, orders)


@router.patch(
    "/{orders_id}",
    response_model=OrdersOut,
    dependencies=[LinesTurn],
    summary="Correct roles and settings",
    responses=errors(401, 403, 404, 429, body=True) | JOB_ANSWER,
)
def update_orders(
    service: OrdersDep,
    caller: ApiAnalyst,
    orders_id: Id,
    prefer_async: PreferAsync,
    form: OrdersUpdate,
) -> OrdersOut | Response:
    """The lines are counted again. Snapshots made before are marked as out of date.

    With `Prefer: respond-async` the answer is 202 and they are counted as a job.
    """
    if prefer_async:
        return accepted(service.update_later(caller, orders_id, form))
    return described(service, service.update(caller, orders_id, form))


@router.delete("/{orders_id}", summary="Delete orders", responses=errors(401, 403, 404))
def delete_orders(service: OrdersDep, caller: ApiAnalyst, orders_id: Id) -> Message:
    """Their files and snapshots; the datasets of customers made of them stay."""
    service.delete(caller, orders_id)
    return Message(message="Orders deleted successfully")


@uploads.post(
    "/{orders_id}/lines",
    response_model=AppendedOut,
    summary="Add order lines",
    responses=errors(401, 403, 404, 422, body=True) | JOB_ANSWER,
    openapi_extra=FORM,
)
def append_lines(
    service: OrdersDep,
    caller: ApiAnalyst,
    prefer_async: PreferAsync,
    orders_id: Id,
    received: Received,
    _turn: TurnOnceReceived,
) -> AppendedOut | Response:
    """Another file with the same columns; a file that is there already counts once.

    Snapshots that the lines change are marked as out of date. A file of more than 100 MB, and any
    with `Prefer: respond-async`, is added as a job: the answer is 202.
    """
    answer = service.append(caller, orders_id, received, prefer_async=prefer_async)
    if isinstance(answer, Job):
        return accepted(answer)
    orders, appended = answer
    return AppendedOut(appended=appended, orders=described(service, orders))
