"""K-means, with the number of clusters given."""

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import DegenerateDataError
from app.segmentation.threads import single_threaded

LARGEST_VALUE = 1e100
"""Squares of what is larger overflow when they are summed."""

START_SAMPLE_LIMIT = 50_000
"""Rows past which the starts compete on a sample of this size."""


def cluster_kmeans(
    X: NDArray[np.floating],
    *,
    n_clusters: int,
    random_state: int = 0,
    n_init: int = 10,
    sample_weight: NDArray[np.floating] | None = None,
) -> Clustering:
    """Partition rows by Lloyd's K-means from k-means++ starts, the best of several.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, already scaled.
    n_clusters : int
        1 to the number of distinct rows.
    random_state : int
    n_init : int
        Starts, of which the lowest inertia is kept.
    sample_weight : ndarray of shape (n_samples,), optional
        How many rows each row stands for.

    Returns
    -------
    Clustering
        ``method`` is ``"kmeans"``; ``details`` holds ``n_init``, ``n_iter`` and
        ``start_rows``, the rows on which the starts were compared: all of them, or a sample
        of a long table, which is then clustered whole from the best start.

    Raises
    ------
    DegenerateDataError
        The matrix is empty or not finite, or has fewer distinct rows than clusters.

    References
    ----------
    S. P. Lloyd (1982), "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28;
    D. Arthur and S. Vassilvitskii (2007), "k-means++", SODA.
    """
    check_clusterable(X, n_clusters=n_clusters)
    sampled = len(X) > START_SAMPLE_LIMIT
    with single_threaded(), warnings.catch_warnings():
        # It tells of clusters that came out empty, which is answered below.
        warnings.simplefilter("ignore", ConvergenceWarning)
        if sampled:
            starts = _fit_sample(X, n_clusters, random_state, n_init, sample_weight)
            model = KMeans(n_clusters=n_clusters, init=starts, n_init=1)
        else:
            model = KMeans(n_clusters=n_clusters, n_init=n_init, random_state=random_state)
        model.fit(X, sample_weight=sample_weight)
    n_found = len(np.unique(model.labels_))
    if n_found < n_clusters:
        raise DegenerateDataError(
            f"The customers are too similar for {n_clusters} clusters; "
            f"ask for {n_found} clusters or fewer, or add rows that differ."
        )
    return Clustering(
        labels=np.asarray(model.labels_, dtype=np.int32),
        n_clusters=n_clusters,
        centers=np.asarray(model.cluster_centers_, dtype=np.float64),
        inertia=float(model.inertia_),
        method="kmeans",
        details={
            "n_init": n_init,
            "n_iter": int(model.n_iter_),
            "start_rows": START_SAMPLE_LIMIT if sampled else len(X),
        },
    )


def _fit_sample(
    X: NDArray[np.floating],
    n_clusters: int,
    random_state: int,
    n_init: int,
    sample_weight: NDArray[np.floating] | None,
) -> NDArray[np.floating]:
    rng = np.random.default_rng(random_state)
    rows = np.sort(rng.choice(len(X), size=START_SAMPLE_LIMIT, replace=False))
    # A sample may miss the few rows that differ; the whole table is known to hold enough.
    if count_distinct_rows(X[rows], enough=n_clusters) < n_clusters:
        rows = np.arange(len(X))
    model = KMeans(n_clusters=n_clusters, n_init=n_init, random_state=random_state)
    model.fit(X[rows], sample_weight=None if sample_weight is None else sample_weight[rows])
    return np.asarray(model.cluster_centers_)


def check_clusterable(X: NDArray[np.floating], *, n_clusters: int) -> None:
    """Refuse what K-means cannot answer for.

    Raises
    ------
    DegenerateDataError
        ``X`` is empty or not finite, or has fewer distinct rows than ``n_clusters``.
    """
    if X.ndim != 2 or X.shape[0] == 0 or X.shape[1] == 0:
        raise DegenerateDataError("There is nothing to cluster: the table has no rows or columns.")
    if n_clusters < 1:
        raise DegenerateDataError(f"At least one cluster is needed, {n_clusters} were asked for.")
    if not np.isfinite(X).all() or np.abs(X).max() > LARGEST_VALUE:
        raise DegenerateDataError(
            "The values are missing or too large to compute with; correct or remove those rows."
        )
    n_distinct = count_distinct_rows(X, enough=n_clusters)
    if n_distinct < 2 <= n_clusters:
        raise DegenerateDataError(
            "All customers are alike in every column, so nothing distinguishes segments; "
            "add rows that differ."
        )
    if n_distinct < n_clusters:
        raise DegenerateDataError(
            f"Only {n_distinct} distinct customers for {n_clusters} clusters; "
            f"ask for {n_distinct} clusters or fewer, or add rows that differ."
        )


def count_distinct_rows(X: NDArray[np.floating], *, enough: int) -> int:
    """Count distinct rows, exactly up to ``enough`` and without sorting a long table.

    Returns
    -------
    int
        The number of distinct rows, or at least ``enough`` where there are more.
    """
    head = len(np.unique(X[: 16 * enough], axis=0))
    return head if head >= enough else len(np.unique(X, axis=0))
