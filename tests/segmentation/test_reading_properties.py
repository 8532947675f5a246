"""Known values, written in many dialects, are read back, or a warning says the doubt.

`READING_CASES=2000 pytest tests/segmentation/test_reading_properties.py` tries more of each.
"""

import io
import os
from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from app.segmentation.tables import ReadOptions, read_table
from app.segmentation.tables.dates import parse_dates
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.numbers import read_numbers
from app.segmentation.tables.uniform import read_uniform
from app.segmentation.tables.values import to_strings

CASES = int(os.environ.get("READING_CASES", "150"))
QUICK = settings(
    max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
GROUPS = {".": ["", ",", "'", "’", " ", "\u00a0", "\u202f"], ",": ["", ".", " ", "\u2009"]}
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")
MINUS = ("-{}", "−{}", "{}-", "({})")
AROUND = ("{}", "{} EUR", "€{}", "{} years", "~{}", "{} %", "CHF {}", "{} kg", "R$ {}", "{} zł")
MONEY = ("{} EUR", "€{}", "CHF {}", "R$ {}", "{} zł")


def grouped(digits: str, mark: str, *, indian: bool) -> str:
    if not mark or len(digits) <= 3:
        return digits
    head, tail = digits[:-3], digits[-3:]
    size = 2 if indian else 3
    parts = []
    while head:
        parts.insert(0, head[-size:])
        head = head[:-size]
    return mark.join([*parts, tail])


dialects = st.sampled_from(".,").flatmap(
    lambda decimal: st.fixed_dictionaries(
        {
            "decimal": st.just(decimal),
            "group": st.sampled_from(GROUPS[decimal]),
            "indian": st.booleans() if decimal == "." else st.just(False),
            "script": st.sampled_from(SCRIPTS),
            "minus": st.sampled_from(MINUS),
            "around": st.sampled_from(AROUND),
            "places": st.integers(0, 4),
        }
    )
)
columns = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8)


def write(thousandth: int, dialect: dict) -> tuple[str, float]:
    """Write a number, as most programs would, without zeros behind its fraction."""
    places = dialect["places"]
    whole, fraction = divmod(abs(thousandth), 10**places)
    mark = "," if dialect["indian"] and dialect["group"] == "," else dialect["group"]
    text = grouped(str(whole), mark, indian=dialect["indian"] and mark == ",")
    if places and fraction:
        text += dialect["decimal"] + str(fraction).zfill(places).rstrip("0")
    text = text.translate(str.maketrans(SCRIPTS[0], dialect["script"]))
    if thousandth < 0:
        text = dialect["minus"].format(text)
    text = dialect["around"].format(text)
    return text, float(f"{thousandth}e-{places}")


def doubted(numbers: Numbers) -> bool:
    return bool(numbers.doubtful.any() or numbers.foreign.any())


@QUICK
@given(values=columns, dialect=dialects)
@example(values=[1234, 2516], dialect={
    "decimal": ".", "group": "", "indian": False, "script": SCRIPTS[0], "minus": "-{}",
    "around": "{}", "places": 3,
})  # fmt: skip
def test_numbers_come_back_or_are_doubted(values, dialect):
    pairs = [write(value, dialect) for value in values]
    strings = to_strings(pd.Series([text for text, _ in pairs], dtype="str"))
    meant = np.array([value for _, value in pairs])

    read = read_numbers(strings)

    assert read is not None
    if not np.array_equal(read.values, meant):
        # Three digits behind each mark and none that decides: the whole column is open.
        assert doubted(read) or _passes_for_thousands([text for text, _ in pairs], dialect)
    known = read_numbers(strings, given=dialect["decimal"])
    assert known is not None
    np.testing.assert_array_equal(known.values, meant)
    assert not known.doubtful.any()


def _passes_for_thousands(texts: list[str], dialect: dict) -> bool:
    """Whether a rule says so: three digits behind each mark, beside money or short numbers."""
    marked = [text for text in texts if dialect["decimal"] in text]
    money = dialect["around"] in MONEY
    return dialect["places"] >= 3 and bool(marked) and (money or len(marked) < len(texts))


@QUICK
@given(values=st.lists(st.integers(0, 10**8), min_size=2, max_size=6), dialect=dialects)
def test_a_new_value_is_read_as_its_column_was(values, dialect):
    pairs = [write(value, dialect) for value in values]
    strings = to_strings(pd.Series([text for text, _ in pairs[:-1]], dtype="str"))
    column = read_numbers(strings)
    assert column is not None
    text, meant = pairs[-1]
    right = np.array_equal(column.values, [value for _, value in pairs[:-1]])
    assume(right and not doubted(column))

    new = read_numbers(to_strings(pd.Series([text], dtype="str")), given=column.format.decimal)

    assert new is not None
    if column.format.decimal == dialect["decimal"]:
        assert new.values[0] == meant
    elif column.format.decimal is None and new.values[0] != meant:
        assert new.doubtful[0] or _passes_for_thousands([text], dialect)


@QUICK
@given(
    values=st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    dialect=dialects,
    known=st.booleans(),
)
def test_a_column_of_one_way_of_writing_is_read_as_if_it_was_taken_apart(values, dialect, known):
    pairs = [write(value, dialect) for value in values]
    strings = to_strings(pd.Series([text for text, _ in pairs], dtype="str"))
    given = dialect["decimal"] if known else None

    quick, thorough = read_uniform(strings, given=given), read_numbers(strings, given=given)

    if quick is None:
        return
    assert thorough is not None
    np.testing.assert_array_equal(quick.values, thorough.values)
    assert not thorough.doubtful.any()
    assert not thorough.foreign.any()
    assert (quick.format.decimal, quick.format.unit) == (
        thorough.format.decimal,
        thorough.format.unit,
    )


FORMS = {
    "%Y-%m-%d": "ymd", "%Y/%m/%d": "ymd", "%d/%m/%Y": "dmy", "%m/%d/%Y": "mdy", "%d.%m.%Y": "dmy",
    "%d-%m-%Y": "dmy", "%m-%d-%Y": "mdy", "%d %B %Y": "word", "%B %d, %Y": "word",
    "%d-%b-%Y": "word", "%Y%m%d": "ymd", "%d.%m.%y": "dmy", "%m/%d/%y": "mdy",
}  # fmt: skip
moments = st.dates(date(1970, 1, 1), date(2060, 12, 31))


@QUICK
@given(
    days=st.lists(moments, min_size=1, max_size=8),
    form=st.sampled_from(sorted(FORMS)),
    day_first=st.booleans(),
)
def test_dates_come_back_or_are_doubted(days, form, day_first):
    written = [day.strftime(form) for day in days]
    strings = to_strings(pd.Series(written, dtype="str"))
    assume("%y" not in form or all(1969 <= day.year < 2069 for day in days))

    read = parse_dates(strings, day_first=day_first)

    assert read is not None
    meant = pd.Series(pd.to_datetime(days))
    if not (read.values == meant).all():
        # Rows that run forward in the wrong order only are the one proof that can mislead.
        assert read.ambiguous or (read.evident and len(days) > 1)
    if FORMS[form] in ("dmy", "mdy"):
        known = parse_dates(strings, day_first=day_first, given=FORMS[form])
        assert known is not None
        assert (known.values == meant).all()


@settings(QUICK, max_examples=max(CASES // 5, 20))
@given(data=st.data())
def test_tables_of_each_dialect_come_back_or_a_warning_says_the_doubt(data):
    delimiter = data.draw(st.sampled_from([",", ";", "\t", "|"]))
    n_rows = data.draw(st.integers(2, 6))
    lines, meant = [["key"] + [f"c{i}" for i in range(3)]], []
    decimal = data.draw(st.sampled_from(".,"))
    wanted = [data.draw(dialects) for _ in range(3)]
    for row in range(n_rows):
        pairs = [
            write(data.draw(st.integers(1, 10**7)), {**each, "decimal": decimal,
                  "group": each["group"] if each["group"] != decimal else "", "indian": False})
            for each in wanted
        ]  # fmt: skip
        lines.append([f"k{row}", *(f'"{text}"' for text, _ in pairs)])
        meant.append([value for _, value in pairs])
    text = "\n".join(delimiter.join(line) for line in lines) + "\n"
    kinds = {f"c{i}": "numeric" for i in range(3)}

    table = read_table(
        io.BytesIO(text.encode()), overrides=ReadOptions(kinds=kinds, decimal=decimal)
    )

    np.testing.assert_array_equal(table.frame.iloc[:, 1:].to_numpy(dtype=float), meant)


PERIODS = {
    "{year}-Q{quarter}": "quarter", "Q{quarter} {year}": "quarter", "T{quarter} {year}": "quarter",
    "{year}Q{quarter}": "quarter", "{quarter}. Quartal {year}": "quarter", "Q{quarter}/{short}":
    "quarter", "{year}-W{week:02}": "week", "{year}W{week:02}": "week", "KW {week}/{year}": "week",
    "{year}-{month:02}": "month", "{month:02}/{year}": "month", "{year}年{month}月": "month",
}  # fmt: skip


@QUICK
@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2039, 12, 31)), min_size=2, max_size=8),
    form=st.sampled_from(sorted(PERIODS)),
)
def test_quarters_weeks_and_months_come_back_as_their_first_day(days, form):
    meant, written = [], []
    for day in days:
        year, week, _ = day.isocalendar()
        quarter = (day.month + 2) // 3
        first = {
            "quarter": date(day.year, 3 * quarter - 2, 1),
            "week": date.fromisocalendar(year, week, 1),
            "month": date(day.year, day.month, 1),
        }[PERIODS[form]]
        meant.append(pd.Timestamp(first))
        written.append(
            form.format(
                year=year if PERIODS[form] == "week" else day.year,
                short=f"{day.year % 100:02}",
                quarter=quarter,
                week=week,
                month=day.month,
            )
        )

    read = parse_dates(to_strings(pd.Series(written, dtype="str")), day_first=True)

    assert read is not None
    assert read.values.tolist() == meant


def test_days_written_as_excel_writes_them_come_back():
    day = date(2021, 1, 5)
    serials = [str(44201 + i) for i in range(20)]
    table = read_table(io.BytesIO(("k,date\n" + "".join(f"a,{s}\n" for s in serials)).encode()))

    assert [row["date"] for row in table.page(limit=50)] == [
        (day + timedelta(days=i)).isoformat() for i in range(20)
    ]
