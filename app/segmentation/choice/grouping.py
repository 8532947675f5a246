"""Groups that divide a table by themselves, as a choice beside those made by score."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from app.segmentation.choice.attempts import Fitted, attempt_of, measured
from app.segmentation.choice.choosing import AUTO_ROWS, Choice
from app.segmentation.choice.columns_apart import ColumnsApart, columns_apart
from app.segmentation.choice.groups import Groups, find_groups
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import is_degenerate
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.recipe import Recipe

FEWEST_COMPLETE = 200
"""Rows without a gap in which groups are sought where those with gaps show none."""

AGREED = 0.85
"""Adjusted Rand index from which segments chosen by score are the groups: they are kept, since a
center says more plainly who belongs."""


def choose_groups(
    space: FeatureSpace, recipe: Recipe, *, scored: Choice, gaps: NDArray[np.bool_]
) -> Choice | None:
    """Take groups of any shape and number, where they hold and no score found them.

    Parameters
    ----------
    space : FeatureSpace
        Not projected: components of categories tell no level any more.
    recipe : Recipe
    scored : Choice
        Of the same rows.
    gaps : ndarray of bool, shape (n_samples, n_numeric)
        Numbers that were filled.

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
    found = find_groups_despite(gaps, apart, random_state=recipe.seed)
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


def find_groups_despite(
    gaps: NDArray[np.bool_], rows: ColumnsApart, *, random_state: int = 0
) -> Groups | None:
    """Seek groups in rows that know half of their numbers, or else in the complete ones alone.

    Filled values are those of other customers, and blur narrow groups. Complete rows come second,
    since customers who lack something may be a group of their own.

    Parameters
    ----------
    gaps : ndarray of bool, shape (n_samples, n_numeric)
    rows : ColumnsApart
    random_state : int
        As `find_groups`.
    """
    lacking = gaps.sum(axis=1)
    found = find_groups(rows, telling=2 * lacking <= gaps.shape[1], random_state=random_state)
    complete = lacking == 0
    if found is None and FEWEST_COMPLETE <= complete.sum() < len(gaps):
        found = find_groups(rows, telling=complete, random_state=random_state)
    return found


def _agreed(scored: Clustering | None, groups: Clustering) -> bool:
    return scored is not None and adjusted_rand_score(scored.labels, groups.labels) >= AGREED
