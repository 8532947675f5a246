"""Trying one algorithm on a table, and scoring what it found."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.counting import count, kmeans_over_counts, tree_over_counts
from app.segmentation.choice.trees import MeasuredTree, measure_tree
from app.segmentation.clustering.density import DensityModel, fit_dbscan
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES, clustering_from_tree
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import DEFAULT_K_RANGE, Sweep, is_degenerate, sweep_kmeans
from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.recipe import Recipe
from app.segmentation.silhouette import Silhouette, silhouette

MOST_SEGMENTS = DEFAULT_K_RANGE[-1]
"""Segments that a density method may find before they are too many to use."""

FEWEST_STARTS, CELLS_OF_ALL_STARTS = 10, 500_000
MOST_STARTS, MOST_STARTS_COMPARED = 20, 100
"""Starts of K-means: more on a short table, where of ten one draw in four misses the best partition
of 200 customers, and most where the inertias of all numbers of segments are shown."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One algorithm's result.

    Attributes
    ----------
    algorithm : str
    n_clusters : int or None
    silhouette : float or None
        Noise left out.
    noise_share : float
    score : float or None
        Silhouette with noise counted as 0, by which algorithms are compared.
    sound : bool
        Whether it is a segmentation at all: two segments or more, none of nearly everyone or
        of almost no one.
    remark : str or None
        Why there is no result, or none that counts.
    """

    algorithm: str
    n_clusters: int | None
    silhouette: float | None
    noise_share: float
    score: float | None
    sound: bool
    remark: str | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Fitted:
    """What one algorithm found.

    Attributes
    ----------
    clustering : Clustering
    measure : Silhouette or None
        None where there are fewer than two clusters, or a sample of a long table saw only one.
    sweep : Sweep or None
        The numbers of clusters compared; K-means' with its partitions.
    tree : MeasuredTree or None
    density : DensityModel or None
        For DBSCAN.
    """

    clustering: Clustering
    measure: Silhouette | None
    sweep: Sweep | None = None
    tree: MeasuredTree | None = None
    density: DensityModel | None = None


Step = Callable[[int, int], None]


def fit(
    name: str,
    space: FeatureSpace,
    recipe: Recipe,
    *,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    on_step: Step | None = None,
) -> Fitted:
    """Cluster by one algorithm, with the number of segments as the recipe says.

    Parameters
    ----------
    name : {"hierarchical", "kmeans", "dbscan", "hdbscan"}
    space : FeatureSpace
    recipe : Recipe
    memory_limit_bytes : int
        As `build_tree`.
    on_step : callable, optional
        As `sweep_kmeans`.

    Raises
    ------
    SegmentationError
        The algorithm refuses the rows or the options; the message says why.
    """
    X, seed = space.matrix, recipe.seed
    match name:
        case "hierarchical":
            return _hierarchical(space, recipe, memory_limit_bytes)
        case "kmeans":
            return _kmeans(space, recipe, on_step)
        case "dbscan":
            density = fit_dbscan(
                X, eps=recipe.eps, min_samples=recipe.min_samples, random_state=seed
            )
            measure = measured(X, density.clustering, seed)
            return Fitted(clustering=density.clustering, measure=measure, density=density)
        case "hdbscan":
            found = cluster_hdbscan(
                X, min_cluster_size=recipe.min_cluster_size, min_samples=recipe.min_samples
            )
            return Fitted(clustering=found, measure=measured(X, found, seed))
    raise SegmentationError(f"There is no algorithm {name!r}.")


def attempt_of(name: str, found: Fitted) -> Attempt:
    """Score what an algorithm found."""
    clustering, measure = found.clustering, found.measure
    noise = float((clustering.labels < 0).mean())
    score = None if measure is None else measure.score * (1 - noise)
    remark = None
    if clustering.n_clusters < 2:
        many = "no dense region" if clustering.n_clusters == 0 else "a single dense region"
        remark, score = f"it found {many}", None
    elif clustering.n_clusters > MOST_SEGMENTS:
        remark = f"more than {MOST_SEGMENTS} segments are too many to use"
    elif is_degenerate(clustering):
        remark = "one segment holds under 1% or over 95% of the customers"
    return Attempt(
        algorithm=name,
        n_clusters=clustering.n_clusters,
        silhouette=None if score is None or measure is None else measure.score,
        noise_share=noise,
        score=score,
        sound=remark is None and score is not None,
        remark=remark,
    )


def _kmeans(space: FeatureSpace, recipe: Recipe, on_step: Step | None) -> Fitted:
    X, k = space.matrix, recipe.n_clusters
    sweep = None
    if k is None or recipe.compare_counts:
        sweep = sweep_kmeans(
            X,
            k_range=recipe.counts,
            random_state=recipe.seed,
            n_init=_starts(X, recipe),
            on_step=on_step,
        )
        k = count(space, recipe, sweep, kmeans_over_counts)
        if k in sweep.k_range:
            at = sweep.k_range.index(k)
            return Fitted(clustering=sweep.clusterings[at], measure=sweep.measures[at], sweep=sweep)
    clustering = cluster_kmeans(
        X, n_clusters=k, random_state=recipe.seed, n_init=_starts(X, recipe)
    )
    return Fitted(clustering=clustering, measure=measured(X, clustering, recipe.seed), sweep=sweep)


def _starts(X: NDArray[np.float64], recipe: Recipe) -> int:
    most = MOST_STARTS_COMPARED if recipe.compare_counts else MOST_STARTS
    return max(FEWEST_STARTS, min(most, CELLS_OF_ALL_STARTS // X.size))


def _hierarchical(space: FeatureSpace, recipe: Recipe, memory_limit_bytes: int) -> Fitted:
    tree = measure_tree(
        space,
        linkage=recipe.linkage,
        memory_limit_bytes=memory_limit_bytes,
        random_state=recipe.seed,
        as_given=recipe.algorithm == "hierarchical",
    )
    sweep, k = tree.sweep, recipe.n_clusters
    if recipe.algorithm == "auto" and k is not None and (sweep is None or k not in sweep.k_range):
        told = f"The tree has no cut into {k} segments."
        raise SegmentationError(told if sweep is None else sweep.failures.get(k, told))
    if k is None:
        k = count(space, recipe, sweep, tree_over_counts) if sweep is not None else tree.best_k
    clustering = clustering_from_tree(tree.tree, space.matrix, n_clusters=k)
    measure = tree.measure(clustering.n_clusters)
    return Fitted(clustering=clustering, measure=measure, sweep=sweep, tree=tree)


def measured(X: NDArray[np.float64], clustering: Clustering, seed: int) -> Silhouette | None:
    """Measure the silhouette; None where there is nothing to compare."""
    if clustering.n_clusters < 2:
        return None
    try:
        return silhouette(X, clustering.labels, random_state=seed)
    except DegenerateDataError:
        # A sample of a long table that fell into one cluster has nothing to compare.
        return None


def refused(name: str, why: str) -> Attempt:
    return Attempt(
        algorithm=name, n_clusters=None, silhouette=None, noise_share=0.0, score=None,
        sound=False, remark=why,
    )  # fmt: skip
