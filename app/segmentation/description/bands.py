"""Stretches of a column that a segment keeps to, where its mean tells too little."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_STEPS = 10


@dataclass(frozen=True)
class Band:
    """How many of a segment have a number within a stretch, and how many of the others.

    Attributes
    ----------
    column : str
    low, high : float
        Both ends belong to it; of few digits.
    share, rest : float
        Of those whose number is known, in the segment and outside it.
    effect : float
        Cohen's h.
    unit : str
        What the column's values were written with.
    """

    column: str
    low: float
    high: float
    share: float
    rest: float
    effect: float
    unit: str = field(default="", compare=False)


@dataclass(frozen=True, eq=False)
class BandCounts:
    """How many of each segment have a number within a stretch: it adds up over segments.

    Attributes
    ----------
    column : str
    low, high : float
        Both ends belong to the stretch.
    within, known : ndarray of int64, shape (n_clusters + 1,)
        Customers within it, and customers whose number is known; noise first.
    """

    column: str
    low: float
    high: float
    within: NDArray[np.int64]
    known: NDArray[np.int64]

    def bands(self) -> tuple[Band | None, ...]:
        """Compare each segment with all others; None where there is nobody to compare."""
        all_within, all_known = int(self.within.sum()), int(self.known.sum())
        return tuple(
            _compared(
                self.column,
                (self.low, self.high),
                (within, known),
                (all_within - within, all_known - known),
            )
            for within, known in zip(self.within[1:].tolist(), self.known[1:].tolist(), strict=True)
        )


def count_middle(
    column: str, values: NDArray[np.float64], labels: NDArray[np.integer], n_clusters: int
) -> BandCounts | None:
    """Count how many of each segment are in the middle half of all customers.

    Parameters
    ----------
    column : str
    values : ndarray of shape (n_samples,)
        NaN where not known.
    labels : ndarray of shape (n_samples,)
        0 to n_clusters - 1; -1 for noise.
    n_clusters : int

    Returns
    -------
    BandCounts or None
        None where there is no middle.
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return None
    low, high = _few_digits(*np.quantile(present, (0.25, 0.75)))
    if low == high:
        return None
    return _counted(column, values, labels, n_clusters, (low, high))


def count_upper(
    column: str, values: NDArray[np.float64], labels: NDArray[np.integer], n_clusters: int
) -> BandCounts | None:
    """Count how many of each segment are above the median of all customers.

    Parameters are those of `count_middle`; None where no number is known.
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return None
    above = (math.nextafter(float(np.median(present)), math.inf), math.inf)
    return _counted(column, values, labels, n_clusters, above)


def own_band(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_], *, share: float
) -> Band | None:
    """Measure the stretch that holds the given share of a segment, its tails left out.

    Parameters
    ----------
    column : str
    values : ndarray of shape (n_samples,)
        NaN where not known.
    inside : ndarray of bool, shape (n_samples,)
    share : float
        In (0, 1].

    Returns
    -------
    Band or None
        None where nobody is to be compared.
    """
    own = values[inside & ~np.isnan(values)]
    if not len(own):
        return None
    tails = (1 - share) / 2
    low = np.quantile(own, tails, method="lower")
    high = np.quantile(own, 1 - tails, method="higher")
    first, last = _few_digits(low, high)
    return within_band(column, values, inside, low=first, high=last)


def above_band(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_], *, limit: float
) -> Band | None:
    """Measure how many of a segment are above a limit, the limit itself not among them."""
    low = math.nextafter(limit, math.inf)
    return within_band(column, values, inside, low=low, high=math.inf)


def within_band(
    column: str,
    values: NDArray[np.float64],
    inside: NDArray[np.bool_],
    *,
    low: float,
    high: float,
) -> Band | None:
    """Measure how many of a segment are from ``low`` to ``high``; None where nobody is compared."""
    counts = _counted(column, values, inside.astype(np.int64) - 1, 1, (low, high))
    return counts.bands()[0]


def cohens_h(share: float, rest: float) -> float:
    """Compare two shares: 2 asin(sqrt(share)) - 2 asin(sqrt(rest)) (Cohen 1988, chapter 6)."""
    return 2 * math.asin(math.sqrt(share)) - 2 * math.asin(math.sqrt(rest))


def written(numbers: Sequence[float]) -> str:
    """Join the ends of a stretch: ``41 to 78``."""
    # Added to zero, a minus zero is none.
    return " to ".join(
        f"{number + 0.0:,.0f}" if number == round(number) else f"{number:,.12g}"
        for number in numbers
    )


def _counted(
    column: str,
    values: NDArray[np.float64],
    labels: NDArray[np.integer],
    n_clusters: int,
    ends: tuple[float, float],
) -> BandCounts:
    low, high = ends
    groups = labels + 1
    within = np.bincount(groups[(values >= low) & (values <= high)], minlength=n_clusters + 1)
    known = np.bincount(groups[~np.isnan(values)], minlength=n_clusters + 1)
    return BandCounts(column, low, high, within, known)


def _compared(
    column: str,
    ends: tuple[float, float],
    inside: tuple[int, int],
    outside: tuple[int, int],
) -> Band | None:
    if not inside[1] or not outside[1]:
        return None
    share, rest = inside[0] / inside[1], outside[0] / outside[1]
    return Band(column, *ends, share, rest, cohens_h(share, rest))


def _few_digits(low: float, high: float) -> tuple[float, float]:
    """Widen a stretch to ends of as few digits as keep it about as wide."""
    width = high - low
    if not width / _STEPS > 0 or not math.isfinite(width):
        return float(low), float(high)
    decimals = -math.floor(math.log10(width / _STEPS))
    if abs(decimals) > 15:
        return float(low), float(high)
    step = 10.0**-decimals
    return (
        float(np.round(math.floor(low / step + 1e-9) * step, max(decimals, 0))),
        float(np.round(math.ceil(high / step - 1e-9) * step, max(decimals, 0))),
    )
