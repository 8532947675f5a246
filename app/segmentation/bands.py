"""Stretches of a column that a segment keeps to, where its mean tells too little."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
    """

    column: str
    low: float
    high: float
    share: float
    rest: float
    effect: float


def middle_bands(
    column: str, values: NDArray[np.float64], labels: NDArray[np.integer], n_clusters: int
) -> tuple[Band | None, ...]:
    """Measure how many of each segment are in the middle half of all customers.

    Parameters
    ----------
    column : str
    values : ndarray of shape (n_samples,)
        NaN where not known.
    labels : ndarray of shape (n_samples,)
    n_clusters : int

    Returns
    -------
    tuple of Band or None
        In the order of the segments; None where there is no middle, or nobody to compare with.
    """
    known = ~np.isnan(values)
    if not known.any():
        return (None,) * n_clusters
    low, high = _few_digits(*np.quantile(values[known], (0.25, 0.75)))
    if low == high:
        return (None,) * n_clusters
    return tuple(_band(column, values, labels == own, low, high) for own in range(n_clusters))


def upper_bands(
    column: str, values: NDArray[np.float64], labels: NDArray[np.integer], n_clusters: int
) -> tuple[Band | None, ...]:
    """Measure how many of each segment are above the median of all customers.

    Parameters and what is returned are those of `middle_bands`.
    """
    known = ~np.isnan(values)
    if not known.any():
        return (None,) * n_clusters
    median = float(np.median(values[known]))
    return tuple(
        above_band(column, values, labels == own, limit=median) for own in range(n_clusters)
    )


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
    return _band(column, values, inside, *_few_digits(low, high))


def above_band(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_], *, limit: float
) -> Band | None:
    """Measure how many of a segment are above a limit, the limit itself not among them."""
    return _band(column, values, inside, math.nextafter(limit, math.inf), math.inf)


def written(numbers: Sequence[float]) -> str:
    """Join the ends of a stretch: ``41 to 78``."""
    return " to ".join(
        f"{number:,.0f}" if number == round(number) else f"{number:,.12g}" for number in numbers
    )


def _band(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_], low: float, high: float
) -> Band | None:
    known = ~np.isnan(values)
    within = (values >= low) & (values <= high)
    if not (known & inside).any() or not (known & ~inside).any():
        return None
    share, rest = float(within[known & inside].mean()), float(within[known & ~inside].mean())
    effect = 2 * math.asin(math.sqrt(share)) - 2 * math.asin(math.sqrt(rest))
    return Band(column, low, high, share, rest, effect)


def _few_digits(low: float, high: float) -> tuple[float, float]:
    """Widen a stretch to ends of as few digits as keep it about as wide."""
    width = high - low
    if not width > 0 or not math.isfinite(width):
        return float(low), float(high)
    decimals = -math.floor(math.log10(width / _STEPS))
    if abs(decimals) > 15:
        return float(low), float(high)
    step = 10.0**-decimals
    return (
        float(np.round(math.floor(low / step + 1e-9) * step, max(decimals, 0))),
        float(np.round(math.ceil(high / step - 1e-9) * step, max(decimals, 0))),
    )
