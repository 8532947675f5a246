"""Values as they are meant: codes, marks for "no value", ways of writing one category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.tables.dialect import ReadOptions
from app.segmentation.tables.kinds import Kind, Reading
from app.segmentation.tables.quality import Alternative, Place, TableWarning
from app.segmentation.tables.sentinels import (
    possible_marks,
    sentinel_dates,
    sentinel_numbers,
)
from app.segmentation.tables.spellings import gather_spellings

_SHOWN = 4


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A column's reading without its marks for "no value"; ``marked`` is where they stand.

    ``date_marks`` are those of a column of dates.
    """

    reading: Reading
    warnings: tuple[TableWarning, ...] = ()
    marked: NDArray[np.bool_] | None = None
    date_marks: tuple[str, ...] = ()


def take_as_meant(
    place: Place, reading: Reading, options: ReadOptions, *, chosen: Kind | None
) -> Meant:
    """Take marks for "no value" as missing, and say where numbers are codes.

    A run's marks are given in ``options``: too few new rows would not show them.
    """
    name = place.column
    if reading.code is not None and chosen is None:
        return Meant(reading=reading, warnings=(_code_warning(name, reading),))
    if name in options.as_written:
        return Meant(reading=reading)
    if reading.kind is Kind.NUMERIC and reading.numbers is not None:
        values = reading.numbers.values
        given = options.marks.get(name)
        marks = (
            sentinel_numbers(name, values)
            if given is None
            else tuple(mark for mark in given if isinstance(mark, int | float))
        )
        if not marks:
            possible = possible_marks(values) if given is None else ()
            warnings = (_possible_warning(place, values, possible),) if possible else ()
            return Meant(reading=reading, warnings=warnings)
        marked = np.isin(values, marks)
        kept = replace(
            reading.numbers,
            values=np.where(marked, np.nan, values),
            format=replace(reading.numbers.format, marks=marks),
        )
        told = ", ".join(f"{mark:g}" for mark in marks)
        warnings = (_mark_warning(place, marked, told, options.as_written),) if marked.any() else ()
        return Meant(reading=replace(reading, numbers=kept), warnings=warnings, marked=marked)
    if reading.kind is Kind.DATE and reading.dates is not None:
        known = options.marks.get(name)
        days = sentinel_dates(reading.dates.values) if known is None else _days_of(known)
        if days:
            dates = reading.dates
            marked = dates.values.dt.normalize().isin(days).to_numpy(dtype=bool)
            told = ", ".join(day.date().isoformat() for day in days)
            return Meant(
                reading=replace(reading, dates=replace(dates, values=dates.values.mask(marked))),
                warnings=(_mark_warning(place, marked, told, options.as_written),)
                if marked.any()
                else (),
                marked=marked,
                date_marks=tuple(day.date().isoformat() for day in days),
            )
    return Meant(reading=reading)


def _days_of(marks: Sequence[float | str]) -> tuple[pd.Timestamp, ...]:
    days = pd.to_datetime([str(mark) for mark in marks], errors="coerce", format="ISO8601")
    return tuple(day for day in days if not pd.isna(day))


def _code_warning(name: str, reading: Reading) -> TableWarning:
    return TableWarning(
        code="codes",
        message=f"{name}: taken as codes, which name things and measure nothing: {reading.code}",
        column=name,
        reading=reading.kind.value,
        alternatives=(
            Alternative(reading="quantities", overrides={"kinds": {name: Kind.NUMERIC.value}}),
        ),
    )


def _possible_warning(
    place: Place, values: NDArray[np.float64], marks: tuple[float, ...]
) -> TableWarning:
    told = ", ".join(f"{mark:g}" for mark in marks)
    other = Alternative(reading="missing", overrides={"marks": {place.column: list(marks)}})
    text = f"kept, but far from all others: {told} may stand for no value"
    return place.warn(
        "possible_sentinel",
        np.isin(values, marks),
        text,
        reading="a value like the others",
        alternatives=(other,),
    )


def _mark_warning(
    place: Place, marked: NDArray[np.bool_], told: str, as_written: Sequence[str]
) -> TableWarning:
    kept = [*as_written, place.column]
    other = Alternative(reading="values like the others", overrides={"as_written": kept})
    text = f"taken as missing: {told} lies far from all other values and stands for none"
    return place.warn("sentinel", marked, text, reading="missing", alternatives=(other,))


@dataclass(frozen=True, kw_only=True)
class OneSpelling:
    """A column of categories, each written in one way, and what was written for what."""

    values: pd.Series
    gathered: Mapping[str, str]
    warnings: tuple[TableWarning, ...] = ()


def with_one_spelling(place: Place, values: pd.Series, as_written: Sequence[str]) -> OneSpelling:
    """Write each category in one way, the most frequent, and say which were gathered."""
    counts = {str(level): int(count) for level, count in values.value_counts().items()}
    gathered = gather_spellings(counts)
    if not gathered:
        return OneSpelling(values=values, gathered={})
    changed = values.isin(list(gathered)).to_numpy(dtype=bool)
    told = ", ".join(f"{a!r} as {b!r}" for a, b in list(gathered.items())[:_SHOWN])
    more = ", ..." if len(gathered) > _SHOWN else ""
    kept = [*as_written, place.column]
    other = Alternative(reading="each spelling a category", overrides={"as_written": kept})
    warning = place.warn(
        "spellings",
        changed,
        f"written in another way than most: {told}{more}",
        reading="one category",
        alternatives=(other,),
    )
    return OneSpelling(values=values.replace(gathered), gathered=gathered, warnings=(warning,))
