"""One order of rows and columns, from what they hold: files that differ in order alone are one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.preparation.columns import to_numbers, to_texts

_ROUNDS = 2
"""After two rounds columns of the same values differ by the rows that hold them."""


def canonical_order(
    frame: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str]
) -> tuple[NDArray[np.intp], tuple[str, ...], tuple[str, ...]]:
    """Order rows and columns by their content, whatever their names, their units and their order.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str

    Returns
    -------
    rows : ndarray of shape (n_samples,)
        Places of the rows in ``frame``; equal rows come together.
    numeric, categorical : tuple of str

    Notes
    -----
    A row's signature is a sum over its columns, and a column's a sum over its rows, so neither
    depends on an order; the refinement is that of B. Weisfeiler and A. Leman (1968). Numbers count
    by their rank among the different values of their column, which no unit and no rising scale
    changes; columns of the same ranks differ in their values.
    """
    values = [to_numbers(frame[name]) + 0.0 for name in numeric]
    cells = [_ranks(each) for each in values]
    cells += [pd.util.hash_array(to_texts(frame[name])[0].to_numpy()) for name in categorical]
    kinds = [np.uint64(1)] * len(numeric) + [np.uint64(2)] * len(categorical)
    with np.errstate(over="ignore"):
        sizes = [
            *(np.nanmax(np.abs(each), initial=0.0) for each in values),
            *[0.0] * len(categorical),
        ]
        columns = [_mixed(each + kind).sum() for each, kind in zip(cells, kinds, strict=True)]
        rows = _signatures(cells, columns, len(frame))
        for _ in range(_ROUNDS):
            columns = [_mixed(each ^ rows).sum() for each in cells]
            rows = _signatures(cells, columns, len(frame))
        ranks = np.argsort(np.lexsort((sizes, np.array(columns, dtype=np.uint64))))
        # Identical columns still need distinct keys, or different rows might look alike.
        rows = _signatures(cells, list(ranks.astype(np.uint64)), len(frame))
    place = dict(zip([*numeric, *categorical], ranks.tolist(), strict=True))
    return (
        np.argsort(rows, kind="stable"),
        tuple(sorted(numeric, key=place.__getitem__)),
        tuple(sorted(categorical, key=place.__getitem__)),
    )


def _signatures(
    cells: Sequence[NDArray[np.uint64]], columns: Sequence[np.uint64], n_rows: int
) -> NDArray[np.uint64]:
    total = np.zeros(n_rows, dtype=np.uint64)
    for values, column in zip(cells, columns, strict=True):
        total += _mixed(values ^ _mixed(column))
    return total


def _ranks(numbers: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Give each number its rank among the different ones, from 0; blanks are one, the last."""
    return np.unique(numbers, return_inverse=True)[1].astype(np.uint64)


def _mixed(values: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    """Scatter 64-bit words: SplitMix64 (Steele, Lea and Flood 2014)."""
    z = np.asarray(values, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)
