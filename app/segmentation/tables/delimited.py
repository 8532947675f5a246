"""Read delimited text into columns of strings, naming the line of whatever is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.dialect import WHITESPACE, Dialect
from app.segmentation.tables.layout import COMMENT, Layout
from app.segmentation.tables.plain import examine, read_plain

_BATCH = 20_000
_LONGEST_FIELD = 1 << 20
_DECLARATION_FIELDS = 2


def read_delimited(
    source: BinaryIO,
    dialect: Dialect,
    layout: Layout,
    *,
    max_columns: int,
    skipped: frozenset[int] = frozenset(),
) -> tuple[list[Any], NDArray[np.int64], list[int]]:
    """Read every row from the layout's first; a row shorter than the table is filled with blanks.

    Returns
    -------
    columns, line_numbers, short_rows
        One array of strings a column; the line in the file at which each row starts; and the
        lines of the rows that had to be filled.

    Raises
    ------
    TableError
        A row longer than the header, a quote that is never closed, too many columns.
    """
    width, first = layout.width, layout.first_row
    if width > max_columns:
        raise TableError(f"{width:,} columns; at most {max_columns:,} are read")
    if not any(line >= first for line in skipped):
        plain = examine(source, dialect)
        if plain is not None:
            columns = read_plain(source, dialect, plain, width=width, skipped=first - 1)
            if columns is not None:
                return columns, np.arange(first, plain.n_lines + 1), []
    source.seek(0)
    text = io.TextIOWrapper(source, encoding=dialect.encoding, errors=dialect.errors, newline="")
    try:
        rows = (
            row for row in iterate_rows(text, dialect) if row[0] >= first and row[0] not in skipped
        )
        return _columns(rows, width, dialect)
    finally:
        text.detach()


def _columns(
    rows: Iterator[tuple[int, list[str]]], width: int, dialect: Dialect
) -> tuple[list[pa.ChunkedArray], NDArray[np.int64], list[int]]:
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    lines: list[NDArray[np.int64]] = []
    short_rows: list[int] = []
    while batch := list(islice(rows, _BATCH)):
        for line, row in batch:
            if len(row) != width:
                if len(row) > width:
                    if COMMENT.match(row[0]) and " " in row[0].strip():
                        # A comment between the rows, whose commas set nothing apart.
                        row[:] = [" ".join(row), *[""] * (width - 1)]
                        continue
                    raise _too_long(line, row, width, dialect)
                short_rows.append(line)
                row.extend([""] * (width - len(row)))
        lines.append(np.array([line for line, _ in batch], dtype=np.int64))
        for chunk, values in zip(chunks, zip(*(row for _, row in batch), strict=True), strict=True):
            chunk.append(pa.array(values, type=pa.large_string()))
    columns = [pa.chunked_array(chunk, type=pa.large_string()) for chunk in chunks]
    return columns, np.concatenate(lines) if lines else np.empty(0, np.int64), short_rows


def _too_long(line: int, row: Sequence[str], width: int, dialect: Dialect) -> TableError:
    first = "the header" if dialect.has_header else "the first row"
    remedy = f" or put quotes around a {dialect.delimiter!r} inside a value"
    return TableError(
        f"line {line} has {len(row)} fields, {first} has {width}; remove the extra fields"
        + (remedy if dialect.delimiter not in (None, WHITESPACE) else "")
    )


def iterate_rows(text: io.TextIOWrapper, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the fields of each row, but for a spreadsheet's ``sep=;``."""
    rows = _all_rows(text, dialect)
    first = next(rows, None)
    if first is not None and not _declares(first[1]):
        yield first
    yield from rows


def _declares(fields: list[str]) -> bool:
    return len(fields) <= _DECLARATION_FIELDS and fields[0].lower().startswith("sep=")


def _all_rows(text: io.TextIOWrapper, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    if dialect.delimiter == WHITESPACE:
        for number, line in enumerate(text, start=1):
            if fields := line.split():
                yield number, fields
        return
    if dialect.delimiter is None:
        yield from _single_column(text, dialect)
        return
    yield from _quoted(text, dialect, dialect.delimiter)


def _single_column(text: io.TextIOWrapper, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    # A line left empty is a missing value here, except where the file only trails off.
    pending: list[int] = []
    for number, fields in _quoted(text, dialect, "\x1f"):
        if not fields:
            pending.append(number)
            continue
        yield from ((earlier, [""]) for earlier in pending)
        pending.clear()
        yield number, fields


def _quoted(
    text: io.TextIOWrapper, dialect: Dialect, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(
        text,
        delimiter=delimiter,
        quotechar=dialect.quotechar or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quotechar else csv.QUOTE_NONE,
        escapechar=dialect.escapechar,
        skipinitialspace=dialect.skip_spaces,
        strict=True,
    )
    start = 1
    keep_empty = dialect.delimiter is None
    try:
        for fields in reader:
            if fields or keep_empty:
                yield start, fields
            start = reader.line_num + 1
    except csv.Error as error:
        raise _quoting_fault(error, start, reader.line_num) from error


def _quoting_fault(error: csv.Error, start: int, end: int) -> TableError:
    message = str(error)
    if "unexpected end of data" in message:
        return TableError(f"a quote opened in the row at line {start} is never closed")
    if "field limit" in message:
        return TableError(
            f"the row at line {start} has a field of over {_LONGEST_FIELD:,} characters; "
            "a quote may not be closed there"
        )
    return TableError(
        f"line {end}: a closing quote is followed by more text; double the quotes inside a "
        "value, or read with quotechar='' where quotes are ordinary characters"
    )
