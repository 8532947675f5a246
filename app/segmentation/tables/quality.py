"""What looks wrong in a table: marks for missing values, impossible values, repeated ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.kind_words import name_words
from app.segmentation.tables.kinds import Kind
from app.segmentation.tables.values import Strings

EARLIEST_BIRTH_YEAR = 1905
"""No living customer was born before it."""

MOST_ROWS = 50
"""So many rows are listed with a warning; ``count`` counts them all."""

_LONGEST_LIFE = 120
_SHOWN = 3
_MOST_TEXTS = 900
"""So many texts can be given as marks at once, numbers apart."""


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another reading than the one taken, and the overrides that take it."""

    reading: str
    overrides: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class TableWarning:
    """One thing that looks wrong or could be read otherwise.

    Attributes
    ----------
    code
        What it is, for programs: ``ambiguous_number``, ``mixed_types``, ``layout``, ...
    message
        The sentence to show.
    column
        The column's name; None where the whole table is meant.
    count
        How many rows it concerns.
    line
        The first of them, as the file counts; None where no single row is meant.
    rows
        The first ``MOST_ROWS`` of them, as the file counts.
    reading
        What was taken, where something else could be.
    alternatives
        What else it could be.
    """

    code: str
    message: str
    column: str | None = None
    count: int = 0
    line: int | None = None
    rows: tuple[int, ...] = ()
    reading: str | None = None
    alternatives: tuple[Alternative, ...] = ()

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, kw_only=True)
class Place:
    """A column's name and how to name its rows in a message."""

    column: str
    unit: str
    line_of: Callable[[int], int]

    def warn(
        self,
        code: str,
        rows: NDArray[np.bool_],
        text: str,
        *,
        noun: str = "value",
        reading: str | None = None,
        alternatives: tuple[Alternative, ...] = (),
    ) -> TableWarning:
        """Warn of the rows where ``rows`` is true: "Age: 2 values <text>, first at line 7"."""
        lines = tuple(self.line_of(int(row)) for row in np.flatnonzero(rows)[:MOST_ROWS])
        line = lines[0]
        count = int(rows.sum())
        plural = "s" if count > 1 else ""
        message = f"{self.column}: {count:,} {noun}{plural} {text}, first at {self.unit} {line}"
        return TableWarning(
            code=code,
            message=message,
            column=self.column,
            count=count,
            line=line,
            rows=lines,
            reading=reading,
            alternatives=alternatives,
        )


def missing_warnings(
    place: Place, kind: Kind, strings: Strings, absent: NDArray[np.bool_]
) -> list[TableWarning]:
    """Warn of blanks where numbers or dates stand, and of marks that stand for a blank."""
    warnings = []
    written = strings.missing
    if written.any():
        written = strings.where(lambda texts: pc.equal(texts, ""))
    if absent.all():
        return [
            TableWarning(
                code="empty_column",
                message=f"{place.column}: the column is empty",
                column=place.column,
                count=len(absent),
            )
        ]
    expected = {Kind.NUMERIC: "a number", Kind.DATE: "a date", Kind.IDENTIFIER: "an id"}.get(kind)
    if written.any() and expected:
        text = f"where {expected} is expected"
        warnings.append(place.warn("blank", written, text, noun="blank"))
    marked = absent & strings.missing & ~written
    if marked.any():
        text = f"taken as missing ({shown(strings, marked)})"
        kinds = {"kinds": {place.column: Kind.CATEGORICAL.value}}
        texts = Alternative(reading="a category, all values as text", overrides=kinds)
        warnings.append(
            place.warn("missing_mark", marked, text, reading="missing", alternatives=(texts,))
        )
    kept = strings.missing & ~absent
    if kept.any():
        text = f"kept that may mean missing ({shown(strings, kept)})"
        words = pc.unique(pc.filter(strings.values, pa.array(kept))).to_pylist()
        other = Alternative(reading="missing", overrides={"marks": {place.column: words[:50]}})
        warnings.append(
            place.warn("possible_missing", kept, text, reading="kept", alternatives=(other,))
        )
    return warnings


def mixed_warning(
    place: Place, kind: Kind, strings: Strings, unread: NDArray[np.bool_]
) -> TableWarning:
    """Warn of values that are not what the rest of their column is."""
    what = "date" if kind is Kind.DATE else "number"
    share = unread.sum() / max(1, (~strings.missing).sum())
    text = f"({share:.1%}) taken as missing, being no {what} ({shown(strings, unread)})"
    texts = Kind.CATEGORICAL.value
    other = Alternative(reading="all values as text", overrides={"kinds": {place.column: texts}})
    return place.warn("mixed_types", unread, text, reading="missing", alternatives=(other,))


def shown(strings: Strings, rows: NDArray[np.bool_]) -> str:
    values = pc.unique(pc.filter(strings.values, pa.array(rows))).to_pylist()
    quoted = [repr(value[:40]) for value in values[:_SHOWN]]
    return ", ".join(quoted) + (", ..." if len(values) > _SHOWN else "")


def as_missing(
    place: Place, strings: Strings, rows: NDArray[np.bool_], marks: Sequence[float]
) -> Alternative:
    """Offer to take the texts of some rows for missing ones, beside the marks there are."""
    texts = pc.unique(pc.filter(strings.values, pa.array(rows))).slice(0, _MOST_TEXTS).to_pylist()
    return Alternative(reading="missing", overrides={"marks": {place.column: [*marks, *texts]}})


def impossible_warnings(
    place: Place, numbers: NDArray[np.float64], marks: Sequence[float]
) -> list[TableWarning]:
    """Warn of numbers that the column's name rules out; they are left as they stand.

    ``marks`` are those that stand for "no value" already.
    """
    low, high, what = _bounds(place.column)
    warnings = []
    with np.errstate(invalid="ignore"):
        outside = (numbers < low) | (numbers > high)
    if outside.any():
        values = np.unique(numbers[outside])
        seen = ", ".join(f"{value:g}" for value in values[:_SHOWN])
        override = {"marks": {place.column: [*marks, *values[:MOST_ROWS].tolist()]}}
        other = Alternative(reading="missing", overrides=override)
        warnings.append(
            place.warn(
                "impossible_value",
                outside,
                f"{what} ({seen})",
                reading="kept",
                alternatives=(other,),
            )
        )
    return warnings


def _bounds(name: str) -> tuple[float, float, str]:
    words = set(name_words(name))
    scale = re.search(r"\(\s*(\d+)\s*(?:-|–|to)\s*(\d+)\s*\)", name)
    if scale:
        return float(scale[1]), float(scale[2]), "outside the scale in the name"
    if words & {"birth", "born", "yob"} and (words & {"year", "yob", "yr"} or "born" in words):
        return EARLIEST_BIRTH_YEAR, 2100, "impossible as a birth year"
    if "age" in words:
        return 0, _LONGEST_LIFE, "impossible as an age"
    if words & {"income", "salary", "visits", "frequency", "tenure", "recency", "children", "kids"}:
        return 0, np.inf, "below zero"
    return -np.inf, np.inf, ""


def impossible_dates(place: Place, strings: Strings, dates: pd.Series) -> list[TableWarning]:
    """Warn of dates that no customer record has."""
    years = dates.dt.year
    outside = ((years < EARLIEST_BIRTH_YEAR) | (years > 2100)).to_numpy(dtype=bool)
    if not outside.any():
        return []
    other = as_missing(place, strings, outside, ())
    text = f"impossible as a customer's date ({shown(strings, outside)})"
    return [place.warn("impossible_value", outside, text, reading="kept", alternatives=(other,))]


def identifier_warnings(place: Place, values: pd.Series, distinct: int) -> list[TableWarning]:
    """Warn of ids that stand twice, or of a table that has many rows for each id."""
    present = int(values.notna().sum())
    if distinct == present:
        return []
    again = (values.duplicated() & values.notna()).to_numpy(dtype=bool)
    if distinct >= 0.9 * present:
        text = f"seen in an earlier row ({values[again].iloc[0]!r})"
        return [place.warn("duplicate_id", again, text, noun="id")]
    text = f"seen in an earlier row ({distinct:,} different ones: several rows for each)"
    return [place.warn("repeated_id", again, text, noun="id")]
