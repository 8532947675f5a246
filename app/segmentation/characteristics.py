"""Statements about a segment, each a measured difference put into words."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.bands import Band, above_band, own_band, written
from app.segmentation.columns import MISSING, to_numbers
from app.segmentation.naming_generic import MOSTLY, middle, readable
from app.segmentation.profiles import SMALL_EFFECT, ClusterProfile, Difference
from app.segmentation.tables.kinds import name_words

NEARLY_ALL = 0.9
"""Share of a segment in the stretch of numbers that is told of it."""

FEWEST, MOST = 3, 5
"""Statements a segment has, as far as its columns differ in so many ways."""

_INCOME = {"income", "salary", "earnings", "wage", "wages"}
_PLACES = {"region", "city", "country", "state", "area", "zone", "district", "town"}
_UNIT = re.compile(r"[(\[]([^)\]\d]{1,12})[)\]]")


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

    A number whose middle the segment keeps to is said where that tells more than its mean. Where
    these are fewer than three, differences of less than a small effect follow, as "slightly",
    then the stretch that holds most of the segment, and the shares above a column's median.

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
        told = [d for d in _one_a_column(profile.differences) if _shown(d.value, d.rest, d.level)]
        clear = [Characteristic(_sentence(d), d) for d in told if abs(d.effect) >= SMALL_EFFECT]
        statements = _strongest([*clear, *_in_the_middle(profile)])[:MOST]
        inside = labels == profile.cluster_id
        slight = [Characteristic(_sentence(d), d) for d in told if abs(d.effect) < SMALL_EFFECT]
        others = (each for d in told for each in _stretches(d, inside, columns))
        for statement in chain(slight, others):
            if len(statements) >= FEWEST:
                break
            statements.append(statement)
        result.append(tuple(_strongest(statements)))
    return tuple(result)


def _strongest(statements: Sequence[Characteristic]) -> list[Characteristic]:
    return sorted(statements, key=lambda one: -abs(one.difference.effect))


def _in_the_middle(profile: ClusterProfile) -> Iterator[Characteristic]:
    means = {d.column: abs(d.effect) for d in profile.differences if d.level is None}
    for band in middle(profile):
        if band.effect > means.get(band.column, 0.0):
            name = readable(band.column)
            yield _of_band(band, f"Mostly medium {name}, {_ends(band)}")


def told_figures(difference: Difference) -> str:
    """Write a difference's two figures: "75,000 against 48,000", "82% against 25%"."""
    return _shown(difference.value, difference.rest, difference.level)


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
    figures = _shown(difference.value, difference.rest, None)
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
    figures = _shown(difference.value, difference.rest, level)
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
        return f"{how} from {level}{noun} ({figures})"
    told = level if words & {"gender", "sex"} else f"{readable(difference.column)}: {level}"
    return f"{how} {told} ({figures})"


def _shown(value: float, rest: float, level: str | None) -> str:
    """Write both figures with as many digits as tell them apart; nothing where none do."""
    for digits in range(0, 7):
        if level is not None:
            pair = f"{value:.{digits}%}", f"{rest:.{digits}%}"
        else:
            pair = _rounded(value, digits), _rounded(rest, digits)
        if pair[0] != pair[1]:
            return f"{pair[0]} against {pair[1]}"
    return ""


def _rounded(value: float, digits: int) -> str:
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    decimals = max(0, 2 - magnitude) + digits if abs(value) < 1000 else digits
    text = f"{value:,.{min(decimals, 12)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ends(band: Band) -> str:
    """Write a stretch with its column's unit."""
    dated = {"birth", "year"} & set(name_words(band.column))
    ends = written((band.low, band.high))
    unit = _UNIT.search(band.column)
    return (ends.replace(",", "") if dated else ends) + (f" {unit[1].strip()}" if unit else "")


def _of_band(band: Band, text: str) -> Characteristic:
    measured = Difference(band.column, None, band.share, band.rest, band.effect)
    figures = _shown(band.share, band.rest, "within")
    return Characteristic(f"{text} ({figures})", measured, (band.low, band.high))


def _stretches(
    difference: Difference, inside: NDArray[np.bool_], columns: Mapping[str, NDArray[np.float64]]
) -> Iterator[Characteristic]:
    """Tell shares within the stretch that holds most of a segment, and above the median of all."""
    numbers = columns.get(difference.column)
    if difference.level is not None or numbers is None:
        return
    own = own_band(difference.column, numbers, inside, share=NEARLY_ALL)
    if own is not None and own.low < own.high and _differs(own) and own.effect > 0:
        yield _of_band(own, f"{readable(own.column)} mostly {_ends(own)}")
    median = float(np.nanmedian(numbers))
    above = above_band(difference.column, numbers, inside, limit=median)
    if above is not None and _differs(above):
        figures = _shown(above.share, above.rest, "above")
        text = f"{readable(above.column)} above the median of {_rounded(median, 0)}: {figures}"
        measured = Difference(above.column, None, above.share, above.rest, above.effect)
        yield Characteristic(text, measured, (above.low, above.high))


def _differs(band: Band) -> bool:
    return abs(band.effect) >= SMALL_EFFECT and bool(_shown(band.share, band.rest, "within"))
