"""Numbers and names of segments: those of the segmentation before, where a segment lives on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.segmentation.choice.choosing import Choice
from app.segmentation.clustering.result import Clustering
from app.segmentation.description.naming_customers import means_of, name_customers
from app.segmentation.description.naming_generic import name_generic
from app.segmentation.description.profiles import ClusterProfile
from app.segmentation.identity import Match, assign_ids, match_segments
from app.segmentation.preparation.encoder import Encoder
from app.segmentation.preparation.preparing import Prepared
from app.segmentation.recipe import FEATURES, Recipe


@dataclass(frozen=True, eq=False)
class Before:
    """The segmentation before: the segment of each row of the new table, and all their names."""

    labels: NDArray[np.integer]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbered:
    """Segments with their numbers.

    Attributes
    ----------
    choice : Choice
    clustering : Clustering
        Its clustering.
    matches : tuple of Match
        Segments that live on.
    names : mapping of int to str
        The names that these had.
    """

    choice: Choice
    clustering: Clustering
    matches: tuple[Match, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)


def numbered(
    segments: Numbered,
    prepared: Prepared,
    *,
    ranked_by: Sequence[str],
    before: Before | None,
) -> Numbered:
    """Give segments the numbers they had before, and new ones those by their means.

    Parameters
    ----------
    segments : Numbered
        As they were found.
    prepared : Prepared
        The same rows.
    ranked_by : sequence of str
        Columns, the first before all others, by whose means new segments are numbered.
    before : Before or None
    """
    choice, clustering = segments.choice, segments.clustering
    n_new, labels = clustering.n_clusters, clustering.labels
    means = prepared.frame[list(ranked_by)].astype(np.float64).groupby(labels).mean()
    order = [int(i) for i in np.lexsort(means.to_numpy().T[::-1])]
    found = (
        match_segments(before.labels[prepared.order], labels, n_old=len(before.names), n_new=n_new)
        if before is not None
        else ()
    )
    ids = assign_ids(found, n_new=n_new, order=order)
    places = np.argsort(ids)
    measure = choice.measure
    if measure is not None:
        measure = replace(measure, per_cluster=tuple(measure.per_cluster[i] for i in places))
    renumbered = replace(
        clustering, labels=ids[labels].astype(np.int32), centers=clustering.centers[places]
    )
    matches = tuple(replace(match, new_id=int(ids[match.new_id])) for match in found)
    return Numbered(
        choice=replace(choice, clustering=renumbered, measure=measure),
        clustering=renumbered,
        matches=matches,
        names={match.new_id: before.names[match.old_id] for match in matches} if before else {},
    )


def named(
    profiles: tuple[ClusterProfile, ...], segments: Numbered, encoder: Encoder, recipe: Recipe
) -> tuple[str, ...]:
    """Name segments in the recipe's vocabulary."""
    if recipe.vocabulary == "generic":
        return name_generic(profiles)
    at = [encoder.columns.index(feature) for feature in FEATURES]
    return name_customers(
        segments.clustering.centers[:, at],
        means_of(profiles, FEATURES),
        previous_names=segments.names,
    )
