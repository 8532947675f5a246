"""Hierarchical clustering by four linkages, each exact as far as memory and time allow."""

from typing import get_args

import fastcluster
import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist

from app.segmentation.clustering.from_labels import clustering_from_labels
from app.segmentation.clustering.kmeans import check_clusterable
from app.segmentation.clustering.limits import told_bytes
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.tree import Linkage, Tree, cut_tree
from app.segmentation.clustering.two_step import two_step_tree
from app.segmentation.errors import (
    DegenerateDataError,
    MemoryLimitError,
    RowLimitError,
    SegmentationError,
)

EXACT_LIMIT = 100_000
"""Rows up to which Ward and single linkage are exact: about a minute at 10 columns."""

MEMORY_LIMIT_BYTES = 2 * 1024**3
"""What a distance matrix may take: 23,170 rows for complete and average linkage."""

SCIPY_LIMIT = 10_000
"""Rows up to which SciPy builds the tree, so that ties fall exactly as they do there."""


def build_tree(
    X: NDArray[np.floating],
    *,
    linkage: Linkage = "ward",
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    exact_limit: int = EXACT_LIMIT,
    random_state: int = 0,
) -> Tree:
    """Join the rows two by two into a tree.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite values, already scaled.
    linkage : {"ward", "complete", "average", "single"}
        Euclidean distances throughout.
    memory_limit_bytes : int
        What distances may take; complete and average linkage need n (n - 1) / 2 of 8 bytes.
    exact_limit : int
        Rows past which Ward takes two steps and single linkage is refused.
    random_state : int
        Seeds the micro clusters of the two-step way; exact trees draw nothing.

    Raises
    ------
    DegenerateDataError
        ``X`` is empty, not finite, or too large to compute distances with.
    MemoryLimitError
        Complete or average linkage, and the distances exceed the limit.
    RowLimitError
        Single linkage, and more rows than ``exact_limit``.
    SegmentationError
        No linkage has that name.

    References
    ----------
    D. Müllner (2013), "fastcluster", J. Stat. Software 53(9), for trees without a matrix.
    """
    if linkage not in get_args(Linkage):
        known = ", ".join(get_args(Linkage))
        raise SegmentationError(f"There is no linkage {linkage!r}; choose one of {known}.")
    check_clusterable(X, n_clusters=1)
    _check_distances(X)
    n_rows = len(X)
    check_linkage(
        n_rows, linkage=linkage, memory_limit_bytes=memory_limit_bytes, exact_limit=exact_limit
    )
    if linkage == "ward" and n_rows > exact_limit:
        return two_step_tree(X, random_state=random_state)
    merges = np.empty((0, 4)) if n_rows == 1 else _exact_merges(X, linkage, memory_limit_bytes)
    return Tree(
        merges=merges,
        leaf_of_row=np.arange(n_rows, dtype=np.int32),
        leaf_sizes=np.ones(n_rows, dtype=np.int64),
        linkage=linkage,
        method="exact",
    )


def check_linkage(
    n_rows: int,
    *,
    linkage: Linkage,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    exact_limit: int = EXACT_LIMIT,
) -> None:
    """Refuse a linkage of more rows than it can take, before anything is read or computed.

    Raises
    ------
    MemoryLimitError, RowLimitError
        As `build_tree`.
    """
    if linkage in ("complete", "average"):
        _check_memory(n_rows, linkage, memory_limit_bytes)
    elif linkage == "single" and n_rows > exact_limit:
        raise RowLimitError(
            f"Single linkage takes at most {exact_limit:,} rows and there are {n_rows:,}, "
            "because its time grows with their square; choose Ward or K-means, or sample the rows.",
            field="linkage",
        )


def clustering_from_tree(tree: Tree, X: NDArray[np.floating], *, n_clusters: int) -> Clustering:
    """Cut a tree that is at hand.

    Parameters
    ----------
    tree : Tree
    X : ndarray of shape (n_samples, n_features)
        The rows the tree was built on.
    n_clusters : int

    Returns
    -------
    Clustering
        ``method`` is the linkage; ``details`` holds ``method`` (``exact`` or ``two_step``),
        ``n_leaves``, ``quantization_share`` and ``n_clusters_requested``, which is larger than
        ``n_clusters`` where merges at one height leave no such cut.

    Raises
    ------
    DegenerateDataError
        There are not so many leaves, or no height separates the rows into even two clusters.
    """
    labels = cut_tree(tree, n_clusters)
    found = int(labels.max()) + 1
    if found == 1 < n_clusters:
        raise DegenerateDataError(
            f"With {tree.linkage} linkage the last merges all happen at one distance, so the "
            f"tree has no cut into {n_clusters} clusters or fewer; choose another linkage, "
            "more clusters, or K-means."
        )
    return clustering_from_labels(
        X,
        labels,
        method=tree.linkage,
        details=tree_details(tree, n_clusters),
    )


def tree_details(tree: Tree, n_clusters: int) -> dict[str, object]:
    """Tell how a tree was built, for the details of its cut into so many clusters."""
    return {
        "method": tree.method,
        "n_leaves": tree.n_leaves,
        "quantization_share": tree.quantization_share,
        "n_clusters_requested": n_clusters,
    }


def _exact_merges(
    X: NDArray[np.floating], linkage: Linkage, memory_limit_bytes: int
) -> NDArray[np.float64]:
    rows = np.ascontiguousarray(X, dtype=np.float64)
    # SciPy holds the distances twice.
    if len(rows) <= SCIPY_LIMIT and 2 * matrix_bytes(len(rows)) <= memory_limit_bytes:
        merges = hierarchy.linkage(pdist(rows), linkage)
    elif linkage in ("ward", "single"):
        merges = fastcluster.linkage_vector(rows, linkage)
    else:
        merges = fastcluster.linkage(pdist(rows), linkage, preserve_input=False)
    return np.asarray(merges, dtype=np.float64)


def needs_matrix(n_rows: int, linkage: Linkage) -> bool:
    """Whether a tree of so many rows is built from all distances between them."""
    return linkage in ("complete", "average") or n_rows <= SCIPY_LIMIT


def matrix_bytes(n_rows: int) -> int:
    """Bytes of the distances between so many rows, each pair once."""
    return 4 * n_rows * (n_rows - 1)


def _check_memory(n_rows: int, linkage: Linkage, limit: int) -> None:
    needed = matrix_bytes(n_rows)
    if needed > limit:
        most = int((1 + np.sqrt(1 + limit)) / 2)
        raise MemoryLimitError(
            f"{linkage.capitalize()} linkage of {n_rows:,} rows needs {told_bytes(needed)} "
            f"for their distances and may use {told_bytes(limit)}; it can take {most:,} rows. "
            "Choose Ward linkage or K-means, which need no distances, or sample the rows.",
            field="linkage",
        )


def _check_distances(X: NDArray[np.floating]) -> None:
    """Refuse values whose distances, or Ward's sums of them, would not be finite."""
    with np.errstate(over="ignore"):
        diagonal = float(np.square(np.ptp(np.asarray(X, dtype=np.float64), axis=0)).sum()) * len(X)
    if not np.isfinite(diagonal):
        raise DegenerateDataError(
            "The values are too large to compute distances with; scale the columns first."
        )
