"""Which numbers are quantities, and which texts are categories, ids or prose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.codes import names_code
from app.segmentation.tables.kind_words import CODE_WORDS, COUNT_WORDS, PROSE_WORDS
from app.segmentation.tables.kinds import MOSTLY, Kind
from app.segmentation.tables.row_numbers import numbers_rows
from app.segmentation.tables.values import distinct_numbers

MAX_LEVELS = 50
"""Up to so many different texts make a categorical column, whatever their share of the rows."""

FEW_LEVELS_SHARE = 0.05
MOST_CODES = 30
_WORDY = 3.0
_FLAGS = ({0.0, 1.0}, {1.0, 2.0}, {-1.0, 1.0})
_FLAG_ROWS = 10
# More ways of writing than that are more than a few levels, even with marks for missing ones.
_MOST_LEVELS = 200
_RANDOM = (
    r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$|^[0-9a-f]{24,64}$|"
    r"^(\d{1,3}\.){3}\d{1,3}$"
)


def numeric_kind(
    words: list[str],
    numbers: NDArray[np.float64],
    once: NDArray[np.float64],
    distinct: int,
    *,
    first: bool,
) -> Kind:
    """Numbers that only number or name things are not quantities.

    A 0/1 flag is a category of two levels. Few whole numbers are codes where the name says so
    (Region, Channel); otherwise their order counts (a rating, the number of children).
    ``numbers`` are those of all rows, ``once`` each of them at least once.
    """
    if first and distinct == len(numbers) and numbers_rows(words, numbers):
        return Kind.IDENTIFIER
    if distinct > _MOST_LEVELS:
        return Kind.NUMERIC
    n_present = len(numbers) - int(np.isnan(numbers).sum())
    levels = distinct_numbers(once[~np.isnan(once)])
    if len(levels) == 1:
        # With the median in its gaps the column is constant.
        return Kind.CONSTANT if len(numbers) > 1 else Kind.NUMERIC
    if not np.all(levels == np.round(levels)):
        return Kind.NUMERIC
    counted = bool(COUNT_WORDS & set(words))
    if n_present >= _FLAG_ROWS and not counted and set(levels[:3].tolist()) in _FLAGS:
        return Kind.CATEGORICAL
    codes = CODE_WORDS & set(words)
    if codes and not counted and len(levels) <= min(MOST_CODES, n_present / 2):
        return Kind.CATEGORICAL
    return Kind.NUMERIC


def text_kind(name: str, words: list[str], texts: Any, filled: int) -> Kind:
    distinct = len(texts)
    if distinct > 0.9 * filled and filled > 1 and names_code(name):
        return Kind.IDENTIFIER
    sample = pd.Series(texts.slice(0, 1000).to_pylist(), dtype="str")
    spaces = sample.str.count(r"\s+").mean()
    prose = bool(PROSE_WORDS & set(words)) or spaces > _WORDY - 1
    if distinct == filled > 2 and pc.all(pc.match_substring_regex(texts, _RANDOM)).as_py():
        return Kind.IDENTIFIER
    if distinct > 0.9 * filled and filled >= _FLAG_ROWS:
        coded = not spaces and sample.str.contains(r"\d").mean() > MOSTLY
        return Kind.IDENTIFIER if coded else Kind.FREE_TEXT
    if distinct <= MAX_LEVELS and (distinct <= 0.5 * filled or not prose):
        return Kind.CATEGORICAL
    if distinct <= FEW_LEVELS_SHARE * filled and not prose:
        return Kind.CATEGORICAL
    return Kind.FREE_TEXT
