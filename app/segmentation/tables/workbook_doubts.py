"""What is said of a workbook's cells: per cents as shown, formulas that were never computed."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.quality import MOST_ROWS, Alternative, TableWarning


def opened(source: BinaryIO, *, values: bool) -> Any:
    """Open a workbook to read the values of its cells, or their formulas."""
    # It takes 10 MB of a server that may never read a workbook.
    import openpyxl

    source.seek(0)
    try:
        return openpyxl.load_workbook(source, read_only=True, data_only=values, keep_links=False)
    except Exception as error:
        raise TableError(f"the Excel file is damaged: {error}") from error


def percent_warnings(
    names: list[str],
    columns: list[pa.ChunkedArray],
    numbers: NDArray[np.int64],
    positions: frozenset[int],
) -> list[TableWarning]:
    """Say which columns are shown as per cents, and are read as they are shown."""
    warnings = []
    for at in sorted(position for position in positions if position < len(columns)):
        shown = np.flatnonzero(pc.ends_with(columns[at], "%").to_numpy())
        if not len(shown):
            continue
        name = " ".join(names[at].split())
        written = columns[at][int(shown[0])].as_py()
        rows = tuple(int(numbers[row]) for row in shown[:MOST_ROWS])
        other = Alternative(reading="fractions", overrides={"suffixes": {name: {"%": 0.01}}})
        warnings.append(
            TableWarning(
                code="percent_cells",
                message=f"{name}: {len(shown):,} cells that Excel shows as per cents are read as "
                f"it shows them ({written}), first at row {rows[0]}",
                column=name,
                count=len(shown),
                line=rows[0],
                rows=rows,
                reading="per cents",
                alternatives=(other,),
            )
        )
    return warnings


def uncomputed_warnings(
    source: BinaryIO,
    sheet: str,
    names: list[str],
    columns: list[pa.ChunkedArray],
    numbers: NDArray[np.int64],
) -> list[TableWarning]:
    """Find formulas that the program which wrote the file did not compute: blanks by their value.

    The sheet is looked at again only where a column has blanks.
    """
    blank = [np.asarray(pc.equal(column, "").to_numpy(), dtype=np.bool_) for column in columns]
    if not any(each.any() for each in blank):
        return []
    found: dict[int, list[int]] = {}
    row_of = {int(number): i for i, number in enumerate(numbers)}
    book = opened(source, values=False)
    try:
        plain = book[sheet]
        plain.reset_dimensions()
        for number, cells in enumerate(plain.iter_rows(values_only=True), start=1):
            row = row_of.get(number)
            if row is None:
                continue
            for position, value in enumerate(cells[: len(columns)]):
                if blank[position][row] and isinstance(value, str) and value.startswith("="):
                    found.setdefault(position, []).append(number)
    finally:
        book.close()
    return [
        TableWarning(
            code="uncomputed_formulas",
            message=f"{names[position]}: {len(rows):,} formulas were never computed, so that their "
            f"values are missing, first at row {rows[0]}; open the file in Excel, save it and "
            "upload it again",
            column=names[position],
            count=len(rows),
            line=rows[0],
            rows=tuple(rows[:MOST_ROWS]),
            reading="missing",
            alternatives=(
                Alternative(
                    reading="a column that segments leave out",
                    overrides={"kinds": {names[position]: "free_text"}},
                ),
            ),
        )
        for position, rows in sorted(found.items())
    ]
