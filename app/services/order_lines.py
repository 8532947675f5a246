"""Orders as the engine sees them: which columns, how they count, and the ledger of all lines."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, cast

import duckdb

from app.db.order_tables import OrderFile, Orders
from app.errors import FieldProblem, InvalidFields, NotFound, TooLarge
from app.segmentation.errors import ColumnError
from app.segmentation.orders.ledger import Ledger, take_ledger
from app.segmentation.orders.lines import Plan, Returns, Source, define_lines
from app.segmentation.orders.roles import check_roles
from app.segmentation.tables.order_names import Role, holds_refunds, is_in_cents
from app.storage.datasets import DamagedDataset, DatasetStore
from app.storage.order_lines import open_lines

DEFAULT_SETTINGS: Mapping[str, str | None] = {
    "returns": "net",
    "time_zone": None,
    "currency": None,
    "date_order": None,
}


_FEWEST_ORDERS = 50


class UnusableOrders(InvalidFields):
    """The orders or the request are invalid; carries a field and a code."""

    def __init__(self, field: str, code: str, message: str) -> None:
        problem: FieldProblem = {"type": code, "loc": ["body", field], "msg": message}
        super().__init__([problem])


@dataclass(frozen=True)
class Problem:
    field: str
    code: str
    message: str


def effective_roles(
    found: Sequence[Mapping[str, Any]], corrections: Mapping[Role, str | None]
) -> dict[Role, str]:
    """Lay what the owner said over what was found; a column taken for one role leaves another."""
    taken = set(corrections.values())
    roles: dict[Role, str] = {
        each["role"]: each["column"]
        for each in found
        if each["role"] not in corrections and each["column"] not in taken
    }
    return roles | {role: column for role, column in corrections.items() if column is not None}


def corrections_of(orders: Orders) -> dict[Role, str | None]:
    return cast(dict[Role, str | None], orders.corrections)


def roles_of(orders: Orders) -> dict[Role, str]:
    return effective_roles(orders.roles, corrections_of(orders))


def find_problems(
    roles: Mapping[Role, str], files: Sequence[OrderFile], settings: Mapping[str, str | None]
) -> list[Problem]:
    """Say what has to be given before the lines can be counted."""
    for role in ("customer", "date"):
        if role not in roles:
            message = f"No column was recognised as the {role}; name it."
            return [Problem(f"roles.{role}", "role_missing", message)]
    try:
        check_roles(roles)
    except ColumnError as error:
        return [Problem("roles", "two_roles", str(error))]
    if _dates_open(files, settings):
        message = (
            f"Days and months of {roles['date']!r} cannot be distinguished; choose which comes "
            "first: day_first or month_first."
        )
        return [Problem("date_order", "ambiguous_dates", message)]
    return []


def _dates_open(files: Sequence[OrderFile], settings: Mapping[str, str | None]) -> bool:
    return _date_order(files, settings) is None and any(f.facts["ambiguous"] for f in files)


def _date_order(files: Sequence[OrderFile], settings: Mapping[str, str | None]) -> str | None:
    """Return the order the owner said, or that of a file which leaves no doubt."""
    told = [f.facts["date_order"] for f in files if not f.facts["ambiguous"]]
    known: list[str | None] = [settings["date_order"], *told]
    return next((each for each in known if each is not None), None)


def sources_of(files: Sequence[OrderFile], settings: Mapping[str, str | None]) -> list[Source]:
    wanted = _date_order(files, settings)
    return [
        Source(
            view=f"file_{i}",
            swap_days=file.facts["ambiguous"] and file.facts["date_order"] != wanted,
        )
        for i, file in enumerate(files)
    ]


@contextmanager
def opened(store: DatasetStore, files: Sequence[OrderFile]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open files of lines for questions."""
    try:
        with open_lines([store.root / file.directory / file.reading for file in files]) as lines:
            yield lines
    except DamagedDataset as error:
        raise NotFound("The files of these orders are missing or damaged") from error
    except MemoryError as error:
        raise TooLarge(
            "These orders need more memory than is available; send fewer lines"
        ) from error


def ledger_of(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[OrderFile],
    settings: Mapping[str, str | None],
    plan: Plan,
) -> Ledger:
    shapes = define_lines(connection, sources_of(files, settings), plan)
    return take_ledger(
        connection,
        duplicates=sum(f.facts["duplicates"] for f in files),
        amount_per_order=shapes.amount_per_order or shapes.amount_per_visit,
        stands_out=shapes.stands_out,
    )


def ledger_row(ledger: Ledger) -> dict[str, Any]:
    """Write a ledger as a database keeps it."""
    row = asdict(ledger)
    for name in ("first_day", "last_day"):
        row[name] = row[name].isoformat() if row[name] is not None else None
    return row


def plan_of(roles: Mapping[Role, str], settings: Mapping[str, str | None]) -> Plan:
    return Plan(
        roles=roles,
        returns=cast(Returns, settings["returns"]),
        time_zone=settings["time_zone"],
        currency=settings["currency"],
    )


def notes_of(orders: Orders) -> list[dict[str, str]]:
    """Say what the owner should know of how the lines are counted."""
    roles, ledger = roles_of(orders), orders.ledger
    notes = []
    if ledger is None:
        return []
    if "order" not in roles:
        notes.append(("day_is_order", "There is no order number: a customer's day is an order."))
    if "amount" not in roles and not {"quantity", "price"} <= set(roles):
        notes.append(("no_money", "There is no amount: customers are described without money."))
    if ledger["duplicates"]:
        message = f"{ledger['duplicates']:,} lines repeat another line exactly; they are counted."
        notes.append(("duplicates", message))
    if ledger.get("amount_per_order"):
        message = (
            f"{roles['amount']!r} is the amount of the whole order: each of its lines counts an "
            "equal part of it."
        )
        notes.append(("amount_per_order", message))
    if ledger["orders"] >= _FEWEST_ORDERS and ledger["customers"] >= 0.98 * ledger["orders"]:
        message = (
            f"Nearly every order has a customer of its own, by {roles['customer']!r}: where this "
            "names orders or addresses of a marketplace, choose another column."
        )
        notes.append(("customer_per_order", message))
    if ledger.get("stands_out") is not None:
        message = (
            f"Customer {ledger['stands_out']!r} has over ten times as many lines as any other: "
            "if it stands for customers without a number, empty it and upload again."
        )
        notes.append(("customer_stands_out", message))
    kinds = orders.files[0].facts["kinds"]
    refunds = next((c for c, kind in kinds.items() if kind == "numeric" and holds_refunds(c)), None)
    if refunds is not None and refunds not in roles.values():
        message = f"{refunds!r} is not taken off the money: refunds count where they are lines."
        notes.append(("refunds_not_counted", message))
    in_cents = [c for r, c in roles.items() if r in ("amount", "price") and is_in_cents(c)]
    if in_cents:
        notes.append(("cents", f"{in_cents[0]!r} is in cents: money is a hundredth of it."))
    if len(ledger["currencies"]) > 1:
        message = f"Money is in {', '.join(ledger['currencies'])}; choose one currency."
        notes.append(("mixed_currencies", message))
    return [{"code": code, "message": message} for code, message in notes]
