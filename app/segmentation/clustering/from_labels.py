"""Given clusters in the shape of an algorithm's answer: their means and their spread."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.result import Clustering


def clustering_from_labels(
    X: NDArray[np.floating],
    labels: NDArray[np.int32],
    *,
    method: str,
    details: Mapping[str, object],
) -> Clustering:
    """Compute means and inertia column by column, so that memory stays at one column.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    labels : ndarray of int32, shape (n_samples,)
        0 to n_clusters - 1, none of them empty; -1 for noise, which takes no part.
    method : str
    details : mapping of str to object
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
    return Clustering(
        labels=labels,
        n_clusters=len(sizes),
        centers=centers,
        inertia=inertia,
        method=method,
        details=details,
    )
