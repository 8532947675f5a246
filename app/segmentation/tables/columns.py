"""Type one column by its kind, and describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import TableError
from app.segmentation.tables.cells import Cells
from app.segmentation.tables.column_warnings import column_warnings
from app.segmentation.tables.date_format import DateFormat, date_format
from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.dates import serial_dates
from app.segmentation.tables.dialect import ReadOptions
from app.segmentation.tables.kinds import Habits, Kind, Reading
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.meaning import take_as_meant, with_one_spelling
from app.segmentation.tables.number_column import NumberFormat
from app.segmentation.tables.quality import Place, TableWarning
from app.segmentation.tables.recognising import recognise_kind
from app.segmentation.tables.values import Strings, to_strings
from app.segmentation.tables.votes import FileMarks
from app.segmentation.units import unit_of_steps

_EXAMPLES = 5
_GLANCE = 100
_WHOLE = r"-?\d+\.0"
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
    format
        How its numbers are written; None where it holds none.
    dates
        How its dates are written; None where it holds none.
    spellings
        Ways of writing its categories, each to the one that is kept.
    meaning
        What it holds, for people; empty where only its name says it.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    examples: tuple[str, ...]
    format: NumberFormat | None = None
    dates: DateFormat | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[TableWarning, ...] = ()
    meaning: str = ""


def units_of(columns: Sequence[Column]) -> dict[str, str]:
    """Tell what columns of numbers are counted in: their unit, or the steps of a scale."""
    return units_of_formats(
        {column.name: column.format for column in columns if column.format is not None}
    )


def units_of_formats(known: Mapping[str, NumberFormat]) -> dict[str, str]:
    """Tell the same of how columns are written."""
    units = {
        name: unit_of_steps(each.scale) if each.scale else each.unit for name, each in known.items()
    }
    return {name: unit for name, unit in units.items() if unit}


@dataclass(frozen=True, kw_only=True)
class BuiltColumn:
    """A column's description and values, and what they say of the file's decimal mark.

    Attributes
    ----------
    evident
        The decimal mark, or the order of day and month, that the column leaves no doubt of.
    leaning
        Whether the file's other columns may decide how it is read.
    """

    column: Column
    values: pd.Series
    evident: Mark | Order | None
    leaning: bool


def build_column(
    cells: Cells, position: int, options: ReadOptions, file: FileMarks, *, chosen: Kind | None
) -> BuiltColumn:
    """Describe and type the column at ``position``, by the kind ``chosen`` where one is.

    Raises
    ------
    TableError
        The values do not allow the chosen kind.
    """
    name = list(cells.columns)[position]
    marks = options.marks.get(name, ())
    strings = to_strings(cells.columns[name])
    strings = strings.without([mark for mark in marks if isinstance(mark, str)])
    habits = Habits(
        given=options.decimal_of(name),
        file=file,
        extra_group=options.extra_group,
        order=options.order_of(name),
        newest_year=options.newest_years.get(name),
        suffixes=options.suffixes.get(name),
        scale=tuple(options.scales.get(name, ())),
        form=options.form_of(name),
    )
    place = Place(column=name, unit=cells.dialect.unit, line_of=cells.line_of)
    reading = recognise_kind(name, strings, first=position == 0, habits=habits)
    if chosen is not None and chosen is not reading.kind:
        reading = _as_chosen(place, strings, reading, chosen, habits)
    meant = take_as_meant(place, reading, options, chosen=chosen)
    reading = meant.reading
    values = _typed(strings, reading)
    warnings = [*meant.warnings, *column_warnings(place, strings, reading, values, meant.marked)]
    spellings: Mapping[str, str] = {}
    if reading.kind is Kind.CATEGORICAL and name not in options.as_written:
        spelt = with_one_spelling(place, values, options.as_written)
        values, spellings = spelt.values, spelt.gathered
        warnings += spelt.warnings
    numbers = reading.numbers if reading.kind in (Kind.NUMERIC, Kind.CONSTANT) else None
    column = Column(
        name=name,
        kind=reading.kind,
        missing=int(values.isna().sum()),
        distinct=reading.distinct,
        examples=strings.examples(values.isna().to_numpy(dtype=bool), _EXAMPLES),
        format=_with_unit(numbers.format, cells.units.get(name)) if numbers is not None else None,
        dates=date_format(name, reading.dates, meant.date_marks)
        if reading.kind is Kind.DATE
        else None,
        spellings=spellings,
        warnings=tuple(warnings),
    )
    dates = reading.dates
    evident = numbers.evident if numbers is not None else None
    return BuiltColumn(
        column=column,
        values=values,
        evident=dates.order if dates is not None and dates.evident else evident,
        leaning=(dates is not None and dates.ambiguous)
        or (numbers is not None and numbers.leaning),
    )


def _with_unit(known: NumberFormat, unit: str | None) -> NumberFormat:
    """Take the unit of the row of units where the values carry none."""
    return known if known.unit or not unit else replace(known, unit=unit)


def _as_chosen(
    place: Place, strings: Strings, reading: Reading, kind: Kind, habits: Habits
) -> Reading:
    if kind is Kind.NUMERIC:
        numbers = habits.numbers(place.column, strings)
        if numbers is None or np.isnan(numbers.values).all():
            raise TableError(f"{_holds_no(place, strings, 'numbers')}; it cannot be numeric")
        return Reading(kind=kind, distinct=reading.distinct, numbers=numbers)
    if kind is Kind.DATE:
        dates = habits.dates(place.column, strings)
        if dates is None and (numbers := habits.numbers(place.column, strings)) is not None:
            dates = serial_dates(numbers.values, strings)
        if dates is None:
            raise TableError(f"{_holds_no(place, strings, 'dates')}; it cannot be a date")
        return Reading(kind=kind, distinct=reading.distinct, dates=dates)
    return Reading(kind=kind, distinct=reading.distinct)


def _holds_no(place: Place, strings: Strings, what: str) -> str:
    text = f"column {place.column!r} holds no {what}"
    present = ~strings.missing
    if present.any():
        row = int(np.argmax(present))
        written = str(strings.values[row].as_py())[:40]
        text += f" ({place.unit} {place.line_of(row)} has {written!r})"
    return text


def _typed(strings: Strings, reading: Reading) -> pd.Series:
    if reading.kind is Kind.DATE and reading.dates is not None:
        return reading.dates.values
    if reading.kind in (Kind.NUMERIC, Kind.CONSTANT) and reading.numbers is not None:
        return pd.Series(_narrow(reading.numbers.values))
    texts: pd.Series = strings.filled(strings.blank).to_pandas()
    if reading.kind is Kind.IDENTIFIER or reading.numbers is not None:
        # A spreadsheet that had gaps wrote its whole numbers as 17850.0.
        likely = texts.head(_GLANCE).dropna().str.fullmatch(_WHOLE)
        if (
            likely.all()
            and (present := texts.dropna()).str.fullmatch(_WHOLE).all()
            and len(present)
        ):
            texts = texts.str.slice(0, -2)
    return texts


def _narrow(numbers: NDArray[np.float64]) -> NDArray[np.float64] | NDArray[np.int64]:
    whole = np.isfinite(numbers).all() and (numbers == np.round(numbers)).all()
    if whole and (not len(numbers) or np.abs(numbers).max() < _LARGEST_EXACT):
        return numbers.astype(np.int64)
    return numbers
