"""The tree of a hierarchical clustering: computed once, cut as often as wanted."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster

from app.segmentation.errors import DegenerateDataError

Linkage = Literal["ward", "complete", "average", "single"]
TreeMethod = Literal["exact", "two_step"]


@dataclass(frozen=True, eq=False)
class Tree:
    """Which rows join which, and at what distance.

    Attributes
    ----------
    merges : ndarray of float64, shape (n_leaves - 1, 4)
        SciPy's linkage matrix over the leaves: two nodes, merge distance, leaves below.
    leaf_of_row : ndarray of int32, shape (n_rows,)
        The leaf that holds each row.
    leaf_sizes : ndarray of int64, shape (n_leaves,)
        Rows in each leaf; all 1 where every row is a leaf of its own.
    linkage : str
    method : str
        ``"exact"``, or ``"two_step"`` where the leaves are micro clusters of unlike rows.
    quantization_share : float
        Share of the total sum of squares that lies within leaves, which the tree cannot see;
        0 for an exact tree.
    """

    merges: NDArray[np.float64]
    leaf_of_row: NDArray[np.int32]
    leaf_sizes: NDArray[np.int64]
    linkage: Linkage
    method: TreeMethod
    quantization_share: float = 0.0

    @property
    def n_rows(self) -> int:
        return len(self.leaf_of_row)

    @property
    def n_leaves(self) -> int:
        return len(self.leaf_sizes)


def cut_tree(tree: Tree, n_clusters: int) -> NDArray[np.int32]:
    """Cut a tree at the height that leaves at most so many clusters.

    Parameters
    ----------
    tree : Tree
    n_clusters : int
        1 to the number of leaves.

    Returns
    -------
    ndarray of int32, shape (n_rows,)
        Clusters 0, 1, ... in order of falling size, then of their first row.

    Raises
    ------
    DegenerateDataError
        The tree cannot be cut into so many.

    Notes
    -----
    This is SciPy's ``maxclust`` criterion. Where several merges happen at one height, no
    height separates exactly ``n_clusters`` and there are fewer: splitting a tie would make the
    segments depend on the order of the rows.
    """
    return cut_leaves(tree, n_clusters)[tree.leaf_of_row]


def cut_leaves(tree: Tree, n_clusters: int) -> NDArray[np.int32]:
    """Cut as `cut_tree` does, with one label a leaf: shape (n_leaves,)."""
    if tree.n_leaves == 1 < n_clusters:
        raise DegenerateDataError(
            f"There is one row, or all rows are alike, and no cut into {n_clusters} clusters."
        )
    if not 1 <= n_clusters <= tree.n_leaves:
        raise DegenerateDataError(
            f"The tree has {tree.n_leaves} leaves and cannot be cut into {n_clusters} clusters."
        )
    if tree.n_leaves == 1:
        return np.zeros(1, dtype=np.int32)
    found = fcluster(tree.merges, n_clusters, criterion="maxclust") - 1
    # Leaves are not numbered by their rows in a two-step tree, so the first row is looked up.
    first_row = np.full(tree.n_leaves, tree.n_rows)
    np.minimum.at(first_row, tree.leaf_of_row, np.arange(tree.n_rows))
    n_found = int(found.max()) + 1
    sizes = np.bincount(found, weights=tree.leaf_sizes, minlength=n_found)
    first = np.full(n_found, tree.n_rows)
    np.minimum.at(first, found, first_row)
    rank = np.empty(n_found, dtype=np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(n_found, dtype=np.int32)
    return rank[found]
