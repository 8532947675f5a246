"""What one row is: a customer, or something of a customer's."""

import io

import pandas as pd
import pytest

from app.segmentation.errors import GrainError
from app.segmentation.tables import ReadOptions, Table, read_table, table_from_frame
from app.segmentation.tables.grain import check_customers


def read(header: str, row, n: int = 12, **options: object) -> Table:
    text = "\n".join([header, *(row(i) for i in range(n))]) + "\n"
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "order_no,customer_id,date,product,quantity",
            "A{i},C{c},2024-05-{d},mug,{i}",
            "order_line",
        ),
        ("Bestellnummer;Kunde;Artikel;Menge", "{n};Ann{c};Stuhl{m};{i}", "order_line"),
        ("customer_id,product,amount", "C{c},mug{m},{i}", "order_line"),
        ("Kundennummer;Datum;Betrag", "{k};{d}.02.2024;4{i},50", "order"),
        ("клиент,дата,сумма", "K{c},2024-05-{d},7{i}", "order"),
        ("email,date,amount", "a{c}@x.de,2024-05-{d},7{i}", "order"),
        ("invoice,client,date,montant", "F{i},C{c},2024-05-{d},7{i}", "order"),
        ("user_id,event,timestamp", "u{c},click,2024-05-{d} 10:00:00", "event"),
        ("Kunde;Monat;Umsatz", "C{c};2024-0{m};4{i}", "customer_month"),
        ("customer_id,snapshot,balance", "C{c},2024-0{m}-01,7{i}", "customer_month"),
        ("order_id,date,amount", "{n},2024-05-{d},7{i}", "order"),
        ("sku,price,stock", "A{i},3{i},7{i}", "item"),
    ],
)
def test_rows_that_are_no_customers_are_called_what_they_are(header, row, expected):
    def of(i: int) -> str:
        return row.format(
            i=i, n=1000 + 3 * i, c=i // 3, k=1000 + i // 3, d=f"{i % 9 + 10}", m=i % 3 + 1
        )

    table = read(header, of)

    assert table.grain.one_row_is == expected
    told = next(w for w in table.warnings if w.code == "rows_are_not_customers")
    assert told.alternatives[0].overrides == {"one_row_is": "customer"}
    assert read(header, of, one_row_is="customer").grain.one_row_is == "customer"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("customer_id,age,orders,last_order,total_spend", "C{i},{a},{i},2024-05-{d},7{i}"),
        ("customer_type,age,orders", "retail,{a},{i}"),
        ("store_id,age,spend", "S{c},{a},5{i}"),
        ("household_id,customer_id,age,spend", "H{c},C{i},{a},5{i}"),
        ("account,age,spend,product", "A{i},{a},5{i},gold"),
        ("id,member,age,visits", "A{i},yes,{a},5{i}"),
        ("age,income,visits", "{a},4{i}00,{i}"),
    ],
)
def test_customers_stay_customers(header, row):
    table = read(header, lambda i: row.format(i=i, c=i // 3, a=20 + i * 2 % 50, d=f"{i % 9 + 10}"))

    assert table.grain.one_row_is == "customer"


def test_order_lines_are_not_taken_for_customers_unless_the_caller_says_so():
    records = pd.DataFrame(
        {
            "customer_id": [f"C{i // 4}" for i in range(40)],
            "order_date": [f"2024-05-{i % 28 + 1:02}" for i in range(40)],
            "product": ["mug" if i % 2 else "lamp" for i in range(40)],
            "quantity": [i % 7 for i in range(40)],
        }
    )

    with pytest.raises(GrainError, match="One row is a line of an order, not a customer"):
        check_customers(table_from_frame(records).grain)

    check_customers(table_from_frame(records, one_row_is="customer").grain)


def test_rows_that_stand_twice_are_counted_and_named():
    text = "customer,age,city\nAnn,30,Rome\nBob,41,Bonn\nAnn,30,Rome\nCid,52,Bern\nDan,27,Nice\n"

    table = read_table(io.BytesIO(text.encode()))

    told = [w for w in table.warnings if w.code == "duplicate_rows"]
    assert [(w.count, w.rows) for w in told] == [(1, (4,))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mall_customers.csv", "customer"),
        ("wholesale_customers.csv", "customer"),
        ("telco_churn.csv", "customer"),
        ("bank_additional_semicolon.csv", "customer"),
        ("marketing_campaign_semicolon_bom.csv", "customer"),
        ("cdnow_sample.csv", "order"),
        ("online_retail_semicolon_decimalcomma_bom.csv", "order_line"),
        ("orders/superstore.csv", "order_line"),
        ("orders/rfm_orders.csv", "order"),
    ],
)
def test_real_tables_are_told_apart(shared_data, name, expected):
    with (shared_data / name).open("rb") as source:
        assert read_table(source).grain.one_row_is == expected
