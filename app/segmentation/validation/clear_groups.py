"""Whether a few columns by themselves show groups so clearly that others can only blur them."""

import diptest
import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.validation.hold_out import STRONG_P_VALUE
from app.segmentation.validation.scales import graded_columns, spread_ties, to_unit_range
from app.segmentation.validation.structure import (
    MIN_ROWS,
    STRONG_SEPARATION,
    assess_structure,
)
from app.segmentation.validation.valley import valley_depth

CLEAR_SILHOUETTE = 0.71
"""A strong structure in the bands of Kaufman and Rousseeuw (1990, "Finding Groups in Data"); it
replaces the test of structure where the rows are too few for that."""

_ROWS_A_CLUSTER = 4
_MOST_CLUSTERS = 8


def shows_clear_groups(X: NDArray[np.float64], *, n_chances: int, random_state: int) -> bool:
    """Test a lone column for a gap, and several together for strong structure.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Encoded, and not projected; a lone column in its own units.
    n_chances : int
        Sets of columns that are tested: each is one more chance for a gap to come about.
    random_state : int
    """
    level = STRONG_P_VALUE / n_chances
    rng = np.random.default_rng(random_state)
    if X.shape[1] == 1:
        return _has_gap(X, level=level, rng=rng)
    if len(X) >= MIN_ROWS:
        found = assess_structure(X, random_state=random_state)
        return found.verdict == "strong" and found.p_value <= level
    most = min(max(2, len(X) // _ROWS_A_CLUSTER), _MOST_CLUSTERS)
    sweep = sweep_kmeans(
        spread_ties(X, rng=rng), k_range=range(2, most + 1), random_state=random_state
    )
    return max(sweep.silhouettes) >= CLEAR_SILHOUETTE


def divided_segments(
    X: NDArray[np.float64], labels: NDArray[np.integer], *, random_state: int
) -> tuple[int, ...]:
    """Find the segments that hold clear groups themselves.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        As `shows_clear_groups`.
    labels : ndarray of shape (n_samples,)
        0 to n_segments - 1; -1 for noise, which takes no part.
    random_state : int

    Returns
    -------
    tuple of int
        Of segments with `MIN_ROWS` rows or more.
    """
    segments = [labels == i for i in range(int(labels.max(initial=-1)) + 1)]
    return tuple(
        i
        for i, rows in enumerate(segments)
        if rows.sum() >= MIN_ROWS
        and shows_clear_groups(X[rows], n_chances=len(segments), random_state=random_state)
    )


def _has_gap(X: NDArray[np.float64], *, level: float, rng: np.random.Generator) -> bool:
    """Whether a lone column is strongly of two groups or more: no cut of it needs a search."""
    column = to_unit_range(X)
    if len(column) < MIN_ROWS or not graded_columns(column).all():
        return False
    values = spread_ties(column, rng=rng)[:, 0]
    deep = valley_depth(values) >= STRONG_SEPARATION
    return deep and bool(diptest.diptest(values)[1] <= level)
