"""Whether the customers of late still look like those a model was trained on."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from app.db.tables import ModelVersion, PredictionHistory, utcnow
from app.schemas.models import Drift, DriftBand, FeatureDrift, SegmentDrift
from app.segmentation.customers import FEATURES
from app.segmentation.drift import bin_shares, population_stability_index
from app.services.comparing import recent_features
from app.services.models import ModelService
from app.services.versions import customers_of, get_version

FEWEST_PREDICTIONS = 100
"""With fewer, ten bins hold too few for their shares to mean anything."""
MODERATE, LARGE = 0.1, 0.25


def drift(models: ModelService, version: int, *, days: int) -> Drift:
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
    trained_on = customers_of(models, row).features
    features = [
        _feature_drift(row, feature, trained_on[:, index], recent[:, index])
        for index, feature in enumerate(FEATURES)
    ]
    segments = _segment_drift(models, row, recent)
    index = population_stability_index(
        np.array([each.training_share for each in segments]),
        np.array([each.recent_share for each in segments]),
    )
    worst = max(index, *(each.population_stability_index for each in features))
    drifted = [each.feature.replace("_", " ") for each in features if each.drift != "none"]
    return Drift(
        version=version,
        n_predictions=len(recent),
        since=since,
        verdict="retrain" if worst > LARGE else "watch" if worst > MODERATE else "stable",
        sentence=_sentence(worst, index, drifted),
        features=features,
        segments=segments,
        segments_population_stability_index=index,
    )


def _band(index: float) -> DriftBand:
    return "large" if index > LARGE else "moderate" if index > MODERATE else "none"


def _feature_drift(
    row: ModelVersion,
    feature: str,
    trained_on: NDArray[np.float64],
    recent: NDArray[np.float64],
) -> FeatureDrift:
    bins = row.report["bins"][feature]
    index = population_stability_index(
        np.array(bins["shares"]), bin_shares(recent, np.array(bins["edges"]))
    )
    return FeatureDrift(
        feature=feature,
        population_stability_index=index,
        drift=_band(index),
        training_mean=float(trained_on.mean()),
        recent_mean=float(recent.mean()),
    )


def _segment_drift(
    models: ModelService, row: ModelVersion, recent: NDArray[np.float64]
) -> list[SegmentDrift]:
    clusters = models.scorer_of(row).score_many(recent).clusters
    shares = np.bincount(clusters, minlength=row.n_clusters) / len(clusters)
    return [
        SegmentDrift(
            cluster_id=segment["cluster_id"],
            cluster_name=segment["name"],
            training_share=segment["share"],
            recent_share=float(shares[segment["cluster_id"]]),
        )
        for segment in row.report["segments"]
    ]


def _sentence(worst: float, segments: float, drifted: list[str]) -> str:
    if worst <= MODERATE:
        return "Recent customers look like those the model was trained on; no need to retrain."
    what = [*drifted, *(["the sizes of the segments"] if segments > MODERATE else [])]
    listed = what[0] if len(what) == 1 else f"{', '.join(what[:-1])} and {what[-1]}"
    if worst > LARGE:
        return f"Recent customers differ clearly in {listed}; retraining is due."
    return f"Recent customers begin to differ in {listed}; look again soon."


def _too_few(row: ModelVersion, n_predictions: int, since: datetime, days: int) -> Drift:
    return Drift(
        version=row.version,
        n_predictions=n_predictions,
        since=since,
        verdict="too few predictions",
        sentence=(
            f"Predictions by this version in the last {days} days: {n_predictions}; "
            f"at least {FEWEST_PREDICTIONS} are needed to say anything."
        ),
        features=[],
        segments=[],
        segments_population_stability_index=None,
    )
