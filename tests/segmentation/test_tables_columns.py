"""Columns are typed by their kind, and what looks wrong in them is said."""

import io

import numpy as np
import pandas as pd
import pytest

from app.segmentation.errors import TableError
from app.segmentation.tables import (
    Kind,
    ReadOptions,
    Table,
    build_table,
    read_cells,
    read_table,
    table_from_frame,
)


def table_of(text: str, **options) -> Table:
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


def column_of(name: str, values: list[str]) -> Table:
    """A table whose second column is the one in question."""
    lines = [f"k{i * 7 % 5};{value}" for i, value in enumerate(values)]
    return table_of("\n".join([f"key;{name}", *lines]) + "\n", delimiter=";", has_header=True)


def kind_of(name: str, values: list[object]) -> Kind:
    return column_of(name, [str(value) for value in values])[name].kind


def warned(table: Table, column: str) -> dict[str, tuple[int, int | None]]:
    return {w.code: (w.count, w.line) for w in table[column].warnings}


class TestNumbers:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            (["2,55", "3,5", "10"], [2.55, 3.5, 10.0]),
            (["1.234,50", "2.000", "12"], [1234.5, 2000.0, 12.0]),
            (["1,234.50", "2,000", "12"], [1234.5, 2000.0, 12.0]),
            (["1,234,567", "2,000", "12"], [1234567.0, 2000.0, 12.0]),
            (["0,123", "0,456", "1,5"], [0.123, 0.456, 1.5]),
            (["0.123", "0.456", "1.234"], [0.123, 0.456, 1.234]),
            (["1 234,5", "12 000", "7"], [1234.5, 12000.0, 7.0]),
            (["1e3", "-2.5E-1", "+.5"], [1000.0, -0.25, 0.5]),
            (["$5", "$ 7.5", "$1"], [5.0, 7.5, 1.0]),
            (["5%", "7.5 %", "1%"], [5.0, 7.5, 1.0]),
            (["$25,000", "$7,500", "$900"], [25_000.0, 7_500.0, 900.0]),
            (["€25.000", "€7.500", "€900"], [25_000.0, 7_500.0, 900.0]),
            (["25,000 €", "7,500 €", "900 €"], [25_000.0, 7_500.0, 900.0]),
            (["$1,234.50", "$12", "$7,500"], [1234.5, 12.0, 7_500.0]),
            (["1.234,50 €", "12 €", "7.500 €"], [1234.5, 12.0, 7_500.0]),
            (["-$25,000", "$7,500", "-$ 900"], [-25_000.0, 7_500.0, -900.0]),
            (["($25,000)", "$7,500", "($900.50)"], [-25_000.0, 7_500.0, -900.5]),
            (["(1,250,000)", "7,500", "-900"], [-1_250_000.0, 7_500.0, -900.0]),
            (["25,000 $", "-7,500 $", "900$"], [25_000.0, -7_500.0, 900.0]),
            (["€ 1.234,56", "-€ 12,00", "€ -7.500,00"], [1234.56, -12.0, -7_500.0]),
            (["1 234,56 €", "12,00 €", "7 500,00 €"], [1234.56, 12.0, 7_500.0]),
            (["1\u202f234,56\u00a0€", "12,00\u00a0€"], [1234.56, 12.0]),
            (["12%", "-7.5 %", "+1%"], [12.0, -7.5, 1.0]),
            (["12,5 %", "7,25 %", "1 %"], [12.5, 7.25, 1.0]),
            (["USD 25,000", "USD 7,500", "USD 900"], [25_000.0, 7_500.0, 900.0]),
            (["1'234.50 CHF", "12.00 CHF"], [1234.5, 12.0]),
            (["\u221225", "\u22127.5", "1"], [-25.0, -7.5, 1.0]),
        ],
    )
    def test_numbers_are_read_as_they_are_written(self, written, expected):
        table = column_of("amount", written)

        assert table["amount"].kind is Kind.NUMERIC
        assert table.frame["amount"].tolist() == expected

    @pytest.mark.parametrize("form", ["${},000", "€{}.000", "{},000 €", "{}.000 €", "EUR {}.000"])
    def test_money_in_records_is_whole_beside_fractions(self, form):
        rows = [{"income": form.format(25 + i % 9), "rate": 0.5 + i / 8} for i in range(30)]
        table = table_from_frame(pd.DataFrame(rows))

        assert table["income"].kind is Kind.NUMERIC
        assert table.frame["income"].tolist() == [(25 + i % 9) * 1000 for i in range(30)]
        assert table.frame["rate"].tolist() == [0.5 + i / 8 for i in range(30)]

    def test_a_comma_that_could_be_either_mark_is_said(self):
        semicolons = column_of("amount", ["1,234", "2,000"])
        tabs = table_of("n\tamount\na\t1,234\nb\t2,000\n")

        assert semicolons.frame["amount"].tolist() == [1.234, 2.0]
        assert tabs.frame["amount"].tolist() == [1234, 2000]
        for table in (semicolons, tabs):
            assert "two ways" in str(table.warnings[0])

    def test_a_given_decimal_mark_settles_it(self):
        text = "n;amount\na;1,234\nb;2,000\n"

        assert table_of(text, decimal=".").frame["amount"].tolist() == [1234, 2000]
        assert table_of(text, decimal=",").frame["amount"].tolist() == [1.234, 2.0]
        assert table_of(text, decimal=",").warnings == ()

    def test_a_number_beyond_a_double_is_missing_and_never_infinite(self):
        table = column_of("x", ["1e400", "2", "3", "4", "5"])

        assert table.frame["x"].isna().tolist() == [True, False, False, False, False]
        assert warned(table, "x") == {"mixed_types": (1, 2)}

    def test_infinity_as_a_word_is_no_number(self):
        table = column_of("x", ["inf", "2", "3", "4", "5"])

        assert not np.isinf(table.frame["x"]).any()
        assert "'inf'" in str(table["x"].warnings[0])

    def test_whole_numbers_without_gaps_stay_whole(self):
        assert column_of("x", ["3", "4", "9"]).frame["x"].dtype == np.int64
        assert column_of("x", ["3", "", "9"]).frame["x"].dtype == np.float64


class TestDates:
    @pytest.mark.parametrize(
        "written",
        [
            ["2020-01-31", "2020-02-03"],
            ["2020/01/31", "2020/02/03"],
            ["20200131", "20200203"],
            ["31.01.2020", "03.02.2020"],
            ["31/01/2020", "03/02/2020"],
            ["01/31/2020", "02/03/2020"],
            ["31-Jan-2020", "03-Feb-2020"],
            ["Jan 31, 2020", "Feb 3, 2020"],
            ["2020-01-31T00:00:00Z", "2020-02-03T00:00:00Z"],
            ["2020-01-31T02:00:00+02:00", "2020-02-03T02:00:00+02:00"],
            ["31/01/2020 00:00", "03/02/2020 00:00"],
        ],
    )
    def test_usual_forms_are_read(self, written):
        table = column_of("since", written)

        assert table["since"].kind is Kind.DATE
        expected = [pd.Timestamp("2020-01-31"), pd.Timestamp("2020-02-03")]
        assert table.frame["since"].tolist() == expected
        assert table["since"].warnings == ()

    def test_rows_in_the_order_of_time_settle_day_and_month(self):
        values = ["02/11/2020", "03/01/2020", "03/12/2020", "04/10/2020"]

        table = column_of("since", values)

        assert table.frame["since"].dt.month.tolist() == [2, 3, 3, 4]
        assert table["since"].warnings == ()

    def test_a_day_that_does_not_exist_is_missing_and_said(self):
        values = ["30/01/2020", "31/01/2020", "29/02/2020", "31/03/2020", "31/02/2020"]

        table = column_of("since", values)

        assert table.frame["since"].isna().tolist() == [False] * 4 + [True]
        assert warned(table, "since") == {"mixed_types": (1, 6)}

    def test_eight_digits_that_are_no_days_are_numbers(self):
        assert kind_of("amount", [12345678, 99999999, 20209999, 55555555]) is Kind.NUMERIC


class TestMissingMarks:
    def test_every_mark_is_missing_where_numbers_stand(self):
        marks = ["", "NA", "n/a", "NaN", "null", "None", "?", "-", "#N/A"]
        numbers = [str(i) for i in range(40, 90)]

        table = column_of("spend", [*numbers, *marks])

        assert table["spend"].kind is Kind.NUMERIC
        assert table["spend"].missing == len(marks)
        assert warned(table, "spend") == {"blank": (1, 52), "missing_mark": (8, 53)}

    def test_words_that_may_be_answers_are_kept_among_words_and_said(self):
        table = column_of("discount", ["None", "NA", "winter", "winter", "?", ""])

        assert table.frame["discount"].dropna().tolist() == ["None", "NA", "winter", "winter"]
        assert table["discount"].missing == 2
        assert warned(table, "discount") == {"missing_mark": (1, 6), "possible_missing": (2, 2)}

    def test_an_empty_column_is_constant_and_said(self):
        table = column_of("fax", ["", "", ""])

        assert table["fax"].kind is Kind.CONSTANT
        assert table["fax"].missing == 3
        assert table["fax"].distinct == 0
        assert warned(table, "fax") == {"empty_column": (3, None)}


class TestKinds:
    @pytest.mark.parametrize("name", ["customer_id", "customerID", "CustomerId", "ID", "uuid"])
    def test_an_id_is_told_by_its_name(self, name):
        assert kind_of(name, [5, 9, 2, 11, 5000]) is Kind.IDENTIFIER

    @pytest.mark.parametrize("name", ["paid", "valid", "grid", "income"])
    def test_a_name_that_only_ends_like_an_id_is_none(self, name):
        assert kind_of(name, [5, 9, 2, 11, 5000]) is Kind.NUMERIC

    def test_different_numbers_without_such_a_name_stay_numbers(self):
        assert kind_of("income", list(range(31000, 31900, 7))) is Kind.NUMERIC

    @pytest.mark.parametrize(
        ("name", "first", "rows", "kind"),
        [
            ("age", 20, 20, Kind.NUMERIC),
            ("Age (years)", 18, 70, Kind.NUMERIC),
            ("customerAge", 1, 60, Kind.NUMERIC),
            ("spending_score", 1, 100, Kind.NUMERIC),
            ("floor", 1, 30, Kind.NUMERIC),
            ("Etage", 0, 12, Kind.NUMERIC),
            ("number_of_children", 0, 12, Kind.NUMERIC),
            ("Distance (km)", 1, 60, Kind.NUMERIC),
            ("year", 1990, 35, Kind.NUMERIC),
            ("x", 20, 20, Kind.NUMERIC),
            ("x", 20, 49, Kind.NUMERIC),
            ("x", 1001, 60, Kind.IDENTIFIER),
            ("x", 0, 20, Kind.IDENTIFIER),
            ("x", 1, 20, Kind.IDENTIFIER),
            ("id", 1, 50, Kind.IDENTIFIER),
            ("lfd. Nr.", 1, 50, Kind.IDENTIFIER),
            ("customer", 501, 20, Kind.IDENTIFIER),
            ("Nr.", 501, 20, Kind.IDENTIFIER),
            ("Customer ID", 20, 20, Kind.IDENTIFIER),
        ],
    )
    def test_whole_numbers_in_a_row_number_the_rows_unless_they_are_a_measure_or_few(
        self, name, first, rows, kind
    ):
        lines = [f"{first + i};{i * i % 17}" for i in range(rows)]
        text = "\n".join([f"{name};y", *lines])
        assert table_of(text, delimiter=";", has_header=True)[name].kind is kind

    def test_a_running_number_in_the_first_column_is_an_id(self):
        text = "nr,x\n" + "".join(f"{i},{i * i % 17}\n" for i in range(12))
        assert table_of(text)["nr"].kind is Kind.IDENTIFIER

    def test_measures_in_equal_steps_in_the_first_column_are_no_ids(self):
        text = "tenure;x\n" + "".join(f"{i},5;{i * i % 17}\n" for i in range(12))
        assert table_of(text)["tenure"].kind is Kind.NUMERIC

    def test_codes_that_name_each_row_are_ids(self):
        assert kind_of("ref", [f"{i}-XK{i}" for i in range(30)]) is Kind.IDENTIFIER

    def test_few_repeated_ids_are_a_category(self):
        assert kind_of("region_id", [1, 2, 3] * 40) is Kind.CATEGORICAL

    def test_digits_beyond_a_double_stay_as_written(self):
        values = [f"1234567890123456{i}" for i in range(5)]
        table = column_of("card", values)

        assert table["card"].kind is Kind.IDENTIFIER
        assert table.frame["card"].tolist() == values

    def test_leading_zeros_are_kept(self):
        table = column_of("branch", ["007", "012", "113"])

        assert table["branch"].kind is Kind.IDENTIFIER
        assert table.frame["branch"].tolist() == ["007", "012", "113"]

    def test_digits_with_leading_zeros_are_codes_that_stay_apart(self):
        written = ["007", "7", "07", "12", "n/a", "-"] * 5
        uploaded = column_of("store", written)
        posted = table_from_frame(pd.DataFrame({"n": range(30), "store": written}, dtype=object))

        for table in (uploaded, posted):
            assert table["store"].kind is Kind.CATEGORICAL
            assert set(table.frame["store"].dropna()) == {"007", "7", "07", "12", "-"}

    def test_codes_that_nearly_all_differ_are_ids(self):
        zips = [f"{i * 137 % 99999:05d}" for i in range(200)]
        assert kind_of("zip", zips) is Kind.IDENTIFIER
        assert kind_of("zip", zips[:40] * 5) is Kind.CATEGORICAL

    @pytest.mark.parametrize("values", [["0", "7", "12"], ["0.5", "7", "012"], ["-7", "07", "12"]])
    def test_a_zero_that_leads_no_whole_number_makes_no_code(self, values):
        assert kind_of("visits", values * 5) is Kind.NUMERIC

    def test_ids_that_a_gap_turned_into_fractions_are_put_right(self):
        table = column_of("customer_id", ["17850.0", "", "13047.0"])

        assert table.frame["customer_id"].dropna().tolist() == ["17850", "13047"]

    def test_a_flag_is_a_category_and_a_rating_a_number(self):
        assert kind_of("active", [0, 1] * 10) is Kind.CATEGORICAL
        assert kind_of("active", ["1.0", "", "0.0"] * 10) is Kind.CATEGORICAL
        assert kind_of("rating", [1, 2, 3, 4, 5] * 10) is Kind.NUMERIC
        assert kind_of("children", [0, 1] * 10) is Kind.NUMERIC
        assert kind_of("region", [1, 2, 3] * 10) is Kind.CATEGORICAL

    def test_one_value_is_constant_but_a_mark_or_nothing_is_a_category(self):
        assert kind_of("z", [3, 3, 3]) is Kind.CONSTANT
        assert kind_of("vip", ["yes", "", "yes"]) is Kind.CATEGORICAL
        assert kind_of("z", [3, "", 3]) is Kind.CONSTANT

    def test_prose_is_free_text(self):
        words = ["a long remark about this and that", "another one that says much", "a third one"]
        assert kind_of("said", [f"{words[i % 3]} {i}" for i in range(30)]) is Kind.FREE_TEXT
        assert kind_of("full_name", [f"Anna {chr(65 + i)}" for i in range(20)]) is Kind.FREE_TEXT

    def test_digits_can_be_overridden_to_dates_and_codes_to_numbers(self):
        text = "d,c\n19970101,007\n,012\n"

        table = table_of(text, kinds={"d": "date", "c": "numeric"})

        assert table.page() == [{"d": "1997-01-01", "c": 7}, {"d": None, "c": 12}]

    def test_each_kind_can_be_overridden(self):
        text = "a,b,c\n1,x,2020-01-02\n2,y,2020-01-03\n"

        table = table_of(text, kinds={"a": "categorical", "b": "identifier", "c": "free_text"})

        assert [column.kind.value for column in table.columns] == [
            "categorical",
            "identifier",
            "free_text",
        ]
        assert table.frame.to_numpy().tolist()[0] == ["1", "x", "2020-01-02"]

    @pytest.mark.parametrize(
        ("kinds", "fault"),
        [
            ({"zz": "numeric"}, "'zz', but there is no such column"),
            ({"b": "number"}, "'number' of column 'b' is not one of identifier, numeric"),
            ({"b": "numeric"}, "'b' holds no numbers"),
            ({"b": "date"}, "'b' holds no dates"),
        ],
    )
    def test_an_override_that_does_not_fit_is_refused(self, kinds, fault):
        with pytest.raises(TableError, match=fault):
            table_of("a,b\n1,x\n2,y\n", kinds=kinds)


class TestWarnings:
    def test_impossible_values_are_named_and_left(self):
        table = table_of(
            "n,age,Year_Birth,Score (1-100)\na,200,1893,5\nb,-3,1990,101\nc,30,2000,7\n"
        )

        assert warned(table, "age") == {"impossible_value": (2, 2)}
        assert warned(table, "Year_Birth") == {"impossible_value": (1, 2)}
        assert warned(table, "Score (1-100)") == {"impossible_value": (1, 3)}
        assert table.frame["age"].tolist() == [200, -3, 30]
        assert "-3, 200" in str(table["age"].warnings[0])

    def test_a_date_before_any_customer_lived_is_named(self):
        table = column_of("since", ["1753-01-01", "2020-01-02", "2020-01-03"])

        assert warned(table, "since") == {"impossible_value": (1, 2)}

    def test_a_duplicate_id_is_named_with_its_line(self):
        ids = [f"C{i}" for i in range(20)]
        table = column_of("customer_id", [*ids, "C3"])

        assert warned(table, "customer_id") == {"duplicate_id": (1, 22)}
        assert "'C3'" in str(table["customer_id"].warnings[0])

    def test_a_word_among_numbers_is_named_with_its_line(self):
        table = column_of("spend", ["1", "2", "3", "{abc}", "5", "6"])

        assert warned(table, "spend") == {"mixed_types": (1, 5)}
        assert str(table["spend"].warnings[0]) == (
            "spend: 1 value (16.7%) taken as missing, being no number ('{abc}'), first at line 5"
        )

    def test_lines_are_those_of_the_file_even_after_quoted_newlines(self):
        table = table_of('note,spend\n"a\nb",1\n\nc,2\nd,3\ne,4\nf,\n')

        assert warned(table, "spend") == {"blank": (1, 8)}

    def test_the_table_holds_all_its_columns_warnings_the_one_that_changes_most_first(self):
        table = table_of("a,b,age\n1,,200\n2,x\n3,y,30\n")

        assert [warning.code for warning in table.warnings] == [
            "impossible_value",
            "layout",
            "blank",
        ]


class TestPages:
    TEXT = "id,spend,since\nA1,1.5,2020-01-02\nA2,,2020-01-03\nA3,3,\n"

    def test_rows_are_plain_values(self):
        rows = table_of(self.TEXT).preview(2)

        assert rows == [
            {"id": "A1", "spend": 1.5, "since": "2020-01-02"},
            {"id": "A2", "spend": None, "since": "2020-01-03"},
        ]

    def test_pages_join_to_the_whole(self):
        table = table_of(self.TEXT)

        pages = [row for skip in (0, 2) for row in table.page(skip=skip, limit=2)]

        assert pages == table.page(limit=10)
        assert pages[2] == {"id": "A3", "spend": 3.0, "since": None}
        assert table.page(skip=9) == []

    def test_a_column_that_is_not_there_is_refused(self):
        with pytest.raises(TableError, match="no column 'zz'"):
            table_of(self.TEXT)["zz"]


class TestRecords:
    RECORDS = (
        {"id": 1, "age": "35", "region": "North", "member": True, "spend": 10},
        {"id": 2, "age": 40.0, "region": None, "member": False, "spend": 2.5},
        {"id": 3, "age": None, "region": "East", "member": None, "spend": "7.5"},
    )

    def test_values_of_mixed_types_are_typed_by_column(self):
        table = table_from_frame(pd.DataFrame(list(self.RECORDS)))

        assert {column.name: column.kind.value for column in table.columns} == {
            "id": "identifier",
            "age": "numeric",
            "region": "categorical",
            "member": "categorical",
            "spend": "numeric",
        }
        assert table.frame["age"].tolist()[:2] == [35.0, 40.0]
        assert table.frame["member"].tolist()[:2] == ["true", "false"]
        assert str(table["age"].warnings[0]).endswith("first at row 3")

    def test_records_and_the_same_rows_as_a_file_agree(self):
        rng = np.random.default_rng(3)
        frame = pd.DataFrame(
            {
                "customer_id": np.arange(100, 160),
                "age": rng.integers(18, 80, 60),
                "spend": rng.lognormal(3, 1, 60),
                "flag": rng.integers(0, 2, 60),
                "region": rng.choice(["N", "S"], 60),
            }
        )
        frame.loc[5, "spend"] = np.nan
        posted = table_from_frame(frame)
        read = table_of(frame.to_csv(index=False))

        pd.testing.assert_frame_equal(posted.frame, read.frame)
        assert [c.kind for c in posted.columns] == [c.kind for c in read.columns]

    @pytest.mark.parametrize(
        ("value", "fault"), [([1], "column 'x', row 2: a list"), ({}, "row 2: a dict")]
    )
    def test_nested_values_are_refused(self, value, fault):
        with pytest.raises(TableError, match=fault):
            table_from_frame(pd.DataFrame({"x": [1, value]}))

    def test_half_a_surrogate_pair_is_refused(self):
        with pytest.raises(TableError, match="'x' holds half of a surrogate"):
            table_from_frame(pd.DataFrame({"x": pd.Series(["a", "\ud800"], dtype=object)}))

    def test_no_records_are_refused(self):
        with pytest.raises(TableError, match="no records"):
            table_from_frame(pd.DataFrame())

    def test_kinds_can_be_given(self):
        table = table_from_frame(pd.DataFrame(list(self.RECORDS)), kinds={"id": "numeric"})

        assert table.frame["id"].tolist() == [1, 2, 3]


def test_a_table_is_rebuilt_from_its_cells_and_kinds():
    cells = read_cells(io.BytesIO(b"id,x,y\n1,0.5,a\n2,1.5,b\n3,2.5,a\n"))
    table = build_table(cells)

    kinds = {column.name: column.kind for column in table.columns}
    again = build_table(cells, overrides=ReadOptions(kinds=kinds))

    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert again.columns == table.columns


def test_amounts_in_several_currencies_are_said():
    rows = "".join(
        f"K{i},{i}.50,{('EUR', 'USD')[i % 3 == 0]},{('a', 'b')[i % 2]}\n" for i in range(20)
    )

    table = read_table(io.BytesIO(("id,amount,currency,plan\n" + rows).encode()))

    told = [each for each in table.warnings if each.code == "several_currencies"]
    assert [(each.column, each.count) for each in told] == [("currency", 7)]


@pytest.mark.parametrize("columns", [["region"], ["region", "income"], ["absent"], []])
def test_columns_without_blanks_have_nothing_to_be_filled_with(columns):
    content = "region,income\n" + "".join(f"{'NS'[i % 2]},{100 + i}\n" for i in range(12))

    table = read_table(io.BytesIO(content.encode()), overrides=ReadOptions(fill_down=columns))

    assert table.frame["region"].tolist() == ["N", "S"] * 6
    assert "filled_down" not in {each.code for each in table.warnings}


@pytest.mark.parametrize("odd", ["1.2.3億4", "5億.万3", "1.億2"])
def test_a_number_of_several_units_that_is_none_is_no_number(odd):
    cells = [f"{i}億2000万" for i in range(1, 12)]
    content = "id;v\n" + "".join(f"c{i};{cell}\n" for i, cell in enumerate([*cells, odd]))

    values = read_table(io.BytesIO(content.encode())).frame["v"]

    assert values[:11].tolist() == [i * 10**8 + 2 * 10**7 for i in range(1, 12)]
    assert np.isnan(values[11])


@pytest.mark.parametrize("start", ["5", "1 มกราคม", "12 a", "18 to"])
def test_a_long_text_takes_no_more_than_its_length(start):
    # By the square of its length it would take hours.
    text = start + " " * 200_000 + "x"

    table = read_table(io.BytesIO(f"note,n\n{text},1\nb,2\nc,3\n".encode()))

    assert table.frame["note"][0] == text
