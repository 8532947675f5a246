"""Every file of the shared cases is read as it is meant; the values are by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.segmentation.tables import Kind, Table, read_table


@pytest.fixture
def load(shared_data: Path) -> Callable[[str], Table]:
    def load(name: str) -> Table:
        with (shared_data / "cases" / name).open("rb") as source:
            return read_table(source)

    return load


FIRST_THREE = {"age": [24, 44, 61], "income": [22778.58, 48895.77, 91662.31]}
SPEND, VISITS = [3173.37, 917.11, 1741.0], [21, 4, 11]
VALUES = {
    "auto_k_region.csv": (90, {**FIRST_THREE, "spend": SPEND, "visits": VISITS}),
    "caret_delim.txt": (27, {**FIRST_THREE, "visits": VISITS}),
    "comment_top.csv": (25, {**FIRST_THREE, "visits": VISITS}),
    "totals_row.csv": (27, {**FIRST_THREE, "spend": SPEND, "visits": VISITS}),
    "units_row.csv": (26, {**FIRST_THREE, "spend": SPEND, "visits": VISITS}),
    "trailing_minus.csv": (27, {**FIRST_THREE, "spend": [-3173.37, 917.11, 1741.0]}),
    "suffix_units.csv": (
        27,
        {"age": [24, 44, 61], "income": [22800, 48900, 91700], "spend": SPEND, "visits": VISITS},
    ),
    "min_dot_thousands.csv": (12, {"umsatz": [950, 1234, 780, 2516, 18300, 455, 12772]}),
    "min_lakh.csv": (12, {"income": [455571, 394498, 1230000, 987654, 105000, 222222, 710000]}),
    "sentinel_999.csv": (200, {"age": [26, 34, 49], "pdays": [10, np.nan, np.nan]}),
    "x_title_total.xlsx": (90, {**FIRST_THREE, "spend": SPEND, "visits": VISITS}),
    "x_formulas_nocache.xlsx": (90, FIRST_THREE),
    "p_nested.parquet": (90, {"age": [24, 44, np.nan], "income": [22778.58, 48895.77, 91662.31]}),
}


@pytest.mark.parametrize("name", VALUES)
def test_numbers_are_read_as_written_from_the_first_row_to_the_last(load, name):
    n_rows, columns = VALUES[name]

    table = load(name)

    assert len(table.frame) == n_rows
    assert table.frame.iloc[0, 0] in ("K0", "K1000")
    for column, values in columns.items():
        assert table[column].kind is Kind.NUMERIC
        np.testing.assert_array_equal(table.frame[column].head(len(values)), values)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("comment_top.csv", "set_aside"),
        ("totals_row.csv", "set_aside"),
        ("units_row.csv", "set_aside"),
        ("x_title_total.xlsx", "set_aside"),
        ("sentinel_999.csv", "sentinel"),
        ("x_formulas_nocache.xlsx", "uncomputed_formulas"),
        ("p_nested.parquet", "set_aside_column"),
        ("order_lines.csv", "rows_are_not_customers"),
        ("bigint_phone_zip.csv", "codes"),
    ],
)
def test_what_could_be_meant_otherwise_is_said(load, name, code):
    assert code in [warning.code for warning in load(name).warnings]


def test_units_are_kept_for_words_and_charts(load):
    suffixes, row = load("suffix_units.csv"), load("units_row.csv")

    def unit(table: Table, column: str) -> str:
        known = table[column].format
        return known.unit if known is not None else ""

    assert [unit(suffixes, c) for c in ("age", "income", "spend", "visits")] == [
        "years",
        "",
        "EUR",
        "visits",
    ]
    assert [unit(row, c) for c in ("age", "income", "visits")] == ["years", "EUR", "per year"]


def test_codes_keep_every_digit(load):
    table = load("bigint_phone_zip.csv")

    assert table.of_kind(Kind.IDENTIFIER) == ["account", "phone", "plz"]
    assert table.frame.iloc[2, :3].tolist() == ["9007199254740997", "491605143044", "4132"]
    assert table.of_kind(Kind.NUMERIC) == ["age", "income"]


def test_cyrillic_letters_of_one_byte_are_words(load):
    table = load("cp1251.csv")

    assert table.frame.columns.tolist() == ["клиент", "возраст", "доход", "город"]
    assert set(table.frame["город"]) >= {"Москва", "Казань", "Омск"}
    assert table.frame["доход"].head(2).tolist() == [22778.58, 48895.77]


def test_german_months_are_dates(load):
    table = load("date_german_month.csv")

    days = [day.date().isoformat() for day in table.frame["seit"].head(7)]
    assert days == [
        "2021-01-05",
        "2021-02-11",
        "2021-03-20",
        "2021-04-26",
        "2021-06-02",
        "2021-07-09",
        "2021-08-15",
    ]


def test_order_lines_are_not_customers(load):
    assert load("order_lines.csv").grain.one_row_is == "order_line"


def test_every_shared_case_is_tried(shared_data):
    files = {path.name for path in (shared_data / "cases").iterdir()}

    assert files == {
        *VALUES,
        "bigint_phone_zip.csv",
        "cp1251.csv",
        "date_german_month.csv",
        "order_lines.csv",
    }
