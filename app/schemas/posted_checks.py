"""Whether the parts of a posted analysis agree, as those of one that was answered do."""

import math
from collections.abc import Hashable, Iterator, Sequence

from app.errors import FieldProblem, problem_at
from app.schemas.recommendations import PostedAnalysis

SUM_TOLERANCE = 0.02
SHARE_TOLERANCE = 0.01
"""As far as shares may be from what they should be, for clients that round them."""

MOST_PROBLEMS = 100

Finding = tuple[tuple[str | int, ...], str]


def disagreements(posted: PostedAnalysis) -> list[FieldProblem]:
    """Find what contradicts the rest of the analysis, each by its path, with what to do."""
    found: list[FieldProblem] = []
    for path, message in _findings(posted):
        found.append(problem_at(message, "analysis", *path))
        if len(found) == MOST_PROBLEMS:
            break
    return found


def _findings(posted: PostedAnalysis) -> Iterator[Finding]:
    clusters = posted.clusters
    for i, first in _repeated([cluster.cluster_id for cluster in clusters]):
        told = f"is that of cluster {first} of the list too; each needs an id of its own"
        yield ("clusters", i, "clusterId"), told
    for i, first in _repeated([cluster.cluster_name for cluster in clusters]):
        told = f"is that of cluster {first} of the list too; each needs a name of its own"
        yield ("clusters", i, "clusterName"), told
    yield from _sizes(posted)
    total = math.fsum(posted.feature_importance.values())
    if posted.feature_importance and abs(total - 1) > SUM_TOLERANCE:
        told = f"sums to {total:.4g}; give shares that sum to 1, or none at all"
        yield ("featureImportance",), told
    yield from _validation(posted)


def _sizes(posted: PostedAnalysis) -> Iterator[Finding]:
    n_in_segments = sum(len(cluster.customers) for cluster in posted.clusters)
    total = n_in_segments + len(posted.unassigned)
    if posted.n_customers is not None and posted.n_customers != total:
        told = (
            f"is {posted.n_customers:,}, and the clusters hold {n_in_segments:,} customers, with "
            f"{len(posted.unassigned):,} unassigned; send the analysis unchanged"
        )
        yield ("nCustomers",), told
    if posted.n_clusters is not None and posted.n_clusters != len(posted.clusters):
        told = f"is {posted.n_clusters:,}, and there are {len(posted.clusters):,} clusters"
        yield ("nClusters",), f"{told}; send the analysis unchanged"
    for i, cluster in enumerate(posted.clusters):
        held = len(cluster.customers)
        if cluster.size is not None and cluster.size != held:
            told = f"is {cluster.size:,}, and the cluster holds {held:,} customers"
            yield ("clusters", i, "size"), f"{told}; send all of them, with their number"
        if cluster.share is not None and abs(cluster.share - held / total) > SHARE_TOLERANCE:
            told = f"is {cluster.share:.4g}, and {held:,} of {total:,} customers are"
            yield (
                ("clusters", i, "share"),
                f"{told} {held / total:.4g}; send its share of all customers",
            )


def _validation(posted: PostedAnalysis) -> Iterator[Finding]:
    validation = posted.validation
    if validation is None:
        return
    own = validation.structure
    if own and posted.structure and own.verdict != posted.structure.verdict:
        told = (
            f"is {own.verdict!r}, and structure.verdict {posted.structure.verdict!r}; they are of "
            "one test: give the same verdict, or leave one of them out"
        )
        yield ("validation", "structure", "verdict"), told
    segments = validation.stability.segments if validation.stability else []
    known = {cluster.cluster_id for cluster in posted.clusters}
    path = ("validation", "stability", "segments")
    for i, each in enumerate(segments):
        if each.cluster not in known:
            told = f"is {each.cluster}, which no cluster has for its clusterId; leave it out"
            yield (*path, i, "cluster"), told
    for i, first in _repeated([each.cluster for each in segments]):
        yield (*path, i, "cluster"), f"is that of entry {first} too; give each cluster once"


def _repeated(values: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Give each place of a value that came before, and the first place of it."""
    places: dict[Hashable, int] = {}
    for place, value in enumerate(values):
        if places.setdefault(value, place) != place:
            yield place, places[value]
