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
from app.segmentation.tables import quality
from app.segmentation.tables.cells import Cells, cells_from_frame, read_cells
from app.segmentation.tables.dialect import Dialect, ReadOptions
from app.segmentation.tables.kinds import Kind, Reading, best_numbers, recognise_kind
from app.segmentation.tables.quality import Place, TableWarning
from app.segmentation.tables.values import Strings, parse_dates, to_strings

_EXAMPLES = 5
_LARGEST_EXACT = 2.0**53


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column's description.

    Attributes
    ----------
    missing
        Number of rows without a value.
    distinct
        Number of different values.
    examples
        The first few different values, as written.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    examples: tuple[str, ...]
    warnings: tuple[TableWarning, ...] = ()


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
        part = self.frame.iloc[max(skip, 0) : max(skip, 0) + max(limit, 0)]
        columns = [[_plain(value) for value in part[name].tolist()] for name in part.columns]
        return [dict(zip(part.columns, row, strict=True)) for row in zip(*columns, strict=True)]

    def preview(self, n: int = 10) -> list[dict[str, object]]:
        """Give the first ``n`` rows as plain values."""
        return self.page(limit=n)


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
        column, values = _build_column(cells, name, position, chosen.get(name))
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


def _build_column(
    cells: Cells, name: str, position: int, chosen: Kind | None
) -> tuple[Column, pd.Series]:
    dialect = cells.dialect
    strings = to_strings(cells.frame[name])
    reading = recognise_kind(
        name,
        strings,
        first=position == 0,
        decimal=dialect.decimal,
        thousands=dialect.thousands,
        day_first=dialect.day_first,
    )
    if chosen is not None and chosen is not reading.kind:
        reading = _as_chosen(name, strings, reading, chosen, dialect)
    place = Place(column=name, unit=dialect.unit, line_of=cells.line_of)
    values = _typed(strings, reading)
    warnings = _warnings(place, strings, reading, values)
    column = Column(
        name=name,
        kind=reading.kind,
        missing=int(values.isna().sum()),
        distinct=reading.distinct,
        examples=strings.examples(values.isna().to_numpy(dtype=bool), _EXAMPLES),
        warnings=tuple(warnings),
    )
    return column, values


def _as_chosen(
    name: str, strings: Strings, reading: Reading, kind: Kind, dialect: Dialect
) -> Reading:
    if kind is Kind.NUMERIC:
        numbers = best_numbers(strings, decimal=dialect.decimal, thousands=dialect.thousands)
        if np.isnan(numbers).all() and not strings.missing.all():
            raise TableError(f"column {name!r} holds no numbers; it cannot be numeric")
        return Reading(kind=kind, distinct=reading.distinct, numbers=numbers)
    if kind is Kind.DATE:
        dates = parse_dates(strings, day_first=dialect.day_first)
        if dates is None:
            raise TableError(f"column {name!r} holds no dates of one form; it cannot be a date")
        return Reading(kind=kind, distinct=reading.distinct, dates=dates)
    return Reading(kind=kind, distinct=reading.distinct)


def _typed(strings: Strings, reading: Reading) -> pd.Series:
    if reading.kind is Kind.DATE and reading.dates is not None:
        return reading.dates.values
    if reading.kind in (Kind.NUMERIC, Kind.CONSTANT) and reading.numbers is not None:
        return pd.Series(_narrow(reading.numbers))
    texts: pd.Series = strings.filled(strings.blank).to_pandas()
    if reading.kind is Kind.IDENTIFIER or reading.numbers is not None:
        # A spreadsheet that had gaps wrote its whole numbers as 17850.0.
        present = texts.dropna()
        if not present.empty and present.str.fullmatch(r"-?\d+\.0").all():
            texts = texts.str.slice(0, -2)
    return texts


def _narrow(numbers: NDArray[np.float64]) -> NDArray[np.float64] | NDArray[np.int64]:
    whole = np.isfinite(numbers).all() and (numbers == np.round(numbers)).all()
    if whole and (not len(numbers) or np.abs(numbers).max() < _LARGEST_EXACT):
        return numbers.astype(np.int64)
    return numbers


def _warnings(
    place: Place, strings: Strings, reading: Reading, values: pd.Series
) -> list[TableWarning]:
    absent = values.isna().to_numpy(dtype=bool)
    warnings = quality.missing_warnings(place, reading.kind, strings, absent)
    unread = absent & ~strings.missing
    if unread.any():
        warnings.append(quality.mixed_warning(place, reading.kind, strings, unread))
    if reading.kind is Kind.NUMERIC and reading.numbers is not None:
        warnings.extend(quality.impossible_warnings(place, reading.numbers))
    if reading.kind is Kind.DATE and reading.dates is not None:
        warnings.extend(quality.impossible_dates(place, values))
        if reading.dates.ambiguous:
            order = "day/month" if reading.dates.form.startswith("%d") else "month/day"
            message = f"{place.column}: days and months cannot be told apart; read as {order}"
            warnings.append(
                TableWarning(code="ambiguous_date", message=message, column=place.column)
            )
    if reading.kind is Kind.IDENTIFIER:
        warnings.extend(quality.identifier_warnings(place, values))
    return warnings
