"""The seven real tables load right with no override."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.segmentation.tables import Kind, Table, read_table


@pytest.fixture
def load(shared_data: Path) -> Callable[[str], Table]:
    def load(name: str) -> Table:
        with (shared_data / name).open("rb") as source:
            return read_table(source)

    return load


def codes(table: Table, column: str) -> dict[str, int]:
    return {warning.code: warning.count for warning in table[column].warnings}


@pytest.mark.parametrize(
    ("name", "shape", "delimiter", "encoding", "decimal"),
    [
        ("mall_customers.csv", (200, 5), ",", "utf-8", "."),
        ("wholesale_customers.csv", (440, 8), ",", "utf-8", "."),
        ("cdnow_sample.csv", (6919, 5), "whitespace", "utf-8", "."),
        ("telco_churn.csv", (7043, 21), ",", "utf-8", "."),
        ("bank_additional_semicolon.csv", (4119, 21), ";", "utf-8", "."),
        (
            "online_retail_semicolon_decimalcomma_bom.csv",
            (10000, 8),
            ";",
            "utf-8-sig",
            ",",
        ),
        ("marketing_campaign_semicolon_bom.csv", (2240, 29), ";", "utf-8-sig", "."),
    ],
)
def test_shape_and_dialect_are_recognised(load, name, shape, delimiter, encoding, decimal):
    table = load(name)

    assert table.frame.shape == shape
    assert table.dialect.delimiter == delimiter
    assert table.dialect.encoding == encoding
    assert table.dialect.decimal == decimal
    assert table.dialect.has_header == (name != "cdnow_sample.csv")
    assert [column.name for column in table.columns] == list(table.frame.columns)


def test_mall_is_an_id_a_category_and_three_numbers(load):
    table = load("mall_customers.csv")

    assert [column.kind for column in table.columns] == [
        Kind.IDENTIFIER,
        Kind.CATEGORICAL,
        Kind.NUMERIC,
        Kind.NUMERIC,
        Kind.NUMERIC,
    ]
    assert table.warnings == ()
    assert table.frame["Annual Income (k$)"].mean() == pytest.approx(60.56)


def test_wholesale_channel_and_region_are_codes_and_spends_are_numbers(load):
    table = load("wholesale_customers.csv")

    assert table.of_kind(Kind.CATEGORICAL) == ["Channel", "Region"]
    assert len(table.of_kind(Kind.NUMERIC)) == 6
    assert table.frame["Fresh"].sum() == 5_280_131


def test_cdnow_without_header_keeps_leading_zeros_and_reads_dates(load):
    table = load("cdnow_sample.csv")

    assert [column.kind for column in table.columns] == [
        Kind.IDENTIFIER,
        Kind.IDENTIFIER,
        Kind.DATE,
        Kind.NUMERIC,
        Kind.NUMERIC,
    ]
    assert table.frame.iloc[0, :2].tolist() == ["00004", "0001"]
    assert table["column_1"].distinct == 2357
    assert table.frame["column_3"].min().date().isoformat() == "1997-01-01"
    assert codes(table, "column_1") == {"codes": 0, "repeated_id": 6919 - 2357}


def test_telco_total_charges_is_numeric_with_eleven_blanks(load):
    table = load("telco_churn.csv")

    column = table["TotalCharges"]
    assert column.kind is Kind.NUMERIC
    assert column.missing == 11
    assert codes(table, "TotalCharges") == {"blank": 11}
    assert column.warnings[0].line == 490
    assert table["customerID"].kind is Kind.IDENTIFIER
    assert table.of_kind(Kind.NUMERIC) == ["tenure", "MonthlyCharges", "TotalCharges"]
    assert table["SeniorCitizen"].kind is Kind.CATEGORICAL


def test_bank_keeps_unknown_as_an_answer_and_says_so(load):
    table = load("bank_additional_semicolon.csv")

    assert table["default"].distinct == 3
    assert table["default"].missing == 0
    assert codes(table, "default") == {"possible_missing": 803}
    assert table["emp.var.rate"].kind is Kind.NUMERIC
    assert table.frame["euribor3m"].max() < 6
    assert len(table.of_kind(Kind.CATEGORICAL)) == 11


def test_online_retail_reads_decimal_commas_dates_and_ids(load):
    table = load("online_retail_semicolon_decimalcomma_bom.csv")

    kinds = {column.name: column.kind for column in table.columns}
    assert kinds == {
        "InvoiceNo": Kind.IDENTIFIER,
        "StockCode": Kind.IDENTIFIER,
        "Description": Kind.FREE_TEXT,
        "Quantity": Kind.NUMERIC,
        "InvoiceDate": Kind.DATE,
        "UnitPrice": Kind.NUMERIC,
        "CustomerID": Kind.IDENTIFIER,
        "Country": Kind.CATEGORICAL,
    }
    assert table.frame["UnitPrice"].head(3).tolist() == [2.55, 3.39, 2.75]
    assert table.frame["InvoiceDate"].dt.month.unique().tolist() == [12]
    assert "ambiguous_date" in codes(table, "InvoiceDate")
    assert codes(table, "CustomerID")["blank"] == table["CustomerID"].missing


def test_marketing_names_missing_incomes_impossible_years_and_constants(load):
    table = load("marketing_campaign_semicolon_bom.csv")

    assert table["ID"].kind is Kind.IDENTIFIER
    assert table["Income"].missing == 24
    assert codes(table, "Income") == {"blank": 24}
    assert codes(table, "Year_Birth") == {"impossible_value": 3}
    assert "1893" in str(table["Year_Birth"].warnings[0])
    assert table.of_kind(Kind.CONSTANT) == ["Z_CostContact", "Z_Revenue"]
    assert table["Dt_Customer"].kind is Kind.DATE
    assert table["Kidhome"].kind is Kind.NUMERIC
    assert table["Complain"].kind is Kind.CATEGORICAL
