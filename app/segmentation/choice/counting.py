"""How many segments, by the rule of the recipe."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.chance import is_tied, silhouettes_by_chance
from app.segmentation.choice.trees import sweep_tree
from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.sweep import Sweep, sweep_kmeans
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.recipe import Recipe

TIE = 0.02
"""Scores this close are as good as each other."""

SILHOUETTE_SPREAD = 0.2
"""Standard deviation of customers' silhouettes, roughly: a mean of n is known to this / √n, and
the fewest segments within it of the highest mean are taken (the one-standard-error rule of
Breiman et al. 1984, "Classification and Regression Trees")."""

SweepOf = Callable[[NDArray[np.float64], Recipe], Sweep]


def kmeans_over_counts(X: NDArray[np.float64], recipe: Recipe) -> Sweep:
    """Cluster by K-means at every number of segments that a recipe tries."""
    return sweep_kmeans(X, k_range=recipe.counts, random_state=recipe.seed)


def tree_over_counts(X: NDArray[np.float64], recipe: Recipe) -> Sweep:
    """Cut a tree at every number of segments that a recipe tries."""
    tree = build_tree(X, linkage=recipe.linkage, random_state=recipe.seed)
    return sweep_tree(tree, X, k_range=recipe.counts, random_state=recipe.seed)


def count(space: FeatureSpace, recipe: Recipe, sweep: Sweep, sweep_of: SweepOf) -> int:
    """Choose the number of segments from a sweep by the recipe's rule.

    Parameters
    ----------
    space : FeatureSpace
    recipe : Recipe
    sweep : Sweep
        Of the rows of ``space``.
    sweep_of : callable
        The same algorithm, run on shuffled columns where the values of a table are few.
    """
    if recipe.n_clusters is not None:
        return recipe.n_clusters
    if recipe.count_rule == "highest":
        return sweep.best_k
    counts = recipe.counts
    tried = [i for i, k in enumerate(sweep.k_range) if k in counts] or [0]
    tried = [i for i in tried if not sweep.degenerate[i]] or tried
    scores = {sweep.k_range[i]: sweep.silhouettes[i] for i in tried}
    margin = min(TIE, SILHOUETTE_SPREAD / math.sqrt(len(space.matrix)))
    if is_tied(space):
        by_chance = silhouettes_by_chance(
            space, lambda X: sweep_of(X, recipe), k_range=counts, random_state=recipe.seed
        )
        scores = {k: score - by_chance[k].silhouette for k, score in scores.items()}
        margin = TIE + 2 * max(each.deviation for each in by_chance.values())
    highest = max(scores.values())
    return next(k for k, score in scores.items() if score >= highest - margin)
