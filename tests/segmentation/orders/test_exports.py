"""Exports of shops are counted to the cent, whatever their columns, languages and habits."""

import io

import duckdb
import pytest

from app.segmentation.orders.ledger import Ledger, take_ledger
from app.segmentation.orders.lines import Plan, Source, define_lines
from app.segmentation.orders.roles import find_roles, required_kinds
from app.segmentation.tables import ReadOptions, read_table
from app.services.order_reading import misread
from tests.segmentation.orders.exports import EXPORTS, TAKEN_BACK, TOTALS
from tests.segmentation.orders.more_exports import BACK_TOTAL, FIRST, MORE


def counted(text: str, **settings: str) -> tuple[dict[str, str], Ledger]:
    """Read a file as an upload is, and account for its lines."""
    raw = io.BytesIO(text.encode())
    table = read_table(raw)
    read = {each.name: each.kind for each in table.columns}
    roles = {each.role: each.column for each in find_roles(table.frame, read)}
    kinds = required_kinds(roles)
    if misread(roles, read):
        overrides = ReadOptions(kinds={column: str(kind) for column, kind in kinds.items()})
        table = read_table(raw, overrides=overrides)
    connection = duckdb.connect()
    connection.register("file_0", table.frame)
    shapes = define_lines(connection, [Source(view="file_0")], Plan(roles=roles, **settings))
    ledger = take_ledger(connection, duplicates=0, amount_per_order=shapes.amount_per_order)
    connection.close()
    return roles, ledger


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_counted_to_the_cent(name: str) -> None:
    export = EXPORTS[name]
    roles, ledger = counted(export.text())
    for each in export.roles.split(" "):
        role, _, column = each.partition("=")
        if column:
            assert roles[role].startswith(column), roles
    entries = {each.state: each for each in ledger.entries}
    assert set(entries) == {"order", export.taken_back}
    assert ledger.lines == sum(each.lines for each in ledger.entries) == len(export.lines)
    kept = [line.order for line in export.lines if line.order not in TAKEN_BACK]
    assert (entries["order"].lines, ledger.orders) == (len(kept), len(set(kept)))
    assert ledger.customers == len({o * 7 % 25 for o in (order - 1001 for order in set(kept))})
    sold = sum(total for order, total in TOTALS.items() if order not in TAKEN_BACK)
    assert entries["order"].value == pytest.approx(float(sold), abs=1e-6)
    whole = float(sum(TOTALS.values()))
    if name.startswith("letters"):
        whole = float(sold - sum(TOTALS[order] for order in TAKEN_BACK))
    assert ledger.value == pytest.approx(whole, abs=1e-6)


def test_values_of_the_ledger_sum_exactly_where_floats_do_not() -> None:
    rows = [
        f"K{i % 7},2026-01-{1 + i % 28:02},{'0.10' if i % 3 else '-0.10'}" for i in range(3_000)
    ]
    _, ledger = counted("\n".join(["customer,date,amount", *rows]))
    by_state = {each.state: each.value for each in ledger.entries}
    assert by_state == {"order": 200.0, "return": -100.0}
    assert ledger.value == 100.0


def test_prices_that_hardly_differ_are_no_totals_of_orders() -> None:
    rows = [
        f"{1000 + i // 2},K{i % 9},2026-01-{1 + i // 2 % 28:02},P{i % 5},5.00" for i in range(80)
    ]
    _, ledger = counted("\n".join(["order_id,customer,date,product,amount", *rows]))
    assert ledger.value == 400
    assert not ledger.amount_per_order


def test_a_customer_named_on_one_line_of_an_order_is_that_of_all() -> None:
    rows = [
        f"{1000 + i // 3},{f'K{i % 7}' if i % 3 == 0 else ''},2026-01-{1 + i // 3:02},P{i % 5},2.50"
        for i in range(60)
    ]
    _, ledger = counted("\n".join(["order_id,customer,date,product,amount", *rows]))
    assert {each.state: each.lines for each in ledger.entries} == {"order": 60}


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Cancelled", "cancelled"),
        ("CANCELED_BY_USER", "cancelled"),
        ("Widerrufen", "cancelled"),
        ("Rückerstattet", "cancelled"),
        ("Annulée", "cancelled"),
        ("Devuelto", "cancelled"),
        ("Возврат", "cancelled"),
        ("partially refunded", "order"),
        ("Not cancelled", "order"),
        ("Teilerstattet", "order"),
        ("non annullato", "order"),
        ("unavoidable delay", "order"),
        ("completed", "order"),
    ],
)
def test_a_status_says_whether_an_order_counts(word: str, state: str) -> None:
    rows = [f"K{i},2026-01-0{1 + i},{i}.50,{'paid' if i else word}" for i in range(6)]
    _, ledger = counted("\n".join(["customer,date,amount,status", *rows]))
    lines = {each.state: each.lines for each in ledger.entries}
    assert lines == ({"order": 6} if state == "order" else {"order": 5, "cancelled": 1})


@pytest.mark.parametrize("name", MORE)
def test_further_exports_are_counted_as_their_owners_mean_them(name: str) -> None:
    case = MORE[name]
    roles, ledger = counted(case.text(), **case.settings)
    lines = {each.state: each.lines for each in ledger.entries}
    money = {each.state: each.value for each in ledger.entries}
    kept = set(FIRST) if case.all_kept else set(FIRST) - TAKEN_BACK
    assert {s: n for s, n in lines.items() if s != "order"} == case.states, roles
    assert sum(lines.values()) == len(case.rows)
    assert ledger.orders == len(kept), roles
    assert ledger.customers == len({FIRST[order].customer for order in kept})
    sold = sum(TOTALS[order] for order in kept)
    assert money["order"] == pytest.approx(float(sold), abs=1e-6)
    if "return" in case.states:
        assert abs(money["return"]) == pytest.approx(float(BACK_TOTAL))
