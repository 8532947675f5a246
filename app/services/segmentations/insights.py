"""What matters to a version's segments, their rules, and what to do, as `/api/analyze` says it."""

from pydantic import BaseModel

from app.schemas.insights import AdviceOut, Insights, SegmentRuleOut
from app.schemas.reports import Report
from app.schemas.validation import RuleOut
from app.segmentation.looking.explaining import described_columns, explain_again
from app.segmentation.threads import single_threaded
from app.services.segmentations.advising import advise
from app.services.segmentations.looked import Looked
from app.storage.customers import INSIGHTS_FILE, keep_text, kept_text


class Explained(BaseModel):
    """What was measured of a version that was trained without it."""

    feature_importance: dict[str, float]
    accuracy: float
    rules: list[RuleOut]


def insights_of(looked: Looked) -> Insights:
    """Gather what to do, what matters and the rules; what was not measured yet is, once."""
    explained = explained_of(looked)
    segments = len(looked.lasting)
    return Insights(
        version=looked.number,
        recommendations=advice_of(looked, explained),
        feature_importance=explained.feature_importance,
        accuracy=explained.accuracy,
        accuracy_by_chance=1 / segments if segments > 1 else None,
        rules=[
            SegmentRuleOut(
                segment=looked.lasting[rule.cluster],
                segment_name=looked.name_of(rule.cluster),
                **rule.model_dump(),
            )
            for rule in explained.rules
        ],
    )


def advice_of(looked: Looked, explained: Explained) -> list[AdviceOut]:
    """Advise as on a posted analysis."""
    known = explained.model_dump(include={"feature_importance", "accuracy"})
    report = looked.report.model_copy(update=known)
    return [
        AdviceOut(
            segment=None if each.segment is None else looked.lasting[each.segment],
            segment_name=None if each.segment is None else looked.name_of(each.segment),
            action=each.action,
            reason=each.reason,
            text=each.text,
        )
        for each in advise(report)
    ]


def explained_of(looked: Looked) -> Explained:
    """Return what the report says, and what it does not as it was measured since."""
    report = looked.report
    told = _told(report)
    if told is not None:
        return told
    path = looked.rows.rows.with_name(INSIGHTS_FILE)
    kept = kept_text(path)
    if kept is not None:
        return Explained.model_validate_json(kept)
    found = looked.found
    numeric, categorical = described_columns(found)
    columns = [name for name in (*numeric, *categorical) if looked.rows.has(name)]
    with single_threaded():
        explanation, rules = explain_again(
            found, looked.frame(columns), measured=report.feature_importance is not None
        )
    measured = found if explanation is None else explanation
    explained = Explained(
        feature_importance=report.feature_importance or dict(measured.importance),
        accuracy=measured.accuracy if report.accuracy is None else report.accuracy,
        rules=[RuleOut.model_validate(rule) for rule in rules],
    )
    keep_text(path, explained.model_dump_json())
    return explained


def _told(report: Report) -> Explained | None:
    importance, validation = report.feature_importance, report.validation
    if importance is None or report.accuracy is None or validation is None:
        return None
    if not validation.rules:
        return None
    return Explained(
        feature_importance=importance, accuracy=report.accuracy, rules=validation.rules
    )
