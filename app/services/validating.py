"""The engine's report of validation in plain values, the same for every door."""

from typing import Any

from app.schemas.validation import (
    Certainty,
    Criterion,
    Rule,
    SegmentStability,
    Stability,
    Structure,
    Validation,
)
from app.segmentation.validation import certainty as engine_certainty
from app.segmentation.validation import structure as engine_structure
from app.segmentation.validation.report import ValidationReport


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
