"""A tree with all that its cuts are told by, so that another cut reads no row again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.tree_draws import TreeDraws, draw_trees
from app.segmentation.choice.trees import TREE_K_RANGE, MeasuredTree
from app.segmentation.clustering.hierarchical import clustering_from_tree, tree_details
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.description.tabulation import Tabulation, tabulate
from app.segmentation.errors import DegenerateDataError
from app.segmentation.known_rows import Sample, digests_of, draw_sample, known_rows
from app.segmentation.membership import Membership, membership_of
from app.segmentation.pictures.projection import Projection, project_rows
from app.segmentation.placing import outlier_reaches
from app.segmentation.preparation.column_choice import ColumnChoice
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.preparation.preparing import Prepared
from app.segmentation.scoring import Scorer
from app.segmentation.validation.stability import Stability, stability_of


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
        The longest of the reaches.
    reaches : tuple of float, length n_clusters
        As `outlier_reaches`.
    """

    clusters: NDArray[np.int32]
    centers: NDArray[np.float64]
    inertia: float
    reach: float
    reaches: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class KeptTree:
    """A tree, its cuts measured, and its rows counted by the parts of the finest cut.

    Cuts of one tree are nested: each cluster of any of them is made of whole parts, and what is
    counted of the parts adds up to what is told of a cluster.

    Attributes
    ----------
    measured : MeasuredTree
        Its rows are in an order of their own.
    encoder : Encoder
        Of the space that the tree was grown in.
    part_of_row : ndarray of int32, shape (n_rows,)
        In the table's order.
    cuts : mapping of int to TreeCut
        By the number of clusters asked for.
    refusals : mapping of int to str
        Why another number has no cut.
    table : Tabulation
        The columns in their own units, by part.
    projection : Projection or None
        Its labels are parts, its indices places in the table; None where all rows are equal.
    columns : ColumnChoice
    n_filled : int
        Missing numbers that were filled.
    remarks : tuple of str
        What was set aside or drawn in before it was grown.
    sample : Sample or None
        Rows that place others; its places are in the table's order. None, as are the next two, in
        trees of earlier releases.
    draws : TreeDraws or None
        Trees of other draws of the sample's first rows.
    digests : ndarray of uint64, shape (n_rows,), or None
        Of the encoded rows, in the table's order.
    """

    measured: MeasuredTree
    encoder: Encoder
    part_of_row: NDArray[np.int32]
    cuts: Mapping[int, TreeCut]
    refusals: Mapping[int, str]
    table: Tabulation
    projection: Projection | None
    columns: ColumnChoice
    n_filled: int = 0
    remarks: tuple[str, ...] = ()
    sample: Sample | None = None
    draws: TreeDraws | None = None
    digests: NDArray[np.uint64] | None = None


def keep_tree(measured: MeasuredTree, prepared: Prepared, *, random_state: int = 0) -> KeptTree:
    """Count a tree's rows for every cut that may be asked for.

    Parameters
    ----------
    measured : MeasuredTree
    prepared : Prepared
        The rows the tree was grown on.
    random_state : int
        Seeds the draws of rows.
    """
    tree, X = measured.tree, prepared.space.matrix
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
        reaches = outlier_reaches(X, cut)
        cuts[k] = TreeCut(cut.labels[row_of_part], cut.centers, cut.inertia, max(reaches), reaches)
    described = prepared.described
    sample = draw_sample(X, random_state=random_state)
    return KeptTree(
        measured=measured,
        encoder=prepared.space.encoder,
        part_of_row=prepared.in_table_order(parts),
        cuts=cuts,
        refusals=refusals,
        table=tabulate(
            prepared.frame, parts, numeric=described.numeric, categorical=described.categorical
        ),
        projection=plane_of(X, parts, prepared.order),
        columns=prepared.columns,
        n_filled=prepared.n_filled,
        remarks=prepared.remarks,
        sample=replace(sample, places=prepared.order[sample.places].astype(np.int32)),
        draws=draw_trees(sample.rows, linkage=tree.linkage, random_state=random_state),
        digests=prepared.in_table_order(digests_of(X)),
    )


def cut_membership(
    tree: KeptTree, clustering: Clustering, scorer: Scorer | None
) -> Membership | None:
    """Say how rows come into the clusters of a cut; None for trees of earlier releases.

    Parameters
    ----------
    tree : KeptTree
    clustering : Clustering
        A cut of it, in the table's order.
    scorer : Scorer or None
        Of its centers.
    """
    if tree.sample is None or tree.draws is None or tree.digests is None:
        return None
    requested = int(str(clustering.details["n_clusters_requested"]))
    return membership_of(
        tree.sample,
        clustering.labels[tree.sample.places],
        tree.draws.at(requested),
        scorer=scorer,
        known=known_rows(tree.digests, clustering.labels),
    )


def cut_stability(tree: KeptTree, clustering: Clustering) -> Stability | None:
    """Say which clusters of a cut come back in the kept draws; None where nothing was kept.

    Parameters
    ----------
    tree : KeptTree
    clustering : Clustering
        A cut of it, in the table's order.
    """
    if tree.sample is None or tree.draws is None:
        return None
    draws = tree.draws.at(int(str(clustering.details["n_clusters_requested"])))
    drawn_from = tree.sample.places[: tree.draws.drawn.shape[1]]
    try:
        return stability_of(clustering.labels[drawn_from], draws)
    except DegenerateDataError:
        # A cluster of few rows has none in the sample, or no draw has such a cut.
        return None


def cut_kept(tree: KeptTree, n_clusters: int) -> tuple[Clustering, TreeCut]:
    """Cut at a number of clusters.

    Returns
    -------
    clustering : Clustering
        In the table's order.
    cut : TreeCut

    Raises
    ------
    DegenerateDataError
        The tree has no such cut, or no usable one at all.
    """
    cut = _cut(tree, n_clusters)
    clustering = Clustering(
        labels=cut.clusters[tree.part_of_row],
        n_clusters=len(cut.centers),
        centers=cut.centers,
        inertia=cut.inertia,
        method=tree.measured.tree.linkage,
        details=tree_details(tree.measured.tree, n_clusters),
    )
    return clustering, cut


def cut_projection(tree: KeptTree, *, n_clusters: int) -> Projection | None:
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


def plane_of(
    X: NDArray[np.float64], labels: NDArray[np.int32], order: NDArray[np.intp]
) -> Projection | None:
    """Project rows, and say where they are in the table; None where all are equal."""
    found = project_rows(X, labels)
    if found is None:
        return None
    rows = order[found.indices]
    ascending = np.argsort(rows, kind="stable")
    return replace(
        found,
        points=found.points[ascending],
        labels=found.labels[ascending],
        indices=rows[ascending].astype(np.int64),
    )


def _cut(tree: KeptTree, n_clusters: int) -> TreeCut:
    if n_clusters not in tree.cuts:
        least, most = TREE_K_RANGE[0], TREE_K_RANGE[-1]
        told = f"A tree is cut into {least} to {most} clusters, not into {n_clusters}."
        raise DegenerateDataError(tree.refusals.get(n_clusters, told))
    return tree.cuts[n_clusters]
