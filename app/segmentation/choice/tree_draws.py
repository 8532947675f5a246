"""Trees of other draws of a table's rows, cut at every number: kept beside the tree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.trees import TREE_K_RANGE
from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.tree import Linkage, Tree, cut_tree
from app.segmentation.errors import DegenerateDataError
from app.segmentation.validation.resampling import Resamples

TREE_ROWS = 2_000
"""Rows that are drawn again, at most."""

N_TREES = 12

_NO_CUT = -2


@dataclass(frozen=True, eq=False)
class TreeDraws:
    """Bootstrap draws of rows, each with its own tree.

    Attributes
    ----------
    drawn : ndarray of int32, shape (n_trees, n_drawn)
        Places of the rows, with repeats.
    labels : ndarray of int8, shape (n_trees, n_cuts, n_drawn)
        Clusters at each number of `TREE_K_RANGE`, in order; -2 throughout where there is no cut.
    """

    drawn: NDArray[np.int32]
    labels: NDArray[np.int8]

    def at(self, n_clusters: int) -> Resamples:
        """Give the draws, each cut into so many clusters, without those that have no such cut."""
        cut = self.labels[:, TREE_K_RANGE.index(n_clusters)].astype(np.int32)
        has_cut = (cut != _NO_CUT).all(axis=1)
        return Resamples(self.drawn[has_cut], cut[has_cut])


def draw_trees(rows: NDArray[np.float64], *, linkage: Linkage, random_state: int) -> TreeDraws:
    """Grow trees on bootstrap draws of the first `TREE_ROWS` rows.

    Parameters
    ----------
    rows : ndarray of shape (n_samples, n_features)
        In random order.
    linkage : str
    random_state : int
    """
    rng = np.random.default_rng(random_state)
    n_rows = min(len(rows), TREE_ROWS)
    drawn = rng.integers(n_rows, size=(N_TREES, n_rows)).astype(np.int32)
    labels = np.array([_cuts(build_tree(rows[each], linkage=linkage)) for each in drawn])
    return TreeDraws(drawn, labels.astype(np.int8))


def _cuts(tree: Tree) -> list[NDArray[np.int32]]:
    found = []
    for n_clusters in TREE_K_RANGE:
        try:
            found.append(cut_tree(tree, n_clusters))
        except DegenerateDataError:
            found.append(np.full(tree.n_rows, _NO_CUT, dtype=np.int32))
    return found
