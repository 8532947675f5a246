"""What the values of a column mean: codes, marks for "no value", one category in many spellings."""

import io
from collections.abc import Sequence

import numpy as np
import pytest

from app.segmentation.tables import Kind, ReadOptions, Table, read_table


def read(columns: dict[str, Sequence[object]], **options: object) -> Table:
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


def warned(table: Table, code: str) -> dict[str | None, tuple[int, object]]:
    return {
        w.column: (w.count, w.alternatives[0].overrides) for w in table.warnings if w.code == code
    }


N = 30
IDS = [f"K{i}" for i in range(N)]
AGES = [20 + (i * 7) % 50 for i in range(N)]


class TestCodes:
    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("plz", [10115 + 97 * i for i in range(N)]),
            ("Postleitzahl", [4109 + 1997 * i for i in range(N)]),
            ("code postal", [1000 + 2711 * i for i in range(N)]),
            ("zip", [501 + 3001 * i for i in range(N)]),
            ("phone", [491600194525 + 1234567 * i for i in range(N)]),
            ("Telefon", [301234567 + 7654 * i for i in range(N)]),
            ("телефон", [79161234567 + 98765 * i for i in range(N)]),
            ("EAN", [4006381333931 + 10 * i for i in range(N)]),
            ("USt-Id", [123456789 + 31 * i for i in range(N)]),
            ("Kundennummer", [1001 + 13 * i for i in range(N)]),
            ("customer number", [70001 + 17 * i for i in range(N)]),
            ("Filialnummer", [501 + 7 * i for i in range(N)]),
            ("reference", [8301234 + 7919 * i for i in range(N)]),
            ("artikel", [f"4.9{i % 10}000E+12" for i in range(N)]),
        ],
    )
    def test_codes_are_no_quantities_and_the_reason_is_said(self, name, values):
        table = read({"id": IDS, name: values, "age": AGES})

        assert table[name].kind is not Kind.NUMERIC
        assert table["age"].kind is Kind.NUMERIC
        if table[name].kind is Kind.IDENTIFIER and name in warned(table, "codes"):
            assert warned(table, "codes")[name][1] == {"kinds": {name: "numeric"}}

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("age", list(range(20, 20 + N))),
            ("income", [20000 + 1013 * i for i in range(N)]),
            ("revenue", [1000000 + 100019 * i for i in range(N)]),
            ("visits", [100 + i for i in range(N)]),
            ("spend", [1234.5 + 7 * i for i in range(N)]),
            ("Umsatz", [1000000 + 70001 * i for i in range(N)]),
        ],
    )
    def test_quantities_stay_quantities(self, name, values):
        assert read({"id": IDS, name: values})[name].kind is Kind.NUMERIC

    def test_the_owner_may_know_better(self):
        columns = {"id": IDS, "plz": [10115 + 97 * i for i in range(N)]}

        assert read(columns, kinds={"plz": "numeric"}).frame["plz"].tolist() == columns["plz"]


class TestMarksForNoValue:
    @pytest.mark.parametrize(
        ("name", "others", "mark"),
        [
            ("pdays", [1, 3, 4, 8, 10, 11, 12, 20], 999),
            ("days_since", [5, 12, 30, 44, 60, 75, 90, 100], 9999),
            ("age", [20, 25, 31, 38, 44, 52, 61, 70], 999),
            ("rating", [1, 2, 3, 4, 5, 2, 3, 4], 99),
            ("visits", [0, 1, 2, 3, 5, 8, 9, 12], -1),
            ("income", [20000, 30500, 41000, 52000, 61000, 70500, 83000, 90000], -999999),
            ("age", [20, 25, 31, 38, 44, 52, 61, 70], 0),
            ("income", [20000, 30500, 41000, 52000, 61000, 70500, 83000, 90000], 0),
        ],
    )
    def test_they_are_missing_and_said_and_can_be_kept(self, name, others, mark):
        values = [mark if i % 7 == 3 else others[i % 8] for i in range(N)]
        marked = sum(value == mark for value in values)

        table = read({"id": IDS, name: values})
        kept = read({"id": IDS, name: values}, as_written=[name])

        assert table[name].missing == marked == np.isnan(table.frame[name]).sum()
        assert warned(table, "sentinel")[name] == (marked, {"as_written": [name]})
        assert kept.frame[name].tolist() == values

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("spend", [0 if i % 5 == 0 else 40 + i for i in range(N)]),
            ("children", [i % 4 for i in range(N)]),
            ("balance", [(i - 15) * 10 for i in range(N)]),
            ("trend", [i % 3 - 1 for i in range(N)]),
            ("age", [20 + (i * 11) % 80 for i in range(N)]),
            ("price", [99, 199, 299, 399, 999] * 6),
            ("score", [95, 96, 97, 98, 99, 90] * 5),
            ("income", [999 if i == 4 else 20000 + i for i in range(N)]),
        ],
    )
    def test_values_among_others_are_values(self, name, values):
        table = read({"id": IDS, name: values})

        assert table.frame[name].isna().sum() == 0

    def test_days_that_stand_for_never_are_missing(self):
        days = [f"2023-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(N)]
        days[3] = days[9] = "9999-12-31"

        table = read({"id": IDS, "left": days})

        assert table["left"].kind is Kind.DATE
        assert table["left"].missing == 2
        assert any("9999-12-31" in str(warning) for warning in table["left"].warnings)


class TestSpellings:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (["Male", "Male", "male ", "MALE", "Female", "female"], {"Male", "Female"}),
            (["M", "Male", "Male", "F", "Female", "Female"], {"Male", "Female"}),
            (["Zürich", "Zürich", "Zurich", "ZÜRICH", "Bern", "Bern"], {"Zürich", "Bern"}),
            (["student", "students", "student", "worker", "workers", "worker"],
             {"student", "worker"}),
            (["Ja", "Ja", "ja", "J", "Nein", "nein"], {"Ja", "Nein"}),
            (["oui", "Oui", "oui", "non", "NON", "non"], {"oui", "non"}),
            (["New York", "new-york", "New York", "Boston", "Boston", "boston"],
             {"New York", "Boston"}),
        ],
    )  # fmt: skip
    def test_one_category_is_one(self, values, expected):
        table = read({"id": IDS, "level": values * 5})

        assert set(table.frame["level"]) == expected
        assert "level" in warned(table, "spellings")

    @pytest.mark.parametrize(
        "values",
        [
            ["A+", "A", "A-", "B", "B+", "C"],
            ["M", "L", "XL", "Q", "M", "L"],
            ["North", "South", "East", "West", "North", "South"],
            ["class", "clas1", "glass", "brass", "class", "glass"],
        ],
    )
    def test_different_categories_stay_different(self, values):
        table = read({"id": IDS, "level": values * 5})

        assert set(table.frame["level"]) == set(values)
        assert warned(table, "spellings") == {}

    def test_spellings_can_be_kept(self):
        values = ["Male", "male", "Female"] * 10

        assert set(read({"id": IDS, "s": values}, as_written=["s"]).frame["s"]) == set(values)
