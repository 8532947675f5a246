"""Statements about a segment, each a measured difference put into words."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.bands import Band, above_band, own_band, written
from app.segmentation.columns import MISSING, to_numbers
from app.segmentation.figures import compared, rounded
from app.segmentation.naming_generic import MOSTLY, middle, readable, shorten
from app.segmentation.profiles import SMALL_EFFECT, ClusterProfile, Difference
from app.segmentation.tables.kinds import name_words

NEARLY_ALL = 0.9
"""Share of a segment in the stretch of numbers that is told of it."""

LONGEST_LEVEL = 60
FEWEST, MOST = 3, 5
"""Statements a segment has, as far as its columns differ in so many ways."""

_INCOME = {"income", "salary", "earnings", "wage", "wages"}
_PLACES = {"region", "city", "country", "state", "area", "zone", "district", "town"}
_UNIT = re.compile(r"[(\[]([^)\]\d]{1,12})[)\]]")


Numbers = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Characteristic:
    """A statement and what it rests on.

    Attributes
    ----------
    text : str
    difference : Difference
        Of means, of a category's shares, or of shares within ``between``.
    between : tuple of float or None
        The ends, of which both belong, where shares of a stretch of numbers are told.
    """

    text: str
    difference: Difference
    between: tuple[float, float] | None = None


def characterise(
    profiles: Sequence[ClusterProfile],
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
) -> tuple[tuple[Characteristic, ...], ...]:
    """State three to five differences of each segment from the rest, strongest first.

    A number that is medium in the segment is said where that tells more than its mean. Where
    these are fewer than three, there follow the stretches of numbers that hold most of the
    segment, a category's second level, differences of less than a small effect, as "slightly",
    and the shares above a column's median.

    Parameters
    ----------
    profiles : sequence of ClusterProfile
    frame : DataFrame of shape (n_samples, any)
    labels : ndarray of shape (n_samples,)
    numeric : sequence of str
        The numeric columns that are described.

    Returns
    -------
    tuple of tuples of Characteristic
        In the order of ``profiles``.
    """
    columns = {name: to_numbers(frame[name]) for name in numeric}
    result = []
    for profile in profiles:
        told = [d for d in _one_a_column(profile.differences) if compared(d.value, d.rest, d.level)]
        clear = [Characteristic(_sentence(d), d) for d in told if abs(d.effect) >= SMALL_EFFECT]
        inside = labels == profile.cluster_id
        medium = list(_in_the_middle(profile, columns, inside))
        statements = _strongest([*clear, *medium])[:MOST]
        bands = {one.difference.column for one in medium}
        numbers = [d.column for d in told if d.level is None]
        further = chain(
            (
                each
                for name in numbers
                if name not in bands
                for each in _stretch(name, columns, inside)
            ),
            _second_levels(told, profile.differences),
            (Characteristic(_sentence(d), d) for d in told if abs(d.effect) < SMALL_EFFECT),
            (each for name in numbers for each in _above_median(name, columns, inside)),
        )
        statements += islice(further, max(0, FEWEST - len(statements)))
        result.append(tuple(_strongest(statements)))
    return tuple(result)


def _strongest(statements: Sequence[Characteristic]) -> list[Characteristic]:
    return sorted(statements, key=lambda one: -abs(one.difference.effect))


def _in_the_middle(
    profile: ClusterProfile, columns: Numbers, inside: NDArray[np.bool_]
) -> Iterator[Characteristic]:
    means = {d.column: abs(d.effect) for d in profile.differences if d.level is None}
    for band in middle(profile):
        own = own_band(band.column, columns[band.column], inside, share=NEARLY_ALL)
        if own is None or own.high - own.low > band.high - band.low:
            # Nearly from end to end of the column is not medium, wherever the half of them is.
            continue
        if own.effect > means.get(band.column, 0.0) and _differs(own):
            yield _of_band(own, f"Medium {readable(own.column)}, mostly {_ends(own)}")


def _second_levels(
    told: Sequence[Difference], differences: Sequence[Difference]
) -> Iterator[Characteristic]:
    """Tell of another category than the strongest, unless it only is all that the first is not."""
    first = {d.column: d for d in told if d.level is not None}
    for d in differences:
        main = first.get(d.column)
        if main is None or d.level == main.level or abs(d.effect) < SMALL_EFFECT:
            continue
        one_of_two = math.isclose(d.value + main.value, 1) and math.isclose(d.rest + main.rest, 1)
        if not one_of_two and compared(d.value, d.rest, d.level):
            yield Characteristic(_sentence(d), d)


def told_figures(difference: Difference) -> str:
    """Write a difference's two figures: "75,000 against 48,000", "82% against 25%"."""
    return compared(difference.value, difference.rest, difference.level)


def _one_a_column(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Keep the strongest of each column, and one of columns that tell the same rows apart."""
    columns: set[str] = set()
    shares: set[tuple[float, float]] = set()
    has = {d.column for d in differences if d.level is not None and d.effect > 0}
    for difference in differences:
        # What a segment is says more than what it is not.
        lacks = difference.level is not None and difference.effect < 0
        if difference.column in columns or (lacks and difference.column in has):
            continue
        columns.add(difference.column)
        pair = (difference.value, difference.rest)
        if difference.level is None or pair not in shares:
            yield difference
        if difference.level is not None:
            shares.add(pair)


def _sentence(difference: Difference) -> str:
    if difference.level is not None:
        return _about_category(difference, difference.level)
    higher = difference.effect > 0
    slightly = "Slightly " if abs(difference.effect) < SMALL_EFFECT else ""
    words = set(name_words(difference.column))
    unit = _UNIT.search(difference.column)
    figures = compared(difference.value, difference.rest, None)
    if unit:
        figures += f" {unit[1].strip()}"
    if "age" in words and len(words) == 1:
        text, figures = "older" if higher else "younger", f"mean age {figures}"
    elif words & _INCOME:
        text = f"{'higher' if higher else 'lower'} income bracket"
    elif "birth" in words:
        text = f"born {'later' if higher else 'earlier'}"
        figures = f"{difference.value:.1f} against {difference.rest:.1f}"
    else:
        text = f"{'higher' if higher else 'lower'} {readable(difference.column)}"
    text = f"{slightly}{text}"
    return f"{text[:1].upper()}{text[1:]} ({figures})"


def _about_category(difference: Difference, level: str) -> str:
    words = set(name_words(difference.column))
    figures = compared(difference.value, difference.rest, level)
    mostly = difference.value > MOSTLY
    more = "Mostly" if mostly else "More often"
    less = "Never" if difference.value == 0 else "Less often"
    if abs(difference.effect) < SMALL_EFFECT:
        more, less, mostly = "Slightly more often", "Slightly less often", False
    how = more if difference.effect > 0 else less
    if level == MISSING:
        return f"{how} without a known {readable(difference.column)} ({figures})"
    if words & _PLACES:
        how = "Primarily" if mostly and difference.effect > 0 else how
        noun = " region" if words == {"region"} and "region" not in level.casefold() else ""
        return f"{how} from {shorten(level, LONGEST_LEVEL)}{noun} ({figures})"
    level = shorten(level, LONGEST_LEVEL)
    told = level if words & {"gender", "sex"} else f"{readable(difference.column)}: {level}"
    return f"{how} {told} ({figures})"


def _ends(band: Band) -> str:
    """Write a stretch with its column's unit."""
    ends = written((band.low, band.high)).replace(",", "" if _is_year(band.column) else ",")
    unit = _UNIT.search(band.column)
    return ends + (f" {unit[1].strip()}" if unit else "")


def _is_year(column: str) -> bool:
    return bool({"birth", "year"} & set(name_words(column)))


def _of_band(band: Band, text: str) -> Characteristic:
    measured = Difference(band.column, None, band.share, band.rest, band.effect)
    figures = compared(band.share, band.rest, "within")
    return Characteristic(f"{text} ({figures})", measured, (band.low, band.high))


def _stretch(name: str, columns: Numbers, inside: NDArray[np.bool_]) -> Iterator[Characteristic]:
    own = own_band(name, columns[name], inside, share=NEARLY_ALL)
    if own is not None and own.low < own.high and own.effect > 0 and _differs(own):
        yield _of_band(own, f"{readable(name)} mostly {_ends(own)}")


def _above_median(
    name: str, columns: Numbers, inside: NDArray[np.bool_]
) -> Iterator[Characteristic]:
    median = float(np.nanmedian(columns[name]))
    above = above_band(name, columns[name], inside, limit=median)
    if above is not None and _differs(above):
        limit = rounded(median, 0).replace(",", "" if _is_year(name) else ",")
        yield _of_band(above, f"{readable(name)} above the median of {limit}")


def _differs(band: Band) -> bool:
    return abs(band.effect) >= SMALL_EFFECT and bool(compared(band.share, band.rest, "within"))
