"""Columns of every kind, as their owners write them, are read as they are meant.

`reading_cases.jsonl` has one column a line: what is written, and what it means, by hand.
"""

import io
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from app.schemas.read_overrides import ReadOverrides
from app.segmentation.tables import Table, read_table
from app.services.overrides import given_overrides
from app.services.reading import read_options

FILE = Path(__file__).with_name("reading_cases.jsonl")
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    missing = value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    return None if missing else value


SAID_ONLY = {"blank", "empty_column", "duplicate_id", "repeated_id"}
"""What is wrong in the file, and can be read in no other way."""


def written(case: dict) -> io.BytesIO:
    rows = [f"K{7 * i + 3}x\tAnn{i % 5}\t{text}" for i, text in enumerate(case["written"])]
    return io.BytesIO(("\n".join([f"kid\tfirst\t{case['name']}", *rows]) + "\n").encode())


def said(table: Table) -> list[tuple[str, str | None, str]]:
    return [(each.code, each.reading, each.message) for each in table.warnings]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["called"])
def test_a_column_is_read_as_its_owner_means_it(case):
    meant = case.get("meant", case["written"])

    table = read_table(written(case))

    column = table.columns[2]
    read = [plain(value) for value in table.frame[column.name].tolist()]
    assert column.kind == case["kind"]
    assert read == [pytest.approx(m, rel=1e-12) if isinstance(m, float) else m for m in meant]
    assert set(case.get("says", [])) <= {warning.code for warning in column.warnings}


DOUBTED = [case for case in CASES if case.get("says")]


@pytest.mark.parametrize("case", DOUBTED, ids=lambda case: case["called"])
def test_each_other_reading_of_a_doubt_can_be_taken(case):
    table = read_table(written(case))

    for warning in table.warnings:
        assert warning.code in SAID_ONLY or warning.alternatives, warning.message
        for other in warning.alternatives:
            form = ReadOverrides.model_validate(dict(other.overrides))
            options = read_options(given_overrides(form))
            taken = read_table(written(case), overrides=options)
            assert said(taken) != said(table) or taken.frame.dtypes.ne(table.frame.dtypes).any()
