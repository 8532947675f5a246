"""HDBSCAN: dense regions at whatever density each has, the rest as noise."""

import importlib

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN

from app.segmentation.clustering.from_labels import clustering_from_labels
from app.segmentation.clustering.kmeans import check_clusterable
from app.segmentation.clustering.limits import check_has_neighbours, check_row_limit
from app.segmentation.clustering.neighbourhood import default_min_samples
from app.segmentation.clustering.result import Clustering
from app.segmentation.errors import SegmentationError

HDBSCAN_ROW_LIMIT = 200_000
"""Rows up to which HDBSCAN runs within minutes at 10 columns."""

COMPILED_FROM_ROWS = 10_000
"""Rows past which compiled code pays for being loaded, and compiled where it is new."""

SMALLEST_CLUSTER_SHARE = 0.01


def cluster_hdbscan(
    X: NDArray[np.floating],
    *,
    min_cluster_size: int | None = None,
    min_samples: int | None = None,
    row_limit: int = HDBSCAN_ROW_LIMIT,
    compiled_from_rows: int = COMPILED_FROM_ROWS,
) -> Clustering:
    """Partition rows by the most persistent regions of their density tree.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, already scaled.
    min_cluster_size : int, optional
        Rows a cluster has at least; 1% of the rows and at least 5 where not given.
    min_samples : int, optional
        Rows, itself included, that density is measured over; `default_min_samples` where not
        given.
    row_limit : int
        Rows past which it is refused.
    compiled_from_rows : int
        Rows past which fast_hdbscan is used instead of scikit-learn.

    Returns
    -------
    Clustering
        Noise is -1 and there may be 0 clusters. ``details`` holds ``min_cluster_size``,
        ``min_samples``, ``n_noise`` and ``implementation``.

    Raises
    ------
    RowLimitError
        More than ``row_limit`` rows.
    SegmentationError
        A size is out of range.
    DegenerateDataError
        ``X`` is not finite, or has fewer than two rows.

    References
    ----------
    R. Campello, D. Moulavi and J. Sander (2013), "Density-based clustering based on
    hierarchical density estimates", PAKDD; L. McInnes and J. Healy (2017), "Accelerated
    hierarchical density based clustering", ICDMW.
    """
    check_clusterable(X, n_clusters=1)
    check_has_neighbours(len(X), "HDBSCAN")
    check_hdbscan_rows(len(X), row_limit=row_limit)
    rows = np.ascontiguousarray(X, dtype=np.float64)
    smallest = min_cluster_size
    if smallest is None:
        smallest = max(5, int(np.ceil(SMALLEST_CLUSTER_SHARE * len(rows))))
    needed = default_min_samples(rows) if min_samples is None else min_samples
    if smallest < 2:
        raise SegmentationError(f"min_cluster_size must be at least 2, got {smallest}.")
    if not 1 <= needed <= len(rows):
        raise SegmentationError(f"min_samples must be 1 to {len(rows)}, the rows; got {needed}.")

    labels = None
    if len(rows) > compiled_from_rows and needed > 1:
        labels = _compiled_labels(rows, smallest, needed)
    compiled = labels is not None
    if labels is None:
        model = HDBSCAN(min_cluster_size=smallest, min_samples=needed, copy=True).fit(rows)
        labels = np.asarray(model.labels_, dtype=np.int32)
    return clustering_from_labels(
        rows,
        labels,
        method="hdbscan",
        details={
            "min_cluster_size": smallest,
            "min_samples": needed,
            "n_noise": int((labels < 0).sum()),
            "implementation": "fast_hdbscan" if compiled else "scikit-learn",
        },
    )


def check_hdbscan_rows(n_rows: int, *, row_limit: int = HDBSCAN_ROW_LIMIT) -> None:
    """Refuse more rows than HDBSCAN takes; see `check_row_limit`."""
    check_row_limit(n_rows, row_limit, "HDBSCAN", others="K-means or Ward")


def _compiled_labels(
    rows: NDArray[np.float64], min_cluster_size: int, min_samples: int
) -> NDArray[np.int32] | None:
    """Labels by compiled code, or None where it cannot be loaded here."""
    # Imported late: without a cache its functions are compiled at import, for most of a minute.
    try:
        fast_hdbscan = importlib.import_module("fast_hdbscan")
        numba = importlib.import_module("numba")
    except (ImportError, RuntimeError):
        # RuntimeError: the compiler finds no folder it may keep its cache in.
        return None
    n_threads = numba.get_num_threads()
    # Its threads spin while they wait; on a busy machine two are slower than one.
    numba.set_num_threads(1)
    try:
        # Here a row does not count among its own neighbours, as it does in scikit-learn.
        model = fast_hdbscan.HDBSCAN(
            min_cluster_size=min_cluster_size, min_samples=min_samples - 1, reproducible=True
        ).fit(rows)
    finally:
        numba.set_num_threads(n_threads)
    return np.asarray(model.labels_, dtype=np.int32)
