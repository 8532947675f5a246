"""Fitting the encoder on a table, as a recipe says."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.preparation.columns import CategoricalColumn, NumericColumn
from app.segmentation.preparation.components import (
    fit_components,
    fit_most_variance,
    fitting_sample,
)
from app.segmentation.preparation.encoder import Encoder, FeatureSpace, gaps_of
from app.segmentation.preparation.neighbours import Donors, donors_of, draw_donors
from app.segmentation.recipe import Blanks, Extremes, Projection, Recipe, Transform


def fit_features(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
    transform: Transform = "none",
    blanks: Blanks = "median",
    extremes: Extremes = "keep",
    category_weight: float = 1.0,
    categorical_limit: int = 20,
    projection: Projection = "none",
    seed: int = 0,
) -> FeatureSpace:
    """Fit the pipeline on a table and encode it.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str
        Columns to use, in the order in which their features appear.
    transform, blanks, extremes, category_weight, categorical_limit, projection
        As in `Recipe`. A weight counts beside numbers alone.
    seed : int
        Of the draws of donors and of the rows that components are fitted on.

    Raises
    ------
    SegmentationError
        No columns, a column that is absent or does not hold what it should, or more components
        than features.
    DegenerateDataError
        No rows, or values too large to standardise.
    """
    if not numeric and not categorical:
        raise SegmentationError("There is no column to segment by; choose at least one.")
    absent = [name for name in (*numeric, *categorical) if name not in frame.columns]
    if absent:
        listed = ", ".join(repr(name) for name in absent)
        raise SegmentationError(f"The table has no column {listed}.")
    if frame.empty:
        raise DegenerateDataError("The table has no rows.")
    encoder = Encoder(
        numeric=tuple(
            NumericColumn.fit(frame[name], transform=transform, extremes=extremes)
            for name in numeric
        ),
        categorical=tuple(
            CategoricalColumn.fit(frame[name], limit=categorical_limit) for name in categorical
        ),
        category_weight=category_weight if numeric else 1.0,
    )
    if blanks == "neighbours":
        encoder = replace(encoder, donors=_fit_donors(frame, encoder, seed=seed))
    if projection != "none":
        encoded = encoder.transform(fitting_sample(frame, seed=seed))
        _check_finite(encoded, encoder.encoded_names)
        encoder = replace(
            encoder,
            components=fit_most_variance(encoded)
            if projection == "auto"
            else fit_components(encoded, int(projection), seed=seed),
        )
    matrix = encoder.transform(frame)
    _check_finite(matrix, encoder.feature_names)
    return FeatureSpace(matrix=matrix, encoder=encoder)


def encode(
    frame: pd.DataFrame, recipe: Recipe, *, numeric: Sequence[str], categorical: Sequence[str]
) -> FeatureSpace:
    """Encode columns as a recipe says; see `fit_features`."""
    return fit_features(
        frame,
        numeric=numeric,
        categorical=categorical,
        transform=recipe.transform,
        blanks=recipe.blanks,
        extremes=recipe.extremes,
        category_weight=recipe.category_weight,
        categorical_limit=recipe.categorical_limit,
        projection=recipe.projection,
        seed=recipe.seed,
    )


def _fit_donors(frame: pd.DataFrame, encoder: Encoder, *, seed: int) -> Donors | None:
    gaps = gaps_of(frame, [column.name for column in encoder.numeric])
    if not gaps.any():
        return None
    drawn = frame.iloc[draw_donors(gaps, seed=seed)]
    return donors_of(encoder.transform(drawn), encoder.missing(drawn), n_rows=len(frame))


def _check_finite(matrix: NDArray[np.float64], names: Sequence[str]) -> None:
    finite = np.isfinite(matrix).all(axis=0)
    if not finite.all():
        raise DegenerateDataError(
            f"Column {names[int(np.argmin(finite))]!r} holds values too large to compare; "
            "correct them or leave it out."
        )
