"""Groups that divide a table by themselves, as a choice beside those made by score."""

from dataclasses import replace

from sklearn.metrics import adjusted_rand_score

from app.segmentation.choice.attempts import Fitted, attempt_of, measured
from app.segmentation.choice.choosing import AUTO_ROWS, Choice
from app.segmentation.choice.columns_apart import columns_apart
from app.segmentation.choice.groups import find_groups
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import is_degenerate
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.recipe import Recipe

AGREED = 0.85
"""Adjusted Rand index from which segments chosen by score are the groups: they are kept, since a
center says more plainly who belongs."""


def choose_groups(space: FeatureSpace, recipe: Recipe, *, scored: Choice) -> Choice | None:
    """Take groups of any shape and number, where they hold and no score found them.

    Parameters
    ----------
    space : FeatureSpace
        Not projected: components of categories tell no level any more.
    recipe : Recipe
    scored : Choice
        Of the same rows.

    Returns
    -------
    Choice or None
        None where nothing divides the rows, or not in a way that holds, or as the score does, and
        past `AUTO_ROWS`.
    """
    encoder, X = space.encoder, space.matrix
    if len(X) > AUTO_ROWS:
        return None
    apart = columns_apart(X, n_numeric=len(encoder.numeric), column_starts=encoder.column_starts)
    found = find_groups(apart, random_state=recipe.seed)
    if found is None:
        return None
    clustering = found.to_clustering(X)
    if is_degenerate(clustering) or _agreed(scored.clustering, clustering):
        return None
    measure = measured(X, clustering, recipe.seed)
    attempt = attempt_of(found.method, Fitted(clustering=clustering, measure=measure))
    return Choice(
        clustering=clustering,
        algorithm=found.method,
        reason=found.sentence,
        attempts=(replace(attempt, sound=True, remark=None), *scored.attempts),
        measure=replace(measure, per_sample=None) if measure is not None else None,
        kmeans_sweep=scored.kmeans_sweep,
    )


def _agreed(scored: Clustering | None, groups: Clustering) -> bool:
    return scored is not None and adjusted_rand_score(scored.labels, groups.labels) >= AGREED
