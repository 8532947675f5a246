"""What silhouette the values of a table give by chance, where they are few."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.sweep import Sweep
from app.segmentation.errors import DegenerateDataError
from app.segmentation.preparation.encoder import FeatureSpace

FEW_DISTINCT = 50
"""Different rows up to which the silhouette rises with every cluster, as each comes to hold equal
rows alone."""

FEW_VALUES = 10
"""Different numbers up to which a column alone has the same effect."""

SELF_EVIDENT = 4
"""Different rows up to which each kind of them is a cluster."""

_ROW_REPEATS, _VALUE_REPEATS = 2, 4
"""Rows to a different row, and to a different value of one column, on average, from which these
count as few."""

_SHUFFLES = 8
_MOST_ROWS = 2_000


@dataclass(frozen=True)
class ByChance:
    """Mean and standard deviation of the silhouette over the shuffles."""

    silhouette: float
    deviation: float


def few_distinct(space: FeatureSpace) -> bool:
    """Whether so few rows differ that each of their kinds is dense by itself."""
    most = min(FEW_DISTINCT, len(space.matrix) // _ROW_REPEATS)
    return len(np.unique(space.matrix, axis=0)) <= most


def is_tied(space: FeatureSpace) -> bool:
    """Whether silhouettes have to be compared with chance to tell how many clusters there are.

    Equal values make a cluster of their own look perfect, whatever the customers are like.
    """
    if len(np.unique(space.matrix, axis=0)) <= SELF_EVIDENT:
        return False
    numbers = space.matrix[:, : len(space.encoder.numeric)]
    most = min(FEW_VALUES, len(space.matrix) // _VALUE_REPEATS)
    few_values = any(2 < len(np.unique(column)) <= most for column in numbers.T)
    return few_values or few_distinct(space)


def silhouettes_by_chance(
    space: FeatureSpace,
    sweep: Callable[[NDArray[np.float64]], Sweep],
    *,
    k_range: Sequence[int],
    random_state: int = 0,
) -> Mapping[int, ByChance]:
    """Measure an algorithm on the same values where no column has to do with another.

    Parameters
    ----------
    space : FeatureSpace
    sweep : callable
        The algorithm over k, on a matrix of shape (n_samples, n_features).
    k_range : sequence of int
    random_state : int
        Seeds the draw of 2,000 rows from a longer table and the shuffles.

    Returns
    -------
    mapping of int to ByChance
        Each k to its silhouette; 1 where the shuffled rows have no such split, as each kind
        of them is then a cluster.

    Notes
    -----
    The comparison is that of the gap statistic (Tibshirani, Walther and Hastie 2001, "Estimating
    the number of clusters in a data set via the gap statistic", J. R. Stat. Soc. B 63), on the
    silhouette, and with shuffled columns for a reference, which keep their values and ties.
    """
    rng = np.random.default_rng(random_state)
    X = space.matrix[rng.permutation(len(space.matrix))[:_MOST_ROWS]]
    columns = np.split(X, space.encoder.column_starts[1:], axis=1)
    found: dict[int, list[float]] = {k: [] for k in k_range}
    for _ in range(_SHUFFLES):
        shuffled = np.hstack([column[rng.permutation(len(X))] for column in columns])
        try:
            swept = sweep(shuffled)
        except DegenerateDataError:
            # Not one split of these rows: all k are as good as if each kind were a cluster.
            continue
        for k, score in zip(swept.k_range, swept.silhouettes, strict=True):
            if k in found:
                found[k].append(score)
    return {
        k: ByChance(float(np.mean(scores)), float(np.std(scores))) if scores else ByChance(1.0, 0.0)
        for k, scores in found.items()
    }
