"""Orders as they go out: what was recognised, what the owner said, and what is to be known."""

from app.db.order_tables import Orders
from app.schemas.orders import OrdersOut, OrdersSummary
from app.services.order_lines import notes_of, roles_of
from app.services.orders import OrderService


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
