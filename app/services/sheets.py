"""Customers' texts in spreadsheets and CSV, where none of them is run; written row by row."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import xlsxwriter
from defusedcsv import csv
from xlsxwriter.format import Format

from app.errors import BadRequest

Value = object


def customers_header(
    identifier: str | None, others: Sequence[str], added: Sequence[str]
) -> list[str]:
    """Name each column once: the table's by their own names, and ours by free ones."""
    taken = {*others, identifier}
    while taken.intersection(added):
        added = [f"predicted_{name}" for name in added]
    first = identifier
    if first is None:
        first = "row"
        while first in taken:
            first = f"table_{first}"
    return [first, *added, *others]


def csv_block(rows: list[list[Value]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


MAX_SHEET_ROWS = 1_048_575
"""What a sheet holds under its header."""

BOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Written row by row; no customer's text is taken for a formula, a link or a number."""

_CHUNK = 1 << 18
_LONGEST_CELL = 32_767
# Characters; what is wider is cut by the column's edge, and there to be read in its cell.
_NARROWEST, _WIDEST = 8, 40
_FILTER_ARROW = 3
# A column is as wide as these rows need: a sheet is written once, row by row.
_ROWS_MEASURED = 200


class Sheet:
    """A sheet that is written downward and is as wide as its first rows."""

    def __init__(self, book: "xlsxwriter.Workbook", name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self._bold = book.add_format({"bold": True})
        self._rows = 0
        self._widths: list[int] = []

    def header(self, names: Sequence[Value]) -> None:
        self.sheet.freeze_panes(1, 2)
        self.row(names, [self._bold] * len(names))
        self._widths = [width + _FILTER_ARROW for width in self._widths]

    def row(self, values: Sequence[Value], formats: Sequence[Format | None] | None = None) -> None:
        line = self._rows
        for column, value in enumerate(values):
            form = formats[column] if formats is not None else None
            if isinstance(value, int | float):
                self.sheet.write_number(line, column, value, form)
            elif value is not None:
                self.sheet.write_string(line, column, str(value)[:_LONGEST_CELL], form)
        if line < _ROWS_MEASURED:
            lengths = [_length(value) for value in values]
            widths = self._widths or [_NARROWEST] * len(values)
            self._widths = [max(pair) for pair in zip(widths, lengths, strict=True)]
        self._rows += 1

    def finish(self) -> None:
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, min(width, _WIDEST))
        self.sheet.autofilter(0, 0, self._rows - 1, len(self._widths) - 1)


def _length(value: Value) -> int:
    if value is None:
        return 0
    return 1 + len(f"{value:,.2f}" if isinstance(value, float) else str(value))


def check_sheet(n_rows: int) -> None:
    """Refuse more rows than a sheet holds."""
    if n_rows > MAX_SHEET_ROWS:
        raise BadRequest(
            f"A sheet holds {MAX_SHEET_ROWS:,} rows and there are {n_rows:,}; choose format=csv",
            code="too_many_rows",
            field="format",
        )


def sent(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
