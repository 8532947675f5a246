"""The journey of a table: prepared, clustered, described, explained and questioned."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.cautions import cautions, placing_cautions
from app.segmentation.choice.choosing import Choice, choose
from app.segmentation.choice.grouping import choose_groups
from app.segmentation.choice.refitting import groups_refit
from app.segmentation.choice.sweep import Sweep, is_degenerate
from app.segmentation.clustering.hierarchical import MEMORY_LIMIT_BYTES
from app.segmentation.clustering.result import Clustering
from app.segmentation.description.characteristics import characterise
from app.segmentation.description.naming_generic import TYPICAL, name_generic
from app.segmentation.description.profiles import (
    ClusterProfile,
    describe_segments,
    profile_segments,
)
from app.segmentation.explanation.importance import Explanation, explain_segments
from app.segmentation.kept_tree import (
    KeptTree,
    cut_kept,
    cut_membership,
    cut_projection,
    keep_tree,
    plane_of,
)
from app.segmentation.membership import RESAMPLED_ROWS, Membership, fit_membership
from app.segmentation.placing import outlier_reaches, place_encoded, scorer_of
from app.segmentation.preparation.column_choice import ColumnChoice, columns_used
from app.segmentation.preparation.preparing import Prepared, Scalar, prepare
from app.segmentation.recipe import Recipe
from app.segmentation.scoring import Scorer
from app.segmentation.segmentation import Chosen, Segmentation, Segmented
from app.segmentation.tables import Kind, Table
from app.segmentation.validation.report import (
    STABILITY_ROWS,
    ValidationReport,
    refit_of,
    validate_segments,
)
from app.segmentation.validation.resampling import Refit
from app.segmentation.validation.structure import Structure, assess_structure

FEWEST_ROWS = 3
"""Two customers are one segment unless two are asked for: nothing can be said of a split."""

ONE_SEGMENT = ": they are given as one segment, and nothing in it is compared or measured."

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

    Raises
    ------
    ColumnError
        A column asked for is absent or cannot be used, or none is left; the message says why.
    SegmentationError
        The rows or the options are refused; the message says why.
    """
    progress("preparing", 0)
    warnings = tuple(str(warning) for warning in table.warnings)
    columns = columns_used(table.columns, recipe, n_rows=len(table.frame))
    if not columns.used:
        alone = "All customers are alike on every column"
        return Segmented(_one_segment(table, columns, recipe, warnings, alone), None)
    if recipe.undivided == "one" and len(table.frame) < FEWEST_ROWS and recipe.n_clusters is None:
        few = f"{len(table.frame)} customers are too few to segment"
        return Segmented(_one_segment(table, columns, recipe, warnings, few), None)
    prepared = prepare(table, recipe)
    progress("clustering", 0)
    choice = choose(
        prepared.space,
        recipe,
        memory_limit_bytes=memory_limit_bytes,
        on_step=lambda done, steps: progress("clustering", done / steps),
    )
    if recipe.algorithm == "auto" and recipe.n_clusters is None:
        unprojected = prepared.unprojected
        groups = choose_groups(unprojected, recipe, scored=choice)
        if groups is not None:
            prepared, choice = replace(prepared, space=unprojected), groups
    if choice.clustering is None:
        alone = choice.reason
        return Segmented(
            _one_segment(table, columns, recipe, warnings, alone, _chosen(choice)), None
        )
    progress("describing", 0)
    tree = None
    if choice.tree is not None:
        tree = keep_tree(choice.tree, prepared, random_state=recipe.seed)
    found = _described(prepared, choice, choice.clustering, recipe, warnings, tree)
    progress("validating", 0)
    clustered = replace(found.clustering, labels=choice.clustering.labels)
    structure, validation = _questioned(
        prepared, clustered, recipe, kmeans_sweep=choice.kmeans_sweep
    )
    return Segmented(replace(found, structure=structure, validation=validation), tree)


def recut(tree: KeptTree, recipe: Recipe) -> Segmentation:
    """Describe another cut of a kept tree as `segment` would, without reading a row.

    Parameters
    ----------
    tree : KeptTree
    recipe : Recipe
        Its ``n_clusters`` is the cut; None is the sound one with the highest silhouette.

    Raises
    ------
    DegenerateDataError
        The tree has no such cut.
    """
    asked = tree.measured.best_k if recipe.n_clusters is None else recipe.n_clusters
    clustering, cut = cut_kept(tree, asked)
    measure = tree.measured.measure(clustering.n_clusters)
    profiles = describe_segments(tree.table.merged(cut.clusters))
    scorer = scorer_of(clustering, cut.reaches or (cut.reach,) * len(cut.centers))
    membership = cut_membership(tree, clustering, scorer)
    sweep = tree.measured.sweep
    return Segmentation(
        recipe=recipe,
        columns=tree.columns,
        encoder=tree.encoder,
        clustering=clustering,
        scorer=scorer,
        membership=membership,
        chosen=Chosen(
            algorithm="hierarchical",
            reason=_cut_reason(recipe, clustering.n_clusters),
            sweep=sweep,
        ),
        silhouette=measure,
        profiles=profiles,
        names=name_generic(profiles),
        degenerate=is_degenerate(clustering),
        n_filled=tree.n_filled,
        warnings=(
            *tree.remarks,
            *cautions(clustering, measure, sweep=_unquestioned(sweep, recipe)),
            *placing_cautions(membership),
        ),
        plane=cut_projection(tree, n_clusters=asked),
    )


def validate(table: Table, found: Segmentation) -> Segmentation:
    """Question a segmentation that was cut from a kept tree, as its recipe asks."""
    if found.recipe.validation == "none" or found.n_segments < 2:
        return found
    prepared = prepare(table, found.recipe)
    clustering = replace(found.clustering, labels=found.labels[prepared.order])
    structure, validation = _questioned(prepared, clustering, found.recipe, kmeans_sweep=None)
    return replace(found, structure=structure, validation=validation)


def _described(
    prepared: Prepared,
    choice: Choice,
    clustering: Clustering,
    recipe: Recipe,
    warnings: tuple[str, ...],
    tree: KeptTree | None,
) -> Segmentation:
    X, described = prepared.space.matrix, prepared.described
    frame, labels = prepared.frame, clustering.labels
    profiles = profile_segments(
        frame, labels, numeric=described.numeric, categorical=described.categorical
    )
    scorer = scorer_of(clustering, outlier_reaches(X, clustering))
    in_table = replace(clustering, labels=prepared.in_table_order(labels))
    membership = (
        cut_membership(tree, in_table, scorer)
        if tree is not None
        else _membership(prepared, choice, clustering, scorer, recipe)
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
        names=name_generic(profiles),
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
            *cautions(clustering, choice.measure, sweep=_unquestioned(choice.sweep, recipe)),
            *placing_cautions(membership),
        ),
        plane=plane_of(X, labels, prepared.order),
    )


def _in_table_order(prepared: Prepared, values: NDArray[Scalar] | None) -> NDArray[Scalar] | None:
    return None if values is None else prepared.in_table_order(values)


def _unquestioned(sweep: Sweep | None, recipe: Recipe) -> Sweep | None:
    """Where the number of segments comes from, unless it was given or validation questions it."""
    return sweep if recipe.n_clusters is None and recipe.validation != "full" else None


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


def _questioned(
    prepared: Prepared, clustering: Clustering, recipe: Recipe, *, kmeans_sweep: Sweep | None
) -> tuple[Structure | None, ValidationReport | None]:
    """Ask, as far as the recipe says, whether the segments are real."""
    if recipe.validation == "none" or clustering.n_clusters < 2:
        return None, None
    # Components of categories lie in heaps, which would pass for groups.
    structure = assess_structure(prepared.unprojected.matrix, random_state=recipe.seed)
    if recipe.validation == "structure":
        return structure, None
    X = prepared.space.matrix
    share = min(len(X), STABILITY_ROWS) / len(X)
    return structure, validate_segments(
        X,
        clustering,
        prepared.frame,
        numeric=prepared.numeric,
        categorical=prepared.categorical,
        structure=structure,
        sweep=kmeans_sweep,
        refit=_refit(prepared, clustering, share=share),
        random_state=recipe.seed,
    )


def _membership(
    prepared: Prepared,
    choice: Choice,
    clustering: Clustering,
    scorer: Scorer | None,
    recipe: Recipe,
) -> Membership:
    X = prepared.space.matrix
    return fit_membership(
        X,
        clustering,
        _refit(prepared, clustering, share=min(len(X), RESAMPLED_ROWS) / len(X)),
        scorer=scorer,
        density=choice.density,
        random_state=recipe.seed,
    )


def _refit(prepared: Prepared, clustering: Clustering, *, share: float) -> Refit:
    """How other rows are clustered as these were, where they are that share of them."""
    encoder = prepared.space.encoder
    if clustering.method in ("mixture", "regions"):
        n_numeric = len(encoder.numeric)
        return groups_refit(clustering, n_numeric=n_numeric, column_starts=encoder.column_starts)
    return refit_of(clustering, share=share)


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


def _cut_reason(recipe: Recipe, n_clusters: int) -> str:
    return (
        f"Hierarchical ({recipe.linkage.capitalize()}) with {n_clusters} segments: "
        "the algorithm was asked for."
    )


def _one_segment(
    table: Table,
    columns: ColumnChoice,
    recipe: Recipe,
    warnings: tuple[str, ...],
    reason: str,
    chosen: Chosen | None = None,
) -> Segmentation:
    """Answer for customers that cannot be told apart: all of them are one segment."""
    labels = np.zeros(len(table.frame), dtype=np.int32)
    profiles = _profile_of_all(table, columns, labels)
    return Segmentation(
        recipe=recipe,
        columns=columns,
        encoder=None,
        clustering=Clustering(
            labels=labels,
            n_clusters=1,
            centers=np.zeros((1, 0)),
            inertia=0.0,
            method="none",
        ),
        scorer=None,
        chosen=chosen or Chosen(algorithm=None, reason=f"{reason.rstrip('.')}."),
        silhouette=None,
        profiles=profiles,
        names=(TYPICAL,),
        characteristics=((),),
        degenerate=False,
        warnings=(*warnings, f"{reason.rstrip('.')}{ONE_SEGMENT}"),
    )


def _profile_of_all(
    table: Table, columns: ColumnChoice, labels: NDArray[np.int32]
) -> tuple[ClusterProfile, ...]:
    constant = [name for name in table.of_kind(Kind.CONSTANT) if name in table.frame]
    numeric = [
        name for name in constant if pd.to_numeric(table.frame[name], errors="coerce").notna().any()
    ]
    texts = [name for name in constant if name not in numeric]
    return profile_segments(
        table.frame,
        labels,
        numeric=[*columns.numeric, *numeric],
        categorical=[*columns.categorical, *texts],
    )
