"""A column that segments were not made from, as what they may help to predict."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.description.vocabulary import VOCABULARY
from app.segmentation.errors import DegenerateDataError
from app.segmentation.preparation.columns import to_numbers, to_texts

FEWEST_ROWS = 20
"""Customers with a known value, at least: of fewer, none can be held out."""

MOST_LEVELS = 50
"""Values of a column of categories at most: more are names, not a property."""


@dataclass(frozen=True, eq=False, kw_only=True)
class OutcomeColumn:
    """A column's known values as numbers.

    Attributes
    ----------
    name : str
    kind : {"category", "number"}
    known : ndarray of bool, shape (n_samples,)
        Rows with a value; the others take no part.
    targets : ndarray of shape (n_known, n_targets)
        An indicator for each category, or the numbers.
    levels : tuple of str
        The categories; empty for numbers.
    at : int
        Which of the targets is compared between segments.
    """

    name: str
    kind: Literal["category", "number"]
    known: NDArray[np.bool_]
    targets: NDArray[np.float64]
    levels: tuple[str, ...] = ()
    at: int = 0

    @property
    def level(self) -> str | None:
        return self.levels[self.at] if self.levels else None


def read_outcome(values: pd.Series, *, level: str | None = None) -> OutcomeColumn:
    """Read a column as numbers, or as categories where it is text or has two values.

    Parameters
    ----------
    values : Series of shape (n_samples,)
    level : str, optional
        The category to compare; otherwise the one that says yes, or the rarer of two, or the most
        frequent of more.

    Raises
    ------
    DegenerateDataError
        The column cannot be compared, or has no such category; says why.
    """
    name = str(values.name)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        raise DegenerateDataError(
            f"{name} holds dates; choose a column of numbers or of categories."
        )
    texts, blank = to_texts(values)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        numbers = to_numbers(values)
        known = ~np.isnan(numbers)
        _check_enough(name, known)
        if len(np.unique(numbers[known])) > 2:
            if level is not None:
                raise DegenerateDataError(f"{name} holds numbers, so it has no {level!r}.")
            return OutcomeColumn(
                name=name, kind="number", known=known, targets=numbers[known][:, None]
            )
        texts, blank = pd.Series([f"{each:g}" for each in numbers]), ~known
    known = ~blank
    _check_enough(name, known)
    return _categories(name, texts[known], known, level)


def _check_enough(name: str, known: NDArray[np.bool_]) -> None:
    if known.sum() < FEWEST_ROWS:
        raise DegenerateDataError(
            f"{name} is known for {int(known.sum())} customers; at least {FEWEST_ROWS} are needed."
        )


def _categories(
    name: str, texts: pd.Series, known: NDArray[np.bool_], level: str | None
) -> OutcomeColumn:
    counts = texts.value_counts()
    levels = sorted(counts.index, key=lambda each: (-counts[each], each))
    if len(levels) == 1:
        raise DegenerateDataError(f"{name} is {levels[0]!r} for every customer.")
    if len(levels) > MOST_LEVELS:
        raise DegenerateDataError(
            f"{name} has {len(levels):,} different values; at most {MOST_LEVELS} can be compared."
        )
    if level is not None and level not in levels:
        raise DegenerateDataError(
            f"{name} has no value {level!r}, only {', '.join(levels)}.", field="value"
        )
    positive = [each for each in levels if each.casefold() in VOCABULARY.yes]
    usual = positive[0] if positive else levels[-1] if len(levels) == 2 else levels[0]
    codes = pd.Index(levels).get_indexer(pd.Index(texts))
    return OutcomeColumn(
        name=name,
        kind="category",
        known=known,
        targets=(codes[:, None] == np.arange(len(levels))).astype(np.float64),
        levels=tuple(levels),
        at=levels.index(level if level is not None else usual),
    )
