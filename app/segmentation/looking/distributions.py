"""One column in segments, in the same bins: of one beside everybody else, or of each."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.explanation.sql import written_number
from app.segmentation.preparation.columns import to_numbers, to_texts

MOST_LEVELS = 12
"""Bars at most; rarer categories are counted together."""

MOST_BINS = 24
_BINS = 16
_OUTERMOST = 0.005
"""Share at either end beyond which a few far values would squeeze all others into one bin."""
_FAR = 3
"""Bins by which values may exceed that share before the end bin gathers them."""

_PERIODS: tuple[tuple[str, float], ...] = (
    ("D", 1), ("W-MON", 7), ("MS", 30.4), ("QS", 91.3), ("YS", 365.2), ("5YS", 1826), ("10YS", 3652)
)  # fmt: skip

ShownAs = Literal["number", "category", "date"]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Customers in each bin or of each level; ``other`` are of rarer levels."""

    counts: tuple[int, ...]
    other: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """A column within a segment and outside it.

    Attributes
    ----------
    column : str
    kind : {"number", "category", "date"}
    edges : tuple of float or str, or None
        Of a histogram: a bin holds its lower edge and not its upper one, but for the last, which
        holds both. Dates are ISO 8601. None where ``levels`` are counted.
    levels : tuple of str or None
        Of bars: categories, the most frequent of all customers first, or the few different
        numbers of a column, rising.
    open_low, open_high : bool
        Whether the first or the last bin also holds all that lies beyond it.
    here, rest : Counts
        Of the segment, and of everybody else.
    """

    column: str
    kind: ShownAs
    edges: tuple[float, ...] | tuple[str, ...] | None
    levels: tuple[str, ...] | None
    open_low: bool = False
    open_high: bool = False
    here: Counts
    rest: Counts


@dataclass(frozen=True, kw_only=True)
class Bins:
    """Where the values of a column are shown; what `Distribution` has too is the same there.

    Attributes
    ----------
    codes : ndarray of intp, shape (n_samples,)
        The bin or level of each row; -1 without a value, and of a rarer level.
    missing : ndarray of bool, shape (n_samples,)
    """

    column: str
    kind: ShownAs
    edges: tuple[float, ...] | tuple[str, ...] | None
    levels: tuple[str, ...] | None
    open_low: bool = False
    open_high: bool = False
    codes: NDArray[np.intp]
    missing: NDArray[np.bool_]

    def counted(self, side: NDArray[np.bool_]) -> Counts:
        """Count some of the rows."""
        n = len(self.levels) if self.levels is not None else len(self.edges or ()) - 1
        counts = np.bincount(self.codes[side & (self.codes >= 0)], minlength=n)
        missing = int((side & self.missing).sum())
        return Counts(
            counts=tuple(counts.tolist()),
            other=int(side.sum()) - missing - int(counts.sum()),
            missing=missing,
        )


def distribution(
    values: pd.Series, inside: NDArray[np.bool_], *, kind: ShownAs
) -> Distribution | None:
    """Count a column's values in the segment and outside it; None where it has none at all.

    Parameters
    ----------
    values : Series of shape (n_samples,)
    inside : ndarray of bool, shape (n_samples,)
    kind : {"number", "category", "date"}
    """
    found = bins(values, kind=kind)
    if found is None:
        return None
    return Distribution(
        column=found.column,
        kind=found.kind,
        edges=found.edges,
        levels=found.levels,
        open_low=found.open_low,
        open_high=found.open_high,
        here=found.counted(inside),
        rest=found.counted(~inside),
    )


def bins(values: pd.Series, *, kind: ShownAs) -> Bins | None:
    """Choose bins or levels for a column, and put each value in one; None where it has none.

    Parameters
    ----------
    values : Series of shape (n_samples,)
    kind : {"number", "category", "date"}
    """
    if kind == "category":
        return _of_categories(values)
    if kind == "date":
        return _of_dates(values)
    return _of_numbers(values)


def nice_step(span: float, *, most: int) -> float:
    """Choose 1, 2 or 5 times a power of ten, so that at most so many steps make up a span."""
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= least * (1 - 1e-9))


def _of_numbers(values: pd.Series) -> Bins | None:
    numbers = to_numbers(values)
    missing = np.isnan(numbers)
    known = numbers[~missing]
    if len(known) == 0:
        return None
    distinct = np.unique(known)
    if len(distinct) <= MOST_LEVELS:
        codes = np.where(missing, -1, np.searchsorted(distinct, numbers))
        levels = tuple(written_number(float(each)) for each in distinct)
        return Bins(
            column=str(values.name),
            kind="number",
            edges=None,
            levels=levels,
            codes=codes,
            missing=missing,
        )
    edges = _edges(known, whole=bool((distinct == np.floor(distinct)).all()))
    codes = np.searchsorted(edges, numbers, side="right") - 1
    return Bins(
        column=str(values.name),
        kind="number",
        edges=tuple(edges.tolist()),
        levels=None,
        open_low=bool(distinct[0] < edges[0]),
        open_high=bool(distinct[-1] > edges[-1]),
        codes=np.where(missing, -1, np.clip(codes, 0, len(edges) - 2)),
        missing=missing,
    )


def _edges(known: NDArray[np.float64], *, whole: bool) -> NDArray[np.float64]:
    """Choose round edges; a far tail is left to the end bin rather than given empty ones."""
    lowest, highest = float(known.min()), float(known.max())
    low, high = np.quantile(known, [_OUTERMOST, 1 - _OUTERMOST]).tolist()
    if high <= low:
        low, high = lowest, highest
    # Divided first: the difference of two large doubles may be infinite.
    step = nice_step(high / 2 - low / 2, most=_BINS // 2)
    if whole:
        step = max(step, 1.0)
    if lowest >= low - _FAR * step:
        low = lowest
    if highest <= high + _FAR * step:
        high = highest
    first, last = math.floor(low / step), math.ceil(high / step)
    if whole and last * step == high:
        # Or the last bin would hold one number more than the others.
        last += 1
    steps = np.arange(first, max(last, first + 1) + 1, dtype=np.float64)
    # 3 x 0.1 is 0.30000000000000004, and 3 / 10 is 0.3.
    return steps * step if step >= 1 else steps / round(1 / step)


def _of_categories(values: pd.Series) -> Bins | None:
    # Each different text is trimmed once, rather than that of each customer.
    codes, different = pd.factorize(values)
    texts, blank = to_texts(pd.Series(different, dtype="object"))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    counted = pd.Series(counts[~blank]).groupby(texts[~blank].to_numpy()).sum()
    if counted.empty:
        return None
    ranked = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    levels = tuple(str(level) for level, _ in ranked[:MOST_LEVELS])
    # One place more, for customers without a value, whose code is -1.
    places = np.append(pd.Index(levels).get_indexer(pd.Index(texts)), -1)
    missing = np.append(blank, True)[codes]
    return Bins(
        column=str(values.name),
        kind="category",
        edges=None,
        levels=levels,
        codes=np.where(missing, -1, places[codes]),
        missing=missing,
    )


def _of_dates(values: pd.Series) -> Bins | None:
    dates = pd.to_datetime(values)
    missing = dates.isna().to_numpy()
    if missing.all():
        return None
    first, last = dates.min().normalize(), dates.max().normalize()
    days = (last - first).days + 1
    period = next(
        (name for name, length in _PERIODS if days / length <= MOST_BINS), _PERIODS[-1][0]
    )
    offset = pd.tseries.frequencies.to_offset(period)
    start = first if period == "D" else offset.rollback(first)
    edges = pd.date_range(start, last + 2 * offset, freq=offset)
    edges = edges[: int(edges.searchsorted(last, side="right")) + 1]
    codes = edges.searchsorted(dates, side="right") - 1
    return Bins(
        column=str(values.name),
        kind="date",
        edges=tuple(edge.date().isoformat() for edge in edges),
        levels=None,
        codes=np.where(missing, -1, codes),
        missing=missing,
    )
