"""Placing rows by the nearest of the rows that were clustered, whatever the clusters' shape."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors


@dataclass(frozen=True, eq=False)
class NearestRows:
    """Rows of known clusters, which place others.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_kept, n_features)
        In the space that was clustered.
    labels : ndarray of int64, shape (n_kept,)
        Equal rows have equal ones.
    """

    rows: NDArray[np.float64]
    labels: NDArray[np.int64]

    def predict(self, X: NDArray[np.floating]) -> NDArray[np.int64]:
        """Give each row of shape (n_samples, n_features) the cluster of the nearest kept row."""
        if len(X) == 0:
            return np.empty(0, dtype=np.int64)
        # A tree compares exact distances, so that a kept row is the nearest to itself.
        model = NearestNeighbors(n_neighbors=1, algorithm="kd_tree").fit(self.rows)
        return np.asarray(self.labels[model.kneighbors(X)[1][:, 0]], dtype=np.int64)
