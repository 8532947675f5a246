"""Read one sheet of an Excel workbook as strings, within a bound on what it unpacks to."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.layout import Layout
from app.segmentation.tables.quality import Alternative, TableWarning
from app.segmentation.tables.sheet_marks import SheetMarks, read_marks
from app.segmentation.tables.sheet_rows import MAX_UNPACKED_BYTES, percent_columns, sheet_rows
from app.segmentation.tables.surroundings import recognise_layout
from app.segmentation.tables.workbook_doubts import (
    opened,
    percent_warnings,
    uncomputed_warnings,
)

MAX_RATIO = 100
"""Of bytes unpacked to packed. Rows of customers pack 5 to 15 times, empty formatted ones up to 40;
90 kB that hold 700,000 rows, which take a minute to read, 300 times."""
_SMALL_BYTES = 4 << 20
"""What unpacks to less is read in a moment, however it is packed."""

_HEADER_SAMPLE = 300
_MOST_SHEETS = 20
_COVER_COLUMNS = 3
_COVER_ROWS = 4


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """One sheet's cells.

    Attributes
    ----------
    layout
        Where the table begins on the sheet.
    columns, row_numbers
        One array of strings a column; the sheet's row of each.
    marks
        Its hidden rows and columns, and its merged cells.
    doubts
        Other possible readings, and formulas that must be recomputed and saved.
    """

    dialect: Dialect
    layout: Layout
    columns: list[pa.ChunkedArray]
    row_numbers: NDArray[np.int64]
    marks: SheetMarks
    doubts: tuple[TableWarning, ...]


def read_workbook(source: BinaryIO, options: ReadOptions, *, max_columns: int) -> Workbook:
    """Read the named sheet, or the first that holds a table.

    Raises
    ------
    TableError
        The file is a zip of something else, too large unpacked, encrypted or damaged; the
        sheet does not exist (its siblings are named) or is empty; a row is longer than the
        header.
    """
    _check_archive(source)
    book = opened(source, values=True)
    try:
        sheets = tuple(sheet.title for sheet in book.worksheets)
        name, doubts = _chosen(book, options, max_columns)
        rows = sheet_rows(book[name], max_columns)
        skipped = options.skipped_lines
        rows = ((number, row) for number, row in rows if number not in skipped)
        sample = list(islice(rows, _HEADER_SAMPLE))
        if not sample:
            raise TableError(f"sheet {name!r} is empty")
        layout = recognise_layout(
            sample,
            has_header=options.has_header,
            header_row=options.header_row,
            recognised=options.skip_rows is None,
        )
        columns, numbers = _columns([*sample, *rows], layout)
        percents = percent_columns(book[name])
        # Where the sheet's own XML is, which says what openpyxl reads past.
        marks = read_marks(source, book[name]._worksheet_path)
    finally:
        book.close()
    dialect = Dialect(format="xlsx", has_header=layout.names is not None, sheet=name, sheets=sheets)
    names = layout.names or [f"column_{i}" for i in range(1, len(columns) + 1)]
    doubts += percent_warnings(names, columns, numbers, percents)
    doubts += uncomputed_warnings(source, name, names, columns, numbers)
    return Workbook(
        dialect=dialect,
        layout=layout,
        columns=columns,
        row_numbers=numbers,
        marks=marks,
        doubts=tuple(doubts),
    )


def _chosen(book: Any, options: ReadOptions, max_columns: int) -> tuple[str, list[TableWarning]]:
    """Name the sheet to read: a cover is passed over where a table follows it."""
    sheets = [sheet.title for sheet in book.worksheets]
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    name = options.sheet if options.sheet is not None else next(iter(visible or sheets), None)
    if name is None or name not in sheets:
        there = ", ".join(repr(sheet) for sheet in sheets) or "none"
        raise TableError(f"there is no sheet {name!r}; the sheets are {there}")
    if options.sheet is not None or len(visible) < 2:
        return name, []
    sizes = {
        title: _size(list(islice(sheet_rows(book[title], max_columns), _HEADER_SAMPLE)))
        for title in visible[:_MOST_SHEETS]
    }
    first_rows, first_columns = sizes[name]
    tables = [
        title
        for title, (n_rows, n_columns) in sizes.items()
        if n_columns > max(1, first_columns) and n_rows > max(2, first_rows)
    ]
    passed_over = tables and (first_columns < _COVER_COLUMNS or first_rows < _COVER_ROWS)
    taken = tables[0] if passed_over else name
    others = tuple(
        Alternative(reading=f"sheet {title!r}", overrides={"sheet": title})
        for title, (n_rows, _) in sizes.items()
        if title != taken and n_rows > 1
    )
    if not passed_over and not others:
        return name, []
    message = f"Sheet {name!r} holds no table; sheet {taken!r} was read"
    if not passed_over:
        listed = ", ".join(repr(other.overrides["sheet"]) for other in others)
        message = f"Sheet {taken!r} was read; there are tables on {listed} as well"
    return taken, [
        TableWarning(
            code="cover_sheet" if passed_over else "other_sheets",
            message=message,
            reading=taken,
            alternatives=others,
        )
    ]


def _size(rows: list[tuple[int, list[str]]]) -> tuple[int, int]:
    """How many rows hold at least two cells, and how wide most of them are."""
    widths = [sum(map(bool, row)) for _, row in rows]
    widths = [width for width in widths if width > 1]
    return len(widths), int(np.median(widths)) if widths else 0


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
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > max(_SMALL_BYTES, MAX_RATIO * packed):
        raise TableError(
            f"the Excel file unpacks to {unpacked // max(1, packed):,} times its size, as no table "
            "of customers does: save it as CSV"
        )


def _columns(
    rows: list[tuple[int, list[str]]], layout: Layout
) -> tuple[list[pa.ChunkedArray], NDArray[np.int64]]:
    body = [(number, row) for number, row in rows if number >= layout.first_row]
    # Trailing blanks were dropped, so that without a header the longest row sets the width.
    width = layout.width if layout.names else max(len(row) for _, row in body)
    for number, row in body:
        if len(row) > width:
            raise TableError(
                f"row {number} has {len(row)} cells, the header has {width}; "
                "name the extra columns or remove them"
            )
        row.extend([""] * (width - len(row)))
    columns = [
        pa.chunked_array([[row[i] for _, row in body]], type=pa.large_string())
        for i in range(width)
    ]
    return columns, np.array([number for number, _ in body], dtype=np.int64)
