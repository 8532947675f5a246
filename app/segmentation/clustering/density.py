"""DBSCAN: clusters as regions where rows lie close, the rest as noise."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN
from sklearn.neighbors import NearestNeighbors

from app.segmentation.clustering.from_labels import clustering_from_labels
from app.segmentation.clustering.kmeans import check_clusterable
from app.segmentation.clustering.limits import check_has_neighbours, check_row_limit, told_bytes
from app.segmentation.clustering.neighbourhood import default_min_samples, find_eps
from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import MemoryLimitError, SegmentationError

DBSCAN_ROW_LIMIT = 100_000
"""Rows up to which DBSCAN runs: past it the time, quadratic in the rows, is minutes."""

NEIGHBOUR_MEMORY_LIMIT_BYTES = 3 * 1024**3
BYTES_PER_NEIGHBOUR = 26
"""What scikit-learn takes for each pair of neighbours, results and buffers together: 13 to 15
were seen with a tree, 24 to 25 by brute force."""

_PAIR_SAMPLE_ROWS = 500
_BLOCK_ROWS = 50
_NARROWING, _MOST_NARROWINGS = 0.8, 30
_TREE_MAX_FEATURES = 4

Role = Literal["core", "border", "noise"]


@dataclass(frozen=True, eq=False)
class DensityPrediction:
    """Where rows lie among the clusters of a density model.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        -1 for noise.
    roles : ndarray of str, shape (n_samples,)
        ``"core"``, ``"border"`` or ``"noise"``.
    """

    labels: NDArray[np.int32]
    roles: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class DensityModel:
    """A fitted DBSCAN, which can place new rows.

    Attributes
    ----------
    rows : ndarray of float64, shape (n_samples, n_features)
        The rows it was fitted on.
    clustering : Clustering
    is_core : ndarray of bool, shape (n_samples,)
    eps : float
        Reach of a neighbourhood, in the units of the feature space.
    min_samples : int
        Rows, itself included, that a core row has within its reach.
    """

    rows: NDArray[np.float64]
    clustering: Clustering
    is_core: NDArray[np.bool_]
    eps: float
    min_samples: int

    def predict(self, X: NDArray[np.floating]) -> DensityPrediction:
        """Place rows: each joins the cluster of the nearest core row within reach, or is noise.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
            In the space that was clustered.

        Notes
        -----
        A row is core where at least ``min_samples`` fitted rows lie within reach, so a fitted
        row gets its own role again. A border row in reach of two clusters joins the nearer,
        where the fit gave it to the cluster found first. New rows never found a cluster.
        """
        labels = np.full(len(X), -1, dtype=np.int32)
        roles = np.full(len(X), "noise", dtype="<U6")
        if len(X) == 0 or not self.is_core.any():
            return DensityPrediction(labels=labels, roles=roles)
        algorithm = search_algorithm(self.rows)
        distance, core_labels = self.nearest_cores(X)
        inside = distance[:, 0] <= self.eps
        labels[inside] = core_labels[inside, 0]
        roles[inside] = "border"
        if inside.any():
            everybody = NearestNeighbors(n_neighbors=self.min_samples, algorithm=algorithm)
            reach = everybody.fit(self.rows).kneighbors(X[inside])[0][:, -1]
            roles[np.flatnonzero(inside)[reach <= self.eps]] = "core"
        return DensityPrediction(labels=labels, roles=roles)

    def nearest_cores(
        self, X: NDArray[np.floating], n_nearest: int = 1
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Distances to the nearest core rows, and their clusters, (n_samples, n_nearest) each.

        Without core rows they are infinite, and -1.
        """
        shape = (len(X), n_nearest)
        distances, labels = np.full(shape, np.inf), np.full(shape, -1, dtype=np.int32)
        n_found = min(n_nearest, int(self.is_core.sum()))
        if len(X) == 0 or n_found == 0:
            return distances, labels
        cores = NearestNeighbors(n_neighbors=n_found, algorithm=search_algorithm(self.rows))
        found, places = cores.fit(self.rows[self.is_core]).kneighbors(X)
        distances[:, :n_found] = found
        labels[:, :n_found] = self.clustering.labels[self.is_core][places]
        return distances, labels


def fit_dbscan(
    X: NDArray[np.floating],
    *,
    eps: float | None = None,
    min_samples: int | None = None,
    random_state: int = 0,
    row_limit: int = DBSCAN_ROW_LIMIT,
    memory_limit_bytes: int = NEIGHBOUR_MEMORY_LIMIT_BYTES,
) -> DensityModel:
    """Find regions where every row has enough others within reach.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, already scaled.
    eps : float, optional
        Reach of a neighbourhood; found from the data by `find_eps` where not given.
    min_samples : int, optional
        Rows a core row has within reach; `default_min_samples` where not given.
    random_state : int
        Seeds the samples that `eps` and the memory needed are estimated on.
    row_limit, memory_limit_bytes : int
        What is refused rather than tried.

    Returns
    -------
    DensityModel
        Its clustering's ``details`` holds ``eps``, ``eps_source`` (``given``,
        ``k_distance_knee``, or ``memory`` where the knee's neighbourhoods hold nearly everybody
        and the reach was narrowed to what fits), ``min_samples``, ``n_core`` and ``n_noise``.
        Where all rows are noise there are 0 clusters.

    Raises
    ------
    RowLimitError
        More than ``row_limit`` rows.
    MemoryLimitError
        ``eps`` is so wide that the neighbourhoods do not fit in memory.
    SegmentationError
        ``eps`` is not positive, or ``min_samples`` is not between 1 and the number of rows.
    DegenerateDataError
        ``X`` is not finite or has fewer than two rows, or so many rows are equal that no
        ``eps`` can be found.

    References
    ----------
    M. Ester, H.-P. Kriegel, J. Sander and X. Xu (1996), "A density-based algorithm for
    discovering clusters in large spatial databases with noise", KDD.
    """
    check_clusterable(X, n_clusters=1)
    check_has_neighbours(len(X), "DBSCAN")
    check_dbscan_rows(len(X), row_limit=row_limit)
    rows = np.ascontiguousarray(X, dtype=np.float64)
    needed = default_min_samples(rows) if min_samples is None else min_samples
    if not 1 <= needed <= len(rows):
        raise SegmentationError(f"min_samples must be 1 to {len(rows)}, the rows; got {needed}.")
    if eps is not None and not 0 < eps < np.inf:
        raise SegmentationError(f"eps must be a positive distance, got {eps}.")
    algorithm = search_algorithm(rows)
    reach, source = eps, "given"
    if reach is None:
        knee = find_eps(rows, min_samples=needed, random_state=random_state, algorithm=algorithm)
        reach = _narrowed(rows, knee, memory_limit_bytes, random_state)
        source = "k_distance_knee" if reach == knee else "memory"
    _check_memory(rows, reach, memory_limit_bytes, random_state)

    model = DBSCAN(eps=reach, min_samples=needed, algorithm=algorithm).fit(rows)
    labels = np.asarray(model.labels_, dtype=np.int32)
    is_core = np.zeros(len(rows), dtype=bool)
    is_core[model.core_sample_indices_] = True
    clustering = clustering_from_labels(
        rows,
        labels,
        method="dbscan",
        details={
            "eps": reach,
            "eps_source": source,
            "min_samples": needed,
            "n_core": int(is_core.sum()),
            "n_noise": int((labels < 0).sum()),
        },
    )
    return DensityModel(
        rows=rows, clustering=clustering, is_core=is_core, eps=reach, min_samples=needed
    )


def check_dbscan_rows(n_rows: int, *, row_limit: int = DBSCAN_ROW_LIMIT) -> None:
    """Refuse more rows than DBSCAN takes; see `check_row_limit`."""
    check_row_limit(n_rows, row_limit, "DBSCAN", others="HDBSCAN, K-means or Ward")


def cluster_dbscan(
    X: NDArray[np.floating],
    *,
    eps: float | None = None,
    min_samples: int | None = None,
    random_state: int = 0,
) -> Clustering:
    """Partition rows by DBSCAN; see `fit_dbscan`, whose model can also place new rows."""
    return fit_dbscan(X, eps=eps, min_samples=min_samples, random_state=random_state).clustering


def search_algorithm(X: NDArray[np.floating]) -> Literal["kd_tree", "brute"]:
    """Name the faster search: past a few columns a tree visits nearly every row anyway."""
    return "kd_tree" if X.shape[1] <= _TREE_MAX_FEATURES else "brute"


def _narrowed(rows: NDArray[np.float64], eps: float, limit: int, random_state: int) -> float:
    """Narrow a reach that was found until its neighbourhoods take a modest part of the memory.

    A few rows far from all others draw the knee out so far that one neighbourhood is everybody.
    """
    modest = limit / 4 / BYTES_PER_NEIGHBOUR / len(rows)
    narrowed = eps
    for _ in range(_MOST_NARROWINGS):
        if _neighbours(rows, narrowed, random_state) <= modest:
            return narrowed
        narrowed *= _NARROWING
    # So many rows are equal that no reach helps.
    return eps


def _neighbours(rows: NDArray[np.float64], eps: float, random_state: int) -> float:
    """Estimate the mean number of neighbours from that of sampled rows."""
    rng = np.random.default_rng(random_state)
    drawn = rng.choice(len(rows), min(len(rows), _PAIR_SAMPLE_ROWS), replace=False)
    found = sum(
        int((cdist(rows[drawn[start : start + _BLOCK_ROWS]], rows) <= eps).sum())
        for start in range(0, len(drawn), _BLOCK_ROWS)
    )
    return found / len(drawn)


def _check_memory(rows: NDArray[np.float64], eps: float, limit: int, random_state: int) -> None:
    per_row = _neighbours(rows, eps, random_state)
    needed = per_row * len(rows) * BYTES_PER_NEIGHBOUR
    if needed > limit:
        raise MemoryLimitError(
            f"With eps {eps:.4g} a row has about {per_row:,.0f} neighbours, which takes "
            f"{told_bytes(needed)} for {len(rows):,} rows and may take "
            f"{told_bytes(limit)}; choose a smaller eps, HDBSCAN or K-means, or sample the rows."
        )
