"""One analysis, from posted records to the answer's bytes: in a worker or in a request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic.alias_generators import to_camel

from app.schemas.analysis import AnalysisOptions
from app.schemas.analysis_result import (
    AnalysedCluster,
    AnalysisResult,
    Attempt,
    CamelRecipe,
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
from app.segmentation.explanation.rules import as_posted
from app.segmentation.preparation.column_choice import check_width, columns_used
from app.segmentation.segment import segment
from app.segmentation.segmentation import Chosen, Segmentation
from app.segmentation.tables import Kind, frame_of_records, table_from_frame
from app.segmentation.tables.grain import check_customers
from app.segmentation.threads import single_threaded
from app.services import recipes
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
    frame = posted.frame
    if posted.left_out and frame.empty:
        raise ColumnError(
            "No column is left to segment by: no field is in more than a few of the records. "
            "Post records that share their fields."
        )
    kinds = {name: Kind.IDENTIFIER for name in frame.columns if str(name).strip() == "id"}
    with single_threaded():
        table = table_from_frame(frame, kinds=kinds, one_row_is=options.one_row_is)
        check_customers(table.grain)
        recipe = recipes.of_analysis(options)
        n_rows = len(table.frame)
        used = columns_used(table.columns, recipe, n_rows=n_rows)
        check_width(table.columns, used, n_rows=n_rows, limit=recipe.categorical_limit)
        found = segment(table, recipe)
    if found.validation is not None:
        rules = as_posted(found.validation.rules, frame, table.frame)
        found = replace(found, validation=replace(found.validation, rules=rules))
    return _answer(records, found, posted.left_out, remarks)


def _answer(
    records: Records, found: Segmentation, rare: Mapping[str, str], remarks: Sequence[str]
) -> AnalysisResult:
    encoder, explanation, measure = found.encoder, found.explanation, found.silhouette
    return AnalysisResult(
        n_customers=len(records),
        n_clusters=found.n_segments,
        algorithm=found.chosen.algorithm,
        clusters=[_cluster(records, found, cluster) for cluster in range(found.n_segments)],
        unassigned=[records[i] for i in np.flatnonzero(found.labels < 0).tolist()],
        feature_importance=dict(found.importance),
        accuracy=found.accuracy,
        accuracy_by_chance=explanation.chance if explanation else None,
        silhouette=measure.score if measure else None,
        silhouette_sample_size=measure.sample_size if measure else None,
        selection=_selection(found.chosen) if found.chosen.attempts else None,
        columns=ColumnsUsed(
            used=list(found.columns.used),
            left_out={**found.columns.left_out, **rare},
            principal_components=len(encoder.explained_variance) or None if encoder else None,
            values_filled=found.n_filled,
        ),
        structure=Structure.model_validate(structure_of(found.structure).model_dump())
        if found.structure
        else None,
        validation=Validation.model_validate(validation_of(found.validation).model_dump())
        if found.validation
        else None,
        recipe=_recipe(found),
        warnings=[*remarks, *found.warnings],
    )


def _recipe(found: Segmentation) -> CamelRecipe:
    told = recipes.described(found.recipe)
    values = {to_camel(name): value for name, value in told.values.items()}
    return CamelRecipe(name=told.name, sentence=told.sentence, values=values)


def _cluster(records: Records, found: Segmentation, cluster: int) -> AnalysedCluster:
    profile, told = found.profiles[cluster], found.characteristics[cluster]
    rows = np.flatnonzero(found.labels == cluster).tolist()
    return AnalysedCluster(
        cluster_id=cluster,
        cluster_name=found.names[cluster],
        size=profile.size,
        share=profile.share,
        customers=[records[i] for i in rows],
        confidence=found.confidences[rows].tolist() if found.confidences is not None else None,
        probability=found.probabilities[rows].tolist() if found.probabilities is not None else None,
        centroid=dict(profile.means),
        categories={
            name: [LevelShare(level=each.level, share=each.share) for each in shares]
            for name, shares in profile.categories.items()
        },
        characteristics=[each.text for each in told],
        evidence=[
            Evidence(
                feature=each.column,
                level=each.level,
                value=each.value,
                rest=each.rest,
                effect=each.effect,
            )
            for each in evidence(told)
        ],
        silhouette=found.silhouette.per_cluster[cluster] if found.silhouette else None,
    )


def _selection(chosen: Chosen) -> Selection:
    sweep = chosen.kmeans_sweep
    return Selection(
        algorithm=chosen.algorithm,
        reason=chosen.reason,
        tried=[Attempt.model_validate(each, from_attributes=True) for each in chosen.attempts],
        k_means_by_count=ComparedCounts(
            n_clusters=list(sweep.k_range), silhouette=list(sweep.silhouettes)
        )
        if sweep is not None
        else None,
    )
