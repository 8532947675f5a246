"""Whether recent customers still look like those a version was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from app.db.tables import PredictionHistory, utcnow
from app.schemas.models import CategoryDrift, DriftOut, FeatureDrift, SegmentDrift
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


@dataclass(frozen=True, eq=False)
class Customers:
    """Customers of one time: numbers, codes of categories from 0, and segments from 0."""

    numbers: NDArray[np.floating]
    segments: NDArray[np.integer]
    categories: Sequence[NDArray[np.integer]] = ()


@dataclass(frozen=True)
class Watched:
    """The version whose customers are compared: what its columns and segments are called."""

    version: int
    features: Sequence[str]
    segments: Sequence[str]
    categories: Sequence[str] = ()
    n_filled: Sequence[int] | None = None


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
        return too_few(version, len(recent), since)
    report, scorer = report_of(row), models.scorer_of(row)
    trained_on = customers_of(models, row).features
    watched = Watched(
        version, FEATURES, report.names, n_filled=[report.imputed[each] for each in FEATURES]
    )
    return measured(
        watched,
        since,
        before=Customers(trained_on, scorer.score_many(trained_on).clusters),
        now=Customers(recent, scorer.score_many(recent).clusters),
    )


def measured(watched: Watched, since: datetime, *, before: Customers, now: Customers) -> DriftOut:
    """Compare two lots of customers, column by column and by the sizes of the segments."""
    found = assess_drift(
        before.numbers,
        now.numbers,
        trained_segments=before.segments,
        recent_segments=now.segments,
        n_filled=watched.n_filled,
        categories=list(zip(before.categories, now.categories, strict=True)),
    )
    then, recent = (
        np.bincount(each.segments, minlength=len(watched.segments)) / len(each.segments)
        for each in (before, now)
    )
    return DriftOut(
        version=watched.version,
        n_predictions=len(now.segments),
        since=since,
        verdict=found.verdict,
        alarm=found.verdict != "stable",
        sentence=_sentence(found, watched),
        features=[
            FeatureDrift(
                feature=feature,
                population_stability_index=change.index,
                index_by_chance=change.index_by_chance,
                p_value=change.p_value,
                drift=change.band,
                training_mean=float(old.mean()),
                recent_mean=float(new.mean()),
            )
            for feature, change, old, new in zip(
                watched.features, found.features, before.numbers.T, now.numbers.T, strict=True
            )
        ],
        categories=[
            CategoryDrift(
                column=column,
                population_stability_index=change.index,
                index_by_chance=change.index_by_chance,
                p_value=change.p_value,
                drift=change.band,
            )
            for column, change in zip(watched.categories, found.categories, strict=True)
        ],
        segments=[
            SegmentDrift(
                cluster_id=i,
                cluster_name=name,
                training_share=float(then[i]),
                recent_share=float(recent[i]),
            )
            for i, name in enumerate(watched.segments)
        ],
        segments_population_stability_index=found.segments.index,
        segments_index_by_chance=found.segments.index_by_chance,
        segments_p_value=found.segments.p_value,
    )


def _sentence(found: Drift, watched: Watched) -> str:
    names = (*watched.features, *watched.categories)
    changes = (*found.features, *found.categories)
    changed = [
        name.replace("_", " ")
        for name, change in zip(names, changes, strict=True)
        if change.band != "none"
    ]
    if found.segments.band != "none":
        changed.append("the sizes of the segments")
    *others, last = changed or [""]
    listed = f"{', '.join(others)} and {last}" if others else last
    return _SENTENCES[found.verdict].format(changed=listed)


def too_few(version: int, n_predictions: int, since: datetime) -> DriftOut:
    return DriftOut(
        version=version,
        n_predictions=n_predictions,
        since=since,
        verdict="too few predictions",
        alarm=False,
        sentence=(
            f"Predictions by this version since {since:%Y-%m-%d}: {n_predictions}; "
            f"at least {FEWEST_PREDICTIONS} are needed to say anything."
        ),
        features=[],
        categories=[],
        segments=[],
        segments_population_stability_index=None,
        segments_index_by_chance=None,
        segments_p_value=None,
    )
