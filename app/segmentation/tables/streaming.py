"""Read delimited text row by row, for tables of any length."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import pandas as pd

from app.segmentation.errors import TableError
from app.segmentation.tables.delimited import iterate_rows
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.encoding import read_head, recognise_encoding
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.naming import name_columns, refuse_repeated
from app.segmentation.tables.numbers import read_columns
from app.segmentation.tables.signatures import recognise_format
from app.segmentation.tables.sniffing import numbered_rows
from app.segmentation.tables.text_dialect import recognise_dialect
from app.segmentation.tables.values import to_strings


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
    """Open a seekable binary stream of delimited text that begins with a header.

    Raises
    ------
    TableError
        The stream is empty, is no text, or two of its columns have one name.
    """
    source.seek(0)
    if recognise_format(source) != "csv":
        raise TableError("the file is a workbook; save it as CSV")
    letters = recognise_encoding(source)
    head = read_head(source, letters)
    dialect, layout = recognise_dialect(head, letters, ReadOptions(has_header=True))
    source.seek(0)
    text = io.TextIOWrapper(source, encoding=dialect.encoding, errors=dialect.errors, newline="")
    try:
        rows = (row for row in iterate_rows(text, dialect) if row[0] >= layout.first_row)
        named = name_columns(layout.names, layout.width)
        refuse_repeated(named.repeated)
        names = named.names
        yield RowStream(dialect, tuple(names), _decimals(head, dialect, layout, names), rows)
    finally:
        text.detach()


def _decimals(
    head: str, dialect: Dialect, layout: Layout, names: Sequence[str]
) -> dict[str, Mark | None]:
    numbered = numbered_rows(head, dialect.delimiter or "\x1f", dialect.quotechar or "")
    rows = [row for line, row in numbered if line >= layout.first_row]
    columns = {
        name: to_strings(pd.Series([row[i] for row in rows if len(row) > i], dtype="str"))
        for i, name in enumerate(names)
    }
    read = read_columns(columns, delimiter=dialect.delimiter)
    return {
        name: None if each.doubtful.any() else each.format.decimal
        for name, each in read.items()
        if each is not None
    }
