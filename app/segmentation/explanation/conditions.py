"""Conditions on raw columns, each as a mask, as text and as SQL with one meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.explanation.sql import (
    Value,
    among,
    as_number,
    as_text,
    is_missing,
    spellings,
    written_number,
)
from app.segmentation.explanation.writing import AS_READ, Writing

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
    writing : Writing
        How the column stands where the SQL is run.
    """

    column: str
    comparison: Literal[">", "<="]
    limit: float
    writing: Writing = AS_READ

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        values = frame[self.column].to_numpy(dtype=np.float64, na_value=np.nan)
        return values > self.limit if self.comparison == ">" else values <= self.limit

    @property
    def text(self) -> str:
        return f"{self.column} {self.comparison} {written_number(self.limit)}"

    @property
    def sql(self) -> str:
        if self.writing.listed:
            above = self.comparison == ">"
            texts = [text for text, n in self.writing.listed if (n > self.limit) == above]
            return among(as_text(self.column, self.writing, cast=True), texts) if texts else "1 = 0"
        number = as_number(self.column, self.writing)
        return f"{number} {self.comparison} {written_number(self.limit)}"


@dataclass(frozen=True)
class AnyOf:
    """A category among those listed; a missing one is not.

    Attributes
    ----------
    column : str
    values : tuple of str, bool, int or float
        At least one.
    truth : bool
        Whether the column holds ``true`` and ``false`` alone, as text; its SQL then holds where
        they are stored as booleans or as 1 and 0 too.
    writing : Writing
        How the column stands where the SQL is run.
    """

    column: str
    values: tuple[Value, ...]
    truth: bool = False
    writing: Writing = AS_READ

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        return frame[self.column].isin(list(self.values)).to_numpy(dtype=np.bool_)

    @property
    def text(self) -> str:
        return f"{self.column} is {' or '.join(str(value) for value in self.values)}"

    @property
    def sql(self) -> str:
        values = [each for value in self.values for each in spellings(value, self.writing)]
        if self.truth:
            values += [_STORED[value] for value in self.values]
        # A text is the one form that both databases take of a text, a boolean and a number.
        cast = self.truth or self.writing.coded
        return among(as_text(self.column, self.writing, cast=cast), values)


@dataclass(frozen=True)
class Missing:
    """A value that is not there.

    Attributes
    ----------
    column : str
    writing : Writing
        How the column stands where the SQL is run.
    """

    column: str
    writing: Writing = AS_READ

    def matches(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the condition, shape (n_samples,)."""
        return frame[self.column].isna().to_numpy(dtype=np.bool_)

    @property
    def text(self) -> str:
        return f"{self.column} is missing"

    @property
    def sql(self) -> str:
        return is_missing(self.column, self.writing)


Condition = Threshold | AnyOf | Missing


def matches_all(conditions: Sequence[Condition], frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that meet every condition, shape (n_samples,); all rows where there is none."""
    mask = np.ones(len(frame), dtype=np.bool_)
    for condition in conditions:
        mask &= condition.matches(frame)
    return mask


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
