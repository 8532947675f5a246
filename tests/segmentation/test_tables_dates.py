"""Dates are read in any usual form, in the order that the whole column shows."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.segmentation.tables import Kind, ReadOptions, Table, read_table
from app.segmentation.tables.recency import DaysSince


def read(text: str, **options) -> Table:
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


def of_column(values: list[str], *, name: str = "since", **options) -> Table:
    lines = [f"k{i * 7 % 5}\t{value}" for i, value in enumerate(values)]
    return read("\n".join([f"key\t{name}", *lines]) + "\n", **options)


def days(table: Table, name: str = "since") -> list[str | None]:
    return [row[name] for row in table.page(limit=100)]


MEANT = ["2021-01-05", "2021-03-20", "2021-12-31"]


class TestForms:
    @pytest.mark.parametrize(
        "written",
        [
            ["5 January 2021", "20 March 2021", "31 December 2021"],
            ["January 5th, 2021", "March 20th, 2021", "Dec 31, 2021"],
            ["5. Jan 2021", "20. Mär 2021", "31. Dez 2021"],
            ["5. Januar 2021", "20. März 2021", "31. Dezember 2021"],
            ["5 janvier 2021", "20 mars 2021", "31 déc. 2021"],
            ["5 de enero de 2021", "20 de marzo de 2021", "31 de diciembre de 2021"],
            ["5 gennaio 2021", "20 mar 2021", "31 dicembre 2021"],
            ["5 de janeiro de 2021", "20 de março de 2021", "31 dez 2021"],
            ["5 januari 2021", "20 maart 2021", "31 december 2021"],
            ["2021年1月5日", "2021年3月20日", "2021年12月31日"],
            ["2021년 1월 5일", "2021년 3월 20일", "2021년 12월 31일"],
            ["05-Jan-21", "20-Mar-21", "31-Dec-21"],
            ["mar. 5 janv. 2021", "sam. 20 mars 2021", "ven. 31 déc. 2021"],
            ["Tue, 5 Jan 2021", "Sat, 20 Mar 2021", "Fri, 31 Dec 2021"],
            ["5.1.2021", "20.3.2021", "31.12.2021"],
            ["5. 1. 2021", "20. 3. 2021", "31. 12. 2021"],
            ["1/5/21", "3/20/21", "12/31/21"],
            ["20210105", "20210320", "20211231"],
            ["٢٠٢١-٠١-٠٥", "٢٠٢١-٠٣-٢٠", "٢٠٢١-١٢-٣١"],
            ["2021-01-05", "20.03.2021", "31.12.2021"],
            ["5 Jan 2021", "2021-03-20", "2021-12-31"],
        ],
    )
    def test_each_is_read(self, written):
        table = of_column(written)

        assert table["since"].kind is Kind.DATE
        assert days(table) == MEANT
        assert table["since"].warnings == ()

    def test_months_of_a_year_are_no_fractions(self):
        table = of_column(["05.2021", "12.2021", "01.2022"])

        assert days(table) == ["2021-05-01", "2021-12-01", "2022-01-01"]

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("2021-01-05 14:30", "2021-01-05T14:30:00"),
            ("2021-01-05T14:30:15Z", "2021-01-05T14:30:15"),
            ("2021-01-05T14:30:15.250+02:00", "2021-01-05T12:30:15.250000"),
            ("01/05/2021 2:30 PM", "2021-01-05T14:30:00"),
            ("01/05/2021 12:15 am", "2021-01-05T00:15:00"),
        ],
    )
    def test_the_time_of_day_is_kept(self, written, meant):
        table = of_column([written, "2021-03-20 00:00", "12/31/2021 00:00"])

        assert days(table)[0] == meant

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("signup_date", ["44201", "44275", "44561"]),
            ("Datum", ["44201", "44275", "44561"]),
            ("created_at", ["1609804800", "1616198400", "1640908800"]),
            ("created_at", ["1609804800000", "1616198400000", "1640908800000"]),
        ],
    )
    def test_serial_numbers_under_a_name_of_dates_are_dates_and_it_is_said(self, name, written):
        table = of_column(written, name=name)

        assert days(table, name) == MEANT
        (warning,) = table[name].warnings
        assert warning.code == "serial_date"
        as_numbers = of_column(written, name=name, **warning.alternatives[0].overrides)
        assert as_numbers.frame[name].tolist() == [int(value) for value in written]

    def test_the_same_numbers_under_another_name_are_numbers(self):
        assert of_column(["44201", "44275", "44561"], name="income")["income"].kind is Kind.NUMERIC

    def test_words_for_never_are_missing(self):
        table = of_column(["2021-01-05", "never", "2021-03-20", "nie"])

        assert days(table) == ["2021-01-05", None, "2021-03-20", None]
        assert [warning.code for warning in table["since"].warnings] == ["missing_mark"]

    def test_what_is_no_date_among_dates_is_listed(self):
        table = of_column(["2021-01-05", "soon", "2021-03-20", "2021-12-31"])

        (warning,) = table["since"].warnings
        assert (warning.code, warning.rows) == ("mixed_types", (3,))
        assert "25.0%" in warning.message


class TestOrder:
    @pytest.mark.parametrize(
        ("written", "order", "first"),
        [
            (["03/04/2021", "25/04/2021", "02/02/2020"], "dmy", "2021-04-03"),
            (["03/04/2021", "04/25/2021", "02/02/2020"], "mdy", "2021-03-04"),
        ],
    )
    def test_one_date_that_has_one_order_decides_for_all(self, written, order, first):
        table = of_column(written)

        assert days(table)[0] == first
        assert table["since"].dates.order == order
        assert table["since"].warnings == ()

    def test_what_nothing_decides_is_said_and_the_override_takes_the_other(self):
        values = ["03/04/2021", "05/04/2021", "02/01/2020"]
        table = of_column(values)

        (warning,) = table["since"].warnings
        assert warning.code == "ambiguous_date"
        assert warning.rows == (2, 3, 4)
        assert days(table)[0] == "2021-03-04"
        again = of_column(values, **warning.alternatives[0].overrides)
        assert days(again)[0] == "2021-04-03"
        assert again.warnings == ()

    def test_another_column_of_dates_decides(self):
        table = read("a,b\n03/04/2021,25/12/2020\n05/04/2021,13/01/2021\n02/01/2020,01/02/2021\n")

        assert days(table, "a") == ["2021-04-03", "2021-04-05", "2020-01-02"]
        assert table.warnings == ()

    def test_a_date_of_the_other_order_only_is_read_and_said(self):
        table = of_column(["03/04/2021", "25/04/2021", "26/04/2021", "04/27/2021"])

        assert days(table)[3] == "2021-04-27"
        assert {warning.code for warning in table["since"].warnings} == {
            "ambiguous_date",
            "mixed_dates",
        }


class TestDaysSince:
    def test_dates_become_days_before_the_newest_and_new_rows_agree(self):
        dates = pd.Series(pd.to_datetime(["2021-01-05", None, "2021-01-15"]), name="last_purchase")

        since = DaysSince.fit(dates)

        assert since.name == "days since last_purchase"
        assert since.by_default
        np.testing.assert_array_equal(since.transform(dates), [10, np.nan, 0])
        later = pd.Series(pd.to_datetime(["2021-01-16"]))
        assert since.transform(later).tolist() == [-1]

    @pytest.mark.parametrize(
        ("name", "by_default"),
        [("signup_date", True), ("Kunde_seit", True), ("last_order", True), ("date", False),
         ("birth_date", False), ("Geburtstag", False), ("contract_end", False)],
    )  # fmt: skip
    def test_a_sign_up_or_last_purchase_is_taken_by_default(self, name, by_default):
        table = of_column(["2021-01-05", "2021-03-20", "2021-12-31"], name=name)

        assert table[name].dates.days_since.by_default is by_default


def test_german_months_in_a_file(shared_data: Path):
    table = read((shared_data / "cases" / "date_german_month.csv").read_text())

    assert table["seit"].kind is Kind.DATE
    assert days(table, "seit")[:10] == [
        "2021-01-05", "2021-02-11", "2021-03-20", "2021-04-26", "2021-06-02", "2021-07-09",
        "2021-08-15", "2021-09-21", "2021-10-28", "2021-12-04",
    ]  # fmt: skip
    assert table["seit"].missing == 0
