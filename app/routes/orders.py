"""Orders: files of order lines, and the snapshots of customers made of them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.db.order_tables import Orders, Snapshot
from app.routes.answers import errors
from app.routes.datasets import FORM, receive_upload
from app.routes.deps import ApiAnalyst, Id, ResourcesDep, Transaction, WholePage
from app.routes.uploads import UNLIMITED
from app.schemas.base import Message
from app.schemas.orders import (
    AppendedOut,
    OrdersOut,
    OrdersSummary,
    OrdersUpdate,
    SnapshotOut,
    SnapshotRequest,
)
from app.services import orders as order_books
from app.services.datasets import Upload
from app.services.order_lines import notes_of, roles_of
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
Received = Annotated[Upload, Depends(receive_upload, scope="function")]


def described(service: OrderService, orders: Orders) -> OrdersOut:
    found = {each["role"]: each for each in orders.roles}
    given = {"confidence": "given", "reason": "You said so."}
    roles = [
        {"role": role, "column": column, **given}
        if orders.corrections.get(role) == column
        else found[role]
        for role, column in roles_of(orders).items()
    ]
    return OrdersOut.model_validate(
        {
            **OrdersSummary.model_validate(orders).model_dump(),
            "columns": orders.files[0].facts["columns"],
            "preview": service.preview(orders),
            "roles": roles,
            "settings": orders.settings,
            "ledger": orders.ledger,
            "problems": orders.problems,
            "notes": notes_of(orders),
            "files": orders.files,
            "snapshots": orders.snapshots,
        }
    )


@uploads.post(
    "/upload",
    status_code=201,
    response_model=OrdersOut,
    summary="Upload orders",
    responses=errors(401, 403, 422, body=True),
    openapi_extra=FORM,
)
def upload_orders(
    response: Response, service: OrdersDep, caller: ApiAnalyst, received: Received
) -> OrdersOut:
    """A table of orders or of their lines, in any form that datasets take.

    The columns' roles are recognised by name and by shape, each with its reason; the ledger
    accounts for every line. `problems` name what has to be given by `PATCH` first.
    """
    orders = service.create(caller, received)
    response.headers["Location"] = f"/api/v1/orders/{orders.id}"
    return described(service, orders)


@router.post(
    "/from-dataset/{dataset_id}",
    status_code=201,
    response_model=OrdersOut,
    summary="Use a dataset as orders",
    responses=errors(400, 401, 403, 404, 413, 422),
)
def create_from_dataset(
    response: Response, service: OrdersDep, caller: ApiAnalyst, dataset_id: Id
) -> OrdersOut:
    """For a file of orders that was uploaded as a dataset, which stays as it is."""
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
    "/{orders_id}", summary="Correct roles and settings", responses=errors(401, 403, 404, body=True)
)
def update_orders(
    service: OrdersDep, caller: ApiAnalyst, orders_id: Id, form: OrdersUpdate
) -> OrdersOut:
    """The lines are counted again. Snapshots made before are marked as out of date."""
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
    responses=errors(401, 403, 404, 422, body=True),
    openapi_extra=FORM,
)
def append_lines(
    service: OrdersDep, caller: ApiAnalyst, orders_id: Id, received: Received
) -> AppendedOut:
    """Another file with the same columns; a file that is there already counts once.

    Snapshots made before are marked as out of date.
    """
    orders, appended = service.append(caller, orders_id, received)
    return AppendedOut(appended=appended, orders=described(service, orders))


@router.post(
    "/{orders_id}/snapshots",
    status_code=201,
    response_model=SnapshotOut,
    summary="Make a snapshot",
    responses=errors(401, 403, 404, 422, body=True),
)
def create_snapshot(
    response: Response,
    service: SnapshotsDep,
    caller: ApiAnalyst,
    orders_id: Id,
    form: SnapshotRequest,
) -> Snapshot:
    """One row per customer as of a day, kept as a dataset: train on it like on any other."""
    snapshot = service.create(caller, orders_id, form)
    response.headers["Location"] = f"/api/v1/datasets/{snapshot.dataset_id}"
    return snapshot
