"""The clustering algorithms behind one call."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import SegmentationError

ALGORITHMS: Mapping[str, Callable[..., Clustering]] = {
    "kmeans": cluster_kmeans,
}


def cluster(X: NDArray[np.floating], *, algorithm: str, **options: Any) -> Clustering:
    """Partition rows with the algorithm of that name.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    algorithm : str
        A key of ``ALGORITHMS``.
    **options
        The algorithm's own keyword arguments.

    Raises
    ------
    SegmentationError
        No algorithm has that name.
    """
    if algorithm not in ALGORITHMS:
        known = ", ".join(sorted(ALGORITHMS))
        raise SegmentationError(f"There is no algorithm {algorithm!r}; choose one of {known}.")
    return ALGORITHMS[algorithm](X, **options)


__all__ = ["ALGORITHMS", "Clustering", "cluster", "cluster_kmeans"]
