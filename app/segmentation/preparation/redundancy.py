"""Columns that say the same as another one, and would count twice in every distance."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

SAME_ORDER = 0.999
"""Rank correlation, either way, from which two columns of numbers say the same: an amount and its
logarithm, a price and the price with tax. Two columns of long groups side by side reach 0.98."""

SAME_BLANKS = 0.9
"""Share of the rows known in either column that must be known in both."""

MOST_LEVELS = 0.5
"""Levels per row up to which columns that pair off one to one say the same; two columns of nearly
as many values as rows always pair off."""


def repeated_columns(
    frame: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str]
) -> Mapping[str, str]:
    """Name the columns that repeat another one.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
        Numbers as numbers.
    numeric, categorical : sequence of str
        In an order that does not depend on the table's; of several alike the first is kept.

    Returns
    -------
    mapping of str to str
        Column to the kept one whose values it repeats: by order for two of numbers, and one to
        one for categories and codes.
    """
    numbers = {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in numeric}
    codes = {name: _codes(frame[name]) for name in (*numeric, *categorical)}
    found: dict[str, str] = {}
    kept: list[str] = []
    for name in (*numeric, *categorical):
        twin = next(
            (
                other
                for other in kept
                if (
                    _same_order(numbers[other], numbers[name])
                    if name in numbers and other in numbers
                    else _pair_off(codes[other], codes[name])
                )
            ),
            None,
        )
        if twin is None:
            kept.append(name)
        else:
            found[name] = twin
    return found


def _codes(values: pd.Series) -> NDArray[np.intp]:
    return np.asarray(pd.factorize(values)[0], dtype=np.intp)


def _same_order(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    either = ~np.isnan(first) | ~np.isnan(second)
    both = ~np.isnan(first) & ~np.isnan(second)
    if both.sum() < 3 or both.sum() < SAME_BLANKS * either.sum():
        return False
    ranks = rankdata(first[both]), rankdata(second[both])
    if min(np.ptp(each) for each in ranks) == 0:
        return False
    return bool(abs(np.corrcoef(*ranks)[0, 1]) >= SAME_ORDER)


def _pair_off(first: NDArray[np.intp], second: NDArray[np.intp]) -> bool:
    if not np.array_equal(first < 0, second < 0):
        return False
    known = first >= 0
    pairs = np.unique(np.column_stack([first[known], second[known]]), axis=0)
    levels = len(np.unique(first[known])), len(np.unique(second[known]))
    return len(pairs) == levels[0] == levels[1] and 1 < len(pairs) <= MOST_LEVELS * known.sum()
