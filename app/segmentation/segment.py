"""The journey of a table: prepared, clustered, described, explained and questioned."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

from numpy.typing import NDArray

from app.segmentation.caution import Caution
from app.segmentation.cautions import cautions, placing_cautions
from app.segmentation.choice.choosing import Choice, choose
from app.segmentation.choice.grouping import choose_groups
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import is_degenerate
from app.segmentation.copies import copies_of
from app.segmentation.description.characteristics import characterise
from app.segmentation.description.naming_customers import RANKED_BY
from app.segmentation.description.profiles import (
    profile_segments,
    with_units,
)
from app.segmentation.explanation.importance import Explanation, explain_segments
from app.segmentation.kept_tree import KeptTree, cut_membership, keep_tree, plane_of
from app.segmentation.membership import RESAMPLED_ROWS, Membership, fit_membership
from app.segmentation.numbering import Before, Numbered, named, numbered
from app.segmentation.one_segment import one_segment
from app.segmentation.placing import outlier_reaches, place_encoded, scorer_of
from app.segmentation.preparation.column_choice import columns_used
from app.segmentation.preparation.deriving import derived_remarks, with_derived
from app.segmentation.preparation.preparing import Prepared, Scalar, prepare
from app.segmentation.questioning import doubts, question, refit_of_rows
from app.segmentation.recipe import Recipe
from app.segmentation.scoring import Scorer
from app.segmentation.segmentation import Chosen, Segmentation, Segmented
from app.segmentation.tables import Table, units_of
from app.segmentation.validation.clear_groups import shows_clear_groups

FEWEST_ROWS = 3
"""Two customers are one segment unless two are asked for: nothing can be said of a split."""

Phase = Literal["preparing", "clustering", "describing", "validating"]
Progress = Callable[[Phase, float], None]
"""Called with the phase and how much of it is done, 0 to 1; it may raise to end the work."""


def silent(_phase: Phase, _done: float) -> None:
    """Report to no one."""


def segment(
    table: Table,
    recipe: Recipe,
    progress: Progress = silent,
    *,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
) -> Segmentation:
    """Find, name, explain and question the segments of a table; see `segment_with_tree`."""
    return segment_with_tree(
        table, recipe, progress, memory_limit_bytes=memory_limit_bytes
    ).segmentation


def segment_with_tree(
    table: Table,
    recipe: Recipe,
    progress: Progress = silent,
    *,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    before: Before | None = None,
) -> Segmented:
    """Segment a table, and keep the tree where the segments are a cut of one.

    Parameters
    ----------
    table : Table
        Its frame may lack columns that the recipe does not use.
    recipe : Recipe
    progress : callable, optional
    memory_limit_bytes : int
        What the distances of a tree may take.
    before : Before, optional
        The core's segments keep their numbers, and names that are still true.

    Raises
    ------
    ColumnError
        A column asked for is absent or cannot be used, or none is left; the message says why.
    SegmentationError
        The rows or the options are refused; the message says why.
    """
    if recipe.undivided == "one" and (copies := copies_of(table, recipe)) is not None:
        once = segment_with_tree(
            copies.table, recipe, progress, memory_limit_bytes=memory_limit_bytes
        )
        return Segmented(
            copies.spread(once.segmentation), once.tree and copies.spread_tree(once.tree)
        )
    progress("preparing", 0)
    warnings: tuple[str, ...] = tuple(Caution(each.message, each.code) for each in table.warnings)
    warnings += derived_remarks(table.columns, recipe, n_rows=len(table.frame))
    table = with_derived(table, recipe)
    columns = columns_used(table.columns, recipe, n_rows=len(table.frame))
    together = partial(one_segment, table, columns, recipe, warnings)
    if not columns.used:
        return Segmented(together("All customers are alike on every column"), None)
    if recipe.undivided == "one" and len(table.frame) < FEWEST_ROWS and recipe.n_clusters is None:
        return Segmented(together(f"{len(table.frame)} customers are too few to segment"), None)
    prepared = prepare(table, recipe, shows_groups=shows_clear_groups)
    progress("clustering", 0)
    choice = choose(
        prepared.space,
        recipe,
        memory_limit_bytes=memory_limit_bytes,
        on_step=lambda done, steps: progress("clustering", done / steps),
    )
    if recipe.algorithm == "auto" and recipe.n_clusters is None:
        unprojected = prepared.unprojected
        groups = choose_groups(unprojected, recipe, scored=choice, gaps=prepared.gaps)
        if groups is not None:
            prepared, choice = replace(prepared, space=unprojected), groups
    if choice.clustering is None:
        return Segmented(together(choice.reason, _chosen(choice)), None)
    segments = Numbered(choice=choice, clustering=choice.clustering)
    if recipe.vocabulary == "core":
        segments = numbered(segments, prepared, ranked_by=RANKED_BY, before=before)
    progress("describing", 0)
    tree = None
    if choice.tree is not None:
        tree = keep_tree(choice.tree, prepared, random_state=recipe.seed)
    found = _described(prepared, segments, recipe, warnings, tree, units_of(table.columns))
    progress("validating", 0)
    structure, validation = question(
        prepared, segments.clustering, recipe, kmeans_sweep=choice.kmeans_sweep
    )
    told = doubts(prepared, segments.clustering, structure, recipe, found.names)
    found = replace(
        found, structure=structure, validation=validation, warnings=(*found.warnings, *told)
    )
    return Segmented(found, tree, segments.matches)


def _described(
    prepared: Prepared,
    segments: Numbered,
    recipe: Recipe,
    warnings: tuple[str, ...],
    tree: KeptTree | None,
    units: Mapping[str, str],
) -> Segmentation:
    X, described = prepared.space.matrix, prepared.described
    choice, clustering = segments.choice, segments.clustering
    frame, labels = prepared.frame, clustering.labels
    profiles = profile_segments(
        frame, labels, numeric=described.numeric, categorical=described.categorical
    )
    profiles = with_units(profiles, units)
    scorer = scorer_of(clustering, outlier_reaches(X, clustering))
    in_table = replace(clustering, labels=prepared.in_table_order(labels))
    membership = (
        cut_membership(tree, in_table, scorer)
        if tree is not None
        else _membership(prepared, segments, scorer, recipe)
    )
    placed = None
    if scorer is not None and membership is not None and recipe.explanation:
        placed = place_encoded(
            X, membership, n_clusters=len(scorer.centers), scorer=scorer, density=choice.density
        )
    return Segmentation(
        recipe=recipe,
        columns=prepared.columns,
        encoder=prepared.space.encoder,
        clustering=in_table,
        scorer=scorer,
        density=choice.density,
        membership=membership,
        chosen=_chosen(choice),
        silhouette=choice.measure,
        profiles=profiles,
        names=named(profiles, segments, prepared.space.encoder, recipe),
        characteristics=characterise(
            profiles, frame, labels, numeric=described.numeric, categorical=described.categorical
        )
        if recipe.explanation
        else (),
        confidences=_in_table_order(prepared, placed.confidences if placed else None),
        probabilities=_in_table_order(prepared, placed.probabilities if placed else None),
        degenerate=clustering.n_clusters > 0 and is_degenerate(clustering),
        explanation=_explained(prepared, clustering, recipe),
        n_filled=prepared.n_filled,
        warnings=(
            *warnings,
            *prepared.remarks,
            *cautions(clustering, choice.measure, recipe=recipe, sweep=choice.sweep),
            *placing_cautions(membership),
        ),
        plane=plane_of(X, labels, prepared.order),
    )


def _in_table_order(prepared: Prepared, values: NDArray[Scalar] | None) -> NDArray[Scalar] | None:
    return None if values is None else prepared.in_table_order(values)


def _explained(prepared: Prepared, clustering: Clustering, recipe: Recipe) -> Explanation | None:
    if not recipe.explanation or clustering.n_clusters < 2:
        return None
    return explain_segments(
        prepared.frame,
        clustering.labels,
        numeric=prepared.numeric,
        categorical=prepared.categorical,
        random_state=recipe.seed,
    )


def _membership(
    prepared: Prepared, segments: Numbered, scorer: Scorer | None, recipe: Recipe
) -> Membership:
    X, clustering = prepared.space.matrix, segments.clustering
    return fit_membership(
        X,
        clustering,
        refit_of_rows(prepared, clustering, share=min(len(X), RESAMPLED_ROWS) / len(X)),
        scorer=scorer,
        density=segments.choice.density,
        random_state=recipe.seed,
    )


def _chosen(choice: Choice) -> Chosen:
    sweeps = [
        None if sweep is None else sweep.without_partitions()
        for sweep in (choice.sweep, choice.kmeans_sweep)
    ]
    return Chosen(
        algorithm=choice.algorithm,
        reason=choice.reason,
        attempts=choice.attempts,
        sweep=sweeps[0],
        kmeans_sweep=sweeps[1],
    )
