"""What to know before trusting a partition."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from app.segmentation.caution import Caution
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import DEFAULT_K_RANGE, Sweep, is_degenerate
from app.segmentation.membership import RULES, TRUSTED, Membership
from app.segmentation.recipe import Recipe
from app.segmentation.silhouette import Silhouette


def cautions(
    clustering: Clustering,
    measure: Silhouette | None,
    *,
    recipe: Recipe,
    sweep: Sweep | None = None,
) -> tuple[str, ...]:
    """Say in sentences what the algorithm missed, or found that is no segmentation.

    Parameters
    ----------
    clustering : Clustering
    measure : Silhouette or None
    recipe : Recipe
    sweep : Sweep, optional
        The numbers of clusters that were compared.
    """
    found: list[str] = []
    n_rows = len(clustering.labels)
    details: Mapping[str, object] = clustering.details
    asked = details.get("n_clusters_requested")
    if asked is not None and asked != clustering.n_clusters:
        found.append(
            Caution(
                f"Merges at equal distance leave no cut into {asked} clusters; "
                f"there are {clustering.n_clusters}",
                "fewer_segments",
            )
        )
    noise = int((clustering.labels < 0).sum())
    if noise:
        found.append(
            Caution(f"{noise:,} of {n_rows:,} rows lie in no dense region and are noise", "noise")
        )
    if clustering.n_clusters and is_degenerate(clustering):
        sizes = np.bincount(clustering.labels[clustering.labels >= 0])
        found.append(
            Caution(
                f"Not a segmentation: the largest cluster holds {sizes.max():,} of {n_rows:,} rows "
                f"and the smallest {sizes.min():,}; choose another linkage or algorithm",
                "degenerate_segments",
            )
        )
    if clustering.n_clusters < 2:
        what = "Only one cluster" if clustering.n_clusters else "No cluster"
        found.append(Caution(f"{what} was found; {_remedy(clustering)}", "single_segment"))
    # Where validation is full, it questions the number of segments itself.
    open_question = recipe.n_clusters is None and recipe.validation != "full"
    if open_question and sweep and clustering.n_clusters == sweep.best_k == DEFAULT_K_RANGE[-1]:
        found.append(
            Caution(
                f"The silhouette still rises at {sweep.best_k}, the most segments that are tried "
                "automatically: no number of segments stands out",
                "no_natural_number",
            )
        )
    if measure is not None and measure.sampled:
        found.append(
            Caution(
                f"The silhouette was measured on a sample of {measure.sample_size:,} rows",
                "sampled_silhouette",
            )
        )
    return tuple(found)


def placing_cautions(membership: Membership | None) -> tuple[str, ...]:
    """Say where new customers would often be put into another segment than they belong to."""
    if membership is None or membership.agreement >= TRUSTED:
        return ()
    return (
        Caution(
            f"New customers are placed {RULES[membership.rule]}, which puts only "
            f"{math.floor(100 * membership.agreement)}% of the customers left out in turn into the "
            "segment they have here: treat a placement as a guess",
            "uncertain_placement",
        ),
    )


def shape_cautions(divided: Sequence[int], names: Sequence[str]) -> tuple[str, ...]:
    """Say which segments still hold groups, as their borders do not follow the gaps.

    Parameters
    ----------
    divided : sequence of int
        As `divided_segments`.
    names : sequence of str
    """
    if not divided:
        return ()
    others = len(divided) - 1
    also = f" and {others} other {'segment' if others == 1 else 'segments'}" if others else ""
    return (
        Caution(
            f'Distinct groups remain within "{names[divided[0]]}"{also}: segments around a center '
            "cannot follow groups of every shape. Try a density-based algorithm (HDBSCAN or "
            "DBSCAN), or more segments",
            "groups_within_segments",
        ),
    )


def course_cautions(following: Sequence[str]) -> tuple[str, ...]:
    """Say which columns follow a course along the file, whose stretches may pass for groups."""
    if not following:
        return ()
    values = ", ".join(following)
    return (
        Caution(
            f"Rows that are next to each other in the file have nearly the same {values}, as "
            "measurements over time do: the segments may be stretches of time, not groups of "
            "customers. If each row is a day or a visit, make one row per customer first",
            "rows_follow_on",
        ),
    )


def _remedy(clustering: Clustering) -> str:
    """Say what to change where there are not two clusters."""
    none = clustering.n_clusters == 0
    match clustering.method:
        case "dbscan" if none:
            return "choose a larger eps, a smaller min_samples, or another algorithm"
        case "dbscan":
            return "choose a smaller eps, or another algorithm"
        case "hdbscan" if none:
            return "choose a smaller min_cluster_size or min_samples, or another algorithm"
    return "choose another algorithm"
