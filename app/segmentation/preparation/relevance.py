"""Which columns have to do with each other, and which of them show groups at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.special import chdtrc

from app.segmentation.preparation.columns import CategoricalColumn, to_numbers
from app.segmentation.preparation.extremes import find_fences
from app.segmentation.preparation.fitting import encode
from app.segmentation.recipe import Recipe

ROWS_DRAWN = 2_000
"""Rows drawn from a longer table, which bounds the cost."""

SIGNIFICANT = 0.001
"""Level, over all pairs a column is in, at which it counts as related to another one."""

LEAST_ASSOCIATION = 0.1
"""Cramér's V under which two columns count as unrelated however many the rows: a small effect
(Cohen 1988, "Statistical Power Analysis for the Behavioral Sciences")."""

LARGE_ASSOCIATION = 0.5
"""Cramér's V from which two categorical columns tell of the same groups: a large effect."""

FEWEST_ROWS = 12
_MOST_BINS = 8
_LEVELS = 8


class ShowsGroups(Protocol):
    """Whether encoded columns, shape (n_samples, n_features), show clear groups by themselves."""

    def __call__(self, X: NDArray[np.float64], /, *, n_chances: int, random_state: int) -> bool: ...


def unrelated_columns(
    frame: pd.DataFrame,
    *,
    numeric: Sequence[str],
    categorical: Sequence[str],
    recipe: Recipe,
    shows_groups: ShowsGroups,
) -> tuple[str, ...]:
    """Name the columns that blur the groups which other columns show clearly.

    Columns fall into blocks of those that are associated, directly or through others. Where the
    columns of one block show clear groups, a block that shows none can only add noise to the
    distances between customers: a column independent of the groups moves customers of one group
    apart as much as customers of two.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric, categorical : sequence of str
    recipe : Recipe
        Says how columns are encoded; its seed draws the rows, past `ROWS_DRAWN` of them.
    shows_groups : callable
        Judges the numbers of a block, with its categories.

    Returns
    -------
    tuple of str
        In the order of the columns; empty where no block shows clear groups, or each one does.

    Raises
    ------
    SegmentationError
        As `fit_features`.
    """
    names = (*numeric, *categorical)
    if len(names) < 2 or len(frame) < FEWEST_ROWS:
        return ()
    rng = np.random.default_rng(recipe.seed)
    if len(frame) > ROWS_DRAWN:
        frame = frame.iloc[np.sort(rng.choice(len(frame), ROWS_DRAWN, replace=False))]
    binned = [_bins(to_numbers(frame[name])) for name in numeric]
    binned += [_levels(frame[name]) for name in categorical]
    associations = associated(binned)
    _, block_of = connected_components(associations, directed=False)
    if block_of.max() == 0:
        return ()
    aside: list[str] = []
    for block in range(block_of.max() + 1):
        members = [name for name, its in zip(names, block_of, strict=True) if its == block]
        at = block_of == block
        if not any(name in numeric for name in members):
            shows = bool(associations[np.ix_(at, at)].max() >= LARGE_ASSOCIATION)
        else:
            encoded = _encoded(
                frame,
                numeric=[name for name in members if name in numeric],
                categorical=[name for name in members if name in categorical],
                recipe=recipe,
            )
            shows = shows_groups(
                encoded, n_chances=int(block_of.max()) + 1, random_state=recipe.seed
            )
        if not shows:
            aside += members
    return tuple(name for name in names if name in aside) if len(aside) < len(names) else ()


def associated(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Measure the association, of any form, of each pair of columns.

    Parameters
    ----------
    columns : sequence of ndarray of int64, each of shape (n_samples,)
        Bins or levels, numbered from 0; -1 is missing, and such rows are left out of the pair.

    Returns
    -------
    ndarray of shape (n_columns, n_columns)
        Cramér's V, corrected for bias, 0 to 1; 0 where it is negligible or the chi-squared test
        does not reject independence, and on the diagonal.

    References
    ----------
    W. Bergsma (2013), "A bias-correction for Cramér's V and Tschuprow's T", J. Korean Statist.
    Soc. 42.
    """
    found = np.zeros((len(columns), len(columns)))
    level = SIGNIFICANT / max(1, len(columns) - 1)
    for i, first in enumerate(columns):
        for j in range(i):
            p_value, association = _association(first, columns[j])
            if p_value <= level and association >= LEAST_ASSOCIATION:
                found[i, j] = found[j, i] = association
    return found


def _association(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[float, float]:
    known = (first >= 0) & (second >= 0)
    n_levels = int(second.max(initial=0)) + 1
    cells = np.bincount(
        first[known] * n_levels + second[known],
        minlength=(int(first.max(initial=0)) + 1) * n_levels,
    )
    observed = cells.reshape(-1, n_levels).astype(np.float64)
    observed = observed[observed.any(axis=1)][:, observed.any(axis=0)]
    n, (n_rows, n_columns) = observed.sum(), observed.shape
    if min(n_rows, n_columns) < 2:
        return 1.0, 0.0
    expected = observed.sum(axis=1)[:, None] * observed.sum(axis=0) / n
    statistic = float((np.square(observed - expected) / expected).sum())
    freedom = (n_rows - 1) * (n_columns - 1)
    squared = max(0.0, statistic / n - freedom / (n - 1))
    narrower = min(size - (size - 1) ** 2 / (n - 1) for size in (n_rows, n_columns))
    association = float(np.sqrt(squared / (narrower - 1))) if narrower > 1 else 0.0
    # What `chi2.sf` computes, at a hundredth of its cost: a wide table has thousands of pairs.
    return float(chdtrc(freedom, statistic)), association


def _bins(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Cut numbers at their quantiles into bins of as many rows each as ties allow."""
    present = ~np.isnan(numbers)
    n_bins = int(np.clip(round(np.sqrt(present.sum()) / 3), 3, _MOST_BINS))
    edges = np.unique(np.quantile(numbers[present], np.arange(1, n_bins) / n_bins))
    bins = np.searchsorted(edges, numbers, side="right").astype(np.int64)
    bins[~present] = -1
    return bins


def _levels(values: pd.Series) -> NDArray[np.int64]:
    return CategoricalColumn.fit(values, limit=_LEVELS).codes(values)


def _encoded(
    frame: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str], recipe: Recipe
) -> NDArray[np.float64]:
    """Give the columns of a block as they would be clustered; a lone one in its own units."""
    if len(numeric) == 1 and not categorical:
        numbers = _drawn_in(frame[numeric[0]], recipe)
        return numbers[~np.isnan(numbers)][:, None]
    plain = replace(recipe, projection="none")
    return encode(frame, plain, numeric=numeric, categorical=categorical).matrix


def _drawn_in(values: pd.Series, recipe: Recipe) -> NDArray[np.float64]:
    numbers = to_numbers(values)
    fences = find_fences(numbers[~np.isnan(numbers)]) if recipe.extremes == "fences" else None
    return numbers if fences is None else np.clip(numbers, *fences)
