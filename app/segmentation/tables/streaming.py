"""Read delimited text row by row, for tables of any length."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import pandas as pd

from app.segmentation.errors import TableError
from app.segmentation.tables.cells import read_cells
from app.segmentation.tables.delimited import iterate_rows
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.naming import name_columns, refuse_repeated
from app.segmentation.tables.numbers import read_columns
from app.segmentation.tables.separators import UNIT
from app.segmentation.tables.signatures import recognise_format
from app.segmentation.tables.sniffing import numbered_rows
from app.segmentation.tables.text_dialect import OpenedText, open_text
from app.segmentation.tables.values import to_strings

MAX_WHOLE_BYTES = 20_000_000
"""Of a file that is no text."""


@dataclass(frozen=True)
class RowStream:
    """A table that is read once, from its first row to its last.

    Attributes
    ----------
    dialect : Dialect
    names : tuple of str
        The columns, from the header.
    decimals : mapping of str to str or None
        Each column's decimal mark, as the beginning of the table shows it; None where it leaves
        a doubt.
    rows : iterator of (int, list of str)
        The line each row starts at, counted from 1, and its fields, as many as the row has.
    """

    dialect: Dialect
    names: tuple[str, ...]
    decimals: Mapping[str, Mark | None]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def stream_rows(source: BinaryIO) -> Iterator[RowStream]:
    """Open a seekable binary stream of a table that begins with a header.

    Text is read row by row; a workbook or a Parquet file at once.

    Raises
    ------
    TableError
        The stream is empty, is no table, is a large one that is read at once, or two of its
        columns have one name.
    """
    source.seek(0)
    options = ReadOptions(has_header=True)
    if recognise_format(source) != "csv":
        if source.seek(0, io.SEEK_END) > MAX_WHOLE_BYTES:
            raise TableError(
                f"a workbook or Parquet file may have {MAX_WHOLE_BYTES:,} bytes here, for it is "
                "read at once; save it as CSV"
            )
        cells = read_cells(source, overrides=options)
        refuse_repeated(cells.repeated)
        rows = zip(cells.line_numbers.tolist(), cells.frame.to_numpy().tolist(), strict=True)
        names = tuple(map(str, cells.frame.columns))
        yield RowStream(cells.dialect, names, _decimals(cells.frame, None), rows)
        return
    opened = open_text(source, options)
    dialect, layout = opened.dialect, opened.layout
    opened.source.seek(0)
    text = io.TextIOWrapper(
        opened.source, encoding=dialect.encoding, errors=dialect.errors, newline=""
    )
    try:
        read = (row for row in iterate_rows(text, dialect) if row[0] >= layout.first_row)
        if opened.separator:
            read = (
                (line, [field.replace(UNIT, opened.separator) for field in fields])
                for line, fields in read
            )
        named = name_columns(layout.names, layout.width)
        refuse_repeated(named.repeated)
        names = tuple(named.names)
        first = _first_rows(opened, names)
        yield RowStream(opened.written, names, _decimals(first, dialect.delimiter), read)
    finally:
        text.detach()


def _first_rows(opened: OpenedText, names: Sequence[str]) -> pd.DataFrame:
    dialect, width = opened.dialect, len(names)
    numbered = numbered_rows(opened.head, dialect.delimiter or UNIT, dialect.quotechar or "")
    rows = [
        [*row[:width], *[""] * (width - len(row))]
        for line, row in numbered
        if line >= opened.layout.first_row
    ]
    return pd.DataFrame(rows, columns=list(names), dtype="str")


def _decimals(frame: pd.DataFrame, delimiter: str | None) -> dict[str, Mark | None]:
    columns = {str(name): to_strings(frame[name]) for name in frame.columns}
    read = read_columns(columns, delimiter=delimiter)
    return {
        name: None if each.doubtful.any() else each.format.decimal
        for name, each in read.items()
        if each is not None
    }
