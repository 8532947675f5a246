"""A table with typed columns, each with its kind, its gaps and what looks wrong in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.amounts import currency_warnings, side_warnings
from app.segmentation.tables.cells import Cells, cells_from_frame, read_cells
from app.segmentation.tables.column_format import ColumnFormat
from app.segmentation.tables.columns import BuiltColumn, Column, build_column
from app.segmentation.tables.dialect import Dialect, ReadOptions, RowIs
from app.segmentation.tables.duplicates import dropped_warning, duplicate_warnings
from app.segmentation.tables.grain import (
    CUSTOMERS,
    Grain,
    grain_warnings,
    recognise_grain,
)
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.plain_values import plain_rows
from app.segmentation.tables.quality import TableWarning
from app.segmentation.tables.ranking import rank_warnings
from app.segmentation.tables.votes import FileMarks, tally

_LONG_TABLE = 200_000
_SIDE_BY_SIDE = 4
"""Columns that are built at a time: each holds a few copies of itself."""


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
    grain
        What one row is.
    warnings
        All columns' warnings and those of the table as a whole.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    dialect: Dialect
    line_numbers: NDArray[np.int64]
    grain: Grain = CUSTOMERS
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
    return build_table(cells, overrides=overrides)


def build_table(cells: Cells, *, overrides: ReadOptions | None = None) -> Table:
    """Type each column of ``cells`` by its recognised kind, or by the one given.

    Columns that leave the meaning of their marks open are read again once the others have said
    what the file's marks are.

    Raises
    ------
    TableError
        ``overrides`` name an unknown column or kind, or one that the values do not allow.
    """
    options = overrides or ReadOptions()
    table = _built(cells, options)
    again = table.frame.duplicated().to_numpy() if options.drop_duplicates else np.zeros(0, bool)
    if not again.any():
        return table
    kept = replace(
        cells.kept(~again),
        doubts=(*cells.doubts, dropped_warning(again, cells.line_of, cells.dialect.unit)),
    )
    return _built(kept, options)


def _built(cells: Cells, options: ReadOptions) -> Table:
    chosen = _known_kinds(options.kinds, cells.columns)
    names = list(cells.columns)
    delimiter = cells.dialect.delimiter

    def built(position: int, file: FileMarks) -> BuiltColumn:
        return build_column(cells, position, options, file, chosen=chosen.get(names[position]))

    first = FileMarks(delimiter=delimiter)
    read = _each(lambda position: built(position, first), range(len(names)), len(cells))
    # Outside of text files, numbers are no text: how they are written here says nothing.
    texts = cells.dialect.format == "csv"
    file = tally((each.evident for each in read), delimiter) if texts else first
    if file != first:
        leaning = [position for position, each in enumerate(read) if each.leaning]
        again = _each(lambda position: built(position, file), leaning, len(cells))
        for position, each in zip(leaning, again, strict=True):
            read[position] = each
    columns = tuple(each.column for each in read)
    told = [warning for column in columns for warning in column.warnings]
    frame = pd.DataFrame(
        {name: each.values for name, each in zip(names, read, strict=True)}, copy=False
    )
    grain = recognise_grain(frame, columns)
    if options.one_row_is is not None:
        grain = replace(grain, one_row_is=options.one_row_is, reason="as you said")
    told += [*currency_warnings(frame, columns), *side_warnings(frame, columns)]
    told += duplicate_warnings(frame, columns, cells.line_of, cells.dialect.unit)
    return Table(
        frame=frame,
        grain=grain,
        columns=columns,
        dialect=_with_marks(cells.dialect, columns),
        line_numbers=cells.line_numbers,
        warnings=rank_warnings((*grain_warnings(grain), *cells.doubts, *told), len(cells)),
    )


def _each(
    build: Callable[[int], BuiltColumn], positions: Sequence[int], n_rows: int
) -> list[BuiltColumn]:
    """Build columns, those of a long table side by side: Arrow and NumPy leave the lock free."""
    if n_rows < _LONG_TABLE or len(positions) < 2:
        return [build(position) for position in positions]
    with ThreadPoolExecutor(max_workers=min(_SIDE_BY_SIDE, os.cpu_count() or 1)) as pool:
        return list(pool.map(build, positions))


def _with_marks(dialect: Dialect, columns: Sequence[Column]) -> Dialect:
    """Name the marks that most columns have."""
    formats = [column.format for column in columns if column.format is not None]
    decimals = Counter(each.decimal for each in formats if each.decimal is not None)
    decimal = decimals.most_common(1)[0][0] if decimals else "."
    groups = Counter(each.thousands for each in formats if each.decimal in (decimal, None))
    del groups[""]
    thousands = groups.most_common(1)[0][0] if groups else ""
    return replace(dialect, decimal=decimal, thousands=thousands)


def table_from_frame(
    frame: pd.DataFrame,
    *,
    kinds: Mapping[str, str] | None = None,
    one_row_is: RowIs | None = None,
) -> Table:
    """Type records that were posted rather than uploaded, by the same rules as a file's.

    Raises
    ------
    TableError
        There are no records, or a value is a list or a mapping (names its column and row).
    """
    options = ReadOptions(kinds=kinds or {}, one_row_is=one_row_is)
    return build_table(cells_from_frame(frame), overrides=options)


def new_row_options(kinds: Mapping[str, Kind], formats: Mapping[str, ColumnFormat]) -> ReadOptions:
    """Say how rows are to be read so that they fit a table that was read before."""
    known = {name: formats[name] for name in kinds if name in formats}
    marks = {
        name: each.date_marks if kinds[name] is Kind.DATE else each.marks
        for name, each in known.items()
        if kinds[name] in (Kind.DATE, Kind.NUMERIC)
    }
    return ReadOptions(
        kinds={name: str(kind) for name, kind in kinds.items()},
        decimals={name: each.decimal for name, each in known.items() if each.decimal is not None},
        marks=marks,
        suffixes={name: each.suffixes for name, each in known.items()},
        scales={name: each.scale for name, each in known.items() if each.scale},
        forms={name: each.form for name, each in known.items() if each.form},
        date_orders={name: each.date_order for name, each in known.items() if each.date_order},
        newest_years={name: each.newest_year for name, each in known.items() if each.newest_year},
        # Of a few new rows no spelling is the more frequent one.
        as_written=[name for name, kind in kinds.items() if kind is Kind.CATEGORICAL],
    )


def _known_kinds(kinds: Mapping[str, str], columns: Collection[str]) -> dict[str, Kind]:
    known = {}
    for name, kind in kinds.items():
        if name not in columns:
            raise TableError(f"kind given for {name!r}, but there is no such column")
        try:
            known[name] = Kind(kind)
        except ValueError as error:
            raise TableError(
                f"kind {kind!r} of column {name!r} is not one of {', '.join(Kind)}"
            ) from error
    return known
