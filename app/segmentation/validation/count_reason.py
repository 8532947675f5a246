"""Why the number of segments is not the one that resamples choose."""

from app.segmentation.clustering.result import Clustering
from app.segmentation.validation.certainty import Certainty

AS_GOOD = 0.02
"""Silhouettes that differ by less are as good as each other."""

_TREES = ("ward", "complete", "average", "single")


def count_reason(certainty: Certainty, clustering: Clustering, *, requested: bool) -> str | None:
    """Say why another number of segments was taken than most resamples choose.

    Parameters
    ----------
    certainty : Certainty
        Of K-means on the same customers.
    clustering : Clustering
        The one that was taken.
    requested : bool
        Whether its number of segments was given.

    Returns
    -------
    str or None
        A sentence; None where it is the number that most resamples choose.
    """
    taken = clustering.n_clusters
    usual = max(certainty.shares, key=lambda k: (certainty.shares[k], k == taken, -k))
    if taken == usual:
        return None
    told = f"Most resamples choose {usual} segments; "
    if requested:
        return f"{told}{taken} were requested."
    if clustering.method != "kmeans":
        how = "cut a tree" if clustering.method in _TREES else "follow groups of any shape"
        return f"{told}they compare K-means segments, and these {taken} {how}."
    silhouettes = certainty.criteria[0].values
    fallen = silhouettes.get(usual, 1.0) - silhouettes.get(taken, 0.0)
    if fallen <= AS_GOOD:
        scores = f"{silhouettes[taken]:.3f} vs {silhouettes[usual]:.3f}"
        if fallen < 0:
            return f"{told}on all customers {taken} have the higher silhouette, {scores}."
        if taken < usual:
            return f"{told}{taken} are fewer and score as well, with a silhouette of {scores}."
    return (
        f"{told}on all customers {taken} score best, once splits with a tiny segment and those "
        "that chance would make are left out."
    )
