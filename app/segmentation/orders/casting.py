"""Large files of lines: columns cast by DuckDB, where it reads a sample exactly as the reader does.

The reader decides what each column is from all of its values, which for ten million lines takes
more memory than there is. For a large file it reads a sample, and this module looks for SQL that
turns the same texts into the same values. Where there is none, there is no short way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.orders.literals import quoted, quoted_name
from app.segmentation.tables import Column, Kind, Table

MOST_EXCEPTIONS = 200
"""Texts of a column that are read as something else, such as marks for a missing value."""

_DATES = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%d.%m.%y",
    "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y",
    "%d-%b-%y",
)  # fmt: skip
_TIMES = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", ", %H:%M",
    ", %H:%M:%S", ", %I:%M %p", ", %I:%M:%S %p", "T%H:%M:%S",
)  # fmt: skip
_FORMATS = tuple(date + time for date in _DATES for time in _TIMES)
_ZONED = ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z")
_SWAPPED = str.maketrans({"d": "m", "m": "d"})


@dataclass(frozen=True, kw_only=True)
class Cast:
    """How one column's texts become values.

    Attributes
    ----------
    column : str
    kind : Kind
    expression : str
        SQL.
    swapped : str or None
        The same with days and months the other way round, where the sample allows both.
    """

    column: str
    kind: Kind
    expression: str
    swapped: str | None = None


def find_casts(
    connection: duckdb.DuckDBPyConnection, view: str, table: Table
) -> tuple[Cast, ...] | None:
    """Find the SQL that reads a sample as the reader did; None where a column has none.

    Parameters
    ----------
    connection : DuckDBPyConnection
    view : str
        Of the sample's texts, with the table's columns and its rows in their order.
    table : Table
        The sample as it was read.
    """
    casts = []
    for column in table.columns:
        values = table.frame[column.name]
        found = _cast(connection, view, column, values)
        if found is None:
            return None
        casts.append(found)
    return tuple(casts)


def _cast(
    connection: duckdb.DuckDBPyConnection, view: str, column: Column, values: pd.Series
) -> Cast | None:
    text = f"nullif(trim(CAST({quoted_name(column.name)} AS VARCHAR)), '')"
    if column.kind is Kind.DATE:
        return _date_cast(connection, view, column, text, values)
    whole = f"CAST(TRY_CAST({quoted_name(column.name)} AS BIGINT) AS VARCHAR)"
    numbers = pd.api.types.is_numeric_dtype(values)
    candidates = _number_casts(column, text) if numbers else iter((text, whole))
    for candidate in candidates:
        expression = _with_exceptions(connection, view, text, candidate, values)
        if expression is not None:
            return Cast(column=column.name, kind=column.kind, expression=expression)
    return None


def _number_casts(column: Column, text: str) -> Iterator[str]:
    yield f"TRY_CAST({text} AS DOUBLE)"
    form = column.format
    decimal = form.decimal if form is not None and form.decimal is not None else "."
    groups = {",", "."} - {decimal}
    # Signs of currencies, blanks and apostrophes stand around and within numbers.
    bare = rf"regexp_replace({text}, '[\s\x{{00a0}}\x{{202f}}\x{{2009}}''’€$£¥%]', '', 'g')"
    for mark in groups:
        bare = f"replace({bare}, {quoted(mark)}, '')"
    yield f"TRY_CAST(replace({bare}, {quoted(decimal)}, '.') AS DOUBLE)"
    without_unit = f"regexp_replace({bare}, '(?i)^[a-z]{{1,4}}|[a-z]{{1,8}}$', '', 'g')"
    yield f"TRY_CAST(replace({without_unit}, {quoted(decimal)}, '.') AS DOUBLE)"


def _with_exceptions(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    text: str,
    candidate: str,
    values: pd.Series,
) -> str | None:
    """Return the candidate with the sample's exceptions, or None where there are too many."""
    read = _column(connection, view, candidate)
    wrong = ~_same(read, values)
    if not wrong.any():
        return candidate
    texts = _column(connection, view, text)
    meant: dict[str, str | None] = {}
    for written, value in zip(texts[wrong], values[wrong], strict=True):
        if pd.isna(written) or (written in meant and meant[written] != value):
            return None
        if not pd.isna(value) and not isinstance(value, str):
            # Numbers and dates that are written otherwise are more than the sample's few.
            return None
        meant[written] = None if pd.isna(value) else value
        if len(meant) > MOST_EXCEPTIONS:
            return None
    # An exception is one for every row that is written so.
    others = texts.isin(list(meant)).to_numpy() & ~wrong
    if others.any():
        return None
    told = " ".join(f"WHEN {quoted(w)} THEN {_constant(v)}" for w, v in meant.items())
    return f"CASE {text} {told} ELSE {candidate} END"


def _constant(value: str | None) -> str:
    return "NULL" if value is None else quoted(value)


def _date_cast(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    column: Column,
    text: str,
    values: pd.Series,
) -> Cast | None:
    plain = f"TRY_CAST({text} AS TIMESTAMP)"
    zoned = f"CAST(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
    offset = f"CAST({_parsed(text, _ZONED)} AT TIME ZONE 'UTC' AS TIMESTAMP)"
    local = rf"TRY_CAST(regexp_replace({text}, '\s*([+-]\d\d:?\d\d|Z)$', '') AS TIMESTAMP)"
    for candidate in (plain, zoned, offset, local):
        expression = _with_exceptions(connection, view, text, candidate, values)
        if expression is not None:
            return Cast(column=column.name, kind=column.kind, expression=expression)
    formats = _fitting_formats(connection, view, text, values)
    if not formats:
        return None
    expression = _with_exceptions(connection, view, text, _parsed(text, formats), values)
    if expression is None:
        return None
    other = _parsed(text, [each.translate(_SWAPPED) for each in formats])
    both = _column(connection, view, other).notna().to_numpy() | values.isna().to_numpy()
    swapped = other if both.all() and other != _parsed(text, formats) else None
    return Cast(column=column.name, kind=column.kind, expression=expression, swapped=swapped)


def _fitting_formats(
    connection: duckdb.DuckDBPyConnection, view: str, text: str, values: pd.Series
) -> list[str]:
    """Choose formats that give the sample's dates, those of most dates first."""
    left = np.array(values.notna())
    chosen: list[str] = []
    for form in _FORMATS:
        if not left.any():
            break
        read = _column(connection, view, _parsed(text, [form]))
        known = read.notna().to_numpy()
        agrees = _same(read, values)
        # A format that gives other dates than the reader's is of another order.
        if (known & left & agrees).any() and not (known & left & ~agrees).any():
            chosen.append(form)
            left &= ~known
    return chosen


def _parsed(text: str, formats: Sequence[str]) -> str:
    return f"try_strptime({text}, [{', '.join(quoted(each) for each in formats)}])"


def _column(connection: duckdb.DuckDBPyConnection, view: str, expression: str) -> pd.Series:
    # The expression is made here, of quoted names and texts.
    query = f"SELECT {expression} AS value FROM {quoted_name(view)}"  # noqa: S608
    read: pd.Series = connection.execute(query).df()["value"]
    return read


def _same(read: pd.Series, values: pd.Series) -> NDArray[np.bool_]:
    both_missing = read.isna().to_numpy() & values.isna().to_numpy()
    if pd.api.types.is_numeric_dtype(values):
        one = pd.to_numeric(read, errors="coerce").to_numpy(dtype=np.float64)
        other = values.to_numpy(dtype=np.float64)
        return np.asarray(both_missing | (np.abs(one - other) <= 1e-9 * np.abs(other)))
    if pd.api.types.is_datetime64_any_dtype(values):
        one_day = pd.to_datetime(read).astype("datetime64[us]")
        return np.asarray(both_missing | (one_day == values.astype("datetime64[us]")).to_numpy())
    return np.asarray(both_missing | (read == values.astype("str")).to_numpy(dtype=bool))
