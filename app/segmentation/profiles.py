"""What each segment looks like in the table's own columns, and what tells it from the rest."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.bands import Band, middle_bands, upper_bands
from app.segmentation.columns import MISSING, to_numbers, to_texts

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
    """

    column: str
    level: str | None
    value: float
    rest: float
    effect: float


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
    n_clusters = int(labels.max(initial=-1)) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=n_clusters)
    means: list[dict[str, float | None]] = [{} for _ in range(n_clusters)]
    tops: list[dict[str, tuple[CategoryShare, ...]]] = [{} for _ in range(n_clusters)]
    differences: list[list[Difference]] = [[] for _ in range(n_clusters)]
    middles: list[list[Band]] = [[] for _ in range(n_clusters)]
    uppers: list[list[Band]] = [[] for _ in range(n_clusters)]
    for name in numeric:
        values = to_numbers(frame[name])
        for bands, measure in ((middles, middle_bands), (uppers, upper_bands)):
            for cluster, band in enumerate(measure(name, values, labels, n_clusters)):
                bands[cluster] += [band] if band else []
        column = _compare_numbers(name, values, labels, n_clusters)
        for cluster, (mean, difference) in enumerate(column):
            means[cluster][name] = mean
            differences[cluster] += [difference] if difference else []
    for name in categorical:
        compared = _compare_categories(name, frame[name], labels, n_clusters)
        for cluster, (top, telling) in enumerate(compared):
            tops[cluster][name] = top
            differences[cluster] += telling
    return tuple(
        ClusterProfile(
            cluster_id=cluster,
            size=int(sizes[cluster]),
            share=float(sizes[cluster] / len(labels)),
            means=means[cluster],
            categories=tops[cluster],
            differences=tuple(sorted(differences[cluster], key=lambda d: -abs(d.effect))),
            middles=tuple(sorted(middles[cluster], key=lambda band: -band.effect)),
            uppers=tuple(sorted(uppers[cluster], key=lambda band: -abs(band.effect))),
        )
        for cluster in range(n_clusters)
    )


def _compare_numbers(
    name: str, values: NDArray[np.float64], labels: NDArray[np.integer], n_clusters: int
) -> list[tuple[float | None, Difference | None]]:
    known = ~np.isnan(values)
    groups = labels[known].astype(np.int64) + 1
    center = float(values[known].mean()) if known.any() else 0.0
    # Centered first, or the sums of squares lose the digits that hold the spread.
    offsets = values[known] - center
    counts = np.bincount(groups, minlength=n_clusters + 1)
    sums = np.bincount(groups, weights=offsets, minlength=n_clusters + 1)
    squares = np.bincount(groups, weights=offsets * offsets, minlength=n_clusters + 1)
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
            result.append((mean + center, None))
            continue
        rest = (total - sum_in) / outside
        within = square_in - inside * mean * mean
        within += (total_square - square_in) - outside * rest * rest
        pooled = math.sqrt(max(within, 0.0) / max(n - 2, 1))
        overall = math.sqrt(total_square / n)
        # Values that never vary within a group have no pooled spread to measure by.
        scale = pooled if pooled > 1e-6 * overall else overall
        effect = (mean - rest) / scale if scale > 0 else 0.0
        difference = Difference(name, None, mean + center, rest + center, effect)
        result.append((mean + center, difference if effect else None))
    return result


def _compare_categories(
    name: str, values: pd.Series, labels: NDArray[np.integer], n_clusters: int
) -> list[tuple[tuple[CategoryShare, ...], list[Difference]]]:
    texts, blank = to_texts(values)
    codes, levels = pd.factorize(texts.mask(blank, MISSING), sort=True)
    counts = np.bincount(
        (labels.astype(np.int64) + 1) * len(levels) + codes,
        minlength=(n_clusters + 1) * len(levels),
    ).reshape(n_clusters + 1, len(levels))
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
            telling = [
                Difference(
                    name, str(levels[i]), float(shares[i]), float(rest[i]), float(effects[i])
                )
                for i in strongest
                if effects[i]
            ]
        shown = tuple(CategoryShare(str(levels[i]), float(shares[i])) for i in top if shares[i] > 0)
        result.append((shown, telling))
    return result
