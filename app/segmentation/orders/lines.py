"""Order lines in one form, each with what it counts as: an order, a return, or a reason not to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from app.segmentation.orders import line_words as words
from app.segmentation.orders.gathered import forget
from app.segmentation.orders.line_shapes import Shapes, find_shapes
from app.segmentation.orders.literals import quoted, quoted_name
from app.segmentation.tables.order_names import (
    ROLES,
    Role,
    is_cancelled_flag,
    is_in_cents,
    is_kind_of_line,
)

Returns = Literal["net", "separate", "ignore"]
DateOrder = Literal["day_first", "month_first"]

_CODES: Mapping[str, str] = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "US$": "USD", "DOLLAR": "USD",
    "£": "GBP", "FR.": "CHF", "SFR": "CHF", "¥": "JPY", "ZŁ": "PLN",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Source:
    """A view of the lines as one file has them, and whether its days and months are swapped."""

    view: str
    swap_days: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How lines are read and counted.

    Attributes
    ----------
    roles : mapping of Role to str
        The column of each role that is known.
    returns : {"net", "separate", "ignore"}
        Whether returns are taken off the money, shown beside it, or left out.
    time_zone : str or None
        Times are in UTC, and days are those of this zone; days are taken as written if None.
    currency : str or None
        The one currency whose lines count.
    as_of : date or None
        The last day that counts; all do if None.
    window_days : int or None
        How many days up to ``as_of`` count; all do if None.
    """

    roles: Mapping[Role, str]
    returns: Returns = "net"
    time_zone: str | None = None
    currency: str | None = None
    as_of: date | None = None
    window_days: int | None = None

    @property
    def status_is_of_a_line(self) -> bool:
        """Whether the status says what kind of line it is, and not how its order went."""
        return is_kind_of_line(self.roles.get("status", ""))

    @property
    def has_money(self) -> bool:
        return "amount" in self.roles or {"quantity", "price"} <= set(self.roles)


def define_lines(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], plan: Plan
) -> Shapes:
    """Define the view ``lines``: one row per line of all files, with its ``state``.

    Columns: customer, moment (timestamp), day (date), order_id, amount, quantity, price, product,
    product_name, category, currency, status, state. Files are views of the connection; the
    states are those of `ledger.STATES`.
    """
    written = " UNION ALL ".join(_of_source(source, plan) for source in sources)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW written AS {written}")
    shapes = find_shapes(connection, plan.roles)
    # View definitions take no parameters; names and texts are quoted instead.
    state = _state(plan, shapes)
    counted = f"SELECT *, {state} AS state FROM ({_completed(shapes)})"  # noqa: S608
    connection.execute(f"CREATE OR REPLACE TEMP VIEW lines AS {counted}")
    forget(connection)
    return shapes


def _completed(shapes: Shapes) -> str:
    """Select the lines with what their order's other lines say of them."""
    of_order, alone = "OVER (PARTITION BY order_id)", "order_id IS NULL"
    if shapes.amount_per_visit:
        of_order, alone = "OVER (PARTITION BY customer, moment)", "customer IS NULL"
    replaced = [
        f"CASE WHEN {alone} THEN {column} ELSE coalesce({column}, max({column}) {of_order}) END "
        f"AS {column}"
        for column in sorted("moment" if r == "date" else r for r in shapes.once_per_order)
    ]
    if shapes.amount_per_order or shapes.amount_per_visit:
        share = f"max(amount) {of_order} / count(*) {of_order}"
        replaced.append(f"CASE WHEN {alone} THEN amount ELSE {share} END AS amount")
    if not replaced:
        return "SELECT *, CAST(moment AS DATE) AS day FROM written"
    # Nothing of it is as it came.
    inner = f"SELECT * REPLACE ({', '.join(replaced)}) FROM written"  # noqa: S608
    return f"SELECT *, CAST(moment AS DATE) AS day FROM ({inner})"  # noqa: S608


def _of_source(source: Source, plan: Plan) -> str:
    columns = {role: _expression(role, plan, source) for role in ROLES}
    columns["amount"] = _amount(plan)
    at = columns.pop("date")
    listed = ", ".join(
        f"{value} AS {'order_id' if role == 'order' else role}" for role, value in columns.items()
    )
    # Nothing of it is as it came: columns and texts are quoted.
    return f"SELECT {listed}, {at} AS moment FROM {quoted_name(source.view)}"  # noqa: S608


def _expression(role: Role, plan: Plan, source: Source) -> str:
    column = plan.roles.get(role)
    if role == "date":
        at = f"CAST({quoted_name(plan.roles['date'])} AS TIMESTAMP)"
        if source.swap_days:
            at = (
                f"make_timestamp(year({at}), day({at}), month({at}), hour({at}), minute({at}), "
                f"CAST(second({at}) AS DOUBLE))"
            )
        if plan.time_zone is not None:
            at = f"({at} AT TIME ZONE 'UTC') AT TIME ZONE {quoted(plan.time_zone)}"
        return at
    if role in ("quantity", "price", "amount"):
        return _number(column) if column else "CAST(NULL AS DOUBLE)"
    if not column:
        return "NULL::VARCHAR"
    text = f"nullif(trim(CAST({quoted_name(column)} AS VARCHAR)), '')"
    if role == "customer":
        return _person(text)
    if role == "status" and is_cancelled_flag(column):
        yes = ", ".join(quoted(each) for each in sorted(words.YES))
        return f"CASE WHEN lower({text}) IN ({yes}) THEN 'cancelled' ELSE {text} END"
    return _code(text) if role == "currency" else text


def _number(column: str) -> str:
    number = f"CAST({quoted_name(column)} AS DOUBLE)"
    return f"{number} / 100" if is_in_cents(column) else number


def _person(text: str) -> str:
    """Write one customer in one way: mail has no capitals, and 17850.0 is the number 17850."""
    return (
        f"CASE WHEN contains({text}, '@') THEN lower({text}) "
        f"WHEN ends_with({text}, '.0') AND regexp_full_match({text}, '[0-9]+[.]0') "
        f"THEN {text}[:-3] ELSE {text} END"
    )


def _code(text: str) -> str:
    """Write signs and names of currencies as their codes."""
    told = " ".join(f"WHEN {quoted(sign)} THEN {quoted(c)}" for sign, c in _CODES.items())
    return f"CASE upper({text}) {told} ELSE upper({text}) END"


def _amount(plan: Plan) -> str:
    if "amount" in plan.roles:
        return _number(plan.roles["amount"])
    if plan.has_money:
        return f"{_number(plan.roles['quantity'])} * {_number(plan.roles['price'])}"
    return "CAST(NULL AS DOUBLE)"


def _state(plan: Plan, shapes: Shapes) -> str:
    nobody = f"regexp_full_match(customer, {quoted(words.NOBODY)})"
    if shapes.nobody is not None:
        nobody += f" OR customer = {quoted(shapes.nobody)}"
    with_minus = "(coalesce(quantity, 0) < 0 OR coalesce(amount, 0) < 0)"
    returned = with_minus
    if shapes.returns_by_number:
        returned += (
            r" OR coalesce(regexp_full_match(order_id, '[A-Za-z]\d+') OR "
            f"regexp_full_match(order_id, {quoted(words.CREDITS)}), false)"
        )
    undone = f"{_has(words.CANCELLED)} AND NOT {_has(words.NOT_CANCELLED)}"
    if plan.status_is_of_a_line:
        returned += f" OR {_has(words.GIVEN_BACK)}"
        undone += f" AND NOT {_has(words.GIVEN_BACK)} AND NOT {with_minus}"
    elif shapes.refunds_are_lines:
        undone += f" AND NOT {with_minus}"
    no_product = (
        f"{_is(words.NO_PRODUCT_NAME, 'product_name')} OR {_is(words.NO_PRODUCT_CODE, 'product')} "
        f"OR {_is(words.NO_PRODUCT_NAME, 'status')} "
        f"OR ({with_minus} AND ({_is(words.DISCOUNT_NAME, 'product_name')} "
        f"OR {_is(words.DISCOUNT_NAME, 'status')}))"
    )
    cases = [
        ("moment IS NULL", "no_date"),
        (f"customer IS NULL OR {nobody}", "no_customer"),
        *_outside(plan),
        (undone, "cancelled"),
        (no_product, "no_product"),
        ("price = 0" if shapes.returns_by_price else "price <= 0", "no_price"),
        ("quantity = 0", "no_quantity"),
    ]
    if plan.has_money:
        cases.append(("amount IS NULL", "no_amount"))
    cases.append((returned, "return_left_out" if plan.returns == "ignore" else "return"))
    listed = " ".join(f"WHEN {condition} THEN '{state}'" for condition, state in cases)
    return f"CASE {listed} ELSE 'order' END"


def _has(pattern: str) -> str:
    return f"coalesce(regexp_matches(status, {quoted(pattern)}), false)"


def _is(pattern: str, column: str) -> str:
    return f"coalesce(regexp_full_match({column}, {quoted(pattern)}), false)"


def _outside(plan: Plan) -> list[tuple[str, str]]:
    cases = []
    if plan.as_of is not None:
        last = f"DATE '{plan.as_of.isoformat()}'"
        cases.append((f"day > {last}", "later"))
        if plan.window_days is not None:
            cases.append((f"day <= {last} - {plan.window_days}", "earlier"))
    if plan.currency is not None:
        wanted = quoted(plan.currency.upper())
        cases.append((f"upper(coalesce(currency, '')) <> {wanted}", "other_currency"))
    return cases
