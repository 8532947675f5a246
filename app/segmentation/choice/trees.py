"""How many clusters, for a tree: its cuts side by side, judged as K-means is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.hierarchical import (
    EXACT_LIMIT,
    build_tree,
    clustering_from_tree,
)
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import DEFAULT_K_RANGE, Sweep, assemble_sweep
from app.segmentation.clustering.tree import Linkage, Tree
from app.segmentation.errors import DegenerateDataError
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.silhouette import (
    SILHOUETTE_EXACT_LIMIT,
    SILHOUETTE_SAMPLE_SIZE,
    Silhouette,
    silhouette,
    silhouettes,
)

TREE_K_RANGE = range(2, 16)
"""Cuts of a tree cost next to nothing, so each one that may be asked for is measured at once."""


@dataclass(frozen=True, eq=False)
class MeasuredTree:
    """A tree with all its cuts measured.

    Attributes
    ----------
    tree : Tree
    sweep : Sweep or None
        Without the partitions, which cutting gives again; None where there is no usable cut.
    """

    tree: Tree
    sweep: Sweep | None

    @property
    def best_k(self) -> int:
        """The number of clusters of the best cut that was measured; 2 where none was."""
        return self.sweep.best_k if self.sweep is not None else 2

    def measure(self, n_clusters: int) -> Silhouette | None:
        """Return a cut's silhouette; None where it could not be measured."""
        if self.sweep is None or n_clusters not in self.sweep.k_range:
            return None
        return self.sweep.measures[self.sweep.k_range.index(n_clusters)]


def measure_tree(
    space: FeatureSpace,
    *,
    linkage: Linkage,
    memory_limit_bytes: int,
    random_state: int = 42,
    as_given: bool = False,
) -> MeasuredTree:
    """Build a tree, once, and measure the cuts that may be asked for.

    Parameters
    ----------
    space : FeatureSpace
    linkage : {"ward", "complete", "average", "single"}
    memory_limit_bytes : int
        As for `build_tree`.
    random_state : int
    as_given : bool
        Join rows in the table's order, which decides between merges at one distance, as SciPy's
        tree of the same table does. Nothing is drawn at random for an exact tree.

    Raises
    ------
    MemoryLimitError, RowLimitError, DegenerateDataError
        As `build_tree`.
    """
    rows = space.matrix
    order = space.order if as_given and len(rows) <= EXACT_LIMIT else None
    if order is not None:
        rows = np.empty_like(rows)
        rows[order] = space.matrix
    tree = build_tree(
        rows, linkage=linkage, memory_limit_bytes=memory_limit_bytes, random_state=random_state
    )
    if order is not None:
        tree = replace(tree, leaf_of_row=tree.leaf_of_row[order])
    try:
        sweep = sweep_tree(tree, space.matrix, k_range=TREE_K_RANGE, random_state=random_state)
    except DegenerateDataError:
        return MeasuredTree(tree, None)
    return MeasuredTree(tree, sweep.without_partitions())


def sweep_tree(
    tree: Tree,
    X: NDArray[np.floating],
    *,
    k_range: Iterable[int] = DEFAULT_K_RANGE,
    random_state: int = 0,
    exact_limit: int = SILHOUETTE_EXACT_LIMIT,
    sample_size: int = SILHOUETTE_SAMPLE_SIZE,
) -> Sweep:
    """Cut one tree at each k and measure every partition on the same distances.

    Parameters
    ----------
    tree : Tree
    X : ndarray of shape (n_samples, n_features)
        The rows the tree was built on.
    k_range : iterable of int
        Each at least 2.
    random_state, exact_limit, sample_size : int
        As for `silhouettes`.

    Returns
    -------
    Sweep
        A k at which the tree has no cut of its own, because merges are tied or leaves too few,
        is in ``failures``; so is one of whose small clusters a silhouette's sample saw nothing.

    Raises
    ------
    DegenerateDataError
        The tree has not one usable cut; the message is that of the smallest k.
    """
    cuts: dict[int, Clustering] = {}
    failures: dict[int, str] = {}
    for k in sorted(set(k_range)):
        try:
            cut = clustering_from_tree(tree, X, n_clusters=k)
        except DegenerateDataError as error:
            failures[k] = str(error)
            continue
        if cut.n_clusters < k:
            failures[k] = (
                f"Merges at equal distance leave no cut into {k} clusters; the next has "
                f"{cut.n_clusters}."
            )
        else:
            cuts[k] = cut

    options = {
        "exact_limit": exact_limit,
        "sample_size": sample_size,
        "random_state": random_state,
    }
    measures = _measure(X, cuts, failures, options)
    if not measures:
        raise DegenerateDataError(next(iter(failures.values()), "No number of clusters to try."))
    return assemble_sweep([cuts[k] for k in measures], list(measures.values()), failures)


def _measure(
    X: NDArray[np.floating],
    cuts: dict[int, Clustering],
    failures: dict[int, str],
    options: dict[str, int],
) -> dict[int, Silhouette]:
    """Measure all cuts together, or one by one where the sample lies in a single cluster."""
    if not cuts:
        return {}
    try:
        together = silhouettes(X, [cut.labels for cut in cuts.values()], **options)
    except DegenerateDataError:
        return _measure_singly(X, cuts, failures, options)
    return dict(zip(cuts, together, strict=True))


def _measure_singly(
    X: NDArray[np.floating],
    cuts: dict[int, Clustering],
    failures: dict[int, str],
    options: dict[str, int],
) -> dict[int, Silhouette]:
    measures = {}
    for k, cut in cuts.items():
        try:
            measures[k] = silhouette(X, cut.labels, **options)
        except DegenerateDataError:
            failures[k] = f"All rows sampled at {k} clusters lie in one of them."
    return measures
