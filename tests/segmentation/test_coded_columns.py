"""A column whose texts are kept once each is read as one whose rows each have their own."""

import io
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from app.segmentation.tables import ReadOptions, Table, coded, plain, read_table
from app.segmentation.tables.values import to_strings

TEXTS = ["12", " 12", "7", "", "n/a", "12", "unknown", "7 ", "3.5", "7", "?", "12"]


def as_coded(texts: list[str]) -> pa.DictionaryArray:
    return pa.array(texts, type=pa.large_string()).dictionary_encode()


def as_plain(texts: list[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, type=pa.large_string())])


@pytest.mark.parametrize("texts", [TEXTS, ["5", "6", "5", "5"], ["", ""], ['="007"', "007", "x"]])
def test_it_answers_as_its_rows_do(texts):
    one, other = to_strings(as_coded(texts)), to_strings(as_plain(texts))

    assert one.values.to_pylist() == other.values.to_pylist()
    np.testing.assert_array_equal(one.missing, other.missing)
    np.testing.assert_array_equal(one.blank, other.blank)
    assert one.distinct(one.blank).to_pylist() == other.distinct(other.blank).to_pylist()
    assert one.counts(one.missing) == other.counts(other.missing)
    assert one.examples(one.missing, 3) == other.examples(other.missing, 3)
    assert one.sample.values.to_pylist() == other.sample.values.to_pylist()
    assert (one.numbers is None) == (other.numbers is None)


def test_texts_that_only_left_out_rows_have_are_forgotten():
    kept = coded.kept(as_coded(["a", "b", "a", "c"]), np.array([False, True, True, True]))

    assert coded.texts_of(kept).to_pylist() == ["b", "a", "c"]
    assert coded.plain(kept).to_pylist() == ["b", "a", "c"]


def test_a_column_of_which_few_texts_repeat_is_plain_again():
    column = pa.chunked_array([as_coded(list("abca")), as_coded(list("defa"))])

    assert coded.in_one(column).to_pylist() == list("abcadefa")
    assert not coded.is_coded(coded.in_one(column))


def messy(seed: int) -> bytes:
    """Write 400 rows of the usual columns, with what goes wrong in them here and there."""
    rng = random.Random(seed)
    odd = ["", " ", "n/a", "?", "unknown", "-", "999", "007", " 12", "1e5", "abc", "never", "1.234"]
    columns = {
        "customer_id": lambda i: f"C{i // 2 if seed % 2 else i:05d}",
        "age": lambda _: str(rng.randint(18, 90)),
        "income": lambda _: f"{rng.lognormvariate(10, 1):.2f}",
        "Umsatz": lambda _: f"{rng.randint(1, 40)}.{rng.randint(0, 9)}00,50 EUR",
        "since": lambda _: f"2021-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}",
        "last_purchase": lambda _: f"{rng.randint(1, 12)}/0{rng.randint(1, 9)}/2020 10:15",
        "region": lambda _: rng.choice(["North", "north ", "South", "East"]),
        "satisfaction": lambda _: rng.choice(["never", "rarely", "sometimes", "often", "always"]),
        "flag": lambda _: rng.choice("01"),
        "PLZ": lambda _: rng.choice(["01067", "80331", "10115"]),
    }
    rows = [[make(i) for make in columns.values()] for i in range(400)]
    for _ in range(rng.choice([0, 2, 30])):
        rng.choice(rows)[rng.randrange(len(columns))] = rng.choice(odd)
    rows.append(rng.choice(rows))
    return "\n".join(";".join(row) for row in [list(columns), *rows]).encode()


def said(table: Table) -> tuple[object, ...]:
    return table.columns, table.warnings, table.grain, table.dialect, table.line_numbers.tolist()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("options", [{}, {"drop_duplicates": True}, {"decimal": ","}])
def test_a_table_is_read_alike_however_its_columns_are_kept(monkeypatch, seed, options):
    data, overrides = messy(seed), ReadOptions(**options)

    read = read_table(io.BytesIO(data), overrides=overrides)
    monkeypatch.setattr(plain, "repeats", lambda _: False)
    row_by_row = read_table(io.BytesIO(data), overrides=overrides)

    assert said(read) == said(row_by_row)
    pd.testing.assert_frame_equal(read.frame, row_by_row.frame, check_exact=True)
