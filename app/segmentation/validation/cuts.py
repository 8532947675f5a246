"""Where a sample seems to fall apart: a direction, and the convex region to look along it."""

from collections.abc import Iterator
from dataclasses import dataclass

import diptest
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from app.segmentation.validation.gaps import Gap, widest_gap

Matrix = NDArray[np.float64]

CLUSTERS_TRIED = (2, 3, 4, 5, 6, 8)
"""Partitions tried; more groups than the last still show between some two of its clusters."""

MIN_POINTS = 12
"""A cut with fewer rows in its region is not considered: their dip says nothing."""

_TREE_ROWS = 400
_LLOYD_STEPS = 10
_ANCHORS = 150
_NEAR_PART = 16
_NEIGHBOUR_ROUNDS = 3
_SHRINKAGE = 0.1
_N_DIRECTIONS = 12
_DIRECTION_STEPS = 15


@dataclass(frozen=True)
class Cut:
    """A line to project on, and the half-spaces within which rows are kept.

    Attributes
    ----------
    direction : ndarray of shape (n_features,)
    normals : ndarray of shape (n_halfspaces, n_features)
    bounds : ndarray of shape (n_halfspaces,)
        A row x is kept where ``normals @ x <= bounds``; none keeps every row.
    """

    direction: Matrix
    normals: Matrix
    bounds: Matrix

    def project(self, X: Matrix) -> Matrix:
        """Coordinates along the line of the rows inside the region, shape (n_kept,)."""
        values: Matrix = X @ self.direction
        if len(self.bounds) == 0:
            return values
        beyond = self.bounds < X @ self.normals.T
        return values[~beyond.any(axis=1)]


@dataclass(frozen=True)
class Suspicion:
    """What one half of the rows suggests to look at in the other.

    Attributes
    ----------
    cut : Cut or None
        Along which the rows are furthest from unimodal; None where no candidate holds enough.
    gap_cut : Cut or None
        Along which the widest gap was found.
    gap : Gap or None
    """

    cut: Cut | None
    gap_cut: Cut | None
    gap: Gap | None


def suspect(X: Matrix, *, rng: np.random.Generator) -> Suspicion:
    """Find where the rows seem to fall apart, by the dip and by gaps.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Standardised, of full column rank, in random order.
    rng : numpy Generator

    Returns
    -------
    Suspicion

    Notes
    -----
    Candidates are (a) every pair of clusters in K-means partitions started from Ward's tree,
    in the space given and in one where the scatter between near rows is spherical
    (Art, Gnanadesikan and Kettenring 1982), which groups of unlike scale per column need,
    within the region of `_pair_cuts`; and (b) directions of least kurtosis, at which a
    mixture of two equal groups shows best (Peña and Prieto 2001). The dip scaled by the root of
    the number of rows ranks them, and, apart from that, the score of their widest gap: a group of
    few rows makes no dip that a test could tell from chance.
    """
    best: Cut | None = None
    gap_cut: Cut | None = None
    gap: Gap | None = None
    highest = -1.0
    for cut in _candidates(X, rng):
        values = cut.project(X)
        if len(values) < MIN_POINTS:
            continue
        score = float(diptest.dipstat(values)) * np.sqrt(len(values))
        if score > highest:
            best, highest = cut, score
        found = widest_gap(values)
        if found is not None and (gap is None or found.score > gap.score):
            gap_cut, gap = cut, found
    return Suspicion(best, gap_cut, gap)


def _candidates(X: Matrix, rng: np.random.Generator) -> Iterator[Cut]:
    n_features = X.shape[1]
    everywhere = (np.empty((0, n_features)), np.empty(0))
    for space in (np.eye(n_features), neighbour_whitening(X)):
        mapped = X @ space
        for centers in _partitions(mapped):
            for cut in _pair_cuts(centers, space):
                yield cut
                if len(centers) == 3:
                    yield Cut(cut.direction, *everywhere)
    if n_features > 1:
        for direction in _low_kurtosis_directions(X, rng).T:
            yield Cut(direction, *everywhere)


def _pair_cuts(centers: Matrix, space: Matrix) -> Iterator[Cut]:
    """Cut along the line of every two centres, where no third is nearer than the line.

    For each further centre the region keeps what is nearer to the closest point of the segment
    between the two. Half-spaces meet in a convex set, and that is the point: a log-concave
    density restricted to one has log-concave, hence unimodal, projections. Whole clusters do
    not make a convex set, and their projections are bimodal even in a uniform cloud.
    """
    first, second = np.triu_indices(len(centers), 1)
    starts = centers[first]
    lines = centers[second] - starts
    along = np.einsum("pkd,pd->pk", centers - starts[:, None], lines)
    along = np.clip(along / np.maximum((lines**2).sum(axis=1), 1e-300)[:, None], 0, 1)
    closest = starts[:, None] + along[:, :, None] * lines[:, None]
    normals = centers - closest
    bounds = (normals * (centers + closest)).sum(axis=2) / 2
    third = np.ones_like(along, dtype=np.bool_)
    third[np.arange(len(first)), first] = third[np.arange(len(first)), second] = False
    directions, normals = lines @ space.T, normals @ space.T
    for p, others in enumerate(third):
        yield Cut(directions[p], normals[p][others], bounds[p][others])


def _partitions(X: Matrix) -> Iterator[Matrix]:
    # The rows arrive in random order, so the first are a random sample.
    sample = X[:_TREE_ROWS]
    n = len(sample)
    labels = np.arange(n)
    for step, merged in enumerate(linkage(sample, method="ward")[:, :2].astype(np.intp)):
        labels[(labels == merged[0]) | (labels == merged[1])] = n + step
        if n - 1 - step in CLUSTERS_TRIED:
            _, parts = np.unique(labels, return_inverse=True)
            yield _lloyd(X, _means(sample, parts, n - 1 - step))


def _means(X: Matrix, labels: NDArray[np.integer], k: int) -> Matrix:
    members = (labels == np.arange(k)[:, None]).astype(np.float64)
    counts = members.sum(axis=1)
    return np.asarray((members @ X)[counts > 0] / counts[counts > 0, None], dtype=np.float64)


def _lloyd(X: Matrix, centers: Matrix) -> Matrix:
    previous: NDArray[np.intp] = np.empty(0, dtype=np.intp)
    for _ in range(_LLOYD_STEPS):
        to_centers = (centers**2).sum(axis=1) - 2 * X @ centers.T
        labels = np.asarray(to_centers.argmin(axis=1))
        if np.array_equal(labels, previous):
            break
        centers = _means(X, labels, len(centers))
        previous = labels
    return centers


def neighbour_whitening(X: Matrix) -> Matrix:
    """Linear map after which differences between near rows have unit covariance.

    The rows nearest to a row, a sixteenth of all, mostly share its group, so that this measures
    the scatter within groups before any group is known. Near is what is near after the last map.

    Returns
    -------
    ndarray of shape (n_features, n_features)

    References
    ----------
    D. Art, R. Gnanadesikan and J. R. Kettenring (1982), "Data-based metrics for cluster
    analysis", Utilitas Mathematica 21A.
    """
    space: Matrix = np.eye(X.shape[1])
    n_near = max(2, len(X) // _NEAR_PART)
    for _ in range(_NEIGHBOUR_ROUNDS):
        mapped = X @ space
        distances = (mapped**2).sum(axis=1) - 2 * mapped[:_ANCHORS] @ mapped.T
        near = np.argpartition(distances, n_near, axis=1)[:, : n_near + 1]
        difference = (X[:_ANCHORS, None] - X[near]).reshape(-1, X.shape[1])
        scatter = difference.T @ difference / (2 * len(difference))
        shrunk = (1 - _SHRINKAGE) * scatter + _SHRINKAGE * np.diag(np.diag(scatter))
        space = inverse_root(shrunk)
    return space


def inverse_root(covariance: Matrix) -> Matrix:
    """Symmetric inverse square root, shape (n_features, n_features); tiny variances floored."""
    values, vectors = np.linalg.eigh(covariance)
    floored = np.maximum(values, max(values.max() * 1e-6, 1e-300))
    return np.asarray((vectors / np.sqrt(floored)) @ vectors.T, dtype=np.float64)


def _low_kurtosis_directions(X: Matrix, rng: np.random.Generator) -> Matrix:
    centred = X - X.mean(axis=0)
    whitening = inverse_root(np.cov(centred, rowvar=False))
    white = centred @ whitening
    directions = rng.normal(size=(X.shape[1], _N_DIRECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    for _ in range(_DIRECTION_STEPS):
        # The fixed point of FastICA with its sign turned: towards the least fourth moment.
        scores = white @ directions
        step = 3 * directions - white.T @ (scores * scores * scores) / len(white)
        directions = step / np.maximum(np.linalg.norm(step, axis=0), 1e-300)
    return np.asarray(whitening @ directions, dtype=np.float64)
