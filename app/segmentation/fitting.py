"""Features to a partition by any algorithm: fitted, measured, described and named."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from app.segmentation.cautions import cautions
from app.segmentation.clustering.density import DensityModel, fit_dbscan
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.hierarchical import build_tree, clustering_from_tree
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.tree import Linkage, Tree
from app.segmentation.column_choice import ColumnChoice
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureEncoder, FeatureSpace
from app.segmentation.model import OUTLIER_QUANTILE
from app.segmentation.naming_generic import name_generic
from app.segmentation.profiles import ClusterProfile, profile_segments
from app.segmentation.scoring import Scorer
from app.segmentation.selection import Sweep, is_degenerate, sweep_kmeans
from app.segmentation.silhouette import Silhouette, silhouette
from app.segmentation.tree_selection import sweep_tree

Algorithm = Literal["hierarchical", "kmeans", "dbscan", "hdbscan"]

MAX_CLUSTERS = 15
TREE_K_RANGE = range(2, MAX_CLUSTERS + 1)
"""Cuts of a tree cost next to nothing, so each one that may be asked for is measured at once."""


@dataclass(frozen=True, kw_only=True)
class FitOptions:
    """What is asked of an algorithm; each reads its own.

    Attributes
    ----------
    n_clusters : int or None
        None: the sound split with the highest silhouette.
    eps, min_samples, min_cluster_size
        For the density methods; None is found from the data.
    """

    algorithm: Algorithm = "hierarchical"
    n_clusters: int | None = None
    eps: float | None = None
    min_samples: int | None = None
    min_cluster_size: int | None = None
    random_state: int = 42


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


@dataclass(frozen=True, eq=False)
class FittedRun:
    """A finished segmentation of a table, ready to be shown and to place new rows.

    Attributes
    ----------
    encoder : FeatureEncoder
    clustering : Clustering
    density : DensityModel or None
        For DBSCAN.
    scorer : Scorer or None
        On the encoded matrix; None where there are fewer than two clusters.
    silhouette : Silhouette or None
        In the space that was clustered; None where there are fewer than two clusters.
    profiles : tuple of ClusterProfile
    names : tuple of str
    degenerate : bool
    sweep : Sweep or None
        The numbers of clusters compared, without their partitions.
    warnings : tuple of str
    """

    encoder: FeatureEncoder
    clustering: Clustering
    density: DensityModel | None
    scorer: Scorer | None
    silhouette: Silhouette | None
    profiles: tuple[ClusterProfile, ...]
    names: tuple[str, ...]
    degenerate: bool
    sweep: Sweep | None
    warnings: tuple[str, ...]


def measure_tree(
    space: FeatureSpace, *, linkage: Linkage, memory_limit_bytes: int, random_state: int = 42
) -> MeasuredTree:
    """Build a tree, once, and measure the cuts that may be asked for.

    Raises
    ------
    MemoryLimitError, RowLimitError, DegenerateDataError
        As `build_tree`.
    """
    tree = build_tree(
        space.matrix,
        linkage=linkage,
        memory_limit_bytes=memory_limit_bytes,
        random_state=random_state,
    )
    try:
        sweep = sweep_tree(tree, space.matrix, k_range=TREE_K_RANGE, random_state=random_state)
    except DegenerateDataError:
        return MeasuredTree(tree, None)
    return MeasuredTree(tree, _without_partitions(sweep))


def fit_run(
    frame: pd.DataFrame,
    space: FeatureSpace,
    choice: ColumnChoice,
    options: FitOptions,
    *,
    measured_tree: MeasuredTree | None = None,
) -> FittedRun:
    """Partition a table's rows and describe what was found.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
        Holds the chosen columns in original units.
    space : FeatureSpace
        Of the same rows.
    choice : ColumnChoice
    options : FitOptions
    measured_tree : MeasuredTree, optional
        For the hierarchical algorithm.

    Raises
    ------
    SegmentationError
        The algorithm refuses the rows or the options; the message says why.
    """
    density: DensityModel | None = None
    sweep: Sweep | None = None
    measure: Silhouette | None = None
    X = space.matrix
    match options.algorithm:
        case "hierarchical":
            if measured_tree is None:
                raise DegenerateDataError("Hierarchical clustering needs its tree.")
            clustering = cut_measured(measured_tree, space, n_clusters=options.n_clusters)
            sweep = measured_tree.sweep
        case "kmeans" if options.n_clusters is None:
            sweep = sweep_kmeans(X, random_state=options.random_state)
            clustering = sweep.clusterings[sweep.k_range.index(sweep.best_k)]
            sweep = _without_partitions(sweep)
        case "kmeans":
            clustering = cluster_kmeans(
                X, n_clusters=options.n_clusters or 2, random_state=options.random_state
            )
        case "dbscan":
            density = fit_dbscan(
                X,
                eps=options.eps,
                min_samples=options.min_samples,
                random_state=options.random_state,
            )
            clustering = density.clustering
        case "hdbscan":
            clustering = cluster_hdbscan(
                X, min_cluster_size=options.min_cluster_size, min_samples=options.min_samples
            )
    measure = _measured(sweep, clustering, space, random_state=options.random_state)
    profiles = profile_segments(
        frame, clustering.labels, numeric=choice.numeric, categorical=choice.categorical
    )
    return FittedRun(
        encoder=space.encoder,
        clustering=clustering,
        density=density,
        scorer=_scorer(space, clustering),
        silhouette=measure,
        profiles=profiles,
        names=name_generic(profiles),
        degenerate=clustering.n_clusters > 0 and is_degenerate(clustering),
        sweep=sweep,
        warnings=cautions(
            clustering, measure, choice, sweep=sweep if options.n_clusters is None else None
        ),
    )


def cut_measured(
    measured: MeasuredTree, space: FeatureSpace, *, n_clusters: int | None
) -> Clustering:
    """Cut a tree at a number of clusters, or at the best that was measured.

    Raises
    ------
    DegenerateDataError
        The tree has no such cut, or no usable one at all.
    """
    if n_clusters is None:
        n_clusters = measured.sweep.best_k if measured.sweep is not None else 2
    return clustering_from_tree(measured.tree, space.matrix, n_clusters=n_clusters)


def _measured(
    sweep: Sweep | None, clustering: Clustering, space: FeatureSpace, *, random_state: int
) -> Silhouette | None:
    """Take the silhouette from the sweep, or measure it where the sweep did not."""
    if clustering.n_clusters < 2:
        return None
    if sweep is not None and clustering.n_clusters in sweep.k_range:
        return sweep.measures[sweep.k_range.index(clustering.n_clusters)]
    try:
        measured = silhouette(space.matrix, clustering.labels, random_state=random_state)
    except DegenerateDataError:
        # A sample of a long table that fell into one cluster has nothing to compare.
        return None
    return replace(measured, per_sample=None)


def _without_partitions(sweep: Sweep) -> Sweep:
    measures = tuple(replace(measure, per_sample=None) for measure in sweep.measures)
    return replace(sweep, clusterings=(), measures=measures)


def _scorer(space: FeatureSpace, clustering: Clustering) -> Scorer | None:
    if clustering.n_clusters < 2:
        return None
    inside = clustering.labels >= 0
    own = np.zeros(int(inside.sum()))
    for center, column in zip(clustering.centers.T, space.matrix.T, strict=True):
        own += np.square(column[inside] - center[clustering.labels[inside]])
    n_features = space.matrix.shape[1]
    return Scorer(
        mean=(0.0,) * n_features,
        scale=(1.0,) * n_features,
        centers=tuple(tuple(center) for center in clustering.centers.tolist()),
        outlier_threshold=float(np.sqrt(np.quantile(own, OUTLIER_QUANTILE))),
    )
