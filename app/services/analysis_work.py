"""One analysis, from posted records to the answer's bytes: in a worker or in a request."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.schemas.analysis import AnalysisOptions
from app.schemas.analysis_result import (
    AnalysedCluster,
    AnalysisResult,
    Attempt,
    ColumnsUsed,
    ComparedCounts,
    Evidence,
    LevelShare,
    Selection,
    Structure,
    Validation,
)
from app.segmentation.description.characteristics import evidence
from app.segmentation.errors import ColumnError
from app.segmentation.posted import algorithm_choice, analysis, analysis_columns
from app.segmentation.tables import frame_of_records
from app.segmentation.threads import single_threaded
from app.services.job_work import Bench, Outcome, Progress
from app.services.validating import structure_of, validation_of

Records = Sequence[dict[str, Any]]


def analysis_work(_bench: Bench, arguments: Mapping[str, Any], report: Progress) -> Outcome:
    """Analyse as a job; the answer is kept as the job's result."""
    report("finding segments", 10)
    options = AnalysisOptions.model_validate(arguments["options"])
    answer = analyse_records(arguments["records"], options, remarks=arguments["remarks"])
    report("keeping the answer", 95)
    result = {"analysis": answer.model_dump(mode="json"), "key": arguments["key"]}
    return Outcome(store=lambda _session: result, discard=lambda: None)


def analyse_records(
    records: Records, options: AnalysisOptions, *, remarks: Sequence[str] = ()
) -> AnalysisResult:
    """Run the engine's journey on records, and put its result in the form of the answer.

    The remarks on the request go before the engine's own warnings.
    """
    posted = frame_of_records(records, wanted=(*(options.columns or ()), *options.exclude))
    if posted.left_out and posted.frame.empty:
        raise ColumnError(
            "No column is left to segment by: no field is in more than a few of the records. "
            "Post records that share their fields."
        )
    with single_threaded():
        found = analysis.analyse(
            posted.frame,
            analysis_columns.AnalysisOptions(
                algorithm=options.algorithm,
                n_clusters=options.n_clusters,
                columns=tuple(options.columns) if options.columns is not None else None,
                exclude=tuple(options.exclude),
                transform=options.transform,
                random_state=options.seed,
                validate=options.with_validation,
            ),
        )
    return _answer(records, found, posted.left_out, remarks)


def _answer(
    records: Records,
    found: analysis.Analysis,
    rare: Mapping[str, str],
    remarks: Sequence[str],
) -> AnalysisResult:
    built, explanation, measure = found.space, found.explanation, found.silhouette
    return AnalysisResult(
        n_customers=len(records),
        n_clusters=len(found.segments),
        algorithm=found.selection.algorithm if found.selection else None,
        clusters=[_cluster(records, found, segment) for segment in found.segments],
        unassigned=[records[i] for i in np.flatnonzero(found.labels < 0).tolist()],
        feature_importance=dict(found.importance),
        accuracy=found.accuracy,
        accuracy_by_chance=explanation.chance if explanation else None,
        silhouette=measure.score if measure else None,
        silhouette_sample_size=measure.sample_size if measure else None,
        selection=_selection(found.selection) if found.selection else None,
        columns=ColumnsUsed(
            used=list(found.choice.used),
            left_out={**found.choice.left_out, **rare},
            principal_components=built.n_components if built else None,
            values_filled=built.n_filled if built else 0,
        ),
        structure=Structure.model_validate(structure_of(found.structure).model_dump())
        if found.structure
        else None,
        validation=Validation.model_validate(validation_of(found.validation).model_dump())
        if found.validation
        else None,
        warnings=[*remarks, *found.warnings],
    )


def _cluster(
    records: Records, found: analysis.Analysis, segment: analysis.AnalysedSegment
) -> AnalysedCluster:
    profile = segment.profile
    rows = np.flatnonzero(found.labels == profile.cluster_id).tolist()
    return AnalysedCluster(
        cluster_id=profile.cluster_id,
        cluster_name=segment.name,
        size=profile.size,
        share=profile.share,
        customers=[records[i] for i in rows],
        confidence=found.confidences[rows].tolist() if found.confidences is not None else None,
        centroid=dict(profile.means),
        categories={
            name: [LevelShare(level=each.level, share=each.share) for each in shares]
            for name, shares in profile.categories.items()
        },
        characteristics=[each.text for each in segment.characteristics],
        evidence=[
            Evidence(
                feature=each.column,
                level=each.level,
                value=each.value,
                rest=each.rest,
                effect=each.effect,
            )
            for each in evidence(segment.characteristics)
        ],
        silhouette=segment.silhouette,
    )


def _selection(selection: algorithm_choice.Selection) -> Selection:
    sweep = selection.sweep
    return Selection(
        algorithm=selection.algorithm,
        reason=selection.reason,
        tried=[Attempt.model_validate(each, from_attributes=True) for each in selection.attempts],
        k_means_by_count=ComparedCounts(
            n_clusters=list(sweep.k_range), silhouette=list(sweep.silhouettes)
        )
        if sweep is not None
        else None,
    )
