"""What each segment looks like in the table's own columns, and what tells it from the rest."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.description.bands import Band
from app.segmentation.description.tabulation import (
    CategoricalCounts,
    NumericCounts,
    Tabulation,
    tabulate,
)
from app.segmentation.figures import settled

SMALL_EFFECT = 0.2
MEDIUM_EFFECT = 0.5
LARGE_EFFECT = 0.8
"""Cohen (1988): from 0.2 an effect is small, from 0.5 medium, from 0.8 large."""

TOP_CATEGORIES = 5
DIFFERENCES_PER_CATEGORICAL = 2


class CategoryShare(NamedTuple):
    """A category and its share of the segment."""

    level: str
    share: float


@dataclass(frozen=True)
class Difference:
    """One thing that sets a segment apart.

    Attributes
    ----------
    column : str
    level : str or None
        The category; None for a number.
    value, rest : float
        Mean within the segment and outside it, or shares of the category, 0 to 1.
    effect : float
        Cohen's d for a number, Cohen's h for a category: signed, and of one scale.
    rows : float or None
        Fingerprint of the customers of the category, the same for the same customers; None for
        a number.
    unit : str
        What the column's values were written with.
    """

    column: str
    level: str | None
    value: float
    rest: float
    effect: float
    rows: float | None = field(default=None, compare=False, repr=False)
    unit: str = field(default="", compare=False)


Measured = TypeVar("Measured", Difference, Band)


@dataclass(frozen=True)
class ClusterProfile:
    """One cluster in the table's own columns.

    Attributes
    ----------
    cluster_id : int
    size : int
    share : float
        Of all rows, noise included.
    means : mapping of str to float or None
        Numeric column to its mean over known values; None where all are blank.
    categories : mapping of str to tuple of CategoryShare
        Categorical column to its most frequent categories.
    differences : tuple of Difference
        Strongest first; none of no effect.
    middles : tuple of Band
        How many are in the middle half of each numeric column, most telling first.
    uppers : tuple of Band
        How many are above the median of each numeric column, most telling first.
    """

    cluster_id: int
    size: int
    share: float
    means: Mapping[str, float | None]
    categories: Mapping[str, tuple[CategoryShare, ...]]
    differences: tuple[Difference, ...]
    middles: tuple[Band, ...]
    uppers: tuple[Band, ...]


def profile_segments(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
) -> tuple[ClusterProfile, ...]:
    """Describe every cluster and compare it with all other rows.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
        Original values, blanks left blank.
    labels : ndarray of shape (n_samples,)
        0 to n_clusters - 1; noise, -1, belongs to the rest.
    numeric, categorical : sequence of str
        Columns to describe.

    Raises
    ------
    SegmentationError
        A numeric column holds text or an infinite value.

    Notes
    -----
    A number's effect is the difference of means over the pooled standard deviation; a
    category's is 2 asin(sqrt(p)) - 2 asin(sqrt(q)), p its share within and q outside.

    References
    ----------
    J. Cohen (1988), "Statistical power analysis for the behavioral sciences", chapters 2, 6.
    """
    return describe_segments(tabulate(frame, labels, numeric=numeric, categorical=categorical))


def describe_segments(table: Tabulation) -> tuple[ClusterProfile, ...]:
    """Describe every cluster of what has been counted; see `profile_segments`."""
    numbers = [_compare_numbers(each) for each in table.numeric]
    categories = [_compare_categories(each) for each in table.categorical]
    middles = [each.middle.bands() for each in table.numeric if each.middle is not None]
    uppers = [each.upper.bands() for each in table.numeric if each.upper is not None]
    n_rows = int(table.sizes.sum())
    profiles = []
    for cluster, size in enumerate(table.sizes[1:].tolist()):
        differences = [column[cluster][1] for column in numbers]
        found = [each for each in differences if each is not None]
        found += [each for column in categories for each in column[cluster][1]]
        middle = [bands[cluster] for bands in middles]
        upper = [bands[cluster] for bands in uppers]
        profiles.append(
            ClusterProfile(
                cluster_id=cluster,
                size=size,
                share=size / n_rows,
                means={
                    each.column: column[cluster][0]
                    for each, column in zip(table.numeric, numbers, strict=True)
                },
                categories={
                    each.column: column[cluster][0]
                    for each, column in zip(table.categorical, categories, strict=True)
                },
                differences=tuple(sorted(found, key=lambda d: -abs(d.effect))),
                middles=tuple(sorted(filter(None, middle), key=lambda band: -band.effect)),
                uppers=tuple(sorted(filter(None, upper), key=lambda band: -abs(band.effect))),
            )
        )
    return tuple(profiles)


def with_units(
    profiles: Sequence[ClusterProfile], units: Mapping[str, str]
) -> tuple[ClusterProfile, ...]:
    """Give the figures of profiles the units that their columns' values were written with."""

    def measured(each: Measured) -> Measured:
        return replace(each, unit=units[each.column]) if each.column in units else each

    return tuple(
        replace(
            profile,
            differences=tuple(map(measured, profile.differences)),
            middles=tuple(map(measured, profile.middles)),
            uppers=tuple(map(measured, profile.uppers)),
        )
        for profile in profiles
    )


def _compare_numbers(table: NumericCounts) -> list[tuple[float | None, Difference | None]]:
    name, center = table.column, table.center
    counts, sums, squares = table.counts, table.sums, table.squares
    n, total, total_square = int(counts.sum()), float(sums.sum()), float(squares.sum())
    result: list[tuple[float | None, Difference | None]] = []
    for inside, sum_in, square_in in zip(
        counts[1:].tolist(), sums[1:].tolist(), squares[1:].tolist(), strict=True
    ):
        outside = n - inside
        if inside == 0:
            result.append((None, None))
            continue
        mean = sum_in / inside
        if outside == 0:
            result.append((settled(mean + center), None))
            continue
        rest = (total - sum_in) / outside
        within = square_in - inside * mean * mean
        within += (total_square - square_in) - outside * rest * rest
        pooled = math.sqrt(max(within, 0.0) / max(n - 2, 1))
        overall = math.sqrt(total_square / n)
        # Values that never vary within a group have no pooled spread to measure by.
        scale = pooled if pooled > 1e-6 * overall else overall
        effect = (mean - rest) / scale if scale > 0 else 0.0
        told = settled(mean + center)
        difference = Difference(name, None, told, settled(rest + center), effect)
        result.append((told, difference if effect else None))
    return result


def _compare_categories(
    table: CategoricalCounts,
) -> list[tuple[tuple[CategoryShare, ...], list[Difference]]]:
    name, levels, counts = table.column, table.levels, table.counts
    total = counts.sum(axis=0)
    result = []
    for inside in counts[1:]:
        n_in, n_out = int(inside.sum()), int(total.sum() - inside.sum())
        shares = inside / max(n_in, 1)
        top = np.argsort(-shares, kind="stable")[:TOP_CATEGORIES]
        telling: list[Difference] = []
        if n_in and n_out:
            rest = (total - inside) / n_out
            effects = 2 * np.arcsin(np.sqrt(shares)) - 2 * np.arcsin(np.sqrt(rest))
            strongest = np.argsort(-np.abs(effects), kind="stable")[:DIFFERENCES_PER_CATEGORICAL]
            if len(levels) == 2:
                # The one level says of the other what it says of itself.
                strongest = np.argsort(-effects, kind="stable")[:1]
            telling = [
                Difference(
                    column=name,
                    level=levels[i],
                    value=float(shares[i]),
                    rest=float(rest[i]),
                    effect=float(effects[i]),
                    rows=float(table.rows[i]),
                )
                for i in strongest
                if effects[i]
            ]
        shown = tuple(CategoryShare(levels[i], float(shares[i])) for i in top if shares[i] > 0)
        result.append((shown, telling))
    return result
