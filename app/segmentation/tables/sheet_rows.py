"""Read the rows of one Excel sheet as strings, each value as the sheet shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.segmentation.errors import TableError
from app.segmentation.tables.number_column import write_number

MAX_UNPACKED_BYTES = 512 << 20
"""A workbook that unpacks to more is refused: a few kilobytes of zip can hold gigabytes."""

_GLANCE = 100


def percent_columns(sheet: Any) -> frozenset[int]:
    """Positions of the columns of which a cell near the top is shown as a per cent."""
    sheet.reset_dimensions()
    return frozenset(
        position
        for cells in islice(sheet.iter_rows(), _GLANCE)
        for position, cell in enumerate(cells)
        if _is_percent(cell)
    )


def sheet_rows(sheet: Any, max_columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything: its number, and its cells as strings.

    Raises
    ------
    TableError
        The sheet is damaged, holds too many characters, or a row too many columns.
    """
    size = 0
    try:
        percents = percent_columns(sheet)
        # Written dimensions are often stale; without them the rows themselves decide.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=not percents), start=1):
            row = [
                _shown(cell)
                if position in percents
                else cell_text(cell.value if percents else cell)
                for position, cell in enumerate(cells)
            ]
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


def cell_text(value: object) -> str:
    """Write a cell's value as a string; a blank is ``""``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    return str(value)


def _is_percent(cell: Any) -> bool:
    number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return number and "%" in (cell.number_format or "")


def _shown(cell: Any) -> str:
    """Write 0.12 that the sheet shows as 12% as it is shown, with all its digits."""
    if not _is_percent(cell):
        return cell_text(cell.value)
    return f"{write_number(float(f'{cell.value * 100:.13g}'))}%"
