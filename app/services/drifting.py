"""Whether recent customers still look like those a model was trained on."""

from datetime import datetime, timedelta

import numpy as np

from app.db.tables import ModelVersion, PredictionHistory, utcnow
from app.schemas.models import DriftOut, FeatureDrift, SegmentDrift
from app.segmentation.drift import Drift, assess_drift
from app.segmentation.recipe import FEATURES
from app.services.comparing import recent_features
from app.services.models import ModelService, report_of
from app.services.versions import customers_of, get_version

FEWEST_PREDICTIONS = 100
"""With fewer, only the largest changes can be told from chance."""

_SENTENCES = {
    "stable": "Recent customers look like those the model was trained on; no need to retrain.",
    "watch": "Recent customers begin to differ in {changed}; look again soon.",
    "retrain": "Recent customers differ clearly in {changed}; retraining is due.",
}


def drift(models: ModelService, version: int, *, days: int) -> DriftOut:
    since = utcnow() - timedelta(days=days)
    with models.database.session(read_only=True) as session:
        row = get_version(session, version)
        recent = recent_features(
            session,
            PredictionHistory.model_version == version,
            PredictionHistory.created_at >= since,
        )
    if len(recent) < FEWEST_PREDICTIONS:
        return _too_few(row, len(recent), since, days)
    report = report_of(row)
    trained_on, scorer = customers_of(models, row).features, models.scorer_of(row)
    recent_segments = scorer.score_many(recent).clusters
    found = assess_drift(
        trained_on,
        recent,
        trained_segments=scorer.score_many(trained_on).clusters,
        recent_segments=recent_segments,
        n_filled=[report.imputed[feature] for feature in FEATURES],
    )
    shares = np.bincount(recent_segments, minlength=row.n_clusters) / len(recent)
    return DriftOut(
        version=version,
        n_predictions=len(recent),
        since=since,
        verdict=found.verdict,
        alarm=found.verdict != "stable",
        sentence=_sentence(found),
        features=[
            FeatureDrift(
                feature=feature,
                population_stability_index=change.index,
                index_by_chance=change.index_by_chance,
                p_value=change.p_value,
                drift=change.band,
                training_mean=float(before.mean()),
                recent_mean=float(now.mean()),
            )
            for feature, change, before, now in zip(
                FEATURES, found.features, trained_on.T, recent.T, strict=True
            )
        ],
        segments=[
            SegmentDrift(
                cluster_id=segment.cluster_id,
                cluster_name=segment.name,
                training_share=segment.share,
                recent_share=float(shares[segment.cluster_id]),
            )
            for segment in report.segments
        ],
        segments_population_stability_index=found.segments.index,
        segments_index_by_chance=found.segments.index_by_chance,
        segments_p_value=found.segments.p_value,
    )


def _sentence(found: Drift) -> str:
    changed = [
        feature.replace("_", " ")
        for feature, change in zip(FEATURES, found.features, strict=True)
        if change.band != "none"
    ]
    if found.segments.band != "none":
        changed.append("the sizes of the segments")
    *others, last = changed or [""]
    listed = f"{', '.join(others)} and {last}" if others else last
    return _SENTENCES[found.verdict].format(changed=listed)


def _too_few(row: ModelVersion, n_predictions: int, since: datetime, days: int) -> DriftOut:
    return DriftOut(
        version=row.version,
        n_predictions=n_predictions,
        since=since,
        verdict="too few predictions",
        alarm=False,
        sentence=(
            f"Predictions by this version in the last {days} days: {n_predictions}; "
            f"at least {FEWEST_PREDICTIONS} are needed to say anything."
        ),
        features=[],
        segments=[],
        segments_population_stability_index=None,
        segments_index_by_chance=None,
        segments_p_value=None,
    )
