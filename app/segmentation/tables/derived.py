"""Columns made from others: days since a date, and whether a marked column has a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from app.segmentation.tables.columns import Column
from app.segmentation.tables.kinds import MOSTLY, Kind
from app.segmentation.tables.number_column import NumberFormat
from app.segmentation.tables.recency import DaysSince
from app.segmentation.tables.table import Table

YES, NO = "yes", "no"


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A column made from another one.

    Attributes
    ----------
    name
        What it is called: ``days since signup``, ``has pdays``.
    source
        The column it is made from.
    days
        How its days are counted; None where it says whether there is a value.
    by_default
        Whether it is used where no columns are named.
    """

    name: str
    source: str
    days: DaysSince | None
    by_default: bool

    @property
    def kind(self) -> Kind:
        """What the column holds."""
        return Kind.CATEGORICAL if self.days is None else Kind.NUMERIC

    def of(self, values: pd.Series) -> pd.Series:
        """Make the column from the values of its source, shape (n_rows,)."""
        if self.days is None:
            return has_value(values)
        return pd.Series(self.days.transform(values), index=values.index)

    def column(self, source: Column) -> Column:
        """Describe the column."""
        return Column(
            name=self.name,
            kind=self.kind,
            missing=0 if self.days is None else source.missing,
            distinct=2 if self.days is None else source.distinct,
            examples=(),
            format=None if self.days is None else NumberFormat(unit="days"),
        )


def has_value(values: pd.Series) -> pd.Series:
    """Say of each row whether there is a value."""
    return pd.Series(np.where(values.notna(), YES, NO), index=values.index, dtype="str")


def offered(columns: Sequence[Column]) -> tuple[Derived, ...]:
    """List the columns that can be made; none has the name of one that is there."""
    found = []
    for column in columns:
        if column.kind is Kind.DATE and column.dates is not None and column.dates.days_since:
            days = column.dates.days_since
            found.append(
                Derived(name=days.name, source=column.name, days=days, by_default=days.by_default)
            )
        marked = bool(column.format and column.format.marks)
        marked = marked or bool(column.dates and column.dates.marks)
        if marked and column.missing:
            name = f"has {column.name}"
            found.append(Derived(name=name, source=column.name, days=None, by_default=True))
    names = {column.name for column in columns}
    return tuple(each for each in found if each.name not in names)


def chosen(
    columns: Sequence[Column],
    *,
    wanted: Sequence[str] | None,
    exclude: Sequence[str] = (),
    by_default: bool,
    n_rows: int,
) -> tuple[Derived, ...]:
    """Take those that are asked for, or the usual ones where no columns are.

    Whether there is a value is usual of a column that most rows have a value in: of the others,
    other columns mostly say what made the few differ.
    """
    missing = {column.name: column.missing for column in columns}
    kept = [each for each in offered(columns) if each.source not in exclude]
    if wanted is not None:
        return tuple(each for each in kept if each.name in wanted)
    return tuple(
        each
        for each in kept
        if by_default
        and each.by_default
        and (each.days is not None or missing[each.source] <= MOSTLY * n_rows)
    )


def extended_columns(columns: Sequence[Column], derived: Sequence[Derived]) -> tuple[Column, ...]:
    """Describe a table's columns with those made from them."""
    known = {column.name: column for column in columns}
    return (*columns, *(each.column(known[each.source]) for each in derived))


def extended(table: Table, derived: Sequence[Derived]) -> Table:
    """Give a table with the columns made from its own."""
    if not derived:
        return table
    made: Mapping[str, pd.Series] = {
        each.name: each.of(table.frame[each.source])
        for each in derived
        if each.source in table.frame
    }
    return replace(
        table,
        frame=table.frame.assign(**made),
        columns=extended_columns(table.columns, derived),
    )
