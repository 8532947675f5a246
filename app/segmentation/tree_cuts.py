"""A tree with all that its cuts are told by, so that another cut reads no row again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.clustering.hierarchical import clustering_from_tree, tree_details
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.column_choice import ColumnChoice
from app.segmentation.description.profiles import describe_segments
from app.segmentation.description.tabulation import Tabulation, tabulate
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureEncoder, FeatureSpace
from app.segmentation.fitting import FittedRun, describe_run, outlier_reach
from app.segmentation.pictures.projection import Projection, project_rows
from app.segmentation.tree_selection import TREE_K_RANGE, MeasuredTree


@dataclass(frozen=True, eq=False)
class TreeCut:
    """One cut of a tree.

    Attributes
    ----------
    clusters : ndarray of int32, shape (n_parts,)
        The cluster that each part of the finest cut is in.
    centers : ndarray of float64, shape (n_clusters, n_features)
    inertia : float
    reach : float
        As `outlier_reach`.
    """

    clusters: NDArray[np.int32]
    centers: NDArray[np.float64]
    inertia: float
    reach: float


@dataclass(frozen=True, eq=False)
class CuttableTree:
    """A tree, its cuts measured, and its rows counted by the parts of the finest cut.

    Cuts of one tree are nested: each cluster of any of them is made of whole parts, and what is
    counted of the parts adds up to what is told of a cluster.

    Attributes
    ----------
    measured : MeasuredTree
    encoder : FeatureEncoder
        Of the space that the tree was grown in.
    part_of_row : ndarray of int32, shape (n_rows,)
    cuts : mapping of int to TreeCut
        By the number of clusters asked for.
    refusals : mapping of int to str
        Why another number has no cut.
    table : Tabulation
        The columns in their own units, by part.
    projection : Projection or None
        Its labels are parts; None where all rows are equal.
    """

    measured: MeasuredTree
    encoder: FeatureEncoder
    part_of_row: NDArray[np.int32]
    cuts: Mapping[int, TreeCut]
    refusals: Mapping[int, str]
    table: Tabulation
    projection: Projection | None


def prepare_cuts(
    measured: MeasuredTree, frame: pd.DataFrame, space: FeatureSpace, choice: ColumnChoice
) -> CuttableTree:
    """Count a tree's rows for every cut that may be asked for.

    Parameters
    ----------
    measured : MeasuredTree
    frame : DataFrame of shape (n_samples, any)
        Holds the chosen columns in original units.
    space : FeatureSpace
        Of the same rows; the tree was grown in it.
    choice : ColumnChoice
    """
    tree, X = measured.tree, space.matrix
    parts = cut_tree(tree, min(TREE_K_RANGE[-1], tree.n_leaves))
    row_of_part = np.unique(parts, return_index=True)[1]
    cuts: dict[int, TreeCut] = {}
    refusals: dict[int, str] = {}
    for k in TREE_K_RANGE:
        try:
            cut = clustering_from_tree(tree, X, n_clusters=k)
        except DegenerateDataError as error:
            refusals[k] = str(error)
            continue
        reach = outlier_reach(X, cut)
        cuts[k] = TreeCut(cut.labels[row_of_part], cut.centers, cut.inertia, reach)
    return CuttableTree(
        measured=measured,
        encoder=space.encoder,
        part_of_row=parts,
        cuts=cuts,
        refusals=refusals,
        table=tabulate(frame, parts, numeric=choice.numeric, categorical=choice.categorical),
        projection=project_rows(X, parts),
    )


def cut_run(tree: CuttableTree, choice: ColumnChoice, *, n_clusters: int | None) -> FittedRun:
    """Describe one cut as `fit_run` would.

    Parameters
    ----------
    tree : CuttableTree
    choice : ColumnChoice
        The columns it was prepared with.
    n_clusters : int or None
        None: the sound split with the highest silhouette.

    Raises
    ------
    DegenerateDataError
        The tree has no such cut, or no usable one at all.
    """
    asked = tree.measured.best_k if n_clusters is None else n_clusters
    cut = _cut(tree, asked)
    clustering = Clustering(
        labels=cut.clusters[tree.part_of_row],
        n_clusters=len(cut.centers),
        centers=cut.centers,
        inertia=cut.inertia,
        method=tree.measured.tree.linkage,
        details=tree_details(tree.measured.tree, asked),
    )
    return describe_run(
        clustering,
        describe_segments(tree.table.merged(cut.clusters)),
        choice,
        encoder=tree.encoder,
        measure=tree.measured.measure(clustering.n_clusters),
        reach=cut.reach,
        sweep=tree.measured.sweep,
        chosen=n_clusters is None,
    )


def cut_projection(tree: CuttableTree, *, n_clusters: int) -> Projection | None:
    """Return the same points for every cut, with the clusters of this one.

    Raises
    ------
    DegenerateDataError
        The tree has no such cut.
    """
    cut = _cut(tree, n_clusters)
    if tree.projection is None:
        return None
    return replace(tree.projection, labels=cut.clusters[tree.projection.labels])


def _cut(tree: CuttableTree, n_clusters: int) -> TreeCut:
    if n_clusters not in tree.cuts:
        least, most = TREE_K_RANGE[0], TREE_K_RANGE[-1]
        told = f"A tree is cut into {least} to {most} clusters, not into {n_clusters}."
        raise DegenerateDataError(tree.refusals.get(n_clusters, told))
    return tree.cuts[n_clusters]
