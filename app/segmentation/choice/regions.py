"""Regions that rows fill densely, of any shape, where empty space divides them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.neighbors import NearestNeighbors

SMALLEST_SHARES = (0.01, 0.05)
"""Least share of the rows in a region: the finer ones are tried first."""

FEWEST_ROWS = 5
MIN_SAMPLES = 5
MOST_NOISE = 0.05
"""Share of rows in no region, past which these are no account of the rows."""

NEIGHBOURS = 7
MOST_CROSSED = 0.01
"""Share of a region's nearest neighbours in other regions, past which no space divides them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Regions:
    """Dense regions, each row in one.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_samples,)
        Rows that were in no region have that of the nearest row.
    noise_share : float
        Share of the rows that were in none.
    crossed : float
        Share of the nearest neighbours that lie in another region, in the worst of them.
    """

    labels: NDArray[np.int64]
    noise_share: float
    crossed: float

    @property
    def n_regions(self) -> int:
        return int(self.labels.max()) + 1


def clear_regions(X: NDArray[np.float64]) -> Regions | None:
    """Find dense regions that empty space divides.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)

    Returns
    -------
    Regions or None
        None where there is one region, or too many rows are in none, or no space divides them.

    References
    ----------
    R. Campello, D. Moulavi and J. Sander (2013), "Density-based clustering based on
    hierarchical density estimates", PAKDD.
    """
    if len(X) <= max(NEIGHBOURS, MIN_SAMPLES) + 1:
        return None
    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(X).kneighbors(X)[1][:, 1:]
    for share in SMALLEST_SHARES:
        smallest = max(FEWEST_ROWS, int(np.ceil(share * len(X))))
        model = HDBSCAN(min_cluster_size=smallest, min_samples=MIN_SAMPLES, copy=True).fit(X)
        found = np.asarray(model.labels_, dtype=np.int64)
        noise = found < 0
        if found.max() < 1 or noise.mean() > MOST_NOISE:
            continue
        labels = attached(X, found)
        crossed = (labels[nearest] != labels[:, None]).mean(axis=1)
        worst = max(float(crossed[labels == i].mean()) for i in range(int(labels.max()) + 1))
        if worst <= MOST_CROSSED:
            return Regions(labels=labels, noise_share=float(noise.mean()), crossed=worst)
    return None


def attached(X: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give rows labelled -1 the label of the nearest other row."""
    inside = labels >= 0
    if inside.all() or not inside.any():
        return labels
    result = labels.copy()
    nearest = NearestNeighbors(n_neighbors=1).fit(X[inside]).kneighbors(X[~inside])[1][:, 0]
    result[~inside] = labels[inside][nearest]
    return result
