"""Records to an analysis: the journey of a table, with the algorithm chosen by its scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.column_choice import ColumnChoice
from app.segmentation.description.characteristics import characterise
from app.segmentation.description.naming_generic import TYPICAL
from app.segmentation.description.profiles import ClusterProfile, profile_segments
from app.segmentation.description.statements import Characteristic
from app.segmentation.explanation.importance import Explanation, explain_segments
from app.segmentation.explanation.rules import as_posted
from app.segmentation.fitting import FittedRun
from app.segmentation.posted.algorithm_choice import Selection, select_algorithm
from app.segmentation.posted.analysis_columns import ONE_SEGMENT, AnalysisOptions, analysis_columns
from app.segmentation.posted.analysis_space import AnalysisSpace
from app.segmentation.posted.clustered_space import UNRELATED, clustered_space
from app.segmentation.posted.extremes import without_extremes
from app.segmentation.silhouette import Silhouette
from app.segmentation.tables import Table, table_from_frame
from app.segmentation.tables.kinds import Kind
from app.segmentation.validation.report import ValidationReport, validate_segments
from app.segmentation.validation.structure import Structure, assess_structure

FEWEST_ROWS = 3
"""Two customers are one segment unless two are asked for: nothing can be said of a split."""


@dataclass(frozen=True, kw_only=True)
class AnalysedSegment:
    """One segment; ``silhouette`` is None where it was not measured."""

    profile: ClusterProfile
    name: str
    characteristics: tuple[Characteristic, ...]
    silhouette: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Analysis:
    """Everything that is told about posted records.

    Attributes
    ----------
    labels : ndarray of int32, shape (n_samples,)
        Segment of each record; -1 for noise.
    confidences : ndarray of int32, shape (n_samples,), or None
        (1 - distance to the own centre / distance to the nearest other) x 100, at least 0; None
        where there is one segment. Noise has the nearest segment's.
    segments : tuple of AnalysedSegment
        In the order of their ids.
    silhouette : Silhouette or None
        None where there is one segment.
    explanation : Explanation or None
        None where there is one segment.
    importance : mapping of str to float
        Column to its share, summing to 1; equal shares where there is one segment.
    accuracy : float
        Of a small tree that reproduces the segments, cross-validated; 1 where there is one.
    structure : Structure or None
        None where there is one segment.
    validation : ValidationReport or None
    choice : ColumnChoice
        What was clustered on; the segments are described on the columns that were set aside
        as unrelated too.
    selection : Selection or None
        None where there was nothing to choose.
    space : AnalysisSpace or None
    warnings : tuple of str
    """

    labels: NDArray[np.int32]
    confidences: NDArray[np.int32] | None
    segments: tuple[AnalysedSegment, ...]
    silhouette: Silhouette | None
    explanation: Explanation | None
    importance: Mapping[str, float]
    accuracy: float
    structure: Structure | None
    validation: ValidationReport | None
    choice: ColumnChoice
    selection: Selection | None
    space: AnalysisSpace | None
    warnings: tuple[str, ...]


def analyse(records: pd.DataFrame, options: AnalysisOptions | None = None) -> Analysis:
    """Find, name, explain and measure the segments of records of any shape.

    Parameters
    ----------
    records : DataFrame of shape (n_samples, any)
        Values as they were posted: numbers, text, booleans, None, mixed.
    options : AnalysisOptions, optional

    Raises
    ------
    TableError
        The records are no table.
    ColumnError
        A column asked for is absent or cannot be used, or none is left; the message says why.
    SegmentationError
        The algorithm refuses the records or the options.
    """
    options = options or AnalysisOptions()
    kinds = {name: Kind.IDENTIFIER for name in records.columns if str(name).strip() == "id"}
    table = table_from_frame(records, kinds=kinds)
    choice = analysis_columns(table, options)
    warnings = [str(warning) for warning in table.warnings]
    if not choice.used:
        return _one_segment(table, choice, warnings, "All customers are alike on every column")
    if len(table.frame) < FEWEST_ROWS and options.n_clusters is None:
        few = f"{len(table.frame)} customers are too few to segment"
        return _one_segment(table, choice, warnings, few)
    frame, extremes = without_extremes(table.frame, choice.numeric)
    warnings += extremes
    clustered, built = clustered_space(frame, choice, options)
    selected = select_algorithm(frame, built.space, choice, options)
    run, selection = selected.run, selected.selection
    if run is None:
        return _one_segment(table, choice, warnings, selection.reason, selection)
    if clustered is not choice:
        told = ", ".join(name for name in choice.used if name not in clustered.used)
        warnings.append(
            f"Not segmented by {told}: {UNRELATED}. To segment by all columns, name them"
        )
    return _described(
        records, table, frame, choice, clustered, options, built, run, selection, warnings
    )


def _described(
    records: pd.DataFrame,
    table: Table,
    frame: pd.DataFrame,
    choice: ColumnChoice,
    clustered: ColumnChoice,
    options: AnalysisOptions,
    built: AnalysisSpace,
    run: FittedRun,
    selection: Selection,
    warnings: list[str],
) -> Analysis:
    labels, seed = run.clustering.labels, options.random_state
    explanation = explain_segments(
        frame, labels, numeric=choice.numeric, categorical=choice.categorical, random_state=seed
    )
    structure = assess_structure(built.encoded, random_state=seed)
    validation = None
    if options.validate:
        validation = validate_segments(
            built.space.matrix,
            run.clustering,
            frame,
            numeric=choice.numeric,
            categorical=choice.categorical,
            structure=structure,
            sweep=selection.sweep,
            random_state=seed,
        )
        validation = replace(validation, rules=as_posted(validation.rules, records, table.frame))
    statements = characterise(
        run.profiles, frame, labels, numeric=choice.numeric, categorical=choice.categorical
    )
    per_cluster = run.silhouette.per_cluster if run.silhouette else None
    return Analysis(
        labels=labels,
        confidences=_confidences(run, built),
        segments=tuple(
            AnalysedSegment(
                profile=profile,
                name=name,
                characteristics=told,
                silhouette=per_cluster[profile.cluster_id] if per_cluster else None,
            )
            for profile, name, told in zip(run.profiles, run.names, statements, strict=True)
        ),
        silhouette=run.silhouette,
        explanation=explanation,
        importance=explanation.importance,
        accuracy=explanation.accuracy,
        structure=structure,
        validation=validation,
        choice=clustered,
        selection=selection,
        space=built,
        warnings=(*warnings, *run.warnings),
    )


def _confidences(run: FittedRun, built: AnalysisSpace) -> NDArray[np.int32] | None:
    if run.scorer is None:
        return None
    distances = run.scorer.score_many(built.space.matrix).distances
    rows = np.arange(len(distances))
    labels = run.clustering.labels
    # Trees and densities may leave a customer nearer to another centre than to the own one.
    own_segment = np.where(labels >= 0, labels, np.argmin(distances, axis=1))
    own = distances[rows, own_segment]
    others = distances.copy()
    others[rows, own_segment] = np.inf
    other = others.min(axis=1)
    ratio = np.divide(own, other, out=np.ones_like(own), where=other > 0)
    return np.asarray(np.rint(np.clip(1 - ratio, 0, 1) * 100), dtype=np.int32)


def _one_segment(
    table: Table,
    choice: ColumnChoice,
    warnings: list[str],
    reason: str,
    selection: Selection | None = None,
) -> Analysis:
    """Answer for customers that cannot be told apart: all of them are one segment."""
    labels = np.zeros(len(table.frame), dtype=np.int32)
    constant = table.of_kind(Kind.CONSTANT)
    numeric = [*choice.numeric]
    for name in constant:
        if pd.to_numeric(table.frame[name], errors="coerce").notna().any():
            numeric.append(name)
    columns = [*choice.used, *constant] or list(table.frame.columns)
    (profile,) = profile_segments(
        table.frame, labels, numeric=numeric, categorical=choice.categorical
    )
    segment = AnalysedSegment(profile=profile, name=TYPICAL, characteristics=(), silhouette=None)
    return Analysis(
        labels=labels,
        confidences=None,
        segments=(segment,),
        silhouette=None,
        explanation=None,
        importance=dict.fromkeys(columns, 1 / len(columns)),
        accuracy=1.0,
        structure=None,
        validation=None,
        choice=choice,
        selection=selection,
        space=None,
        warnings=(*warnings, f"{reason.rstrip('.')}{ONE_SEGMENT}"),
    )
