"""One table in many dialects has the same values at each door that reads tables."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from app.segmentation.customers import find_columns, read_customers
from app.segmentation.recipe import FEATURES
from app.segmentation.tables import (
    ColumnFormat,
    Kind,
    build_table,
    cells_from_frame,
    new_row_options,
    read_cells,
    read_table,
    table_from_frame,
)
from app.segmentation.tables.numbers import read_numbers
from app.segmentation.tables.streaming import stream_rows
from app.segmentation.tables.values import to_strings

NAMES = ["customer_id", "Age", "Annual Income (k$)", "Spending Score", "Frequency"]
MEANT = np.array(
    [[20 + i * 7 % 41, 30.25 + i * 13 % 90, 5 + i * 11 % 90, i % 12] for i in range(24)]
)
ROWS = [
    [f"Kä{i}", f"{age:g}", f"{income:.2f}", f"{score:g}", f"{frequency:g}"]
    for i, (age, income, score, frequency) in enumerate(MEANT)
]


def joined(mark: str, rows: list[list[str]] = ROWS) -> str:
    return "\n".join(mark.join(row) for row in [NAMES, *rows]) + "\n"


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [["Customers of 2024"], NAMES, *([k, *map(float, rest)] for k, *rest in ROWS)]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    frame = pd.DataFrame(ROWS, columns=NAMES)
    frame.astype(dict.fromkeys(NAMES[1:], float)).to_parquet(out)
    return out.getvalue()


COMMAS = [[k, a, b.replace(".", ","), c, d] for k, a, b, c, d in ROWS]
UNITS = [[k, f"{a} years", f"{b} $", f"{c} /100", d] for k, a, b, c, d in ROWS]
DIALECTS = {
    "commas": joined(",").encode(),
    "semicolons": joined(";", COMMAS).encode("cp1252"),
    "tabs": joined("\t", COMMAS).encode("utf-16"),
    "two bars": joined("||").encode(),
    "two semicolons": joined(";;", COMMAS).encode(),
    "tilde bar tilde": joined("~|~").encode(),
    "unit separators": joined("\x1f").encode(),
    "declared": ("sep=|\r\n" + joined("|").replace("\n", "\r\n")).encode("utf-8-sig"),
    "a title": ("Customers of 2024\n\n" + joined(";")).encode(),
    "units": joined(";", UNITS).encode(),
    "workbook": workbook(),
    "parquet": parquet(),
}  # fmt: skip


def features(frame: pd.DataFrame) -> np.ndarray:
    columns = find_columns(list(frame.columns))
    return frame[[columns[name] for name in FEATURES]].to_numpy()


def upload(content: bytes) -> np.ndarray:
    return features(read_table(io.BytesIO(content)).frame)


def core(content: bytes) -> np.ndarray:
    return read_customers(io.BytesIO(content)).features


def batch(content: bytes) -> np.ndarray:
    with stream_rows(io.BytesIO(content)) as stream:
        frame = pd.DataFrame([row for _, row in stream.rows], columns=list(stream.names))
        columns = find_columns(list(stream.names))
        read = [
            read_numbers(to_strings(frame[columns[name]]), given=stream.decimals[columns[name]])
            for name in FEATURES
        ]
    return np.column_stack([each.values for each in read])


def records(content: bytes) -> np.ndarray:
    return features(table_from_frame(read_cells(io.BytesIO(content)).frame).frame)


@pytest.mark.parametrize("door", [upload, core, batch, records])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_has_the_same_values(door, dialect):
    np.testing.assert_array_equal(door(DIALECTS[dialect]).astype(float), MEANT)


@pytest.mark.parametrize(
    ("known", "written", "meant"),
    [
        (
            ColumnFormat(scale=("under 18", "18-24", "25-34", "35-44", "65+")),
            ["35-44", "65+", "18-24", "18 to 24", "over 65", ""],
            [4, 5, 2, 2, 5, np.nan],
        ),
        (ColumnFormat(scale=("never", "rarely", "often", "always")), ["often", "3"], [3, 3]),
        (ColumnFormat(form="capped"), ["10+", "4", "< 1"], [10, 4, 0]),
        (ColumnFormat(suffixes={"H": 1.0, "S": -1.0}), ["12,50 S", "7,00 H"], [-12.5, 7]),
    ],
    ids=["bands", "words", "capped", "signs"],
)
def test_new_rows_are_read_as_their_table_was(known, written, meant):
    options = new_row_options({"x": Kind.NUMERIC}, {"x": known})

    for texts, numbers in [
        (written, meant),
        *(([t], [n]) for t, n in zip(written, meant, strict=True)),
    ]:
        if texts == [""]:
            continue
        cells = cells_from_frame(pd.DataFrame({"x": texts}))
        read = build_table(cells, overrides=options).frame["x"]
        np.testing.assert_array_equal(read.astype(float), numbers)
