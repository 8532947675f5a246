"""The one shape in which every algorithm gives its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Clustering:
    """A partition of the rows of a feature matrix.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        0 to ``n_clusters - 1``; -1 marks noise (density methods only).
    n_clusters : int
    centers : ndarray of float64, shape (n_clusters, n_features)
        Means of the clusters, in the space that was clustered.
    inertia : float
        Within-cluster sum of squared distances to the centers, noise left out.
    method : str
        The algorithm's name: ``"kmeans"``, ``"ward"``, ...
    details : mapping
        What the algorithm found or decided by itself.
    """

    labels: NDArray[np.int32]
    n_clusters: int
    centers: NDArray[np.float64]
    inertia: float
    method: str
    details: Mapping[str, object] = field(default_factory=dict)
