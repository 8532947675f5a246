"""Read one sheet of an Excel workbook as strings, within a bound on what it unpacks to."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import openpyxl
import pyarrow as pa
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.numbers import write_number
from app.segmentation.tables.sniffing import recognise_header

MAX_UNPACKED_BYTES = 512 << 20
"""A workbook that unpacks to more is refused: a few kilobytes of zip can hold gigabytes."""

_HEADER_SAMPLE = 200


def read_workbook(
    source: BinaryIO, options: ReadOptions, *, max_columns: int
) -> tuple[Dialect, list[str] | None, list[pa.Array], NDArray[np.int64]]:
    """Read the named sheet, or the first.

    Returns
    -------
    dialect, header, columns, row_numbers
        Header is None where the sheet has none; one array of strings a column; the sheet's
        row of each, since rows that are wholly empty are passed over.

    Raises
    ------
    TableError
        The file is a zip of something else, too large unpacked, encrypted or damaged; the
        sheet does not exist (its siblings are named) or is empty; a row is longer than the
        header.
    """
    _check_archive(source)
    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise TableError(f"the Excel file is damaged: {error}") from error
    try:
        sheets = tuple(sheet.title for sheet in book.worksheets)
        name = options.sheet if options.sheet is not None else next(iter(sheets), None)
        if name is None or name not in sheets:
            there = ", ".join(repr(sheet) for sheet in sheets) or "none"
            raise TableError(f"there is no sheet {name!r}; the sheets are {there}")
        sheet = book[name]
        # Written dimensions are often stale; without them the rows themselves decide.
        sheet.reset_dimensions()
        rows = _rows(sheet, max_columns)
        sample = list(islice(rows, _HEADER_SAMPLE))
        if not sample:
            raise TableError(f"sheet {name!r} is empty")
        has_header = options.has_header
        if has_header is None:
            has_header = recognise_header([row for _, row in sample])
        dialect = Dialect(format="xlsx", has_header=has_header, sheet=name, sheets=sheets)
        return dialect, *_columns([*sample, *rows], has_header)
    finally:
        book.close()


def _check_archive(source: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableError(f"the zip or Excel file is damaged: {error}") from error
    finally:
        source.seek(0)
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise TableError("not a table: this is a zip archive and no Excel workbook")
    # zipfile never unpacks an entry past its declared size, so the declaration can be trusted.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise TableError(
            f"the Excel file unpacks to {unpacked:,} bytes; at most {MAX_UNPACKED_BYTES:,} are "
            "read: save it as CSV"
        )


def _rows(sheet: Any, max_columns: int) -> Iterator[tuple[int, list[str]]]:
    size = 0
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            row = [_text(value) for value in values]
            # One long shared string may stand in a million cells.
            size += sum(map(len, row))
            if size > MAX_UNPACKED_BYTES:
                raise TableError(
                    f"the sheet holds over {MAX_UNPACKED_BYTES:,} characters by row {number}: "
                    "save it as CSV"
                )
            while row and not row[-1]:
                row.pop()
            if len(row) > max_columns:
                raise TableError(
                    f"row {number} has {len(row):,} columns; at most {max_columns:,} are read"
                )
            if row:
                yield number, row
    except TableError:
        raise
    except Exception as error:
        raise TableError(f"the sheet {sheet.title!r} is damaged: {error}") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    return str(value)


def _columns(
    rows: list[tuple[int, list[str]]], has_header: bool
) -> tuple[list[str] | None, list[pa.Array], NDArray[np.int64]]:
    # Trailing blanks were dropped, so that without a header the longest row sets the width.
    width = len(rows[0][1]) if has_header else max(len(row) for _, row in rows)
    header = rows[0][1] if has_header else None
    body = rows[1:] if has_header else rows
    for number, row in body:
        if len(row) > width:
            raise TableError(
                f"row {number} has {len(row)} cells, the header has {width}; "
                "name the extra columns or remove them"
            )
        row.extend([""] * (width - len(row)))
    columns = [pa.array([row[i] for _, row in body], type=pa.large_string()) for i in range(width)]
    return header, columns, np.array([number for number, _ in body], dtype=np.int64)
