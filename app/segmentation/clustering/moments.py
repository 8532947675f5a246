"""Means and spread of given clusters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Moments:
    """Where clusters lie, and how wide.

    Attributes
    ----------
    centers : ndarray of float64, shape (n_clusters, n_features)
    inertia : float
        Sum of squared distances of rows to their own center; noise takes no part.
    """

    centers: NDArray[np.float64]
    inertia: float


def cluster_moments(X: NDArray[np.floating], labels: NDArray[np.integer]) -> Moments:
    """Compute means and inertia column by column, so that memory stays at one column.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
        0 to n_clusters - 1, none of them empty; -1 for noise.
    """
    inside = labels >= 0
    kept = slice(None) if inside.all() else inside
    own = labels[kept]
    sizes = np.bincount(own)
    centers = np.empty((len(sizes), X.shape[1]))
    inertia = 0.0
    for j in range(X.shape[1]):
        column = np.asarray(X[kept, j], dtype=np.float64)
        centers[:, j] = np.bincount(own, weights=column) / sizes
        inertia += float(np.square(column - centers[own, j]).sum())
    return Moments(centers=centers, inertia=inertia)
