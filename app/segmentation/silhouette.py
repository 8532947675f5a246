"""The silhouette, in the one definition that every figure of the project uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded

SILHOUETTE_EXACT_LIMIT = 20_000
"""Rows up to which every pair is measured; past it the figure comes from a sample."""

SILHOUETTE_SAMPLE_SIZE = 10_000
"""Rows drawn past the limit: a standard error of about 0.003 on the mean."""

_BLOCK_BYTES = 4_000_000
"""Distances worked on at a time, in double precision: what a processor's cache holds."""


@dataclass(frozen=True)
class Silhouette:
    """How much closer the rows lie to their own cluster than to the next.

    Attributes
    ----------
    score : float
        Mean over the rows measured, -1 to 1.
    per_cluster : tuple of float or None, length n_clusters
        Mean within each cluster; None where the sample holds no row of it.
    per_sample : ndarray of shape (n_samples,) or None
        Each row's value, NaN for noise; None where a sample was measured.
    sample_size : int
        Rows measured, noise left out.
    sampled : bool
        Whether the figures come from a sample.
    """

    score: float
    per_cluster: tuple[float | None, ...]
    per_sample: NDArray[np.float64] | None
    sample_size: int
    sampled: bool


def silhouette(
    X: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    exact_limit: int = SILHOUETTE_EXACT_LIMIT,
    sample_size: int = SILHOUETTE_SAMPLE_SIZE,
    random_state: int = 0,
) -> Silhouette:
    """Measure one partition; see `silhouettes`."""
    return silhouettes(
        X, [labels], exact_limit=exact_limit, sample_size=sample_size, random_state=random_state
    )[0]


def silhouettes(
    X: NDArray[np.floating],
    labellings: Sequence[NDArray[np.integer]],
    *,
    exact_limit: int = SILHOUETTE_EXACT_LIMIT,
    sample_size: int = SILHOUETTE_SAMPLE_SIZE,
    random_state: int = 0,
) -> list[Silhouette]:
    """Measure several partitions of the same rows, with the distances computed once.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    labellings : sequence of ndarray, each of shape (n_samples,)
        Cluster of each row, 0 to n_clusters - 1; rows labelled -1 (noise) take no part.
    exact_limit : int
        Rows up to which all of them are measured.
    sample_size : int
        Rows drawn, without replacement and the same for every partition, past that limit.
    random_state : int
        Seeds the draw.

    Returns
    -------
    list of Silhouette
        In the order of ``labellings``.

    Raises
    ------
    DegenerateDataError
        A partition has fewer than two clusters among the rows measured.

    Notes
    -----
    For row i, a is the mean Euclidean distance to the others of its cluster and b the least
    mean distance to another cluster; s = (b - a) / max(a, b), and 0 in a cluster of one.
    Distances are formed in double precision and summed per cluster in single, both as matrix
    products over blocks of rows, so memory stays at a few tens of megabytes; the score agrees
    with double precision to 5 decimals.

    References
    ----------
    P. J. Rousseeuw (1987), "Silhouettes: a graphical aid to the interpretation and validation
    of cluster analysis", J. Comput. Appl. Math. 20.
    """
    n_rows = len(X)
    sampled = n_rows > exact_limit
    if sampled:
        draw = np.random.default_rng(random_state).choice(n_rows, size=sample_size, replace=False)
        draw.sort()
        rows = np.asarray(X[draw], dtype=np.float64)
    else:
        draw = np.arange(n_rows)
        rows = np.asarray(X, dtype=np.float64)

    parts = [np.asarray(labels)[draw] for labels in labellings]
    for part in parts:
        if len(np.unique(part[part >= 0])) < 2:
            raise DegenerateDataError("A silhouette needs at least two clusters.")
    n_clusters = [int(np.max(labels)) + 1 for labels in labellings]
    values = _values(rows, parts, n_clusters)
    return [
        _summary(value, part, k, sampled=sampled)
        for value, part, k in zip(values, parts, n_clusters, strict=True)
    ]


def _values(
    rows: NDArray[np.float64], parts: list[NDArray[np.integer]], n_clusters: list[int]
) -> list[NDArray[np.float64]]:
    members = [_membership(part, k) for part, k in zip(parts, n_clusters, strict=True)]
    sums = _sums_of_distances(rows, np.hstack(members))
    edges = np.cumsum([0, *n_clusters])
    return [
        _from_sums(sums[:, edges[i] : edges[i + 1]], part, members[i].sum(axis=0, dtype=np.float64))
        for i, part in enumerate(parts)
    ]


def _sums_of_distances(
    rows: NDArray[np.float64], members: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Sum the distances from each row to the members of each cluster, shape (n, n_clusters)."""
    # |x - y|^2 = |x|^2 - 2xy + |y|^2 as one product of rows with two columns added. It loses
    # digits far from the origin, so the origin is put where most rows are; the unit, on which
    # no silhouette depends, is the farthest value, so that no square overflows.
    centered = rows - np.median(rows, axis=0)
    centered /= np.abs(centered).max(initial=0.0) or 1.0
    squares = np.einsum("ij,ij->i", centered, centered)
    ones = np.ones(len(rows))
    left = np.column_stack([-2 * centered, squares, ones])
    right = np.ascontiguousarray(np.column_stack([centered, ones, squares]).T)
    sums = np.empty(members.shape)
    step = max(1, _BLOCK_BYTES // (8 * len(rows)))
    with single_threaded():
        for start in range(0, len(rows), step):
            block = slice(start, start + step)
            distances = (left[block] @ right).astype(np.float32)
            np.maximum(distances, 0, out=distances)
            np.sqrt(distances, out=distances)
            sums[block] = distances @ members
    return sums


def _membership(part: NDArray[np.integer], n_clusters: int) -> NDArray[np.float32]:
    member = np.zeros((len(part), n_clusters), dtype=np.float32)
    inside = np.flatnonzero(part >= 0)
    member[inside, part[inside]] = 1
    return member


def _from_sums(
    sums: NDArray[np.float64], labels: NDArray[np.integer], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    at = np.arange(len(labels))
    own_count = counts[labels]
    own = sums[at, labels] / np.maximum(own_count - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.where(counts > 0, sums / counts, np.inf)
    others[at, labels] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(own, nearest)
    value = np.zeros(len(labels))
    np.divide(nearest - own, larger, out=value, where=larger > 0)
    value[own_count == 1] = 0
    value[labels < 0] = np.nan
    return value


def _summary(
    value: NDArray[np.float64], part: NDArray[np.integer], n_clusters: int, *, sampled: bool
) -> Silhouette:
    kept = part >= 0
    sums = np.bincount(part[kept], weights=value[kept], minlength=n_clusters)
    counts = np.bincount(part[kept], minlength=n_clusters)
    return Silhouette(
        score=float(value[kept].mean()),
        per_cluster=tuple(
            float(total / count) if count else None
            for total, count in zip(sums, counts, strict=True)
        ),
        per_sample=None if sampled else value,
        sample_size=int(kept.sum()),
        sampled=sampled,
    )
