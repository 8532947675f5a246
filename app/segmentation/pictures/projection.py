"""Customers on a plane: the two directions in which they differ most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from app.segmentation.errors import DegenerateDataError, SegmentationError

MAX_POINTS = 5_000


@dataclass(frozen=True, eq=False)
class Projection:
    """Points for a scatter plot.

    Attributes
    ----------
    points : ndarray of float64, shape (n_points, 2)
        Coordinates on the first two principal components.
    labels : ndarray of int32, shape (n_points,)
    indices : ndarray of int64, shape (n_points,)
        Which rows they are, ascending.
    explained_variance : ndarray of float64, shape (2,)
        Share of all rows' variance along each component, 0 to 1.
    """

    points: NDArray[np.float64]
    labels: NDArray[np.int32]
    indices: NDArray[np.int64]
    explained_variance: NDArray[np.float64]


def project(
    X: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    max_points: int = MAX_POINTS,
    random_state: int = 0,
) -> Projection:
    """Project rows on the first two principal components of all of them.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    labels : ndarray of shape (n_samples,)
        Clusters, -1 for noise.
    max_points : int
        Rows to keep; at least one of every cluster, the rest in proportion to its size.
    random_state : int
        Seeds the draw.

    Returns
    -------
    Projection
        A single column lies along the first axis, with the second at 0.

    Raises
    ------
    DegenerateDataError
        All rows are equal, or there are none.
    SegmentationError
        ``max_points`` is less than the number of clusters.
    """
    if len(X) == 0 or not np.ptp(X, axis=0).any():
        raise DegenerateDataError("All customers are equal: there is no direction to show them in.")
    indices = drawn_rows(labels, max_points=max_points, random_state=random_state)
    n_components = min(2, *X.shape)
    pca = PCA(n_components=n_components, svd_solver="covariance_eigh").fit(X)
    points = np.zeros((len(indices), 2))
    points[:, :n_components] = pca.transform(X[indices])
    explained = np.zeros(2)
    explained[:n_components] = pca.explained_variance_ratio_
    return Projection(
        points=points,
        labels=np.asarray(labels[indices], dtype=np.int32),
        indices=indices,
        explained_variance=explained,
    )


def project_rows(X: NDArray[np.floating], labels: NDArray[np.integer]) -> Projection | None:
    """Project as `project`; None where all rows are equal and there is nothing to show."""
    try:
        return project(X, labels)
    except DegenerateDataError:
        return None


def drawn_rows(
    labels: NDArray[np.integer], *, max_points: int = MAX_POINTS, random_state: int = 0
) -> NDArray[np.int64]:
    """Draw rows to show: at least one of every cluster, the rest in proportion to its size.

    Parameters
    ----------
    labels, max_points, random_state
        As of `project`.

    Returns
    -------
    ndarray of int64
        Which rows they are, ascending; all where they are no more than ``max_points``.

    Raises
    ------
    SegmentationError
        ``max_points`` is less than the number of clusters.
    """
    if len(labels) <= max_points:
        return np.arange(len(labels), dtype=np.int64)
    clusters, sizes = np.unique(labels, return_counts=True)
    if max_points < len(clusters):
        raise SegmentationError(
            f"{max_points} points cannot show {len(clusters)} clusters; ask for more."
        )
    rng = np.random.default_rng(random_state)
    quotas = 1 + (max_points - len(clusters)) * (sizes - 1) // len(labels)
    drawn = [
        rng.choice(np.flatnonzero(labels == cluster), quota, replace=False)
        for cluster, quota in zip(clusters, quotas, strict=True)
    ]
    return np.sort(np.concatenate(drawn)).astype(np.int64)
