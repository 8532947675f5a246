"""What to do with the segments of a posted analysis."""

from app.config import Settings
from app.errors import FieldProblem, InvalidFields
from app.schemas.analysis import cell_problems
from app.schemas.posted_checks import disagreements
from app.schemas.recommendations import (
    PostedAnalysis,
    PostedCluster,
    RecommendationDetail,
    RecommendationRequest,
    Recommendations,
)
from app.segmentation.advice import recommendations as engine
from app.segmentation.advice.centroids import differences_of
from app.segmentation.advice.facts import AnalysisFacts, SegmentFacts
from app.segmentation.description.profiles import Difference
from app.segmentation.description.statements import told_figures
from app.services.analysis import check_size


def recommend(form: RecommendationRequest, settings: Settings) -> Recommendations:
    """Check by path what was posted, and advise from its figures."""
    posted = form.analysis
    customers = [record for cluster in posted.clusters for record in cluster.customers]
    check_size([*customers, *posted.unassigned], settings, "analysis", "clusters")
    centroids = [cluster.centroid for cluster in posted.clusters]
    check_size(centroids, settings, "analysis", "clusters")
    problems: list[FieldProblem] = []
    for i, cluster in enumerate(posted.clusters):
        path = ("analysis", "clusters", i, "customers")
        problems += cell_problems(cluster.customers, *path)
    problems += cell_problems(posted.unassigned, "analysis", "unassigned")
    problems += disagreements(posted)
    if problems:
        raise InvalidFields(problems)
    found = engine.recommend(_facts(posted))
    return Recommendations(
        recommendations=[each.text for each in found],
        details=[
            RecommendationDetail(
                cluster_id=_of(posted, each).cluster_id if each.segment is not None else None,
                cluster_name=_of(posted, each).cluster_name if each.segment is not None else None,
                action=each.action,
                reason=each.reason,
            )
            for each in found
        ],
    )


def _of(posted: PostedAnalysis, found: engine.Recommendation) -> PostedCluster:
    return posted.clusters[found.segment or 0]


def _facts(posted: PostedAnalysis) -> AnalysisFacts:
    validation = posted.validation
    structure = posted.structure or (validation.structure if validation else None)
    jaccard = {}
    if validation is not None and validation.stability is not None:
        jaccard = {each.cluster: each.jaccard for each in validation.stability.segments}
    return AnalysisFacts(
        segments=tuple(
            SegmentFacts(
                name=cluster.cluster_name,
                size=len(cluster.customers),
                differences=differences,
                jaccard=jaccard.get(cluster.cluster_id),
                middle=cluster.middle,
            )
            for cluster, differences in zip(posted.clusters, _differences(posted), strict=True)
        ),
        importance=posted.feature_importance,
        accuracy=posted.accuracy,
        verdict=structure.verdict if structure else None,
        p_value=structure.p_value if structure else None,
        n_unassigned=len(posted.unassigned),
    )


def _differences(posted: PostedAnalysis) -> list[tuple[Difference, ...]]:
    """Take the evidence as it was answered, where its figures differ; measure what is gone."""
    if all(cluster.evidence is not None for cluster in posted.clusters):
        evidence = [
            [
                Difference(each.feature, each.level, each.value, each.rest, each.effect)
                for each in cluster.evidence or ()
            ]
            for cluster in posted.clusters
        ]
        return [tuple(each for each in own if told_figures(each)) for own in evidence]
    return differences_of(
        [cluster.customers for cluster in posted.clusters],
        [cluster.centroid for cluster in posted.clusters],
    )
