"""What to do with the segments of a stored run: the advice of `/api/recommendations`."""

from collections.abc import Mapping

from app.schemas.reports import Report, StoredProfile
from app.segmentation.advice.facts import AnalysisFacts, SegmentFacts
from app.segmentation.advice.recommendations import Recommendation, recommend
from app.segmentation.description.profiles import Difference
from app.segmentation.description.statements import told_figures


def advise(report: Report, names: Mapping[int, str] | None = None) -> tuple[Recommendation, ...]:
    """Advise for each segment and for all; `names` are those shown, where they differ."""
    return recommend(facts_of(report, names))


def facts_of(report: Report, names: Mapping[int, str] | None = None) -> AnalysisFacts:
    structure = report.tested_structure
    jaccard = {label: each.jaccard for label, each in report.stabilities.items()}
    return AnalysisFacts(
        segments=tuple(
            SegmentFacts(
                name=(names or {}).get(profile.cluster, profile.cluster_name),
                size=profile.size,
                differences=_differences(profile),
                jaccard=jaccard.get(profile.cluster),
                middle=profile.middle,
            )
            for profile in report.profiles
        ),
        importance=report.feature_importance or {},
        accuracy=report.accuracy,
        verdict=structure.verdict if structure is not None else None,
        n_unassigned=report.n_noise,
        p_value=structure.p_value if structure is not None else None,
    )


def _differences(profile: StoredProfile) -> tuple[Difference, ...]:
    """Take those that the statements rest on; runs of earlier releases kept others alone."""
    kept = profile.differences if profile.evidence is None else profile.evidence
    found = (
        Difference(each.column, each.level, each.value, each.rest, each.effect) for each in kept
    )
    return tuple(each for each in found if told_figures(each))
