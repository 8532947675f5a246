"""An interval with fewer rows than one as wide on each side of it: small groups show so."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Matrix = NDArray[np.float64]

NO_GAP = 0.5
"""The p-value where the valley holds as many rows as a side. Where one half suggests the wrong
place, the other says nothing of the right one."""

_BINS = 64
_WIDTHS = (2, 3, 4, 6, 8, 12, 16)
_TAIL = 0.004


@dataclass(frozen=True)
class Gap:
    """Three intervals of equal width along a line, the valley between two others.

    Attributes
    ----------
    starts : tuple of 3 floats
        Of the left interval, the valley and the right one, rising.
    width : float
    score : float
        How many standard deviations the emptier side holds more than the valley does, where the
        gap was sought.
    """

    starts: tuple[float, float, float]
    width: float
    score: float

    def judge(self, values: Matrix) -> tuple[float, float]:
        """Test the gap on values that it was not sought in.

        Parameters
        ----------
        values : ndarray of shape (n_samples,)

        Returns
        -------
        p_value : float
            Of a density with one peak, which has in the valley at least as much as in one of the
            sides: the larger of two binomial tests.
        depth : float
            One minus the rows in the valley over those in the emptier side, 0 to 1.
        """
        left, valley, right = (
            int(np.count_nonzero((values >= start) & (values < start + self.width)))
            for start in self.starts
        )
        fewer = min(left, right)
        if fewer <= valley:
            return NO_GAP, 0.0
        p_value = float(binom.cdf(valley, valley + fewer, 0.5))
        return min(p_value, NO_GAP), 1 - valley / fewer


def widest_gap(values: Matrix) -> Gap | None:
    """Find the three intervals that tell most against a single peak.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)

    Returns
    -------
    Gap or None
        None where all values, but for the outermost, are equal.
    """
    low, high = np.quantile(values, [_TAIL, 1 - _TAIL])
    step = (high - low) / _BINS
    if not step > 0:
        return None
    places = ((values - low) / step).astype(np.intp)
    inside = (values >= low) & (values <= high)
    counts = np.bincount(np.minimum(places[inside], _BINS - 1), minlength=_BINS)
    sums = np.concatenate([[0], np.cumsum(counts)])
    best: tuple[float, int, int, int, int] | None = None
    for width in _WIDTHS:
        held = sums[width:] - sums[:-width]
        left, at_left = _running_maximum(held)
        right, at_right = (each[::-1] for each in _running_maximum(held[::-1]))
        middle = np.arange(width, len(held) - width)
        left, at_left = left[: len(middle)], at_left[: len(middle)]
        right, at_right = right[2 * width :], len(held) - 1 - at_right[2 * width :]
        valley = held[middle]
        # Where the density is log-concave, the masses of windows of one width are too.
        weight = (at_right - middle) / (at_right - at_left)
        expected = left**weight * right ** (1 - weight)
        scores = np.sqrt(
            _deviations(np.minimum(left, right), valley) * _deviations(expected, valley)
        )
        place = int(scores.argmax())
        if best is None or scores[place] > best[0]:
            found = int(at_left[place]), int(middle[place]), int(at_right[place])
            best = (float(scores[place]), *found, width)
    if best is None:
        return None
    score, first, between, last, width = best
    starts = (float(low + first * step), float(low + between * step), float(low + last * step))
    return Gap(starts, float(width * step), score)


def _running_maximum(
    counts: NDArray[np.integer],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Give the largest count so far, and its last place."""
    largest = np.maximum.accumulate(counts)
    places = np.where(counts == largest, np.arange(len(counts)), 0)
    return largest.astype(np.float64), np.maximum.accumulate(places)


def _deviations(expected: Matrix, valley: NDArray[np.integer]) -> Matrix:
    """How many standard deviations a valley holds too little, at least 0."""
    missing = np.maximum(expected - valley, 0)
    return np.asarray(missing / np.sqrt(np.maximum(expected + valley, 1)))
