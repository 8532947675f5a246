"""Columns in their own units as features that a tree splits on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MAX_CATEGORIES = 50
"""Most frequent values of a categorical column told apart; the rest count as one."""


def raw_blocks(
    frame: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str] = ()
) -> list[NDArray[np.float64]]:
    """Give each column's features: its numbers, or an indicator for each frequent category.

    Returns
    -------
    list of ndarray of shape (n_samples, n_features)
        Of the numeric columns, then of the others; missing numbers are NaN.
    """
    blocks = [frame[[name]].to_numpy(dtype=np.float64, na_value=np.nan) for name in numeric]
    for name in categorical:
        values = frame[name]
        frequent = values.value_counts().index[:MAX_CATEGORIES]
        codes = frequent.get_indexer(pd.Index(values))
        # Rare and missing values share the code -1: a row of zeros.
        blocks.append((codes[:, None] == np.arange(max(len(frequent), 1))).astype(np.float64))
    return blocks
