"""How many clusters: K-means over a range of k, judged by silhouette and by sizes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import DegenerateDataError
from app.segmentation.silhouette import (
    SILHOUETTE_EXACT_LIMIT,
    SILHOUETTE_SAMPLE_SIZE,
    Silhouette,
    silhouettes,
)

DEGENERATE_SMALLEST_SHARE = 0.01
"""A cluster under this share of the rows is a few odd customers, not a segment."""

DEGENERATE_LARGEST_SHARE = 0.95
"""A cluster over this share of the rows is everybody, not a segment."""

DEFAULT_K_RANGE = range(2, 11)


@dataclass(frozen=True)
class Sweep:
    """Every k that the rows allow, side by side; all tuples are in the order of ``k_range``.

    Attributes
    ----------
    k_range : tuple of int
        The k that could be fitted; those with too few distinct rows are in ``failures``.
    inertias, silhouettes : tuple of float
    clusterings : tuple of Clustering
    measures : tuple of Silhouette
        The silhouettes in full.
    smallest_share, largest_share : tuple of float
        Shares of the rows in the smallest and in the largest cluster.
    degenerate : tuple of bool
        Whether a cluster holds too few rows, or nearly all of them.
    best_k : int
        The highest silhouette among the sound splits into 2 to 10, or among all sound ones, or
        among all where none is sound.
    sample_size : int
        Rows on which the silhouettes were measured.
    sampled : bool
    failures : mapping of int to str
        Why a k is missing.
    """

    k_range: tuple[int, ...]
    inertias: tuple[float, ...]
    silhouettes: tuple[float, ...]
    clusterings: tuple[Clustering, ...]
    measures: tuple[Silhouette, ...]
    smallest_share: tuple[float, ...]
    largest_share: tuple[float, ...]
    degenerate: tuple[bool, ...]
    best_k: int
    sample_size: int
    sampled: bool
    failures: Mapping[int, str]

    def without_partitions(self) -> Self:
        """Return what was measured alone, which is small."""
        measures = tuple(replace(measure, per_sample=None) for measure in self.measures)
        return replace(self, clusterings=(), measures=measures)


def sweep_kmeans(
    X: NDArray[np.floating],
    *,
    k_range: Iterable[int] = DEFAULT_K_RANGE,
    random_state: int = 0,
    n_init: int = 10,
    exact_limit: int = SILHOUETTE_EXACT_LIMIT,
    sample_size: int = SILHOUETTE_SAMPLE_SIZE,
    on_step: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Fit K-means for each k and measure every partition on the same distances.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, already scaled.
    k_range : iterable of int
        Each at least 2.
    random_state, n_init : int
        As for `cluster_kmeans`, the same for each k.
    exact_limit, sample_size : int
        As for `silhouettes`.
    on_step : callable, optional
        Told how many k are fitted and how many there are, before each and after the last; what
        it raises ends the sweep.

    Raises
    ------
    DegenerateDataError
        Not one k can be fitted; the message is that of the smallest.
    """
    clusterings: list[Clustering] = []
    failures: dict[int, str] = {}
    wanted = sorted(set(k_range))
    tell = on_step or (lambda _done, _all: None)
    for done, k in enumerate(wanted):
        tell(done, len(wanted))
        try:
            clusterings.append(
                cluster_kmeans(X, n_clusters=k, random_state=random_state, n_init=n_init)
            )
        except DegenerateDataError as error:
            failures[k] = str(error)
    if not clusterings:
        raise DegenerateDataError(next(iter(failures.values()), "No number of clusters to try."))

    tell(len(wanted), len(wanted))
    measured = silhouettes(
        X,
        [clustering.labels for clustering in clusterings],
        exact_limit=exact_limit,
        sample_size=sample_size,
        random_state=random_state,
    )
    return assemble_sweep(clusterings, measured, failures)


def assemble_sweep(
    clusterings: Sequence[Clustering], measures: Sequence[Silhouette], failures: Mapping[int, str]
) -> Sweep:
    """Put partitions side by side, in the order of k, and name the best sound one."""
    shares = [cluster_shares(clustering) for clustering in clusterings]
    degenerate = [is_degenerate(clustering) for clustering in clusterings]
    scores = [measure.score for measure in measures]
    usual = [clustering.n_clusters in DEFAULT_K_RANGE for clustering in clusterings]
    best = max(range(len(scores)), key=lambda i: (not degenerate[i], usual[i], scores[i]))
    return Sweep(
        k_range=tuple(clustering.n_clusters for clustering in clusterings),
        inertias=tuple(clustering.inertia for clustering in clusterings),
        silhouettes=tuple(scores),
        clusterings=tuple(clusterings),
        measures=tuple(measures),
        smallest_share=tuple(float(share.min()) for share in shares),
        largest_share=tuple(float(share.max()) for share in shares),
        degenerate=tuple(degenerate),
        best_k=clusterings[best].n_clusters,
        sample_size=measures[best].sample_size,
        sampled=measures[best].sampled,
        failures=failures,
    )


def cluster_shares(clustering: Clustering) -> NDArray[np.float64]:
    """Share of all rows in each cluster, shape (n_clusters,); noise counts among the rows."""
    inside = clustering.labels[clustering.labels >= 0]
    counts = np.bincount(inside, minlength=clustering.n_clusters)
    return np.asarray(counts / len(clustering.labels), dtype=np.float64)


def is_degenerate(clustering: Clustering) -> bool:
    """Whether a cluster is too small, or too large, for the partition to be a segmentation."""
    shares = cluster_shares(clustering)
    return bool(shares.min() < DEGENERATE_SMALLEST_SHARE or shares.max() > DEGENERATE_LARGEST_SHARE)
