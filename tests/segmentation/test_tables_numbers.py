"""Numbers are read as the owner of the table means them, or the doubt is said."""

import io
from pathlib import Path

import pandas as pd
import pytest

from app.segmentation.errors import TableError
from app.segmentation.tables import Kind, ReadOptions, Table, read_table, table_from_frame


@pytest.fixture
def cases(shared_data: Path) -> Path:
    return shared_data / "cases"


def read(text: str, **options) -> Table:
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


def codes(table: Table, column: str) -> set[str]:
    return {warning.code for warning in table[column].warnings}


def of_column(values: list[str], *, delimiter: str = ";", **options) -> Table:
    lines = [f'k{i * 7 % 5}{delimiter}"{value}"' for i, value in enumerate(values)]
    return read("\n".join([f"key{delimiter}amount", *lines]) + "\n", **options)


THOUSANDS = "id;umsatz;alter\nK0;950;30\nK1;1.234;31\nK2;780;32\nK3;2.516;33\nK4;18.300;34\n"


class TestSeparators:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            (["950", "1.234", "780", "2.516"], [950, 1234, 780, 2516]),
            (["950", "1,234", "780", "2,516"], [950, 1234, 780, 2516]),
            (["950", "1.234", "12.345.678"], [950, 1234, 12345678]),
            (["1.234", "2.516", "1.234,5"], [1234, 2516, 1234.5]),
            (["1.234", "2.516", "0.5"], [1.234, 2.516, 0.5]),
            (["1,234", "2,516", "0,5"], [1.234, 2.516, 0.5]),
            (["4,55,571", "12,345", "999"], [455571, 12345, 999]),
            (["12,34,567.50", "1,05,000", "50"], [1234567.5, 105000, 50]),
            (["1'234.50", "12", "1'000'000"], [1234.5, 12, 1000000]),
            (["1’234.50", "12", "1’000’000"], [1234.5, 12, 1000000]),
            (["1\u00a0234,5", "12", "1\u00a0000\u00a0000"], [1234.5, 12, 1000000]),
            (["1\u202f234,567", "12", "7"], [1234.567, 12, 7]),
            (["1\u2009234", "12", "7"], [1234, 12, 7]),
            (["1'234.567", "12", "7"], [1234.567, 12, 7]),
            (["١٢٣٤", "٥٦", "٧٫٥"], [1234, 56, 7.5]),
            (["١٬٢٣٤٫٥", "٥٦"], [1234.5, 56]),
            (["१२३४", "५६", "७.५"], [1234, 56, 7.5]),
            (["１２３４", "５６", "７．５"], [1234, 56, 7.5]),
        ],
    )
    def test_the_column_decides(self, written, expected):
        table = of_column(written)

        assert table["amount"].kind is Kind.NUMERIC
        assert table.frame["amount"].tolist() == expected
        assert codes(table, "amount") == set()

    def test_thousands_in_a_german_file_are_thousands(self):
        table = read(THOUSANDS)

        assert table.frame["umsatz"].tolist() == [950, 1234, 780, 2516, 18300]
        assert table.warnings == ()
        assert (table.dialect.decimal, table.dialect.thousands) == (",", ".")

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({"thousands": "."}, [1234, 2516]),
            ({"decimal": ","}, [1234, 2516]),
            ({"decimals": {"x": ","}}, [1234, 2516]),
            ({"decimal": "."}, [1.234, 2.516]),
            ({"thousands": ","}, [1.234, 2.516]),
            ({"thousands": ""}, [1.234, 2.516]),
            ({"decimals": {"x": "."}}, [1.234, 2.516]),
            ({"decimal": ",", "decimals": {"x": "."}}, [1.234, 2.516]),
        ],
    )
    @pytest.mark.parametrize("delimiter", [",", ";"])
    def test_what_is_given_settles_it(self, options, expected, delimiter):
        table = read(f"k{delimiter}x\na{delimiter}1.234\nb{delimiter}2.516\n", **options)

        assert table.frame["x"].tolist() == expected
        assert codes(table, "x") == set()

    @pytest.mark.parametrize(
        ("delimiter", "written", "taken", "other"),
        [(",", "1.234", 1.234, "1234"), (";", "1.234", 1234, "1.234"),
         ("\t", "1,234", 1234, "1.234"), (";", "1,234", 1.234, "1234")],
    )  # fmt: skip
    def test_what_nothing_decides_is_said_with_both_readings(
        self, delimiter, written, taken, other
    ):
        text = (
            f"k{delimiter}x\na{delimiter}{written}\nb{delimiter}{written.replace('234', '500')}\n"
        )
        table = read(text, delimiter=delimiter)

        (warning,) = table["x"].warnings
        assert table.frame["x"].iloc[0] == taken
        assert warning.code == "ambiguous_number"
        assert warning.reading == f"{taken:g}"
        assert warning.rows == (2, 3)
        (alternative,) = warning.alternatives
        assert alternative.reading == other
        again = read(text, delimiter=delimiter, **alternative.overrides)
        assert again.frame["x"].iloc[0] == float(other)
        assert again.warnings == ()

    @pytest.mark.parametrize(
        ("written", "meant", "in_doubt"),
        [
            (["$3.459", "$3.299", "$3.399"], [3.459, 3.299, 3.399], True),
            (["1,659 €", "1,729 €"], [1.659, 1.729], True),
            (["$3.459", "$3", "$4"], [3.459, 3, 4], True),
            (["1.234M", "2.500M", "950M"], [1.234e6, 2.5e6, 950e6], True),
            (["$1.234", "$950", "$780"], [1234, 950, 780], False),
            (["$12.500", "$1.234"], [12500, 1234], False),
        ],
    )
    def test_money_and_thousands_that_may_be_fractions_are_said(self, written, meant, in_doubt):
        table = of_column(written)

        assert codes(table, "amount") == ({"ambiguous_number"} if in_doubt else set())
        if in_doubt:
            (warning,) = table["amount"].warnings
            (alternative,) = warning.alternatives
            table = of_column(written, **alternative.overrides)
        assert table.frame["amount"].tolist() == meant

    def test_prices_beside_fractions_of_the_same_mark_are_fractions_and_said(self):
        table = read("k;price;rate\na;$3.459;0.5\nb;$3.299;1.25\n")

        assert table.frame["price"].tolist() == [3.459, 3.299]
        assert codes(table, "price") == {"ambiguous_number"}

    def test_the_file_decides_for_a_column_that_leaves_it_open(self):
        point = read("a,b\n1.234,0.5\n2.516,0.75\n")
        comma = read("a;b\n1.234;0,5\n2.516;0,75\n")

        assert point.frame["a"].tolist() == [1.234, 2.516]
        assert comma.frame["a"].tolist() == [1234, 2516]
        assert point.warnings == comma.warnings == ()

    def test_columns_of_either_mark_stand_in_one_file(self):
        table = read("k;a;b\nx;1,5;1.5\ny;1.250,75;1,250.75\nz;3,25;3.25\n")

        assert table.frame["a"].tolist() == [1.5, 1250.75, 3.25]
        assert table.frame["b"].tolist() == [1.5, 1250.75, 3.25]
        assert (table["a"].format.decimal, table["b"].format.decimal) == (",", ".")

    def test_a_value_of_the_other_mark_is_read_and_said(self):
        table = of_column(["1.5", "2.25", "3,75", "4.5"])

        assert table.frame["amount"].tolist() == [1.5, 2.25, 3.75, 4.5]
        (warning,) = table["amount"].warnings
        assert (warning.code, warning.rows) == ("mixed_marks", (4,))

    def test_native_numbers_are_never_taken_for_thousands(self):
        table = table_from_frame(pd.DataFrame({"x": [950, 1.234, 2.516], "y": ["950", "1.234", 3]}))

        assert table.frame["x"].tolist() == [950, 1.234, 2.516]
        assert table.frame["y"].tolist() == [950, 1234, 3]


class TestAroundTheDigits:
    @pytest.mark.parametrize(
        ("written", "expected", "unit"),
        [
            (["50.00-", "12.50", "7"], [-50, 12.5, 7], ""),
            (["(50.00)", "12.50", "7"], [-50, 12.5, 7], ""),
            (["−50.5", "12.5", "7"], [-50.5, 12.5, 7], ""),
            (["22.8k", "950", "1.5M"], [22800, 950, 1500000], ""),
            (["3 Mio", "1,5 Mio.", "2 Mrd"], [3e6, 1.5e6, 2e9], ""),
            (["1.5m", "300k"], [1.5e6, 3e5], ""),
            (["3万", "1.5亿"], [3e4, 1.5e8], ""),
            (["2 lakh", "1.5 crore"], [2e5, 1.5e7], ""),
            (["~120", "ca. 80", "95"], [120, 80, 95], ""),
            (["24 years", "1 year", "30 years"], [24, 1, 30], "years"),
            (["21 visits", "1 visit"], [21, 1], "visits"),
            (["3173.37 EUR", "917.11 EUR"], [3173.37, 917.11], "EUR"),
            (["€3173.37", "917.11 €"], [3173.37, 917.11], "€"),
            (["1.234 €", "917 €", "12.500 €"], [1234, 917, 12500], "€"),
            (["Rs. 500", "Rs.1,05,000"], [500, 105000], "Rs"),
            (["22,8 k€", "3 k€"], [22800, 3000], "€"),
            (["50.-", "120.-", "75.50"], [50, 120, 75.5], ""),
            (["1.250,--", "75,50"], [1250, 75.5], ""),
            (["12 %", "7.5%"], [12, 7.5], "%"),
            (["24岁", "30岁"], [24, 30], "岁"),
            (["1.5 m", "1.8 m"], [1.5, 1.8], "m"),
            (["$.50", "$1.25"], [0.5, 1.25], "$"),
        ],
    )
    def test_signs_multipliers_and_units_are_read(self, written, expected, unit):
        table = of_column(written)

        assert table["amount"].kind is Kind.NUMERIC
        assert table.frame["amount"].tolist() == expected
        assert table["amount"].format.unit == unit

    def test_credits_and_debits_have_their_sign_and_it_is_said(self):
        table = of_column(["100 CR", "40.50 DR", "7 CR"])

        assert table.frame["amount"].tolist() == [100, -40.5, 7]
        assert codes(table, "amount") == {"debit_credit"}

    def test_numbers_in_another_unit_are_missing_and_said(self):
        table = of_column(["24 years", "30 years", "6 months", "41 years"])

        assert table.frame["amount"].isna().tolist() == [False, False, True, False]
        (warning,) = table["amount"].warnings
        assert (warning.code, warning.rows) == ("mixed_units", (4,))
        assert "'6 months'" in warning.message

    @pytest.mark.parametrize(
        "written",
        [
            ["12 Main Street", "7 High Street", "3 Park Lane"],
            ["12a", "7b", "9c"],
            ["85123A", "84406B", "22752C"],
            ["192.168.0.1", "10.0.0.1", "172.16.0.9"],
            ["030 1234567", "089 765432", "0351 99887"],
        ],
    )
    def test_words_with_digits_are_no_numbers(self, written):
        assert of_column(written)["amount"].kind is not Kind.NUMERIC


class TestMajorities:
    def test_most_numbers_make_a_column_of_numbers_and_the_others_are_listed(self):
        table = of_column(["12", "n.k.", "15.5", "refused", "18", "20", "n.k."])

        assert table["amount"].kind is Kind.NUMERIC
        (warning,) = table["amount"].warnings
        assert (warning.code, warning.count, warning.rows) == ("mixed_types", 3, (3, 5, 8))
        assert "42.9%" in warning.message
        assert warning.alternatives[0].overrides == {"kinds": {"amount": "categorical"}}

    def test_codes_of_which_some_have_a_letter_stay_codes_and_it_is_said(self):
        codes = ["71053", "85123A", "22752", "84406B", "21730", "22633", "22632", "84879"]
        table = of_column(codes * 3)

        assert table["amount"].kind is Kind.CATEGORICAL
        (warning,) = table["amount"].warnings
        assert (warning.code, warning.count, warning.rows[:2]) == ("mostly_numbers", 6, (3, 5))
        assert "25.0%" in warning.message
        assert warning.alternatives[0].overrides == {"kinds": {"amount": "numeric"}}


class TestCases:
    """Small files that went wrong; the values are those that the file plainly means."""

    def test_german_thousands(self, cases: Path):
        table = read((cases / "min_dot_thousands.csv").read_text())

        assert table.frame["umsatz"].tolist() == [
            950, 1234, 780, 2516, 18300, 455, 12772, 640, 3111, 990, 1520, 875,
        ]  # fmt: skip
        assert table.warnings == ()

    def test_lakhs(self, cases: Path):
        table = read((cases / "min_lakh.csv").read_text())

        assert table.frame["income"].tolist() == [
            455571, 394498, 1230000, 987654, 105000, 222222, 710000, 560500, 640100, 815000,
            1000000, 1120300,
        ]  # fmt: skip

    def test_units_behind_numbers(self, cases: Path):
        table = read((cases / "suffix_units.csv").read_text())

        assert table.frame.iloc[0, 1:].tolist() == [24, 22800, 3173.37, 21]
        assert table.frame.iloc[1, 1:].tolist() == [44, 48900, 917.11, 4]
        units = {column.name: column.format.unit for column in table.columns if column.format}
        assert units == {"age": "years", "income": "", "spend": "EUR", "visits": "visits"}

    def test_a_minus_behind_the_number(self, cases: Path):
        table = read((cases / "trailing_minus.csv").read_text())

        assert table["spend"].kind is Kind.NUMERIC
        assert table.frame["spend"].head(3).tolist() == [-3173.37, 917.11, 1741.0]
        assert table.frame["spend"].isna().sum() == 0


def test_a_mark_that_is_none_is_refused():
    with pytest.raises(TableError, match="of column 'x' is not a mark"):
        ReadOptions(decimals={"x": ";"})
