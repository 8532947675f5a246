"""What else sets a segment apart where its means and main categories say too little."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.description.bands import Band, above_band, cohens_h, own_band, within_band
from app.segmentation.description.levels import middle
from app.segmentation.description.profiles import SMALL_EFFECT, ClusterProfile, Difference
from app.segmentation.description.statements import (
    Characteristic,
    differs,
    of_difference,
    of_holding,
    of_limit,
    of_mean,
    of_missing,
    of_spread,
    of_stretch,
    of_value,
    strongest,
)
from app.segmentation.preparation.columns import MISSING, to_texts

NEARLY_ALL = 0.9
"""Share of a segment in the stretch of numbers that is told of it."""

_MOST_VALUES = 50
"""Numbers of a column, its most frequent ones, of which one may be told."""

_PAIR = 2

Numbers = Mapping[str, NDArray[np.float64]]


def further_statements(
    profile: ClusterProfile,
    told: Sequence[Difference],
    frame: pd.DataFrame,
    inside: NDArray[np.bool_],
    *,
    numbers: Numbers,
    categorical: Sequence[str],
) -> Iterator[Characteristic]:
    """Yield further differences, those first that say most that has not been said.

    Stretches that hold most of the segment, and second categories; then shares above the
    median, spreads and gaps; then differences of less than a small effect, and at last what
    follows from the others in part: single numbers, quartiles, all other categories, and how
    many of those with a category the segment has.

    Parameters
    ----------
    profile : ClusterProfile
    told : sequence of Difference
        One a column, strongest first.
    frame : DataFrame of shape (n_samples, any)
    inside : ndarray of bool, shape (n_samples,)
        Who is in the segment.
    numbers : mapping of str to ndarray of shape (n_samples,)
        Numeric columns, NaN where not known.
    categorical : sequence of str
    """
    medium = {band.column for band in middle(profile)}
    order = [d.column for d in told if d.level is None]
    order += [name for name in numbers if name not in order]
    means = {d.column: d for d in profile.differences if d.level is None}
    measured: tuple[Difference | Band, ...] = (
        *profile.differences,
        *profile.middles,
        *profile.uppers,
    )
    units = defaultdict(str, {each.column: each.unit for each in measured})
    stretches = (_stretch(name, numbers[name], inside, units[name]) for name in order
                 if name not in medium)  # fmt: skip
    yield from chain.from_iterable(stretches)
    yield from _second_levels(told, profile.differences)
    shapes = [s for name in order for s in _shape(name, numbers[name], inside, units[name])]
    yield from _clearest(shapes, least=SMALL_EFFECT)
    yield from (
        of_difference(d) for d in told if abs(d.effect) < SMALL_EFFECT and d.column not in medium
    )
    yield from (of_mean(means[name]) for name in order if name in medium & means.keys())
    details = [s for name in order for s in _detail(name, numbers[name], inside, units[name])]
    yield from _clearest([*shapes, *details])
    telling = [d.column for d in profile.differences if d.level is not None]
    for name in dict.fromkeys([*telling, *categorical]):
        yield from _all_levels(name, frame[name], inside)


def _clearest(
    statements: Sequence[Characteristic], *, least: float = 0.0
) -> Iterator[Characteristic]:
    yield from strongest(one for one in statements if differs(one, least=least))


def _stretch(
    name: str, values: NDArray[np.float64], inside: NDArray[np.bool_], unit: str
) -> Iterator[Characteristic]:
    own = own_band(name, values, inside, share=NEARLY_ALL)
    if own is not None and own.effect > 0:
        yield from _clearest([of_stretch(replace(own, unit=unit))], least=SMALL_EFFECT)


def _second_levels(
    told: Sequence[Difference], differences: Sequence[Difference]
) -> Iterator[Characteristic]:
    """Tell of another category than the strongest, unless it only is all that the first is not."""
    first = {d.column: d for d in told if d.level is not None}
    for d in differences:
        main = first.get(d.column)
        if main is not None and d.level != main.level and not _one_of_two(d, main):
            yield from _clearest([of_difference(d)], least=SMALL_EFFECT)


def _one_of_two(d: Difference, main: Difference) -> bool:
    return math.isclose(d.value + main.value, 1) and math.isclose(d.rest + main.rest, 1)


def _shape(
    name: str, values: NDArray[np.float64], inside: NDArray[np.bool_], unit: str
) -> Iterator[Characteristic]:
    known = values[~np.isnan(values)]
    median = float(np.median(known)) if len(known) else math.nan
    below = within_band(name, values, inside, low=-math.inf, high=median)
    above = above_band(name, values, inside, limit=median)
    # Where more of the segment is says more than where less of it is.
    if above is not None and above.effect > 0:
        yield of_limit(replace(above, unit=unit), limit=median, words="above the median of")
    elif below is not None:
        yield of_limit(replace(below, unit=unit), limit=median, words="up to the median of")
    spread = of_spread(name, values, inside, unit)
    if spread is not None:
        yield spread
    if len(known) < len(values):
        yield of_missing(name, values, inside)


def _detail(
    name: str, values: NDArray[np.float64], inside: NDArray[np.bool_], unit: str
) -> Iterator[Characteristic]:
    known = values[~np.isnan(values)]
    if not len(known):
        return
    low, high = (float(limit) for limit in np.quantile(known, (0.25, 0.75)))
    below = within_band(name, values, inside, low=-math.inf, high=low)
    above = above_band(name, values, inside, limit=high)
    if below is not None:
        yield of_limit(replace(below, unit=unit), limit=low, words="up to the lower quartile of")
    if above is not None:
        yield of_limit(replace(above, unit=unit), limit=high, words="above the upper quartile of")
    most_frequent = pd.Series(known).value_counts().index[:_MOST_VALUES]
    bands = [within_band(name, values, inside, low=v, high=v) for v in most_frequent.tolist()]
    measured = [replace(band, unit=unit) for band in bands if band is not None]
    if measured:
        yield of_value(max(measured, key=lambda band: abs(band.effect)))


def _all_levels(
    name: str, values: pd.Series, inside: NDArray[np.bool_]
) -> Iterator[Characteristic]:
    """Tell of each category's share of the segment, and of the segment's share of it.

    Of two categories the second's share says the same as the first's, so it comes last.
    """
    texts, blank = to_texts(values)
    codes, levels = pd.factorize(texts.mask(blank, MISSING), sort=True)
    most_frequent = np.argsort(-np.bincount(codes), kind="stable")[:_MOST_VALUES]
    shares, holdings = [], []
    for code in most_frequent.tolist():
        has, level = codes == code, str(levels[code])
        if has.all():
            return
        share, rest = float(has[inside].mean()), float(has[~inside].mean())
        measured = Difference(name, level, share, rest, cohens_h(share, rest))
        shares.append(of_difference(measured))
        holdings.append(of_holding(name, level, has, inside))
    last_but_one, last = (holdings, shares) if len(levels) == _PAIR else (shares, holdings)
    yield from _clearest(last_but_one)
    yield from _clearest(last)
