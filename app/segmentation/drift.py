"""How far customers of today have moved from those a model was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, cramervonmises_2samp

MODERATE, LARGE = 0.1, 0.25
"""The customary bounds of the index, applied to what of it chance does not explain."""

FALSE_ALARM_RATE = 0.02
"""Joint level of the tests; what they assume of large samples costs some of the 5% allowed."""

_SHARE_FLOOR = 1e-4
"""Stands for an empty bin, whose logarithm would be infinite."""

Band = Literal["none", "moderate", "large"]
Verdict = Literal["stable", "watch", "retrain"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """How far one distribution has moved, and whether chance alone would move it as far.

    Attributes
    ----------
    index : float
        The population stability index.
    index_by_chance : float
        What it would be, on average, had nothing changed; it falls as the samples grow.
    p_value : float
        Chance of samples at least this different had nothing changed.
    band : {"none", "moderate", "large"}
        ``none`` unless the p-value is below the level and the excess of ``index`` over
        ``index_by_chance`` above 0.1, or the square of the means' distance in standard
        deviations; ``large`` where either is above 0.25.
    """

    index: float
    index_by_chance: float
    p_value: float
    band: Band


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What has changed since the training.

    Attributes
    ----------
    features : tuple of Change
        In the order of the columns.
    segments : Change
        Of the segments' sizes.
    categories : tuple of Change
        In the order of the columns of categories.
    """

    features: tuple[Change, ...]
    segments: Change
    categories: tuple[Change, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``watch`` where anything changed moderately, ``retrain`` where anything did largely."""
        bands = {change.band for change in (*self.features, *self.categories, self.segments)}
        if "large" in bands:
            return "retrain"
        return "watch" if "moderate" in bands else "stable"


def assess_drift(
    trained_on: NDArray[np.floating],
    recent: NDArray[np.floating],
    *,
    trained_segments: NDArray[np.integer],
    recent_segments: NDArray[np.integer],
    n_filled: Sequence[int] | None = None,
    categories: Sequence[tuple[NDArray[np.integer], NDArray[np.integer]]] = (),
) -> Drift:
    """Compare recent customers with those a model was trained on.

    Parameters
    ----------
    trained_on : ndarray of shape (n_trained, n_features)
    recent : ndarray of shape (n_recent, n_features)
        In the same units.
    trained_segments : ndarray of shape (n_trained,)
    recent_segments : ndarray of shape (n_recent,)
        By the same rule; numbered from 0.
    n_filled : sequence of int, length n_features, optional
        Blanks of each training column that hold its median; they are no customers' values, and
        a peak of them would pass for drift.
    categories : sequence of (ndarray of shape (n_trained,), ndarray of shape (n_recent,))
        Columns of categories, as codes from 0; tested as the segments' sizes are.

    Returns
    -------
    Drift

    Notes
    -----
    The index of two samples of n and m customers of one population is not 0: divided by
    (1/n + 1/m) it is about a chi-square variable of (bins - 1) degrees of freedom (Yurdakul and
    Naranjo 2020), which is its mean. A change counts where both its size, over that, and its
    significance do: of many customers a trifling change is significant, and of few a large index
    is not. Each feature is tested by the two-sample Cramér-von Mises criterion (Anderson 1962), on
    the values themselves, so that no choice of bins matters, and the segments' sizes by
    chi-square. The level of each test is 2% divided by their number (Bonferroni).

    References
    ----------
    B. Yurdakul and J. Naranjo (2020), "Statistical properties of the population stability
    index", J. Risk Model Valid. 14. T. W. Anderson (1962), "On the distribution of the
    two-sample Cramér-von Mises criterion", Ann. Math. Statist. 33.
    """
    n_tests = trained_on.shape[1] + len(categories) + 1
    level = FALSE_ALARM_RATE / n_tests
    return Drift(
        features=tuple(
            _feature_change(_without_filled(before, blanks), now, level)
            for before, now, blanks in zip(
                trained_on.T, recent.T, n_filled or [0] * trained_on.shape[1], strict=True
            )
        ),
        segments=_segment_change(trained_segments, recent_segments, level),
        categories=tuple(_segment_change(before, now, level) for before, now in categories),
    )


def population_stability_index(
    expected: NDArray[np.floating], actual: NDArray[np.floating]
) -> float:
    """Distance between two distributions over the same bins.

    Parameters
    ----------
    expected, actual : ndarray of shape (n_bins,)
        Shares, each summing to 1.

    Returns
    -------
    float
        0 where they are equal. By custom under 0.1 is no change, over 0.25 a large one.

    References
    ----------
    N. Siddiqi (2006), "Credit Risk Scorecards"; the sum of Kullback-Leibler divergences
    in both directions (Jeffreys 1946).
    """
    before = np.maximum(expected, _SHARE_FLOOR)
    now = np.maximum(actual, _SHARE_FLOOR)
    return float(np.sum((now - before) * np.log(now / before)))


def _without_filled(values: NDArray[np.floating], n_filled: int) -> NDArray[np.floating]:
    """Drop the blanks that were filled with the median, which filling leaves where it was."""
    middle = np.flatnonzero(values == np.median(values))
    return np.delete(values, middle[:n_filled])


def _feature_change(
    before: NDArray[np.floating], now: NDArray[np.floating], level: float
) -> Change:
    edges = np.unique(np.quantile(before, np.linspace(0.1, 0.9, 9)))
    differ = len(np.union1d(before, now)) > 1
    p_value = (
        cramervonmises_2samp(*_ranks(before, now), method="asymptotic").pvalue if differ else 1
    )
    return _change(
        *(
            np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
            for values in (before, now)
        ),
        p_value=float(p_value),
        level=level,
        shift=_shift(before, now),
    )


def _shift(before: NDArray[np.floating], now: NDArray[np.floating]) -> float:
    """Square of the means' distance in standard deviations, less what chance explains.

    For normal values it is the index; bins of few values hide a shift that it shows.
    """
    variance = float(before.var())
    if variance == 0:
        return 0.0
    return float((now.mean() - before.mean()) ** 2 / variance) - (1 / len(before) + 1 / len(now))


def _ranks(
    before: NDArray[np.floating], now: NDArray[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rank two samples together, equal values in random order: the test knows no ties."""
    pooled = np.concatenate([before, now])
    order = np.lexsort((np.random.default_rng(0).random(len(pooled)), pooled))
    ranks = np.empty(len(pooled), dtype=np.intp)
    ranks[order] = np.arange(len(pooled))
    return ranks[: len(before)], ranks[len(before) :]


def _segment_change(before: NDArray[np.integer], now: NDArray[np.integer], level: float) -> Change:
    n_segments = int(max(before.max(initial=0), now.max(initial=0))) + 1
    counts = np.vstack([np.bincount(each, minlength=n_segments) for each in (before, now)])
    filled = counts[:, counts.any(axis=0)]
    p_value = chi2_contingency(filled, correction=False).pvalue if filled.shape[1] > 1 else 1.0
    return _change(*filled, p_value=float(p_value), level=level)


def _change(
    before: NDArray[np.integer],
    now: NDArray[np.integer],
    *,
    p_value: float,
    level: float,
    shift: float = 0.0,
) -> Change:
    """Judge two samples, given by their counts per bin."""
    n_before, n_now = before.sum(), now.sum()
    index = population_stability_index(before / n_before, now / n_now)
    filled = int(((before > 0) | (now > 0)).sum())
    by_chance = (filled - 1) * (1 / n_before + 1 / n_now)
    excess = max(index - by_chance, shift)
    band: Band = "none"
    if p_value <= level and excess > MODERATE:
        band = "large" if excess > LARGE else "moderate"
    return Change(index=index, index_by_chance=float(by_chance), p_value=p_value, band=band)
