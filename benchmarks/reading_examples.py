"""What is recognised in a table, with an example each: the table behind docs/reading.md.

    python -m benchmarks.reading_examples          # write the page
    python -m benchmarks.reading_examples --check  # fail where the page is out of date

The tests read each example and compare it with what is meant here, so the page is true.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.segmentation.tables import ReadOptions, Table, read_table

PAGE = Path(__file__).parents[1] / "docs" / "reading.md"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One column as it is written, and what is meant.

    Attributes
    ----------
    topic
        The section of the page.
    what
        What the example shows.
    written
        The column's values, from the top.
    meant
        The same values, as they are to be read; None where one is missing.
    name
        The column's name.
    unit
        The unit that is kept.
    says
        The codes of the warnings that come with it.
    """

    topic: str
    what: str
    written: Sequence[str]
    meant: Sequence[float | str | None]
    name: str = "value"
    unit: str = ""
    says: Sequence[str] = ()

    def read(self) -> Table:
        """Read the example as a file of two columns."""
        rows = [f"k{i * 7 % 5}\t{value}" for i, value in enumerate(self.written)]
        text = "\n".join([f"key\t{self.name}", *rows]) + "\n"
        options = ReadOptions(has_header=True)
        return read_table(io.BytesIO(text.encode()), overrides=options)


NUMBERS, AROUND, DATES = "Numbers", "Around the digits", "Dates"
MEANING = "What a column means"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Lines around three customers, and what they are set aside as.

    Attributes
    ----------
    what
        What the example shows.
    above, below
        The lines before the header, behind it and after the rows.
    aside
        What each line is set aside as, from the top.
    """

    what: str
    above: Sequence[str] = ()
    behind: Sequence[str] = ()
    below: Sequence[str] = ()
    aside: Sequence[str] = ()

    def read(self) -> Table:
        """Read the example as a file of twelve customers."""
        rows = [f"K{i},{20 + i * 7 % 41},{1000 + i * 737 % 900}" for i in range(12)]
        lines = [*self.above, "id,age,income", *self.behind, *rows, *self.below]
        return read_table(io.BytesIO(("\n".join(lines) + "\n").encode()))


AGES = sum(20 + i * 7 % 41 for i in range(12))
INCOMES = sum(1000 + i * 737 % 900 for i in range(12))
SURROUNDINGS = (
    Surroundings(what="a title", above=["Customers of 2024", ""], aside=["title"]),
    Surroundings(what="comments", above=["# export of the CRM, by Ann"], aside=["comment"]),
    Surroundings(what="a declared mark", above=["sep=,"], aside=[]),
    Surroundings(what="units", behind=[",years,EUR"], aside=["units"]),
    Surroundings(what="a ruler", behind=["---,---,------"], aside=["ruler"]),
    Surroundings(what="a repeated header", below=["id,age,income"], aside=["header"]),
    Surroundings(what="a total", below=[f"Total,{AGES},{INCOMES}"], aside=["total"]),
    Surroundings(what="an unnamed total", below=[f",{AGES},{INCOMES}"], aside=["total"]),
    Surroundings(what="a footnote", below=["", "* before tax"], aside=["note"]),
    Surroundings(what="a count of rows", below=["(12 rows affected)"], aside=["note"]),
    Surroundings(what="blank rows", below=[",,"], aside=["blank"]),
)


def _meant(
    what: str, name: str, written: Sequence[str], meant: Sequence[float | str | None], *says: str,
    unit: str = "",
) -> Example:  # fmt: skip
    return Example(
        topic=MEANING, what=what, name=name, written=written, meant=meant, says=says, unit=unit
    )


def _number(what: str, written: Sequence[str], meant: Sequence[float], *says: str) -> Example:
    return Example(topic=NUMBERS, what=what, written=written, meant=meant, says=says)


def _around(
    what: str, written: Sequence[str], meant: Sequence[float | None], unit: str = "", *says: str
) -> Example:
    return Example(topic=AROUND, what=what, written=written, meant=meant, unit=unit, says=says)


def _date(
    what: str, written: Sequence[str], *says: str, meant: Sequence[str | None] = (),
    name: str = "since",
) -> Example:  # fmt: skip
    usual = ("2021-01-05", "2021-03-20", "2021-12-31")
    return Example(
        topic=DATES, what=what, written=written, meant=meant or usual, says=says, name=name
    )


EXAMPLES: tuple[Example, ...] = (
    _number("decimal point", ["1.5", "2.25", "3"], [1.5, 2.25, 3]),
    _number("decimal comma", ["1,5", "2,25", "3"], [1.5, 2.25, 3]),
    _number("thousands, other values without a mark", ["950", "1.234", "780"], [950, 1234, 780]),
    _number("the same with commas", ["950", "1,234", "780"], [950, 1234, 780]),
    _number("grouped more than once", ["12.345.678", "1.234"], [12345678, 1234]),
    _number("a fraction decides for the rest", ["0.5", "1.234"], [0.5, 1.234]),
    _number("both marks", ["1.234,50", "2.000"], [1234.5, 2000]),
    _number("Indian grouping", ["4,55,571", "12,345"], [455571, 12345]),
    _number("apostrophes", ["1'234.50", "1’000’000"], [1234.5, 1000000]),
    _number("spaces, also thin ones", ["1 234,5", "1\u202f000"], [1234.5, 1000]),
    _number("digits of any script", ["١٢٣٤", "५६", "７"], [1234, 56, 7]),
    _number("scientific", ["1e3", "2.5E-1"], [1000, 0.25]),
    _number("nothing decides", ["1.234", "2.516"], [1.234, 2.516], "ambiguous_number"),
    _number("a stranger among the rest", ["1.5", "2.5", "3,75"], [1.5, 2.5, 3.75], "mixed_marks"),
    _around("minus behind or before", ["50.00-", "−7.5", "-2"], [-50, -7.5, -2]),
    _around("brackets", ["(50.00)", "12"], [-50, 12]),
    _around("thousand, million, billion", ["22.8k", "1.5M", "3 Mio", "2 Mrd"],
            [22800, 1.5e6, 3e6, 2e9]),
    _around("lakh and crore", ["2 lakh", "1.5 crore"], [2e5, 1.5e7]),
    _around("万 and 亿", ["3万", "1.5亿"], [3e4, 1.5e8]),
    _around("credit and debit", ["100 CR", "40 DR"], [100, -40], "", "debit_credit"),
    _around("Soll and Haben", ["123,45 S", "50,00 H"], [-123.45, 50], "", "debit_credit"),
    _around("about", ["~120", "ca. 80"], [120, 80]),
    _around("units", ["24 years", "1 year"], [24, 1], "years"),
    _around("currencies before and behind", ["€3173.37", "917.11 €"], [3173.37, 917.11], "€"),
    _around("money is hardly ever to the thousandth", ["1.234 €", "12.500 €"], [1234, 12500], "€"),
    _around("but for prices per litre or kilowatt-hour", ["$3.459", "$3.299"], [3459, 3299], "$",
            "ambiguous_number"),
    _around("thousands of thousands, or a fraction", ["1.234k", "950k"], [1234000, 950000], "",
            "ambiguous_number"),
    _around("no cents", ["50.-", "75.50"], [50, 75.5]),
    _around("per cent", ["12 %", "7.5%"], [12, 7.5], "%"),
    _around("fractions with per cents", ["12%", "0.15", "7%"], [12, 15, 7], "%",
            "mixed_percent"),
    _around("Cr with lakh", ["2.5 Cr", "45 L", "80 lakh"], [2.5e7, 4.5e6, 8e6]),
    _around("Cr alone", ["2.5 Cr", "1.2 Cr"], [2.5e7, 1.2e7], "", "ambiguous_unit"),
    _around("ratings", ["4/5", "3/5", "5/5"], [4, 3, 5], "/5"),
    _around("ratings of stars", ["★★★☆☆", "★☆☆☆☆", "★★★★★"], [3, 1, 5], "/5", "signs"),
    _around("ratings in words", ["4 out of 5 stars", "3 out of 5 stars"], [4, 3], "/5"),
    _around("levels of prices", ["$$", "$", "$$$"], [2, 1, 3], "", "signs"),
    _around("ordinals", ["1st", "22nd", "3rd"], [1, 22, 3], "", "ordinal"),
    _around("digits grouped by programmers", ["1_234", "950", "12_000"], [1234, 950, 12000]),
    _around("durations", ["2h 15m", "45m", "1h"], [135, 45, 60], "min", "duration"),
    _around("durations by the clock", ["01:30:00", "00:45:30", "02:00:00"], [5400, 2730, 7200],
            "s", "duration"),
    _around("days and hours", ["3 Tage 4 Std.", "1 Tag", "12 Std."], [76, 24, 12], "h",
            "duration"),
    _around("years and months", ["1 year 3 months", "2 years", "5 months"], [15, 24, 5], "months",
            "duration"),
    _around("ISO durations", ["PT2H15M", "PT45M", "P1D"], [135, 45, 1440], "min", "duration"),
    _around("times of day", ["9:30 AM", "1:15 PM", "11:45 PM"], [9.5, 13.25, 23.75], "h",
            "time_of_day"),
    _around("how long ago", ["3 days ago", "2 weeks ago", "yesterday"], [3, 14, 1], "days",
            "duration"),
    _around("feet and inches", ["5'7\"", "6'0\"", "5'11\""], [67, 72, 71], "in", "duration"),
    _around("the last means all above", ["1 year", "< 1 year", "10+ years", "2 years"],
            [1, 0, 10, 2], "year", "capped"),
    _around("grades of schools", ["1+", "2-", "3"], [0.7, 2.3, 3], "", "ordinal"),
    _around("a currency sign that was lost", ["?1.200,50", "?99,00"], [1200.5, 99]),
    _around("one unit throughout", ["3 Tage", "12 Tage", "1 Tag"], [3, 12, 1], "Tage"),
    _around("another unit", ["24 years", "30 years", "6 months"], [24, 30, None], "years",
            "mixed_units"),
    _around("words among numbers", ["12", "n.k.", "15"], [12, None, 15], "", "mixed_types"),
    _date("ISO", ["2021-01-05", "2021-03-20", "2021-12-31"]),
    _date("day first, decided by the 20th", ["05/01/2021", "20/03/2021", "31/12/2021"]),
    _date("month first, decided by the 20th", ["01/05/2021", "03/20/2021", "12/31/2021"]),
    _date("dots", ["5.1.2021", "20.3.2021", "31.12.2021"]),
    _date("English months", ["January 5th, 2021", "20 Mar 2021", "31-Dec-21"]),
    _date("German months", ["5. Jan 2021", "20. März 2021", "31. Dez 2021"]),
    _date("French months", ["5 janvier 2021", "20 mars 2021", "31 déc. 2021"]),
    _date("Spanish months", ["5 de enero de 2021", "20 de marzo de 2021", "31 dic 2021"]),
    _date("Italian months", ["5 gennaio 2021", "20 marzo 2021", "31 dicembre 2021"]),
    _date("Portuguese months", ["5 de janeiro de 2021", "20 de março de 2021", "31 dez 2021"]),
    _date("Dutch months", ["5 januari 2021", "20 maart 2021", "31 december 2021"]),
    _date("年月日", ["2021年1月5日", "2021年3月20日", "2021年12月31日"]),
    _date("two forms in one column", ["2021-01-05", "20.03.2021", "31.12.2021"]),
    _date("eight digits", ["20210105", "20210320", "20211231"]),
    _date("Excel day numbers under a name of dates", ["44201", "44275", "44561"], "serial_date",
          name="signup_date"),
    _date("Unix seconds", ["1609804800", "1616198400", "1640908800"], "serial_date",
          name="created_at"),
    _date("never", ["2021-01-05", "never", "2021-12-31"], "missing_mark",
          meant=["2021-01-05", None, "2021-12-31"]),
    _date("quarters", ["2021-Q1", "Q2 2021", "4. Quartal 2021"],
          meant=["2021-01-01", "2021-04-01", "2021-10-01"]),
    _date("weeks, from their Monday", ["2024-W05", "2024W06", "KW 7/2024"],
          meant=["2024-01-29", "2024-02-05", "2024-02-12"]),
    _date("months of two-digit years", ["Jan-24", "Feb-24", "Dec-23"],
          meant=["2024-01-01", "2024-02-01", "2023-12-01"]),
    _date("births of two-digit years", ["05.01.62", "20.03.58", "31.12.04"], "two_digit_years",
          meant=["1962-01-05", "1958-03-20", "2004-12-31"], name="birth_date"),
    _date("Excel day numbers among dates", ["05.01.2021", "20.03.2021", "44561"], "serial_date"),
    _date("Buddhist years", ["05/01/2564", "20/03/2564", "31/12/2564"], "calendar"),
    _date("months of other calendars", ["1 فروردین 1403", "22 بهمن 1357"], "calendar",
          meant=["2024-03-20", "1979-02-11"]),
    _date("Japanese eras", ["令和3年1月5日", "令和3年3月20日", "令和3年12月31日"]),
    _date("nothing decides", ["03/04/2021", "05/04/2021", "02/01/2020"], "ambiguous_date",
          meant=["2021-03-04", "2021-05-04", "2020-02-01"]),
    _meant("codes, by their name", "PLZ", ["10115", "80331", "04109"],
           ["10115", "80331", "04109"], "codes"),
    _meant("invoice numbers of which some have a letter", "Invoice",
           ["489434", "C489435", "489436"], ["489434", "C489435", "489436"], "mostly_numbers"),
    _meant("days that were numbers once", "size", ["1-5", "24-Jan", "11-15", "6-Oct"],
           ["1-5", "24-Jan", "11-15", "6-Oct"], "days_without_year"),
    _meant("digits that are no one number", "bp",
           ["120/80", "135/90", "118/76", "142/88", "127/81"],
           ["120/80", "135/90", "118/76", "142/88", "127/81"], "unread_numbers"),
    _meant("a mark for no value", "pdays",
           ["3", "999", "5", "999", "7", "12", "9", "999", "4", "6"],
           [3, None, 5, None, 7, 12, 9, None, 4, 6], "sentinel"),
    _meant("a scale of words", "satisfaction",
           ["never", "rarely", "sometimes", "often", "always", "often"],
           [1, 2, 3, 4, 5, 4], "scale"),
    _meant("bands", "age", ["18-24", "under 18", "65+", "25 to 34"], [2, 1, 4, 3], "scale"),
    _meant("bands of money", "income", ["0–50k", "over 250k", "50–100k", "100k–250k"], [1, 4, 2, 3],
           "scale"),
    _meant("spellings of one category", "plan",
           ["Basic", "basic", "Pro", "PRO", "Basic", "Pro"],
           ["Basic", "Basic", "Pro", "Pro", "Basic", "Pro"], "spellings"),
)  # fmt: skip


def page() -> str:
    """Write the page."""
    lines = [
        "# How a table is read",
        "",
        "What is recognised, with an example each. The tests read these same examples. Where a",
        "warning is named, the dataset's `warnings` have it with the rows, the reading taken and",
        "the overrides that take another one (`PATCH /api/v1/datasets/{dataset_id}`).",
        "",
        "*Written by `python -m benchmarks.reading_examples`; edit the table there.*",
    ]
    for topic in dict.fromkeys(example.topic for example in EXAMPLES):
        lines += [
            "",
            f"## {topic}",
            "",
            "| what | written | read as | warning |",
            "|---|---|---|---|",
        ]
        lines += [_line(each) for each in EXAMPLES if each.topic == topic]
    lines += [
        "",
        "## Lines around the table",
        "",
        "Each is listed with its number, and `skip_rows` puts it back.",
        "",
        "| what | line | set aside as |",
        "|---|---|---|",
        *(_around_line(each) for each in SURROUNDINGS),
        "",
        "## Groups and sheets",
        "",
        "A value that is written once above the rows it holds for, as in pivot tables and merged",
        "cells, is filled into them (`filled_down`) where cells are merged, the values are sorted",
        "or the column's name is that of groups; else it is only said (`possible_groups`).",
        "`fill_down` names the columns to fill. Rows and columns that Excel hides, by a filter or",
        "by hand, are read like the others and counted (`hidden_rows`, `hidden_columns`).",
        "",
        "## Columns that are made",
        "",
        "Days since a sign-up or a last purchase are counted to the newest date of the column and",
        "used by default in automatic runs; the others are used where `columns` names them",
        "(`days since birth_date`). A column with marks for no value gets another one that says",
        "whether there is a value (`has pdays`). `derived: none` leaves both out.",
    ]
    lines += ["", "## Speed and memory", "", *SPEED]
    return "\n".join(lines) + "\n"


SPEED = (
    "`python -m benchmarks.reading --six` reads six columns and compares with `pandas.read_csv`,",
    "each in a process of its own. Seconds of processor time and MiB of memory above the start,",
    "one round each on two cores that eight other programs kept busy:",
    "",
    "| rows | pandas | | this reader | |",
    "|---:|---:|---:|---:|---:|",
    "| 500,000 | 0.12 s | 78 MiB | 0.58 s | 162 MiB |",
    "| 1,000,000 | 0.18 s | 130 MiB | 1.21 s | 258 MiB |",
    "| 2,000,000 | 0.45 s | 257 MiB | 2.14 s | 418 MiB |",
    "| 1,000,000 (`--german`) | 0.19 s | 149 MiB | 1.38 s | 303 MiB |",
    "",
    "Columns whose texts repeat are read by their different texts. Cutting lines into cells takes",
    "a third of the time; deciding what each column means, by all of its values, takes the rest.",
    "Memory grows with the rows: of some 170 MiB for each million, the typed table is 66 and the",
    "texts it is read from are 46; the rest are copies while a column is decided. Columns of",
    "tables from 200,000 rows on are read in parallel.",
)
"""What was measured last."""


def _around_line(each: Surroundings) -> str:
    lines = [line for line in (*each.above, *each.behind, *each.below) if line]
    told = ", ".join(each.aside) or "read as the delimiter"
    return f"| {each.what} | `{lines[0]}` | {told} |"


def _line(example: Example) -> str:
    written = ", ".join(f"`{value}`" for value in example.written)
    unit = f" {example.unit}" if example.unit else ""
    meant = ", ".join("missing" if value is None else _plain(value) + unit
                      for value in example.meant)  # fmt: skip
    name = f" (`{example.name}`)" if example.name not in ("value", "since") else ""
    says = ", ".join(f"`{code}`" for code in example.says)
    return f"| {example.what}{name} | {written} | {meant} | {says} |"


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.12g}"


def main() -> None:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description="Write docs/reading.md")
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        if PAGE.read_text() != page():
            sys.exit(f"{PAGE.name} is out of date; run python -m benchmarks.reading_examples")
        return
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
