"""Whether the segments are real, asked as far as the recipe says."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.cautions import course_cautions, shape_cautions
from app.segmentation.choice.bent import way_round
from app.segmentation.choice.refitting import groups_refit
from app.segmentation.clustering.result import Clustering
from app.segmentation.clustering.sweep import Sweep
from app.segmentation.preparation.columns import to_numbers, to_texts
from app.segmentation.preparation.deriving import with_derived
from app.segmentation.preparation.encoder import FeatureSpace
from app.segmentation.preparation.preparing import Prepared, prepare
from app.segmentation.recipe import Recipe
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Table
from app.segmentation.validation.clear_groups import divided_segments, shows_clear_groups
from app.segmentation.validation.follow_on import follows_on
from app.segmentation.validation.latent_classes import assess_categories
from app.segmentation.validation.report import (
    STABILITY_ROWS,
    ValidationReport,
    refit_of,
    validate_segments,
)
from app.segmentation.validation.resampling import Refit
from app.segmentation.validation.structure import Structure, assess_structure

ROUND = ("kmeans", "ward")
"""Methods whose segments are what is near a center, whatever the shape of the groups."""


def validate(table: Table, found: Segmentation) -> Segmentation:
    """Question a segmentation that was cut from a kept tree, as its recipe asks."""
    if found.recipe.validation == "none" or found.n_segments < 2:
        return found
    table = with_derived(table, found.recipe)
    prepared = prepare(table, found.recipe, shows_groups=shows_clear_groups)
    clustering = replace(found.clustering, labels=found.labels[prepared.order])
    structure, validation = question(prepared, clustering, found.recipe, kmeans_sweep=None)
    return replace(found, structure=structure, validation=validation)


def structure_of(prepared: Prepared, recipe: Recipe) -> Structure:
    """Ask whether rows form groups in the units they were given in: straightening makes gaps."""
    # Components of categories lie in heaps, which would pass for groups.
    space = prepared.unprojected
    found = assess_structure(
        _as_given(prepared.frame, space),
        names=space.encoder.encoded_names,
        random_state=recipe.seed,
        way_round=way_round,
    )
    if found.n_columns or found.spikes:
        return found
    codes = [pd.factorize(to_texts(prepared.frame[name])[0])[0] for name in space.encoder.columns]
    return assess_categories(codes, random_state=recipe.seed) or found


def _as_given(frame: pd.DataFrame, space: FeatureSpace) -> NDArray[np.float64]:
    """Return the features with numbers in their own units, and blanks where they are placed."""
    given = space.matrix.copy()
    for column, encoded, place in zip(space.encoder.numeric, space.matrix.T, given.T, strict=False):
        numbers = to_numbers(frame[column.name])
        known = ~np.isnan(numbers)
        if column.fences is not None:
            numbers = np.clip(numbers, *column.fences)
        order = np.argsort(encoded[known], kind="stable")
        filled = np.interp(encoded, encoded[known][order], numbers[known][order])
        place[:] = np.where(known, numbers, filled)
    return given


def question(
    prepared: Prepared, clustering: Clustering, recipe: Recipe, *, kmeans_sweep: Sweep | None
) -> tuple[Structure | None, ValidationReport | None]:
    """Ask, as far as the recipe says, whether the segments are real."""
    if recipe.validation == "none" or clustering.n_clusters < 2:
        return None, None
    structure = structure_of(prepared, recipe)
    if recipe.validation == "structure":
        return structure, None
    X = prepared.space.matrix
    return structure, validate_segments(
        X,
        clustering,
        prepared.frame,
        numeric=prepared.numeric,
        categorical=prepared.categorical,
        structure=structure,
        sweep=kmeans_sweep,
        refit=refit_of_rows(prepared, clustering, share=min(len(X), STABILITY_ROWS) / len(X)),
        requested=recipe.n_clusters is not None,
        random_state=recipe.seed,
    )


def doubts(
    prepared: Prepared,
    clustering: Clustering,
    structure: Structure | None,
    recipe: Recipe,
    names: Sequence[str],
) -> tuple[str, ...]:
    """Say where groups that customers show are not the segments, or may be no groups of customers.

    Parameters
    ----------
    prepared : Prepared
    clustering : Clustering
    structure : Structure or None
    recipe : Recipe
    names : sequence of str
        Of the segments.
    """
    if structure is None or structure.verdict == "none":
        return ()
    divided: tuple[int, ...] = ()
    if structure.verdict == "strong" and clustering.method in ROUND:
        X = prepared.unprojected.matrix
        divided = divided_segments(X, clustering.labels, random_state=recipe.seed)
    return (*shape_cautions(divided, names), *course_cautions(following(prepared)))


def following(prepared: Prepared) -> tuple[str, ...]:
    """Name the numbers that follow on from row to row of the file, where half of them do."""
    names = prepared.columns.numeric
    found = tuple(
        name
        for name in names
        if follows_on(prepared.in_table_order(to_numbers(prepared.frame[name])))
    )
    return found if 2 * len(found) >= len(names) else ()


def refit_of_rows(prepared: Prepared, clustering: Clustering, *, share: float) -> Refit:
    """How other rows are clustered as these were, where they are that share of them."""
    encoder = prepared.space.encoder
    if clustering.method in ("mixture", "regions"):
        n_numeric = len(encoder.numeric)
        return groups_refit(clustering, n_numeric=n_numeric, column_starts=encoder.column_starts)
    return refit_of(clustering, share=share)
