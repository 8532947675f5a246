"""Rows that are the same as an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.tables.columns import Column
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.quality import MOST_ROWS, Alternative, TableWarning

_MOST_ALIKE = 0.2
"""Past this share, customers without ids are alike because few things are known of them."""


def duplicate_warnings(
    frame: pd.DataFrame, columns: Sequence[Column], line_of: Callable[[int], int], unit: str
) -> list[TableWarning]:
    """Count the rows that are the same as an earlier one in every column."""
    if len(columns) < 2 or any(column.distinct >= len(frame) for column in columns):
        return []
    again = np.flatnonzero(frame.duplicated().to_numpy())
    has_ids = any(column.kind is Kind.IDENTIFIER for column in columns)
    if not len(again) or (not has_ids and len(again) > _MOST_ALIKE * len(frame)):
        return []
    lines = tuple(line_of(int(row)) for row in again[:MOST_ROWS])
    one = "row is" if len(again) == 1 else "rows are"
    return [
        TableWarning(
            code="duplicate_rows",
            message=f"{len(again):,} {one} the same as an earlier one in every column, first at "
            f"{unit} {lines[0]}",
            count=len(again),
            line=lines[0],
            rows=lines,
            reading="rows of their own",
            alternatives=(
                Alternative(reading="one row each", overrides={"drop_duplicates": True}),
            ),
        )
    ]


def dropped_warning(
    again: NDArray[np.bool_], line_of: Callable[[int], int], unit: str
) -> TableWarning:
    """Say which rows were left out, being the same as an earlier one."""
    found = np.flatnonzero(again)
    lines = tuple(line_of(int(row)) for row in found[:MOST_ROWS])
    one = "row was" if len(found) == 1 else "rows were"
    return TableWarning(
        code="dropped_rows",
        message=f"{len(found):,} {one} left out, being the same as an earlier one in every "
        f"column, first at {unit} {lines[0]}",
        count=len(found),
        line=lines[0],
        rows=lines,
        reading="left out",
        alternatives=(
            Alternative(reading="rows of their own", overrides={"drop_duplicates": False}),
        ),
    )
