"""Where a table that is not one of customers belongs."""

from app.db.tables import Dataset
from app.schemas.datasets import WayOn
from app.segmentation.orders.roles import roles_by_name
from app.segmentation.tables import Kind
from app.services.reading import grain_of

COMES_BACK = 0.8
"""Share of rows with customers of their own, past which no one orders again."""

_ORDERS = {"order": "an order", "order_line": "a line of an order"}


def way_on(dataset: Dataset, *, href: str | None = None) -> WayOn | None:
    """Offer to take a table of orders, or of their lines, for what it is: at `href`, if given."""
    one_row_is = grain_of(dataset).one_row_is
    if one_row_is not in _ORDERS and not (
        one_row_is in ("customer", "event") and _named_like_orders(dataset)
    ):
        return None
    return WayOn(
        kind="orders",
        method="POST",
        href=href or f"/api/v1/orders/from-dataset/{dataset.id}",
        message=f"One row is {_ORDERS.get(one_row_is, 'an order or a line of one')}. Use the table "
        "as orders: the program makes customers of them, with their value, rhythm and segments.",
    )


def _named_like_orders(dataset: Dataset) -> bool:
    """Whether a customer, a date and an order or amount are named, and customers come back."""
    kinds = {each["name"]: Kind(each["kind"]) for each in dataset.columns}
    roles = {r.role: r.column for r in roles_by_name(kinds) if r.confidence == "high"}
    if not {"customer", "date"} <= set(roles) or not {"order", "amount", "quantity"} & set(roles):
        return False
    customer = next(each for each in dataset.columns if each["name"] == roles["customer"])
    present: int = dataset.n_rows - customer["missing"]
    return bool(customer["distinct"] < COMES_BACK * present)
