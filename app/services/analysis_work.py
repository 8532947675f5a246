"""One analysis, from posted records to the answer's bytes: in a worker or in a request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from app.schemas.analysis import UNKNOWN, AnalysisOptions
from app.schemas.analysis_result import AnalysedCluster, AnalysisResult
from app.schemas.base import CautionOut
from app.schemas.camel import camel
from app.schemas.recipes import RecipeOut
from app.segmentation.caution import Caution
from app.segmentation.description.characteristics import evidence
from app.segmentation.errors import ColumnError
from app.segmentation.explanation.rules import as_written
from app.segmentation.preparation.column_choice import check_width, columns_used
from app.segmentation.preparation.deriving import derived_remarks, with_derived
from app.segmentation.segment import segment
from app.segmentation.segmentation import Chosen, Segmentation
from app.segmentation.tables import Kind, frame_of_records, table_from_frame
from app.segmentation.tables.grain import check_customers
from app.segmentation.threads import single_threaded
from app.services.job_work import Outcome, Progress, Tools
from app.services.segmentations.reports import describe_recipe, validation_of

Records = Sequence[dict[str, object]]
ANSWER, CLUSTER = camel(AnalysisResult), camel(AnalysedCluster)


class AnalysisOrder(BaseModel):
    """An analysis that was looked through; it travels to a worker as plain values.

    `key` is its name in the cache, and `remarks` go before the answer's warnings.
    """

    records: list[dict[str, object]]
    options: AnalysisOptions
    remarks: list[str]
    key: str


def analysis_work(_tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Analyse as a job; the answer is kept as the job's result."""
    report("finding segments", 10)
    order = AnalysisOrder.model_validate(arguments)
    # Codes do not travel as plain values; remarks on a request have one.
    remarks = [Caution(each, UNKNOWN) for each in order.remarks]
    answer = analyse_records(order.records, order.options, remarks=remarks)
    report("keeping the answer", 95)
    result: dict[str, object] = {"analysis": answer.model_dump(mode="json"), "key": order.key}
    return Outcome(store=lambda _session: result, discard=lambda: None)


def answer_order(order: AnalysisOrder) -> bytes:
    """Analyse while a request waits, and return its answer as JSON."""
    answer = analyse_records(order.records, order.options, remarks=order.remarks)
    return answer.model_dump_json().encode()


def analyse_records(
    records: Records, options: AnalysisOptions, *, remarks: Sequence[str] = ()
) -> AnalysisResult:
    """Run the engine's journey on records, and put its result in the form of the answer.

    The remarks on the request go before the engine's own warnings.
    """
    posted = frame_of_records(records, wanted=(*(options.columns or ()), *(options.exclude or ())))
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
        recipe = options.recipe()
        remarks = (*remarks, *derived_remarks(table.columns, recipe, n_rows=len(table.frame)))
        table = with_derived(table, recipe)
        n_rows = len(table.frame)
        used = columns_used(table.columns, recipe, n_rows=n_rows)
        check_width(table.columns, used, n_rows=n_rows, limit=recipe.categorical_limit)
        found = segment(table, recipe)
    if found.validation is not None:
        rules = as_written(found.validation.rules, frame, table.frame)
        found = replace(found, validation=replace(found.validation, rules=rules))
    return _answer(records, found, posted.left_out, remarks)


def _answer(
    records: Records, found: Segmentation, rare: Mapping[str, str], remarks: Sequence[str]
) -> AnalysisResult:
    encoder, explanation, measure = found.encoder, found.explanation, found.silhouette
    return ANSWER.model_validate(
        {
            "n_customers": len(records),
            "n_clusters": found.n_segments,
            "algorithm": found.chosen.algorithm,
            "clusters": [_cluster(records, found, number) for number in range(found.n_segments)],
            "unassigned": [records[i] for i in np.flatnonzero(found.labels < 0).tolist()],
            "feature_importance": found.importance,
            "accuracy": found.accuracy,
            "accuracy_by_chance": explanation.chance if explanation else None,
            "silhouette": measure.score if measure else None,
            "silhouette_sample_size": measure.sample_size if measure else None,
            "selection": _selection(found.chosen) if found.chosen.attempts else None,
            "columns": {
                "used": found.columns.used,
                "left_out": {**found.columns.left_out, **rare},
                "principal_components": encoder and (len(encoder.explained_variance) or None),
                "values_filled": found.n_filled,
            },
            "structure": found.structure,
            "validation": validation_of(found.validation) if found.validation else None,
            "recipe": _recipe(found),
            "warnings": [*remarks, *found.warnings],
            "cautions": [CautionOut.of(each) for each in (*remarks, *found.warnings)],
        }
    )


def _recipe(found: Segmentation) -> RecipeOut:
    told = describe_recipe(found.recipe)
    return told.model_copy(
        update={"values": {to_camel(name): value for name, value in told.values.items()}}
    )


def _cluster(records: Records, found: Segmentation, number: int) -> AnalysedCluster:
    profile, told = found.profiles[number], found.characteristics[number]
    rows = np.flatnonzero(found.labels == number).tolist()
    return CLUSTER.model_validate(
        {
            "cluster_id": number,
            "cluster_name": found.names[number],
            "size": profile.size,
            "share": profile.share,
            "customers": [records[i] for i in rows],
            "confidence": None if found.confidences is None else found.confidences[rows].tolist(),
            "probability": None
            if found.probabilities is None
            else found.probabilities[rows].tolist(),
            "centroid": profile.means,
            "categories": profile.categories,
            "characteristics": [each.text for each in told],
            "middle": told[0].text if told and told[0].is_medium else None,
            "evidence": evidence(told),
            "silhouette": found.silhouette.per_cluster[number] if found.silhouette else None,
        }
    )


def _selection(chosen: Chosen) -> dict[str, object]:
    sweep = chosen.kmeans_sweep
    return {
        "algorithm": chosen.algorithm,
        "reason": chosen.reason,
        "tried": chosen.attempts,
        "k_means_by_count": sweep
        and {"n_clusters": list(sweep.k_range), "silhouette": sweep.silhouettes},
    }
