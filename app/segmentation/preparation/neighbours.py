"""Missing numbers, filled from the customers most alike in what is known of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

DONORS = 2_000
NEIGHBOURS = 5
ROWS_FOR_A_NEIGHBOUR = 6
"""In a small table fewer are asked, or some of them would be of another group."""

_BLOCK_ROWS = 1_000


@dataclass(frozen=True, eq=False)
class Donors:
    """Complete rows to learn from, kept with the encoder so that new rows are filled alike.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_donors, n_features)
        Encoded, before any projection.
    nearest : int
        How many of them are asked.

    Notes
    -----
    scikit-learn's KNNImputer compares each row with every fitted row, in time that grows with
    their square, and keeps all of them; these are at most `DONORS`.

    References
    ----------
    O. Troyanskaya et al. (2001), "Missing value estimation methods for DNA microarrays",
    Bioinformatics 17.
    """

    rows: NDArray[np.float64]
    nearest: int

    def fill(self, X: NDArray[np.float64], missing: NDArray[np.bool_]) -> None:
        """Replace missing cells, in place, by the mean of the donors most alike in the known ones.

        A median would put a customer of one group between the groups. A row that knows nothing
        stays as it is. Each row is computed by itself, so that it is filled alike in any table.

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
                total = np.zeros((len(block), int(pattern.sum())))
                for column in closest.T:
                    total += self.rows[column][:, pattern]
                X[np.ix_(block, np.flatnonzero(pattern))] = total / self.nearest


def draw_donors(
    complete: NDArray[np.intp], *, n_rows: int, seed: int
) -> tuple[NDArray[np.intp], int]:
    """Choose the rows to learn from among the complete ones, and how many of them are asked."""
    if len(complete) > DONORS:
        rng = np.random.default_rng(seed)
        complete = np.sort(rng.choice(complete, DONORS, replace=False))
    return complete, min(NEIGHBOURS, max(1, n_rows // ROWS_FOR_A_NEIGHBOUR), len(complete))
