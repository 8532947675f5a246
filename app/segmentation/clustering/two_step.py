"""Ward for a million rows: micro clusters first, then an exact tree on their means."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import kmeans_plusplus
from sklearn.metrics import pairwise_distances_argmin

from app.segmentation.clustering.tree import Tree
from app.segmentation.clustering.ward_weighted import weighted_ward
from app.segmentation.threads import single_threaded

N_MICRO_CLUSTERS = 2_000
"""Leaves of a two-step tree: hundreds for each segment, and a tree in under a second."""

SAMPLE_ROWS_PER_MICRO_CLUSTER = 25
LLOYD_ROUNDS = 8
"""Rounds on the sample; later ones move the means too little to change the tree."""


@dataclass(frozen=True, eq=False)
class MicroClusters:
    """Many small groups of neighbouring rows.

    Attributes
    ----------
    means : ndarray of float64, shape (n_micro_clusters, n_features)
    sizes : ndarray of int64, shape (n_micro_clusters,)
        Rows in each, at least 1.
    assignment : ndarray of int32, shape (n_samples,)
    """

    means: NDArray[np.float64]
    sizes: NDArray[np.int64]
    assignment: NDArray[np.int32]


def two_step_tree(
    X: NDArray[np.floating], *, n_micro_clusters: int = N_MICRO_CLUSTERS, random_state: int = 0
) -> Tree:
    """Build Ward's tree on micro clusters, each weighted by its rows.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Finite, and more rows than micro clusters.
    n_micro_clusters : int
    random_state : int
        Seeds the sample and the first means.

    Returns
    -------
    Tree
        Exact, with the distinct rows as its leaves, where these are no more than
        ``n_micro_clusters``; otherwise ``method`` is ``"two_step"``.

    References
    ----------
    T. Zhang, R. Ramakrishnan and M. Livny (1996), "BIRCH", SIGMOD, for a tree on summaries of
    the rows; T. Chiu et al. (2001), "A robust and scalable clustering algorithm for mixed type
    attributes in large database environment", KDD, for the two steps.
    """
    groups = group_identical_rows(X, at_most=n_micro_clusters)
    exact = groups is not None
    if groups is None:
        groups = find_micro_clusters(
            X, n_micro_clusters=n_micro_clusters, random_state=random_state
        )
    if len(groups.sizes) == 1:
        merges = np.empty((0, 4))
    else:
        merges = weighted_ward(groups.means, weights=groups.sizes)
    return Tree(
        merges=merges,
        leaf_of_row=groups.assignment,
        leaf_sizes=groups.sizes,
        linkage="ward",
        method="exact" if exact else "two_step",
        quantization_share=0.0 if exact else _share_within(X, groups),
    )


def find_micro_clusters(
    X: NDArray[np.floating], *, n_micro_clusters: int, random_state: int
) -> MicroClusters:
    """Group rows by K-means on a sample, then give every row its nearest mean.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    n_micro_clusters : int
        At most the number of rows; groups that stay empty are left out.
    random_state : int
    """
    rng = np.random.default_rng(random_state)
    wanted = min(len(X), SAMPLE_ROWS_PER_MICRO_CLUSTER * n_micro_clusters)
    sample = np.asarray(X[np.sort(rng.choice(len(X), wanted, replace=False))], dtype=np.float64)
    # Thousands of tiny products: threads spend longer waiting for each other than working.
    # One candidate a draw: the usual 2 + log k take nine times as long, and the tree on top
    # forgives a mean that is not the best.
    with single_threaded():
        means, _ = kmeans_plusplus(
            sample, n_micro_clusters, random_state=random_state, n_local_trials=1
        )
    for _ in range(LLOYD_ROUNDS):
        means = _summarise(sample, means).means
    return _summarise(X, means)


def group_identical_rows(X: NDArray[np.floating], *, at_most: int) -> MicroClusters | None:
    """Group equal rows, or give None where there are more than ``at_most`` distinct ones."""
    head = np.unique(X[: 2 * at_most], axis=0)
    if len(head) > at_most:
        return None
    means, assignment, sizes = np.unique(X, axis=0, return_inverse=True, return_counts=True)
    if len(means) > at_most:
        return None
    return MicroClusters(
        means=np.asarray(means, dtype=np.float64),
        sizes=np.asarray(sizes, dtype=np.int64),
        assignment=np.asarray(assignment.ravel(), dtype=np.int32),
    )


def _summarise(X: NDArray[np.floating], means: NDArray[np.float64]) -> MicroClusters:
    """Assign rows to their nearest mean; the groups' own means replace the given ones."""
    nearest = pairwise_distances_argmin(X, means)
    used, assignment = np.unique(nearest, return_inverse=True)
    sizes = np.bincount(assignment)
    sums = np.column_stack(
        [np.bincount(assignment, weights=column, minlength=len(used)) for column in X.T]
    )
    return MicroClusters(
        means=sums / sizes[:, None],
        sizes=sizes.astype(np.int64),
        assignment=assignment.astype(np.int32),
    )


def _share_within(X: NDArray[np.floating], groups: MicroClusters) -> float:
    spread = groups.means - X.mean(axis=0)
    between = float(groups.sizes @ np.einsum("ij,ij->i", spread, spread))
    total = float(X.var(axis=0).sum()) * len(X)
    return max(0.0, 1.0 - between / total)
