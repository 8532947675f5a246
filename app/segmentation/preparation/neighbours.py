"""Missing numbers, filled from the customers most alike in what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import nan_euclidean_distances

DONORS = 2_000
NEIGHBOURS = 11
ROWS_FOR_A_NEIGHBOUR = 6
"""In a small table fewer are asked, or most of them would be of another group."""

FEWEST_COMPLETE = 300
"""Complete rows to learn from; where they are fewer, rows that lack least are added."""

_BLOCK_ROWS = 1_000

Way = Literal["mean", "typical"]


@dataclass(frozen=True, eq=False)
class Donors:
    """Rows to learn from, kept with the encoder so that new rows are filled alike.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_donors, n_features)
        Encoded, before any projection.
    nearest : int
        How many of them are asked.
    way : {"mean", "typical"}
        What is taken of their values: the mean, as earlier releases did, or those of the most
        typical one, to whom half of the others are nearest.

    Notes
    -----
    A mean of neighbours who belong to two groups lies between these, where no customer is, and
    bridges or divides groups; the values of one customer do not. scikit-learn's KNNImputer takes
    means alone, and compares each row with every fitted row, in time that grows with their
    square; these are at most `DONORS`. ``python -m benchmarks.preparation`` measures both.

    References
    ----------
    O. Troyanskaya et al. (2001), "Missing value estimation methods for DNA microarrays",
    Bioinformatics 17; R. Andridge and R. Little (2010), "A review of hot deck imputation for
    survey non-response", Int. Stat. Rev. 78, for values of one donor; the half that lies closest
    together is that of D. Andrews et al. (1972), "Robust estimates of location".
    """

    rows: NDArray[np.float64]
    nearest: int
    way: Way = "mean"

    def fill(self, X: NDArray[np.float64], missing: NDArray[np.bool_]) -> None:
        """Replace missing cells, in place, by values of the donors most alike in the known ones.

        A row that knows nothing stays as it is. Each row is computed by itself, so that it is
        filled alike in any table.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
        missing : ndarray of bool, shape (n_samples, n_features)
        """
        gaps = np.flatnonzero(missing.any(axis=1))
        if len(gaps) == 0:
            return
        patterns, which = np.unique(missing[gaps], axis=0, return_inverse=True)
        for i, pattern in enumerate(patterns):
            if pattern.all():
                continue
            rows = gaps[which.ravel() == i]
            for start in range(0, len(rows), _BLOCK_ROWS):
                block = rows[start : start + _BLOCK_ROWS]
                distances = cdist(X[block][:, ~pattern], self.rows[:, ~pattern], "sqeuclidean")
                closest = np.argpartition(distances, self.nearest - 1, axis=1)[:, : self.nearest]
                closest.sort(axis=1)
                X[np.ix_(block, np.flatnonzero(pattern))] = self._values(closest, pattern)

    def _values(self, closest: NDArray[np.intp], pattern: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the missing values of rows whose closest donors are given."""
        columns = [self.rows[:, j][closest] for j in np.flatnonzero(pattern)]
        if self.way == "mean":
            totals = [sum(values.T, np.zeros(len(closest))) for values in columns]
            return np.column_stack(totals) / self.nearest
        typical = _most_typical(columns)[:, None]
        return np.column_stack([np.take_along_axis(v, typical, axis=1)[:, 0] for v in columns])


def draw_donors(gaps: NDArray[np.bool_], *, seed: int) -> NDArray[np.intp]:
    """Choose the rows to learn from: complete ones, and where these are few the next ones.

    Parameters
    ----------
    gaps : ndarray of bool, shape (n_samples, n_numeric)
    seed : int
        Of the draw from a long table.

    Returns
    -------
    ndarray of shape (n_donors,)
        Their places.
    """
    order = np.random.default_rng(seed).permutation(len(gaps))
    fullest = order[np.argsort(gaps[order].sum(axis=1), kind="stable")]
    n_complete = int((~gaps.any(axis=1)).sum())
    enough = min(FEWEST_COMPLETE, len(gaps) // 2)
    return np.sort(fullest[: min(n_complete, DONORS) if n_complete >= enough else enough])


def donors_of(encoded: NDArray[np.float64], gaps: NDArray[np.bool_], *, n_rows: int) -> Donors:
    """Learn from rows of a table of so many.

    Parameters
    ----------
    encoded : ndarray of shape (n_donors, n_features)
        Missing numbers are at their medians.
    gaps : ndarray of bool, shape (n_donors, n_features)
    n_rows : int
    """
    nearest = min(NEIGHBOURS, max(1, n_rows // ROWS_FOR_A_NEIGHBOUR), len(encoded))
    return Donors(_completed(encoded, gaps, nearest), nearest, way="typical")


def _completed(
    rows: NDArray[np.float64], gaps: NDArray[np.bool_], nearest: int
) -> NDArray[np.float64]:
    """Fill the gaps of rows to learn from, column by column, by those that have the column."""
    if not gaps.any():
        return rows
    distances = nan_euclidean_distances(np.where(gaps, np.nan, rows))
    distances[np.isnan(distances)] = np.inf
    result = rows.copy()
    for j in np.flatnonzero(gaps.any(axis=0)):
        givers, takers = np.flatnonzero(~gaps[:, j]), np.flatnonzero(gaps[:, j])
        if len(givers) == 0:
            continue
        closest = np.argsort(distances[np.ix_(takers, givers)], axis=1, kind="stable")
        values = rows[givers, j][closest[:, :nearest]]
        result[takers, j] = values[np.arange(len(takers)), _most_typical([values])]
    return result


def _most_typical(columns: Sequence[NDArray[np.float64]]) -> NDArray[np.intp]:
    """Find, in each row of values, the one whose nearer half of the others lies closest to it.

    Parameters
    ----------
    columns : sequence of ndarray, each of shape (n_samples, n_neighbours)
    """
    apart = np.zeros((*columns[0].shape, columns[0].shape[1]))
    for values in columns:
        apart += np.square(values[:, :, None] - values[:, None, :])
    radius = np.sort(apart, axis=2)[:, :, apart.shape[2] // 2]
    return np.asarray(radius.argmin(axis=1), dtype=np.intp)
