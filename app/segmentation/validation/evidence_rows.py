"""Which rows and values count as evidence of groups: neither copies of rows nor usual values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

SPIKE_SHARE, SPIKE_ROWS = 0.05, 10
"""Share of the rows, and rows, at one value from which it may be a spike."""

SPIKE_EXCESS = 4
"""Times as many rows as the other values of the column usually have."""

MOST_SPIKES = 3

GRADES = 10
"""Different values that a column has besides, at least: with fewer each is a level of its own."""

MOST_AT_SPIKES = 0.35
"""Share of the rows at spikes past which the rest of a column says too little."""

CHANCE_PAIRS = 10
"""Times as many equal pairs of rows as columns without relation would give by chance."""


@dataclass(frozen=True, eq=False)
class Spike:
    """A usual value of a graded column, such as 0: it sets its customers apart by itself.

    Attributes
    ----------
    column : int
    value : float
    rows : ndarray of intp
        Which rows have it.
    share : float
        Of the rows.
    """

    column: int
    value: float
    rows: NDArray[np.intp]
    share: float


def distinct_evidence(X: Matrix) -> NDArray[np.intp]:
    """Choose the rows that count, where copies of rows are no customers of their own.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)

    Returns
    -------
    ndarray of intp
        Places, rising: one of each row, where more rows are equal than chance explains; every
        so many-th of them, where all rows stand in as many copies; else all.
    """
    kept = one_of_copies(X)
    _, first, counts = np.unique(X[kept], axis=0, return_index=True, return_counts=True)
    if len(first) == len(kept):
        return kept
    observed = float((counts * (counts - 1.0)).sum()) / 2
    n = float(counts.sum())
    by_chance = n * (n - 1) / 2
    for column in X[kept].T:
        shares = np.unique(column, return_counts=True)[1] / n
        by_chance *= float((shares**2).sum())
    if observed > CHANCE_PAIRS * (by_chance + 1):
        return np.sort(kept[first])
    return kept


def one_of_copies(X: NDArray[np.generic]) -> NDArray[np.intp]:
    """Choose every so many-th of equal rows, where all rows stand in as many copies; else all.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    """
    _, group, counts = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    copies = int(np.gcd.reduce(counts)) if len(counts) else 1
    if copies == 1:
        return np.arange(len(X))
    # The number of each row among its equals, from 0.
    order = np.argsort(group.ravel(), kind="stable")
    rank = np.empty(len(X), dtype=np.intp)
    rank[order] = np.arange(len(X)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.flatnonzero(rank % copies == 0)


def find_spikes(X: Matrix) -> tuple[Spike, ...]:
    """Find the values that far more rows have than any near them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    """
    return tuple(
        Spike(j, value, np.flatnonzero(column == value), float((column == value).mean()))
        for j, column in enumerate(X.T)
        for value in _spikes(column)
    )


def _spikes(column: Matrix) -> list[float]:
    values, counts = np.unique(column, return_counts=True)
    least = max(SPIKE_ROWS, SPIKE_SHARE * len(column))
    order = np.argsort(-counts, kind="stable")
    found: list[float] = []
    for at in range(len(order) - GRADES):
        rest = counts[order[at + 1 :]]
        usual = np.median(np.repeat(rest, rest))
        if counts[order[at]] < max(least, SPIKE_EXCESS * usual + 1):
            break
        found.append(float(values[order[at]]))
    # Many of them are values that some have rounded, which `spread_ties` evens out.
    return found if len(found) <= MOST_SPIKES else []


def usable_columns(X: Matrix, spikes: tuple[Spike, ...]) -> NDArray[np.bool_]:
    """Say of which columns, shape (n_features,), enough is left beside their spikes."""
    at_spikes = np.zeros(X.shape[1])
    for spike in spikes:
        at_spikes[spike.column] += spike.share
    return np.asarray(at_spikes <= MOST_AT_SPIKES)


def without_spikes(X: Matrix, spikes: tuple[Spike, ...], *, rng: np.random.Generator) -> Matrix:
    """Give rows at a spike a value that other rows of the column might have.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The rows that spikes were found in, or the same on another rising scale.
    spikes : tuple of Spike
    rng : numpy Generator
        One seed gives rows the same place among the others on any scale of a column.

    Returns
    -------
    ndarray of shape (n_samples, n_features)
    """
    filled = X.copy()
    for j in sorted({spike.column for spike in spikes}):
        at_spike = np.zeros(len(X), dtype=np.bool_)
        for spike in spikes:
            if spike.column == j:
                at_spike[spike.rows] = True
        filled[at_spike, j] = np.quantile(X[~at_spike, j], rng.random(int(at_spike.sum())))
    return filled
