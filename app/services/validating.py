"""The engine's report of validation in plain values, the same for every door."""

from typing import Any

import numpy as np
import pandas as pd

from app.db.tables import ModelVersion
from app.schemas.validation import (
    Certainty,
    Criterion,
    Rule,
    SegmentStability,
    Stability,
    Structure,
    Validation,
)
from app.segmentation.clustering.result import Clustering
from app.segmentation.customers import FEATURES
from app.segmentation.threads import single_threaded
from app.segmentation.validation import certainty as engine_certainty
from app.segmentation.validation import structure as engine_structure
from app.segmentation.validation.report import ValidationReport, validate_segments
from app.services import versions
from app.services.answer_cache import AnswerCache
from app.services.models import ModelService

NOBODY = 0
"""Owner of what is known of models, which belong to all; no account has this id."""


def validate_version(models: ModelService, answers: AnswerCache, row: ModelVersion) -> Validation:
    """Ask whether the segments of a version of the core's model are real; once, then remember."""
    key = answers.key(["validation of a model", row.version, row.checksum])
    known = answers.get(NOBODY, key)
    if known is not None:
        return Validation.model_validate_json(known)
    customers = versions.customers_of(models, row)
    scorer = models.scorer_of(row)
    X = (customers.features - np.array(scorer.mean)) / np.array(scorer.scale)
    clustering = Clustering(
        labels=scorer.score_many(customers.features).clusters,
        n_clusters=row.n_clusters,
        centers=np.array(scorer.centers),
        inertia=row.inertia,
        method="kmeans",
    )
    frame = pd.DataFrame(customers.features, columns=list(FEATURES))
    with single_threaded():
        found = validation_of(validate_segments(X, clustering, frame, numeric=FEATURES))
    answers.put(NOBODY, key, found.model_dump_json().encode())
    return found


def validation_of(report: ValidationReport) -> Validation:
    return Validation(
        structure=structure_of(report.structure),
        stability=_stability(report),
        certainty=_certainty(report.certainty) if report.certainty is not None else None,
        rules=[
            Rule(
                cluster=rule.segment,
                text=rule.text,
                sql=rule.sql,
                precision=rule.precision,
                recall=rule.recall,
                size=rule.size,
            )
            for rule in report.rules
        ],
        notes=list(report.notes),
    )


def structure_of(structure: engine_structure.Structure) -> Structure:
    return Structure.model_validate(structure)


def _stability(report: ValidationReport) -> Stability | None:
    stability = report.stability
    if stability is None:
        return None
    segments: list[Any] = [
        SegmentStability(
            cluster=each.segment,
            jaccard=each.jaccard,
            recovered=each.recovered,
            dissolved=each.dissolved,
            band=each.band,
            sentence=each.sentence,
        )
        for each in stability.per_segment
    ]
    return Stability(
        weakest=stability.weakest,
        n_resamples=stability.n_resamples,
        sample_size=report.stability_sample_size,
        segments=segments,
    )


def _certainty(certainty: engine_certainty.Certainty) -> Certainty:
    return Certainty(
        best_n_clusters=certainty.best_k,
        shares=dict(certainty.shares),
        criteria=[Criterion(name=each.name, n_clusters=each.k) for each in certainty.criteria],
        agree=certainty.agree,
        n_resamples=certainty.n_resamples,
        sentences=list(certainty.sentences),
    )
