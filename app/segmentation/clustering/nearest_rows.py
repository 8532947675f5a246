"""Placing rows by the nearest of the rows that were clustered, whatever the clusters' shape."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.neighbors import NearestNeighbors

from app.segmentation.clustering.density import search_algorithm

VOTERS = 15
"""Nearest rows whose clusters tell how mixed the customers around a row are."""


FEW = 16
"""Rows up to which each is searched for by itself."""


@dataclass(frozen=True, eq=False)
class NearestRows:
    """Rows of known clusters, which place others.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_kept, n_features)
        In the space that was clustered.
    labels : ndarray of int64, shape (n_kept,)
        Equal rows have equal ones; -1 for noise.
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

    @cached_property
    def _search(self) -> Callable[[NDArray[np.floating], int], NDArray[np.int64]]:
        if search_algorithm(self.rows) == "kd_tree":
            tree = KDTree(self.rows)
            # For a single row scikit-learn's checks take a hundred times the search.
            return lambda X, n: np.asarray(tree.query(X, np.arange(1, n + 1))[1], dtype=np.int64)
        model = NearestNeighbors(algorithm="brute").fit(self.rows)

        def search(X: NDArray[np.floating], n: int) -> NDArray[np.int64]:
            if len(X) <= FEW:
                return np.stack([_nearest_to(self.rows, x, n) for x in X])
            return np.asarray(model.kneighbors(X, n, return_distance=False), dtype=np.int64)

        return search

    def voters(self, X: NDArray[np.floating], known: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Give the clusters of the rows nearest to each.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
        known : ndarray of bool, shape (n_samples,)
            Which rows are kept ones: they have no vote on themselves.

        Returns
        -------
        ndarray of int64, shape (n_samples, min(VOTERS, n_kept - 1))
            The nearest first.
        """
        n_asked = min(VOTERS + 1, len(self.rows))
        if len(X) == 0:
            return np.empty((0, n_asked - 1), dtype=np.int64)
        places = self._search(X, n_asked)
        places = np.where(known[:, None], places[:, 1:], places[:, :-1])
        return np.asarray(self.labels[places], dtype=np.int64)


def _nearest_to(
    rows: NDArray[np.floating], x: NDArray[np.floating], n_nearest: int
) -> NDArray[np.int64]:
    """Find the rows nearest to one, the nearest first and of equals the first."""
    apart = rows - x
    squares = np.einsum("ij,ij->i", apart, apart)
    furthest = np.partition(squares, n_nearest - 1)[n_nearest - 1]
    near = np.flatnonzero(squares <= furthest)
    return near[np.argsort(squares[near], kind="stable")][:n_nearest]


def nearest_places(
    rows: NDArray[np.floating], X: NDArray[np.floating], n_nearest: int
) -> NDArray[np.int64]:
    """Find the rows nearest to each of ``X``: places, shape (len(X), n_nearest)."""
    model = NearestNeighbors(n_neighbors=n_nearest, algorithm=search_algorithm(rows)).fit(rows)
    return np.asarray(model.kneighbors(X, return_distance=False), dtype=np.int64)


def vote(voters: NDArray[np.int64], n_voters: int) -> NDArray[np.int64]:
    """Give the most frequent cluster of the first few voters, the nearest one's where they tie.

    Parameters
    ----------
    voters : ndarray of shape (n_samples, n_available)
        Clusters, -1 for noise, the nearest first.
    n_voters : int

    Returns
    -------
    ndarray of int64, shape (n_samples,)
    """
    asked = voters[:, :n_voters]
    if asked.shape[1] == 0:
        return np.full(len(voters), -1, dtype=np.int64)
    counts = (asked[:, :, None] == asked[:, None, :]).sum(axis=2)
    # argmax takes the first of equals, which is the nearest.
    return np.take_along_axis(asked, counts.argmax(axis=1)[:, None], axis=1)[:, 0]
