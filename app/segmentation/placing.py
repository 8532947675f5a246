"""Rows into the segments of a segmentation: one rule, one confidence, one outlier."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.nearest_rows import NearestRows
from app.segmentation.clustering.result import Clustering
from app.segmentation.scoring import Scorer

Rule = Literal["nearest_center", "density", "nearest_row"]

OUTLIER_QUANTILE = 0.99
"""A customer farther from every center than this share of the fitted customers is one."""


@dataclass(frozen=True, eq=False)
class Placements:
    """Where rows belong.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        -1 for noise.
    confidences : ndarray of int32, shape (n_samples,), or None
        As `confidences_of`; None where there are fewer than two segments.
    outliers : ndarray of bool, shape (n_samples,)
        Farther from every center than 99% of the fitted rows; noise for the density rule.
    roles : ndarray of str, shape (n_samples,), or None
        ``core``, ``border`` or ``noise`` for the density rule.
    rule : str
        A tree and HDBSCAN have no rule of their own for rows they have not seen: the nearest
        center decides. Groups of any shape take in a row by the nearest of those clustered.
    """

    labels: NDArray[np.int32]
    confidences: NDArray[np.int32] | None
    outliers: NDArray[np.bool_]
    roles: NDArray[np.str_] | None
    rule: Rule


def place_encoded(
    X: NDArray[np.float64],
    *,
    n_clusters: int,
    scorer: Scorer | None,
    density: DensityModel | None,
    nearest: NearestRows | None = None,
) -> Placements:
    """Give each row of shape (n_samples, n_features), encoded, its segment.

    Raises
    ------
    SegmentationError
        A value is too large.
    """
    if density is not None:
        placed = density.predict(X)
        confidences = None if scorer is None else confidences_of(scorer, X, placed.labels)
        return Placements(placed.labels, confidences, placed.labels < 0, placed.roles, "density")
    if scorer is None:
        labels = np.full(len(X), n_clusters - 1, dtype=np.int32)
        return Placements(labels, None, labels < 0, None, "nearest_center")
    scores = scorer.score_many(X)
    if nearest is not None:
        labels = nearest.predict(X).astype(np.int32)
        confidences = confidences_of(scorer, X, labels)
        return Placements(labels, confidences, scores.outliers, None, "nearest_row")
    return Placements(scores.clusters, scores.confidences, scores.outliers, None, "nearest_center")


def confidences_of(
    scorer: Scorer, X: NDArray[np.float64], labels: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Measure how surely rows belong to the segments that they are in.

    (1 - distance to the own center / distance to the nearest other) x 100, at least 0: trees and
    densities may leave a customer nearer to another center than to the own one. Noise has the
    nearest segment's.

    Parameters
    ----------
    scorer : Scorer
    X : ndarray of shape (n_samples, n_features)
        Encoded.
    labels : ndarray of shape (n_samples,)
        -1 for noise.

    Returns
    -------
    ndarray of int32, shape (n_samples,)
    """
    distances = scorer.score_many(X).distances
    rows = np.arange(len(distances))
    own_segment = np.where(labels >= 0, labels, np.argmin(distances, axis=1))
    own = distances[rows, own_segment]
    others = distances.copy()
    others[rows, own_segment] = np.inf
    other = others.min(axis=1)
    ratio = np.divide(own, other, out=np.ones_like(own), where=other > 0)
    return np.asarray(np.rint(np.clip(1 - ratio, 0, 1) * 100), dtype=np.int32)


def outlier_reach(X: NDArray[np.floating], clustering: Clustering) -> float:
    """Measure how far from its center all but the outermost rows of a partition lie.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    clustering : Clustering
        Of the same rows; noise takes no part.

    Returns
    -------
    float
        The `OUTLIER_QUANTILE` of the Euclidean distances; infinite where all rows are noise.
    """
    inside = clustering.labels >= 0
    if not inside.any():
        return np.inf
    kept = slice(None) if inside.all() else inside
    own = clustering.labels[kept]
    squares = np.zeros(len(own))
    for center, column in zip(clustering.centers.T, X.T, strict=True):
        squares += np.square(column[kept] - center[own])
    return float(np.sqrt(np.quantile(squares, OUTLIER_QUANTILE)))


def scorer_of(clustering: Clustering, reach: float) -> Scorer | None:
    """Return what places encoded rows; None where there are fewer than two clusters."""
    if clustering.n_clusters < 2:
        return None
    n_features = clustering.centers.shape[1]
    return Scorer(
        mean=(0.0,) * n_features,
        scale=(1.0,) * n_features,
        centers=tuple(tuple(center) for center in clustering.centers.tolist()),
        outlier_threshold=reach,
    )
