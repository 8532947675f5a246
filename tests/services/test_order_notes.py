"""What owners are told of their orders before anything is computed of them."""

from typing import Any

import pytest

from app.db.order_tables import OrderFile, Orders
from app.services.order_lines import notes_of

LEDGER = {
    "duplicates": 0,
    "amount_per_order": False,
    "stands_out": None,
    "customers": 40,
    "orders": 100,
    "currencies": [],
}
ROLES = {"customer": "who", "date": "when", "order": "no", "amount": "paid"}


def told(ledger: dict[str, Any], *, columns: tuple[str, ...] = (), **roles: str) -> dict[str, str]:
    given = ROLES | roles
    orders = Orders(
        roles=[{"role": role, "column": column} for role, column in given.items()],
        corrections={},
        ledger=LEDGER | ledger,
        files=[OrderFile(facts={"kinds": dict.fromkeys([*given.values(), *columns], "numeric")})],
    )
    return {each["code"]: each["message"] for each in notes_of(orders)}


def test_nothing_is_told_of_orders_without_doubt() -> None:
    assert told({}) == {}


def test_a_customer_per_order_is_doubted() -> None:
    assert "'who'" in told({"customers": 99})["customer_per_order"]
    assert "customer_per_order" not in told({"customers": 3, "orders": 3})


def test_a_customer_that_stands_out_is_named() -> None:
    assert "'SHOP'" in told({"stands_out": "SHOP"})["customer_stands_out"]


@pytest.mark.parametrize(
    "column",
    [
        "Refunded Amount",
        "Amount Refunded",
        "refund_total",
        "Erstattungsbetrag",
        "montant remboursé",
    ],
)
def test_refunds_in_a_column_of_their_own_are_pointed_out(column: str) -> None:
    assert f"'{column}'" in told({}, columns=(column,))["refunds_not_counted"]


@pytest.mark.parametrize("column", ["Refund reason", "Refundable", "Refund date"])
def test_what_is_no_sum_of_refunds_is_not(column: str) -> None:
    assert told({}, columns=(column,)) == {}


@pytest.mark.parametrize("column", ["amount_cents", "amountInCents", "total (cents)"])
def test_cents_are_said(column: str) -> None:
    assert "hundredth" in told({}, amount=column)["cents"]


def test_per_cents_are_no_cents() -> None:
    assert told({}, amount="percents") == {}
