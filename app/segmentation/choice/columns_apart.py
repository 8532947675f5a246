"""An encoded matrix taken apart again: numbers, and the level of each categorical column."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FEW_VALUES = 10
"""Different numbers up to which a column is levels, such as answers from 1 to 7."""

ROWS_A_VALUE = 4
"""Rows to a different number, on average, from which these count as few."""

SPIKE = 0.3
"""Share of the rows at one value, such as zero, from which a column is that value and the rest."""

_REST = (1 / 3, 2 / 3)


@dataclass(frozen=True, eq=False)
class ColumnsApart:
    """The same rows, as distances take them and as a mixture takes them.

    Attributes
    ----------
    matrix : ndarray of shape (n_samples, n_features)
        As encoded; numbers first, then the weighted levels of each categorical column.
    numbers : ndarray of shape (n_samples, n_numeric)
    codes : tuple of ndarray of int64, each of shape (n_samples,)
    """

    matrix: NDArray[np.float64]
    numbers: NDArray[np.float64]
    codes: tuple[NDArray[np.int64], ...]

    def __len__(self) -> int:
        return len(self.matrix)

    def take(self, rows: NDArray[np.intp]) -> "ColumnsApart":
        """Take some of the rows."""
        return ColumnsApart(
            self.matrix[rows], self.numbers[rows], tuple(column[rows] for column in self.codes)
        )


def columns_apart(
    matrix: NDArray[np.float64], *, n_numeric: int, column_starts: Sequence[int]
) -> ColumnsApart:
    """Take an encoded matrix apart.

    Parameters
    ----------
    matrix : ndarray of shape (n_samples, n_features)
    n_numeric : int
        Features that are numbers, the first ones; all of them where the matrix was projected.
    column_starts : sequence of int
        First feature of each column, in order.
    """
    edges = [start for start in column_starts if start >= n_numeric] + [matrix.shape[1]]
    codes = []
    for start, end in pairwise(edges):
        block = matrix[:, start:end]
        # A level that the encoder does not know has no feature, and a number of its own here.
        codes.append(np.where(block.any(axis=1), block.argmax(axis=1), end - start))
    levels = [levels_of(column) for column in matrix[:, :n_numeric].T]
    graded = [i for i, found in enumerate(levels) if found is None]
    codes += [found for found in levels if found is not None]
    return ColumnsApart(
        matrix=matrix,
        numbers=np.ascontiguousarray(matrix[:, graded]),
        codes=tuple(np.asarray(column, dtype=np.int64) for column in codes),
    )


def levels_of(column: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Give each value its level: of a few values, or of a spike and the rest in three parts.

    Returns
    -------
    ndarray of int64, shape (n_samples,), or None
        None for a graded column.
    """
    values, level, counts = np.unique(column, return_inverse=True, return_counts=True)
    if len(values) <= min(FEW_VALUES, max(1, len(column) // ROWS_A_VALUE)):
        return level.astype(np.int64)
    if counts.max() < SPIKE * len(column):
        return None
    spike = values[counts.argmax()]
    rest = column != spike
    edges = np.unique(np.quantile(column[rest], _REST))
    return np.where(rest, 1 + np.searchsorted(edges, column, side="right"), 0).astype(np.int64)
