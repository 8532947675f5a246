"""Orders and the snapshots made of them, as they come in and go out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from app.schemas.base import STORABLE, Incoming, Outgoing, Text, Whole

OrderRole = Literal[
    "customer", "date", "order", "amount", "quantity", "price", "product", "product_name",
    "category", "currency", "status",
]  # fmt: skip
ReturnsCount = Literal["net", "separate", "ignore"]
DatesWritten = Literal["day_first", "month_first"]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


Currency = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10, to_upper=True),
    STORABLE,
]
TimeZone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known_zone)]


class OrdersUpdate(Incoming):
    """What the owner knows better. What is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"roles": {"category": "Department"}, "returns": "net"}}
    )

    roles: Annotated[
        dict[OrderRole, Text | None],
        Field(description="Role to column; `null` where no column has the role"),
    ] = Field(default_factory=dict)
    returns: ReturnsCount = "net"
    time_zone: Annotated[
        TimeZone | None,
        Field(description="Times are in UTC, and days are those of this zone"),
    ] = None
    currency: Annotated[
        Currency | None, Field(description="The one currency whose lines count")
    ] = None
    date_order: Annotated[
        DatesWritten | None, Field(description="For dates such as 03/04/2026")
    ] = None


class SnapshotRequest(Incoming):
    """Customers as of a day; `null` is the last day with an order, and all that came before."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"as_of": "2026-06-30", "window": "365d"}}
    )

    as_of: date | None = None
    window: Annotated[
        str | None, Field(pattern=r"^[1-9]\d{0,4}d$", description="Days that count, `365d`")
    ] = None
    returns: ReturnsCount | None = None
    currency: Currency | None = None


class RoleOut(Outgoing):
    role: OrderRole
    column: str
    confidence: Literal["high", "medium", "low", "given"]
    reason: str


class OrderSettings(Outgoing):
    returns: ReturnsCount
    time_zone: str | None
    currency: str | None
    date_order: DatesWritten | None


class LedgerEntry(Outgoing):
    """Lines counted in the same way; `value` is their total in money."""

    state: str
    counted: bool
    meaning: str
    lines: int
    value: float | None


class LedgerOut(Outgoing):
    """Every line of the files: the entries' lines sum to `lines`, and their values to `value`.

    `duplicates` repeat another line of their file in every column; they are counted.
    """

    entries: list[LedgerEntry]
    lines: int
    value: float | None
    duplicates: int
    customers: int
    orders: int
    first_day: date | None
    last_day: date | None
    currencies: list[str]

    @model_validator(mode="before")
    @classmethod
    def _from_older_ledgers(cls, values: Any) -> Any:
        """Ledgers kept by earlier releases had no sum."""
        return {"value": None, **values} if isinstance(values, dict) else values


class OrderProblem(Outgoing):
    """What keeps the orders from being used; `field` is what to give by `PATCH`."""

    field: str
    code: str
    message: str


class OrderNote(Outgoing):
    code: str
    message: str


class OrderFileOut(Outgoing):
    id: Whole
    filename: str
    size_bytes: int
    n_lines: int
    created_at: datetime


class SnapshotOut(Outgoing):
    """Customers at a date: the dataset `dataset_id`. Lines that came later make it out of date."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 1,
                "orders_id": 1,
                "dataset_id": 4,
                "as_of": "2026-06-30",
                "window_days": 365,
                "returns": "net",
                "currency": None,
                "n_customers": 812,
                "out_of_date": False,
                "ledger": {
                    "entries": [
                        {
                            "state": "order",
                            "counted": True,
                            "meaning": "Counted as orders",
                            "lines": 2400,
                            "value": 56210.5,
                        }
                    ],
                    "lines": 2400,
                    "value": 56210.5,
                    "duplicates": 0,
                    "customers": 812,
                    "orders": 1340,
                    "first_day": "2025-07-01",
                    "last_day": "2026-06-30",
                    "currencies": [],
                },
                "created_at": "2026-07-01T09:15:00Z",
            }
        }
    )

    id: int
    orders_id: int
    dataset_id: int
    as_of: date
    window_days: int | None
    returns: ReturnsCount
    currency: str | None
    n_customers: int
    out_of_date: bool
    ledger: LedgerOut
    created_at: datetime


_EXAMPLE: dict[str, JsonValue] = {
    "id": 1,
    "user_id": 7,
    "filename": "orders.csv",
    "n_lines": 2400,
    "created_at": "2026-07-01T09:12:00Z",
    "updated_at": "2026-07-01T09:12:00Z",
}


class OrdersSummary(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: int
    user_id: int
    filename: str
    n_lines: int
    created_at: datetime
    updated_at: datetime


_WHOLE_EXAMPLE: dict[str, JsonValue] = {
    **_EXAMPLE,
    "columns": ["customer_id", "order_date", "amount"],
    "preview": [{"customer_id": "C000", "order_date": "2026-01-31", "amount": 25.5}],
    "roles": [
        {
            "role": "customer",
            "column": "customer_id",
            "confidence": "high",
            "reason": "'customer_id' is named like it, and its values agree.",
        }
    ],
    "settings": {
        "returns": "net",
        "time_zone": None,
        "currency": None,
        "date_order": None,
    },
    "ledger": None,
    "problems": [
        {
            "field": "roles.date",
            "code": "role_missing",
            "message": "No column was recognised as the date; name it.",
        }
    ],
    "notes": [],
    "files": [],
    "snapshots": [],
}


class OrdersOut(OrdersSummary):
    """`ledger` is `null` while there are `problems`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": _WHOLE_EXAMPLE,
        }
    )

    columns: list[str]
    preview: list[dict[str, Any]]
    roles: list[RoleOut]
    settings: OrderSettings
    ledger: LedgerOut | None
    problems: list[OrderProblem]
    notes: list[OrderNote]
    files: list[OrderFileOut]
    snapshots: list[SnapshotOut]


class AppendedOut(Outgoing):
    """`appended` is false where these orders hold the same file already."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"appended": True, "orders": _WHOLE_EXAMPLE}}
    )

    appended: bool
    orders: OrdersOut
