"""Features to a partition by any algorithm: fitted, measured, described and named."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.cautions import cautions
from app.segmentation.clustering.density import DensityModel, fit_dbscan
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.hierarchical import clustering_from_tree
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.column_choice import ColumnChoice
from app.segmentation.core.model import OUTLIER_QUANTILE
from app.segmentation.description.naming_generic import name_generic
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureEncoder, FeatureSpace
from app.segmentation.scoring import Scorer
from app.segmentation.selection import Sweep, is_degenerate, sweep_kmeans
from app.segmentation.silhouette import Silhouette, silhouette
from app.segmentation.tree_selection import MeasuredTree

Algorithm = Literal["hierarchical", "kmeans", "dbscan", "hdbscan"]


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
    X = space.matrix
    match options.algorithm:
        case "hierarchical":
            if measured_tree is None:
                raise DegenerateDataError("Hierarchical clustering needs its tree.")
            clustering = clustering_from_tree(
                measured_tree.tree, X, n_clusters=options.n_clusters or measured_tree.best_k
            )
            sweep = measured_tree.sweep
        case "kmeans" if options.n_clusters is None:
            sweep = sweep_kmeans(X, random_state=options.random_state)
            clustering = sweep.clusterings[sweep.k_range.index(sweep.best_k)]
            sweep = sweep.without_partitions()
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
    return describe_run(
        clustering,
        profile_segments(
            frame, clustering.labels, numeric=choice.numeric, categorical=choice.categorical
        ),
        choice,
        encoder=space.encoder,
        measure=_measured(sweep, clustering, space, random_state=options.random_state),
        reach=outlier_reach(X, clustering),
        sweep=sweep,
        chosen=options.n_clusters is None,
        density=density,
    )


def describe_run(
    clustering: Clustering,
    profiles: tuple[ClusterProfile, ...],
    choice: ColumnChoice,
    *,
    encoder: FeatureEncoder,
    measure: Silhouette | None,
    reach: float,
    sweep: Sweep | None,
    chosen: bool,
    density: DensityModel | None = None,
) -> FittedRun:
    """Name the clusters, prepare the placing of new rows, and say what to know of them.

    Parameters
    ----------
    reach : float
        As `outlier_reach`.
    chosen : bool
        Whether the number of clusters was chosen from the sweep.
    """
    return FittedRun(
        encoder=encoder,
        clustering=clustering,
        density=density,
        scorer=_scorer(clustering, reach),
        silhouette=measure,
        profiles=profiles,
        names=name_generic(profiles),
        degenerate=clustering.n_clusters > 0 and is_degenerate(clustering),
        sweep=sweep,
        warnings=cautions(clustering, measure, choice, sweep=sweep if chosen else None),
    )


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


def outlier_reach(X: NDArray[np.floating], clustering: Clustering) -> float:
    """Measure how far from its center all but the outermost rows of a partition lie.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The space that was clustered.
    clustering : Clustering
        Of the same rows; noise takes no part.

    Returns
    -------
    float
        The `OUTLIER_QUANTILE` of the Euclidean distances; infinite where all rows are noise.
    """
    inside = clustering.labels >= 0
    if not inside.any():
        return np.inf
    kept = slice(None) if inside.all() else inside
    own = clustering.labels[kept]
    squares = np.zeros(len(own))
    for center, column in zip(clustering.centers.T, X.T, strict=True):
        squares += np.square(column[kept] - center[own])
    return float(np.sqrt(np.quantile(squares, OUTLIER_QUANTILE)))


def _scorer(clustering: Clustering, reach: float) -> Scorer | None:
    if clustering.n_clusters < 2:
        return None
    n_features = clustering.centers.shape[1]
    return Scorer(
        mean=(0.0,) * n_features,
        scale=(1.0,) * n_features,
        centers=tuple(tuple(center) for center in clustering.centers.tolist()),
        outlier_threshold=reach,
    )
