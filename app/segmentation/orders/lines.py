"""Order lines in one form, each with what it counts as: an order, a return, or a reason not to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from app.segmentation.orders.role_names import ROLES, Role

Returns = Literal["net", "separate", "ignore"]
DateOrder = Literal["day_first", "month_first"]

_NOBODY = ("guest", "anonymous", "unknown", "none", "n/a", "na", "null", "nan", "-", "?", "gast",
           "anonym", "anonyme", "invité", "invitado", "anónimo", "ospite", "anonimo")  # fmt: skip
_CANCELLED = (
    r"(?i)(cancel|refund|return|void|fail|declin|stornier|storno|annul|rembours|retour|anulad"
    r"|reembols|devuelt|rimbors|geannul|rejected|abgebrochen|erstattet)"
)
# Whole names of what shops bill beside their products; part of a name would take products too.
_NO_PRODUCT_NAME = (
    r"(?i)\s*((dotcom |carriage |free )?(postage|shipping|delivery|carriage|freight|handling"
    r"|versand(kosten)?|porto|frais de port|livraison|envío|envio|gastos de envío|spedizione"
    r"|verzendkosten)( (and handling|& handling|fees?|costs?|charges?))?|bank charges?"
    r"|bankgebühren?|frais bancaires|(amazon |service |payment |paypal )?(fee|gebühr)s?|manual"
    r"|(manual )?adjustments?( .*)?|adjust bad debt|bad debt|discounts?|rabatt|remise|descuento"
    r"|sconto|samples?|this is a test product\.?|test( product| item| order)?|gift wrap(ping)? fee)"
    r"\s*"
)
_NO_PRODUCT_CODE = r"(?i)\s*(post|dot|postage|shipping|bank charges|amazonfee|adjust\d*|test\d*)\s*"


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
    def has_money(self) -> bool:
        return "amount" in self.roles or {"quantity", "price"} <= set(self.roles)


def define_lines(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], plan: Plan
) -> None:
    """Define the view ``lines``: one row per line of all files, with its ``state``.

    Columns: customer, moment (timestamp), day (date), order_id, amount, quantity, price, product,
    product_name, category, currency, status, state. Files are views of the connection; the
    states are those of `ledger.STATES`.
    """
    written = " UNION ALL ".join(_of_source(source, plan) for source in sources)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW written AS {written}")
    letters = _letters_mean_returns(connection) if "order" in plan.roles else False
    # View definitions take no parameters; names and texts are quoted instead.
    state = _state(plan, letters=letters)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW lines AS SELECT *, {state} AS state FROM written"  # noqa: S608
    )


def quoted(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _of_source(source: Source, plan: Plan) -> str:
    columns = {role: _expression(role, plan, source) for role in ROLES}
    columns["amount"] = _amount(plan)
    at = columns.pop("date")
    listed = ", ".join(
        f"{value} AS {'order_id' if role == 'order' else role}" for role, value in columns.items()
    )
    # Nothing of it is as it came: columns and texts are quoted.
    return f"SELECT {listed}, {at} AS moment, CAST({at} AS DATE) AS day FROM {_name(source.view)}"  # noqa: S608


def _expression(role: Role, plan: Plan, source: Source) -> str:
    column = plan.roles.get(role)
    if role == "date":
        at = f"CAST({_name(plan.roles['date'])} AS TIMESTAMP)"
        if source.swap_days:
            at = (
                f"make_timestamp(year({at}), day({at}), month({at}), hour({at}), minute({at}), "
                f"CAST(second({at}) AS DOUBLE))"
            )
        if plan.time_zone is not None:
            at = f"({at} AT TIME ZONE 'UTC') AT TIME ZONE {quoted(plan.time_zone)}"
        return at
    if role in ("quantity", "price", "amount"):
        return f"CAST({_name(column)} AS DOUBLE)" if column else "CAST(NULL AS DOUBLE)"
    return f"nullif(trim(CAST({_name(column)} AS VARCHAR)), '')" if column else "NULL::VARCHAR"


def _amount(plan: Plan) -> str:
    if "amount" in plan.roles:
        return f"CAST({_name(plan.roles['amount'])} AS DOUBLE)"
    if plan.has_money:
        quantity, price = _name(plan.roles["quantity"]), _name(plan.roles["price"])
        return f"CAST({quantity} AS DOUBLE) * CAST({price} AS DOUBLE)"
    return "CAST(NULL AS DOUBLE)"


def _letters_mean_returns(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether order ids are digits alone but for some with one letter before: C489449."""
    row = connection.execute(
        r"SELECT avg(CAST(regexp_full_match(order_id, '\d+') AS INT)) FROM written"
    ).fetchone()
    return row is not None and row[0] is not None and row[0] > 0.8


def _state(plan: Plan, *, letters: bool) -> str:
    nobody = ", ".join(quoted(each) for each in _NOBODY)
    returned = "coalesce(quantity, amount, 1) < 0"
    if letters:
        returned += r" OR coalesce(regexp_full_match(order_id, '[A-Za-z]\d+'), false)"
    cases = [
        ("moment IS NULL", "no_date"),
        (f"customer IS NULL OR lower(customer) IN ({nobody})", "no_customer"),
        *_outside(plan),
        (f"regexp_matches(coalesce(status, ''), '{_CANCELLED}')", "cancelled"),
        (f"regexp_full_match(coalesce(product_name, ''), '{_NO_PRODUCT_NAME}')", "no_product"),
        (f"regexp_full_match(coalesce(product, ''), '{_NO_PRODUCT_CODE}')", "no_product"),
        ("price <= 0", "no_price"),
    ]
    if plan.has_money:
        cases.append(("amount IS NULL", "no_amount"))
    cases.append((returned, "return_left_out" if plan.returns == "ignore" else "return"))
    listed = " ".join(f"WHEN {condition} THEN '{state}'" for condition, state in cases)
    return f"CASE {listed} ELSE 'order' END"


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
