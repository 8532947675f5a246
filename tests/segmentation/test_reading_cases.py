"""Columns of every kind, as their owners write them, are read as they are meant.

`reading_cases.jsonl` has one column a line: what is written, and what it means, by hand.
"""

import io
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from app.segmentation.tables import read_table

FILE = Path(__file__).with_name("reading_cases.jsonl")
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    missing = value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    return None if missing else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["called"])
def test_a_column_is_read_as_its_owner_means_it(case):
    rows = [f"K{7 * i + 3}x\tAnn{i % 5}\t{text}" for i, text in enumerate(case["written"])]
    text = "\n".join([f"kid\tfirst\t{case['name']}", *rows]) + "\n"
    meant = case.get("meant", case["written"])

    table = read_table(io.BytesIO(text.encode()))

    column = table.columns[2]
    read = [plain(value) for value in table.frame[column.name].tolist()]
    assert column.kind == case["kind"]
    assert read == [pytest.approx(m, rel=1e-12) if isinstance(m, float) else m for m in meant]
    assert set(case.get("says", [])) <= {warning.code for warning in column.warnings}
