"""Valleys between the components of a mixture, and the groups that they leave."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from app.segmentation.choice.columns_apart import ColumnsApart
from app.segmentation.clustering.mixture import Mixture

Matrix = NDArray[np.float64]

SMALLEST_SHARE = 0.005
FEWEST_ROWS = 5
"""Components of fewer rows are no group; their rows go to the likeliest of the others."""

_GRID = 101
_RIDGE = 1e-3


def components_of(
    mixture: Mixture, rows: ColumnsApart
) -> tuple[NDArray[np.int64], Matrix, NDArray[np.int64]]:
    """Give each row its likeliest component, among those of enough rows.

    Returns
    -------
    labels : ndarray of int64, shape (n_samples,)
        Numbered from 0 without gaps.
    log_joint : ndarray of shape (n_samples, n_kept)
        Of the components that are kept.
    kept : ndarray of int64, shape (n_kept,)
        Their numbers in the mixture.
    """
    joint = mixture.log_joint(rows.numbers, rows.codes)
    counts = np.bincount(joint.argmax(axis=1), minlength=joint.shape[1])
    enough = min(max(FEWEST_ROWS, SMALLEST_SHARE * len(rows)), counts.max())
    # No component loses rows when others are dropped, so that each kept one stays in use.
    kept = np.flatnonzero(counts >= enough)
    joint = joint[:, kept]
    return joint.argmax(axis=1), joint, kept


def valleys(rows: ColumnsApart, labels: NDArray[np.int64], joint: Matrix) -> Matrix:
    """Measure the valley in density between each two components.

    Rows of the two are seen along the line that tells their numbers best apart (Fisher 1936), and,
    where there are categories, by the logarithm of how much likelier one is than the other; the
    deeper valley counts.

    Parameters
    ----------
    rows : ColumnsApart
    labels : ndarray of int64, shape (n_samples,)
    joint : ndarray of shape (n_samples, n_components)

    Returns
    -------
    ndarray of shape (n_components, n_components)
        0 no valley, 1 an empty gap; the diagonal is 0.
    """
    k = joint.shape[1]
    depths = np.zeros((k, k))
    X = rows.numbers
    members = [labels == i for i in range(k)]
    scatters = [_scatter(X[each]) for each in members]
    for i in range(k):
        for j in range(i):
            first, second = members[i], members[j]
            depth = 0.0
            if X.shape[1]:
                within = (scatters[i] + scatters[j]) / 2 + _RIDGE * np.eye(X.shape[1])
                apart = X[second].mean(axis=0) - X[first].mean(axis=0)
                line = np.linalg.solve(within, apart)
                depth = depth_between(X[first] @ line, X[second] @ line)
            if rows.codes:
                likelier = joint[:, j] - joint[:, i]
                depth = max(depth, depth_between(likelier[first], likelier[second]))
            depths[i, j] = depths[j, i] = depth
    return depths


def joined(depths: Matrix, least: float) -> NDArray[np.int64]:
    """Join components, directly or through others, that no valley of that depth divides.

    Returns
    -------
    ndarray of int64, shape (n_components,)
        The group of each component.
    """
    return np.asarray(connected_components(depths < least, directed=False)[1], dtype=np.int64)


def _scatter(X: Matrix) -> Matrix:
    centred = X - X.mean(axis=0)
    return np.asarray(centred.T @ centred / max(len(X) - 1, 1), dtype=np.float64)


def depth_between(first: Matrix, second: Matrix) -> float:
    """One minus the density at the valley over that at the lower peak, both sides weighing alike.

    The density is a Gaussian kernel's, its width by Silverman's rule.
    """
    spreads = first.std(), second.std()
    spread = np.sqrt((spreads[0] ** 2 + spreads[1] ** 2) / 2)
    low, high = first.mean(), second.mean()
    if spread <= 1e-9 * max(abs(low), abs(high), 1e-9):
        return 1.0 if high > low else 0.0
    effective = 4 / (1 / len(first) + 1 / len(second))
    width = 1.06 * spread * effective**-0.2
    grid = np.linspace(low - spreads[0], high + spreads[1], _GRID)
    density = _kernel_mean(grid, first, width) + _kernel_mean(grid, second, width)
    lower_peak = np.minimum(
        np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    )
    return float((1 - density / np.maximum(lower_peak, 1e-300)).max())


def _kernel_mean(grid: Matrix, values: Matrix, width: float) -> Matrix:
    offsets = (grid[:, None] - values) / width
    return np.asarray(np.exp(-0.5 * offsets**2).mean(axis=1), dtype=np.float64)
