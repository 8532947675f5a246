"""What is counted of each segment in the table's own columns; it adds up over segments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.description.bands import BandCounts, count_middle, count_upper
from app.segmentation.preparation.columns import MISSING, to_numbers, to_texts

Numbers = TypeVar("Numbers", np.int64, np.float64)


@dataclass(frozen=True, eq=False)
class NumericCounts:
    """A column of numbers.

    Attributes
    ----------
    column : str
    center : float
        Mean of all known values.
    counts : ndarray of int64, shape (n_clusters + 1,)
        Customers whose number is known; noise first.
    sums, squares : ndarray of float64, shape (n_clusters + 1,)
        Of the distances to ``center``.
    middle, upper : BandCounts or None
    """

    column: str
    center: float
    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    squares: NDArray[np.float64]
    middle: BandCounts | None
    upper: BandCounts | None


@dataclass(frozen=True, eq=False)
class CategoricalCounts:
    """A column of categories.

    Attributes
    ----------
    column : str
    levels : tuple of str
    counts : ndarray of int64, shape (n_clusters + 1, n_levels)
        Noise first.
    rows : ndarray of float64, shape (n_levels,)
        Fingerprint of the customers of each level, the same for the same customers.
    """

    column: str
    levels: tuple[str, ...]
    counts: NDArray[np.int64]
    rows: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tabulation:
    """A table's columns, counted by segment.

    Attributes
    ----------
    sizes : ndarray of int64, shape (n_clusters + 1,)
        Noise first.
    numeric : tuple of NumericCounts
    categorical : tuple of CategoricalCounts
    """

    sizes: NDArray[np.int64]
    numeric: tuple[NumericCounts, ...]
    categorical: tuple[CategoricalCounts, ...]

    def merged(self, groups: NDArray[np.integer]) -> Self:
        """Add up segments.

        Parameters
        ----------
        groups : ndarray of shape (n_clusters,)
            The new segment, 0, 1, ..., that each one goes into.
        """
        into = np.concatenate([[0], groups + 1])
        return replace(
            self,
            sizes=_added(self.sizes, into),
            numeric=tuple(
                replace(
                    each,
                    counts=_added(each.counts, into),
                    sums=_added(each.sums, into),
                    squares=_added(each.squares, into),
                    middle=_added_band(each.middle, into),
                    upper=_added_band(each.upper, into),
                )
                for each in self.numeric
            ),
            categorical=tuple(
                replace(each, counts=_added(each.counts, into)) for each in self.categorical
            ),
        )

    def times(self, copies: int) -> Self:
        """Count every customer so many times."""
        return replace(
            self,
            sizes=self.sizes * copies,
            numeric=tuple(
                replace(
                    each,
                    counts=each.counts * copies,
                    sums=each.sums * copies,
                    squares=each.squares * copies,
                    middle=_times(each.middle, copies),
                    upper=_times(each.upper, copies),
                )
                for each in self.numeric
            ),
            categorical=tuple(
                replace(each, counts=each.counts * copies) for each in self.categorical
            ),
        )


def tabulate(
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str] = (),
) -> Tabulation:
    """Count every column by segment.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
        Original values, blanks left blank.
    labels : ndarray of shape (n_samples,)
        0 to n_clusters - 1; -1 for noise.
    numeric, categorical : sequence of str
        Columns to count.

    Raises
    ------
    SegmentationError
        A numeric column holds text or an infinite value.
    """
    n_clusters = int(labels.max(initial=-1)) + 1
    groups = labels.astype(np.int64)
    return Tabulation(
        sizes=np.bincount(groups + 1, minlength=n_clusters + 1),
        numeric=tuple(_numbers(frame[name], name, groups, n_clusters) for name in numeric),
        categorical=tuple(
            _categories(frame[name], name, groups, n_clusters) for name in categorical
        ),
    )


def _numbers(
    column: pd.Series, name: str, labels: NDArray[np.int64], n_clusters: int
) -> NumericCounts:
    values = to_numbers(column)
    known = ~np.isnan(values)
    groups = labels[known] + 1
    center = float(values[known].mean()) if known.any() else 0.0
    # Centered first, or the sums of squares lose the digits that hold the spread.
    offsets = values[known] - center
    return NumericCounts(
        column=name,
        center=center,
        counts=np.bincount(groups, minlength=n_clusters + 1),
        sums=_totals(offsets, groups, n_clusters),
        squares=_totals(offsets * offsets, groups, n_clusters),
        middle=count_middle(name, values, labels, n_clusters),
        upper=count_upper(name, values, labels, n_clusters),
    )


def _categories(
    column: pd.Series, name: str, labels: NDArray[np.int64], n_clusters: int
) -> CategoricalCounts:
    texts, blank = to_texts(column)
    codes, levels = pd.factorize(texts.mask(blank, MISSING), sort=True)
    counts = np.bincount(
        (labels + 1) * len(levels) + codes, minlength=(n_clusters + 1) * len(levels)
    )
    return CategoricalCounts(
        column=name,
        levels=tuple(str(level) for level in levels),
        counts=counts.reshape(n_clusters + 1, len(levels)),
        # Random numbers added up in the order of the rows: equal sums are of the same rows.
        rows=_totals(np.random.default_rng(0).random(len(codes)), codes, len(levels) - 1),
    )


def _totals(
    values: NDArray[np.float64], groups: NDArray[np.int64], n_clusters: int
) -> NDArray[np.float64]:
    return np.asarray(np.bincount(groups, values, n_clusters + 1), dtype=np.float64)


def _added(counts: NDArray[Numbers], into: NDArray[np.integer]) -> NDArray[Numbers]:
    total = np.zeros((int(into.max()) + 1, *counts.shape[1:]), dtype=counts.dtype)
    np.add.at(total, into, counts)
    return total


def _added_band(band: BandCounts | None, into: NDArray[np.integer]) -> BandCounts | None:
    if band is None:
        return None
    return replace(band, within=_added(band.within, into), known=_added(band.known, into))


def _times(band: BandCounts | None, copies: int) -> BandCounts | None:
    if band is None:
        return None
    return replace(band, within=band.within * copies, known=band.known * copies)
