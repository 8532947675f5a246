"""What looks wrong in a table: marks for missing values, impossible values, repeated ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.kinds import Kind, name_words
from app.segmentation.tables.values import Strings

EARLIEST_BIRTH_YEAR = 1905
"""No living customer was born before it."""

_LONGEST_LIFE = 120
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class TableWarning:
    """One thing that looks wrong.

    Attributes
    ----------
    code
        blank, missing_mark, possible_missing, mixed_types, impossible_value, duplicate_id,
        repeated_id, empty_column, ambiguous_date, or layout.
    message
        The sentence to show.
    column
        The column's name; None where the whole table is meant.
    count
        How many rows it concerns.
    line
        The first of them, as the file counts; None where no single row is meant.
    """

    code: str
    message: str
    column: str | None = None
    count: int = 0
    line: int | None = None

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, kw_only=True)
class Place:
    """A column's name and how to name its rows in a message."""

    column: str
    unit: str
    line_of: Callable[[int], int]

    def warn(self, code: str, rows: NDArray[np.bool_], text: str) -> TableWarning:
        """Warn of the rows where ``rows`` is true; ``text`` may use {n}, {column}, {first}."""
        line = self.line_of(int(np.argmax(rows)))
        count = int(rows.sum())
        message = text.format(n=f"{count:,}", column=self.column, first=f"{self.unit} {line}")
        return TableWarning(code=code, message=message, column=self.column, count=count, line=line)


def missing_warnings(
    place: Place, kind: Kind, strings: Strings, absent: NDArray[np.bool_]
) -> list[TableWarning]:
    """Warn of blanks where numbers or dates stand, and of marks that stand for a blank."""
    warnings = []
    written = np.asarray(pc.equal(strings.values, "").to_numpy(), dtype=np.bool_)
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
        text = f"{{column}}: {{n}} blank where {expected} is expected, first at {{first}}"
        warnings.append(place.warn("blank", written, text))
    marked = absent & strings.missing & ~written
    if marked.any():
        text = f"{{column}}: {{n}} values {_shown(strings, marked)} read as missing, first at "
        warnings.append(place.warn("missing_mark", marked, text + "{first}"))
    kept = strings.missing & ~absent
    if kept.any():
        text = f"{{column}}: {{n}} values {_shown(strings, kept)} are kept as they stand; "
        warnings.append(place.warn("possible_missing", kept, text + "they may mean missing"))
    return warnings


def mixed_warning(
    place: Place, kind: Kind, strings: Strings, unread: NDArray[np.bool_]
) -> TableWarning:
    """Warn of values that are not what the rest of their column is."""
    what = "dates" if kind is Kind.DATE else "numbers"
    text = f"{{column}}: {{n}} values are no {what} ({_shown(strings, unread)}), first at "
    return place.warn("mixed_types", unread, text + "{first}; read as missing")


def _shown(strings: Strings, rows: NDArray[np.bool_]) -> str:
    # Braces in a value would be taken for a place in the message's template.
    values = pc.unique(pc.filter(strings.values, pa.array(rows))).to_pylist()
    quoted = [repr(value[:40]).replace("{", "{{").replace("}", "}}") for value in values[:_SHOWN]]
    return ", ".join(quoted) + (", ..." if len(values) > _SHOWN else "")


def impossible_warnings(place: Place, numbers: NDArray[np.float64]) -> list[TableWarning]:
    """Warn of numbers that the column's name rules out; they are left as they stand."""
    low, high, what = _bounds(place.column)
    warnings = []
    with np.errstate(invalid="ignore"):
        outside = (numbers < low) | (numbers > high)
    if outside.any():
        extreme = numbers[outside]
        seen = ", ".join(f"{value:g}" for value in np.unique(extreme)[:_SHOWN])
        text = f"{{column}}: {{n}} impossible {what} ({seen}), first at {{first}}"
        warnings.append(place.warn("impossible_value", outside, text))
    return warnings


def _bounds(name: str) -> tuple[float, float, str]:
    words = set(name_words(name))
    scale = re.search(r"\(\s*(\d+)\s*(?:-|–|to)\s*(\d+)\s*\)", name)
    if scale:
        return float(scale[1]), float(scale[2]), "values outside the scale in its name"
    if words & {"birth", "born", "yob"} and (words & {"year", "yob", "yr"} or "born" in words):
        return EARLIEST_BIRTH_YEAR, 2100, "birth years"
    if "age" in words:
        return 0, _LONGEST_LIFE, "ages"
    if words & {"income", "salary", "visits", "frequency", "tenure", "recency", "children", "kids"}:
        return 0, np.inf, "negative values"
    return -np.inf, np.inf, ""


def impossible_dates(place: Place, dates: pd.Series) -> list[TableWarning]:
    """Warn of dates that no customer record has."""
    years = dates.dt.year
    outside = ((years < EARLIEST_BIRTH_YEAR) | (years > 2100)).to_numpy(dtype=bool)
    if not outside.any():
        return []
    text = "{column}: {n} impossible dates, first at {first}"
    return [place.warn("impossible_value", outside, text)]


def identifier_warnings(place: Place, values: pd.Series) -> list[TableWarning]:
    """Warn of ids that stand twice, or of a table that has many rows for each id."""
    present = values.dropna()
    distinct = present.nunique()
    if distinct == len(present):
        return []
    again = (values.duplicated() & values.notna()).to_numpy(dtype=bool)
    if distinct >= 0.9 * len(present):
        example = str(values[again].iloc[0]).replace("{", "{{").replace("}", "}}")
        text = f"{{column}}: {{n}} duplicate ids, first {example!r} again at {{first}}"
        return [place.warn("duplicate_id", again, text)]
    text = f"{{column}}: {len(present):,} rows for {distinct:,} ids; several rows a customer?"
    return [place.warn("repeated_id", again, text)]
