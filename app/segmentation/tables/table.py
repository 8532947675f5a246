"""A table with typed columns, each with its kind, its gaps and what looks wrong in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.cells import Cells, cells_from_frame, read_cells
from app.segmentation.tables.columns import Column, build_column
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.quality import TableWarning


@dataclass(frozen=True, kw_only=True)
class Table:
    """A typed table.

    Attributes
    ----------
    frame
        (n_rows, n_columns): int64 or float64 where numeric, datetime64 where dates, str
        elsewhere; missing values are NaN or NaT.
    columns
        One description a column, in the frame's order.
    warnings
        All columns' warnings and those of the table as a whole.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    dialect: Dialect
    line_numbers: NDArray[np.int64]
    warnings: tuple[TableWarning, ...] = ()

    def __getitem__(self, name: str) -> Column:
        """Describe the column called ``name``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise TableError(f"there is no column {name!r}")

    def of_kind(self, *kinds: Kind) -> list[str]:
        """Names of the columns of these kinds."""
        return [column.name for column in self.columns if column.kind in kinds]

    def page(self, *, skip: int = 0, limit: int = 50) -> list[dict[str, object]]:
        """Rows ``skip`` to ``skip + limit`` as plain values: None where missing, ISO dates."""
        return plain_rows(self.frame.iloc[max(skip, 0) : max(skip, 0) + max(limit, 0)])

    def preview(self, n: int = 10) -> list[dict[str, object]]:
        """Give the first ``n`` rows as plain values."""
        return self.page(limit=n)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Give a typed frame's rows as plain values: None where missing, ISO dates."""
    columns = [[_plain(value) for value in frame[name].tolist()] for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return None if value is pd.NaT else value


def read_table(
    source: BinaryIO, *, overrides: ReadOptions | None = None, max_columns: int = 2000
) -> Table:
    """Read a table of unknown format and dialect, each column by its kind.

    Parameters
    ----------
    source, max_columns
        As for :func:`read_cells`.
    overrides
        What the caller knows, of the dialect and of columns' kinds.

    Raises
    ------
    TableError
        The file is no table or a faulty one, or an override does not fit it.
    """
    cells = read_cells(source, overrides=overrides, max_columns=max_columns)
    return build_table(cells, kinds=overrides.kinds if overrides else None)


def build_table(cells: Cells, *, kinds: Mapping[str, str] | None = None) -> Table:
    """Type each column of ``cells`` by its recognised kind, or by the one given in ``kinds``.

    Raises
    ------
    TableError
        ``kinds`` names an unknown column or kind, or one that the values do not allow.
    """
    chosen = _known_kinds(kinds or {}, cells.frame)
    warnings = [TableWarning(code="layout", message=message) for message in cells.warnings]
    columns: list[Column] = []
    typed: dict[str, pd.Series] = {}
    for position, name in enumerate(cells.frame.columns):
        column, values = build_column(cells, name, position, chosen.get(name))
        columns.append(column)
        typed[name] = values
        warnings.extend(column.warnings)
    return Table(
        frame=pd.DataFrame(typed, copy=False),
        columns=tuple(columns),
        dialect=cells.dialect,
        line_numbers=cells.line_numbers,
        warnings=tuple(warnings),
    )


def table_from_frame(frame: pd.DataFrame, *, kinds: Mapping[str, str] | None = None) -> Table:
    """Type records that were posted rather than uploaded, by the same rules as a file's.

    Raises
    ------
    TableError
        There are no records, or a value is a list or a mapping (names its column and row).
    """
    return build_table(cells_from_frame(frame), kinds=kinds)


def _known_kinds(kinds: Mapping[str, str], frame: pd.DataFrame) -> dict[str, Kind]:
    known = {}
    for name, kind in kinds.items():
        if name not in frame.columns:
            raise TableError(f"kind given for {name!r}, but there is no such column")
        try:
            known[name] = Kind(kind)
        except ValueError as error:
            raise TableError(
                f"kind {kind!r} of column {name!r} is not one of {', '.join(Kind)}"
            ) from error
    return known
