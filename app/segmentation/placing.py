"""Rows into the segments of a segmentation: one rule, one confidence, one probability."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.density import DensityModel
from app.segmentation.clustering.nearest_rows import NearestRows, vote
from app.segmentation.clustering.result import Clustering
from app.segmentation.membership import Membership, Rule, clarity, own_and_other
from app.segmentation.scoring import Scorer

OUTLIER_QUANTILE = 0.99
"""A customer farther from its center than this share of the segment's fitted customers is one."""

FEWEST_OF_REACH = 100
"""Customers of a segment from which their own distances tell its reach."""


@dataclass(frozen=True, eq=False)
class Placements:
    """Where rows belong.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        -1 for none.
    confidences : ndarray of int32, shape (n_samples,), or None
        As `confidences_of`; None where there are fewer than two segments.
    probabilities : ndarray of float64, shape (n_samples,), or None
        Calibrated, of belonging to the segment; None where no draw could be clustered again,
        and for runs of earlier releases.
    outliers : ndarray of bool, shape (n_samples,)
        Farther from the center than 99% of the segment's fitted rows, or in no segment.
    roles : ndarray of str, shape (n_samples,), or None
        ``core``, ``border`` or ``noise`` for the density rule.
    rule : str
        By which rows that the table did not have were placed.
    """

    labels: NDArray[np.int32]
    confidences: NDArray[np.int32] | None
    outliers: NDArray[np.bool_]
    roles: NDArray[np.str_] | None
    rule: Rule
    probabilities: NDArray[np.float64] | None = None


def place_encoded(
    X: NDArray[np.float64],
    membership: Membership,
    *,
    n_clusters: int,
    scorer: Scorer | None,
    density: DensityModel | None,
) -> Placements:
    """Give each row of shape (n_samples, n_features), encoded, its segment.

    Raises
    ------
    SegmentationError
        A value is too large.
    """
    distances = scorer.distances(X) if scorer is not None else None
    known, own = np.zeros(len(X), dtype=np.bool_), np.full(len(X), -1, dtype=np.int32)
    if membership.known is not None:
        known, own = membership.known.find(X)
    roles = voters = None
    if membership.rule == "density" and density is not None:
        placed = density.predict(X)
        labels, roles = placed.labels, placed.roles
    elif membership.kept is not None:
        voters = membership.kept.voters(X, known)
        labels = vote(voters, membership.n_voters).astype(np.int32)
    elif distances is not None:
        labels = distances.argmin(axis=1).astype(np.int32)
    else:
        labels = np.full(len(X), n_clusters - 1, dtype=np.int32)
    labels = np.where(known, own, labels)
    margins = own_and_other(distances, labels) if distances is not None else None
    probabilities = None
    if membership.scale is not None:
        clear = clarity(X, labels, voters=voters, margins=margins, density=density)
        probabilities = membership.scale.of(clear)
    return Placements(
        labels=labels,
        confidences=None if margins is None else _confidences(margins),
        outliers=_outliers(scorer, distances, labels),
        roles=roles,
        rule=membership.rule,
        probabilities=probabilities,
    )


def place_as_before(
    X: NDArray[np.float64],
    *,
    n_clusters: int,
    scorer: Scorer | None,
    density: DensityModel | None,
    nearest: NearestRows | None,
) -> Placements:
    """Place rows by a run of an earlier release, which kept no membership."""
    rule: Rule = "nearest_center"
    if density is not None:
        rule = "density"
    elif nearest is not None and scorer is not None:
        rule = "nearest_row"
    kept = Membership(rule=rule, n_voters=0, agreement=0.0)
    found = place_encoded(X, kept, n_clusters=n_clusters, scorer=scorer, density=density)
    if rule == "density":
        # Far from a center was no reason yet where dense regions decide.
        return replace(found, outliers=found.labels < 0)
    if rule != "nearest_row" or nearest is None or scorer is None:
        return found
    labels = nearest.predict(X).astype(np.int32)
    return Placements(
        labels=labels,
        confidences=confidences_of(scorer, X, labels),
        outliers=found.outliers,
        roles=None,
        rule=rule,
    )


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
    return _confidences(own_and_other(scorer.distances(X), labels))


def _confidences(margins: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(np.clip(margins, 0, 1) * 100).astype(np.int32)


def _outliers(
    scorer: Scorer | None, distances: NDArray[np.float64] | None, labels: NDArray[np.int32]
) -> NDArray[np.bool_]:
    if scorer is None or distances is None:
        return labels < 0
    reaches = np.array(scorer.reaches or (scorer.outlier_threshold,) * len(scorer.centers))
    own = np.take_along_axis(distances, np.maximum(labels, 0)[:, None], axis=1)[:, 0]
    return np.asarray((labels < 0) | (own > reaches[labels]))


def outlier_reaches(X: NDArray[np.floating], clustering: Clustering) -> tuple[float, ...]:
    """Measure how far from its center all but the outermost rows of each segment lie.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    clustering : Clustering
        Of the same rows; noise takes no part.

    Returns
    -------
    tuple of float, length n_clusters
        The `OUTLIER_QUANTILE` of the Euclidean distances. Where a segment has too few rows for
        that, it is as many times their root mean square as it is for all rows together.
    """
    inside = clustering.labels >= 0
    kept = slice(None) if inside.all() else inside
    own = clustering.labels[kept]
    squares = np.zeros(len(own))
    for center, column in zip(clustering.centers.T, X.T, strict=True):
        squares += np.square(column[kept] - center[own])
    sizes = np.bincount(own, minlength=clustering.n_clusters)
    spreads = np.sqrt(np.bincount(own, squares, clustering.n_clusters) / np.maximum(sizes, 1))
    distances = np.sqrt(squares)
    relative = distances / np.maximum(spreads[own], np.finfo(np.float64).tiny)
    usual = _quantile(relative) if len(relative) else 1.0
    return tuple(
        _quantile(distances[own == segment]) if size >= FEWEST_OF_REACH else usual * float(spread)
        for segment, (size, spread) in enumerate(zip(sizes, spreads, strict=True))
    )


def _quantile(values: NDArray[np.floating]) -> float:
    # Linear interpolation lies too near: half as many again of further rows would exceed it.
    return float(np.quantile(values, OUTLIER_QUANTILE, method="median_unbiased"))


def scorer_of(clustering: Clustering, reaches: tuple[float, ...]) -> Scorer | None:
    """Return what places encoded rows; None where there are fewer than two clusters."""
    if clustering.n_clusters < 2:
        return None
    n_features = clustering.centers.shape[1]
    return Scorer(
        mean=(0.0,) * n_features,
        scale=(1.0,) * n_features,
        centers=tuple(tuple(center) for center in clustering.centers.tolist()),
        outlier_threshold=max(reaches),
        reaches=reaches,
    )
