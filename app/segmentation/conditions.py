"""Conditions on raw columns, each as a mask, as text and as SQL with one meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError

Value = str | bool | int | float

_STORED: dict[Value, str] = {"true": "1", "false": "0"}
TRUTH = frozenset(_STORED)


@dataclass(frozen=True)
class Threshold:
    """A number above a limit, or not above it; a missing number is neither.

    Attributes
    ----------
    column : str
    comparison : {">", "<="}
    limit : float
        In the column's own unit.
    """

    column: str
    comparison: Literal[">", "<="]
    limit: float

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        values = frame[self.column].to_numpy(dtype=np.float64, na_value=np.nan)
        return values > self.limit if self.comparison == ">" else values <= self.limit

    @property
    def text(self) -> str:
        return f"{self.column} {self.comparison} {_number(self.limit)}"

    @property
    def sql(self) -> str:
        return f"{quote_identifier(self.column)} {self.comparison} {_number(self.limit)}"


@dataclass(frozen=True)
class Membership:
    """A category among those listed; a missing one is not.

    Attributes
    ----------
    column : str
    values : tuple of str, bool, int or float
        At least one.
    truth : bool
        Whether the column holds ``true`` and ``false`` alone, as text; its SQL then holds where
        they are stored as booleans or as 1 and 0 too.
    """

    column: str
    values: tuple[Value, ...]
    truth: bool = False

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        return frame[self.column].isin(list(self.values)).to_numpy(dtype=np.bool_)

    @property
    def text(self) -> str:
        return f"{self.column} is {' or '.join(str(value) for value in self.values)}"

    @property
    def sql(self) -> str:
        name = quote_identifier(self.column)
        literals = [quote_literal(value) for value in self.values]
        if self.truth:
            # The one form that SQLite and PostgreSQL take of a text, a boolean and an integer.
            name = f"CAST({name} AS TEXT)"
            literals += [quote_literal(_STORED[value]) for value in self.values]
        return (
            f"{name} = {literals[0]}"
            if len(literals) == 1
            else f"{name} IN ({', '.join(literals)})"
        )


@dataclass(frozen=True)
class Missing:
    """A value that is not there.

    Attributes
    ----------
    column : str
    """

    column: str

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        return frame[self.column].isna().to_numpy(dtype=np.bool_)

    @property
    def text(self) -> str:
        return f"{self.column} is missing"

    @property
    def sql(self) -> str:
        return f"{quote_identifier(self.column)} IS NULL"


Condition = Threshold | Membership | Missing


def matches_all(conditions: Sequence[Condition], frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that meet every condition, shape (n_samples,); all rows where there is none."""
    mask = np.ones(len(frame), dtype=np.bool_)
    for condition in conditions:
        mask &= condition.matches(frame)
    return mask


def quote_identifier(name: str) -> str:
    """Write a column's name so that SQLite and PostgreSQL take it as it stands.

    Raises
    ------
    DegenerateDataError
        The name is empty or holds a NUL, which no SQL identifier can.
    """
    if not name or "\0" in name:
        raise DegenerateDataError(f"The column name {name!r} cannot be written in SQL; rename it.")
    return '"' + name.replace('"', '""') + '"'


def quote_literal(value: Value) -> str:
    """Write a category as an SQL literal.

    Raises
    ------
    DegenerateDataError
        The text holds a NUL, or the number is not finite.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if "\0" in value:
        raise DegenerateDataError(f"The category {value!r} cannot be written in SQL; correct it.")
    return "'" + value.replace("'", "''") + "'"


def _number(value: float) -> str:
    if not np.isfinite(value):
        raise DegenerateDataError(f"The number {value} cannot be written in SQL.")
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))


def readable_between(low: float, high: float) -> float:
    """Choose the number of fewest digits in [low, high).

    Rows at or under ``low`` are then not above it, and rows from ``high`` on are.

    Parameters
    ----------
    low, high : float
        ``low < high``, finite.

    Returns
    -------
    float
        ``low`` itself where 17 digits do not separate the two.
    """
    if low <= 0 < high:
        return 0.0
    largest = int(np.floor(np.log10(max(abs(low), abs(high))))) + 1
    for exponent in range(largest, largest - 18, -1):
        candidate = _ceil_to(low, exponent)
        if low <= candidate < high:
            return candidate
    return low


def _ceil_to(value: float, exponent: int) -> float:
    scaled = Decimal(repr(float(value))).scaleb(-exponent)
    return float(scaled.to_integral_value(rounding=ROUND_CEILING).scaleb(exponent))
