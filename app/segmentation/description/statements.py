"""A measured difference of a segment from the rest, put into words with its figures."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.segmentation.description.bands import Band, cohens_h, written
from app.segmentation.description.levels import MOSTLY
from app.segmentation.description.naming_generic import MIDDLE
from app.segmentation.description.phrases import plain
from app.segmentation.description.profiles import SMALL_EFFECT, Difference
from app.segmentation.description.vocabulary import VOCABULARY, shorten
from app.segmentation.figures import compared, rounded
from app.segmentation.preparation.columns import MISSING
from app.segmentation.tables.kind_words import name_words
from app.segmentation.units import is_of_steps, step_called, with_unit

LONGEST_LEVEL = 60

Measure = Literal["mean", "category", "stretch", "spread", "missing", "holding"]

_FEWEST_TO_VARY = 3
_QUARTILE = 0.674489750196082
"""Standard deviations from a normal mean within which half of all are."""

_PLACES = {"region", "city", "country", "state", "area", "zone", "district", "town"}


@dataclass(frozen=True)
class Characteristic:
    """A statement and what it rests on.

    Attributes
    ----------
    text : str
    difference : Difference
        Of what ``measure`` says.
    measure : {"mean", "category", "stretch", "spread", "missing", "holding"}
        What is compared: means, shares of a category, shares within ``between``, standard
        deviations, shares without a value, or the shares that the segment has of the customers
        with the category and of those without.
    between : tuple of float or None
        The ends, of which both belong, where shares of a stretch of numbers are told.
    evidence : Difference or None
        The difference of means or of a category's shares that it goes with.
    """

    text: str
    difference: Difference
    measure: Measure
    between: tuple[float, float] | None = None
    evidence: Difference | None = None

    @property
    def is_medium(self) -> bool:
        """Whether it says that a number lies between those of the others, as `of_medium` does."""
        return self.between is not None and self.evidence is not None


def differs(statement: Characteristic, *, least: float = SMALL_EFFECT) -> bool:
    """Whether the two figures of a statement can be told apart, and its effect is large enough."""
    d = statement.difference
    kind = None if statement.measure in ("mean", "spread") else "share"
    return abs(d.effect) >= least and bool(d.effect) and bool(compared(d.value, d.rest, kind))


def strongest(statements: Iterable[Characteristic]) -> list[Characteristic]:
    """Sort by effect; of equal ones, what a segment has goes before what it lacks."""
    return sorted(statements, key=lambda one: (-abs(one.difference.effect), -one.difference.effect))


def told_figures(difference: Difference) -> str:
    """Write a difference's two figures: "$75k vs $48k", "82% vs 25%"; or nothing."""
    d = difference
    return compared(d.value, d.rest, d.level, column=d.column, unit=d.unit)


def of_difference(difference: Difference) -> Characteristic:
    """Tell of a mean that is higher or lower, or of a category that is more or less frequent."""
    if difference.level is not None:
        text = _about_category(difference, difference.level)
        return Characteristic(text, difference, "category", evidence=difference)
    figures = told_figures(difference)
    higher = difference.effect > 0
    words = set(name_words(difference.column))
    if words == {"age"}:
        text, figures = "older" if higher else "younger", f"mean age {figures}"
    elif "birth" in words:
        text = f"born {'later' if higher else 'earlier'}"
        figures = f"{difference.value:.1f} vs {difference.rest:.1f}"
    else:
        text = f"{'higher' if higher else 'lower'} {plain(difference.column)}"
    slightly = "Slightly " if abs(difference.effect) < SMALL_EFFECT else ""
    text = f"{slightly}{text}"
    told = f"{text[:1].upper()}{text[1:]}: {figures}"
    return Characteristic(told, difference, "mean", evidence=difference)


def of_mean(difference: Difference) -> Characteristic:
    """Tell of both means without a word for which is higher."""
    figures = told_figures(difference)
    text = f"Mean {plain(difference.column)}: {figures}"
    return Characteristic(text, difference, "mean", evidence=difference)


def of_medium(band: Band, *, mean: Difference | None, mostly: bool) -> Characteristic:
    """Tell of a number that is medium in the segment, with its mean as evidence."""
    how = "mostly" if mostly else "more often"
    return _of_band(band, f"{MIDDLE} {plain(band.column)}, {how} {_ends(band)}", evidence=mean)


def of_stretch(band: Band) -> Characteristic:
    """Tell of the stretch of numbers that holds most of the segment."""
    return _of_band(band, f"{_opening(band.column)} mostly {_ends(band)}")


def of_limit(band: Band, *, limit: float, words: str) -> Characteristic:
    """Tell of the share above or up to a limit: ``Spend above the median of 50``."""
    return _of_band(band, f"{_opening(band.column)} {words} {_written_limit(band, limit)}")


def of_value(band: Band) -> Characteristic:
    """Tell of the share of one number."""
    how = "never" if band.share == 0 else "more often" if band.effect > 0 else "less often"
    return _of_band(band, f"{_opening(band.column)} {how} {_written_limit(band, band.low)}")


def of_spread(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_], unit: str = ""
) -> Characteristic | None:
    """Tell whether a number varies less or more than in the rest.

    The effect is Cohen's h of the shares within the middle half of the rest, as these would be of
    normal numbers with these standard deviations and one mean: so it is on the scale of the others,
    negative where the segment varies less.
    """
    known = ~np.isnan(values)
    own, others = values[known & inside], values[known & ~inside]
    if min(len(own), len(others)) < _FEWEST_TO_VARY:
        return None
    # Scaled, or the squares of the largest doubles are infinite.
    scale = float(np.abs(values[known]).max()) or 1.0
    spread, rest = (float(np.std(part / scale, ddof=1)) for part in (own, others))
    if min(spread, rest) <= 1e-9 * max(spread, rest):
        return None
    effect = cohens_h(0.5, math.erf(_QUARTILE / math.sqrt(2) * rest / spread))
    spread, rest = spread * scale, rest * scale
    slightly = "slightly " if abs(effect) < SMALL_EFFECT else ""
    unit = "steps" if is_of_steps(unit) else unit
    figures = compared(spread, rest, None, column=column, unit=unit)
    text = (
        f"{_opening(column)} varies {slightly}{'less' if effect < 0 else 'more'} "
        f"(standard deviation {figures})"
    )
    return Characteristic(text, Difference(column, None, spread, rest, effect), "spread")


def of_missing(
    column: str, values: NDArray[np.float64], inside: NDArray[np.bool_]
) -> Characteristic:
    """Tell of the share for which a number is not known."""
    missing = np.isnan(values)
    share, rest = float(missing[inside].mean()), float(missing[~inside].mean())
    measured = Difference(column, MISSING, share, rest, cohens_h(share, rest))
    return Characteristic(_about_category(measured, MISSING), measured, "missing")


def of_holding(
    column: str, level: str, has: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> Characteristic:
    """Tell how many of the customers with a category are in the segment, and of those without."""
    share, rest = float(inside[has].mean()), float(inside[~has].mean())
    some = "Most" if share > MOSTLY else "Some" if share > rest else "Few"
    how = {0.0: "No customer", 1.0: "Every customer"}.get(share, f"{some} customers")
    what = plain(column)
    known = f"without a known {what}" if level == MISSING else f"with {what} {_short(level)}"
    figures = compared(share, rest, "share")
    measured = Difference(column, level, share, rest, cohens_h(share, rest))
    text = f"{how} {known} belongs here" if how.endswith("customer") else f"{how} {known} are here"
    return Characteristic(f"{text}: {figures} of the others", measured, "holding")


def _about_category(difference: Difference, level: str) -> str:
    words = set(name_words(difference.column))
    figures = compared(difference.value, difference.rest, level)
    mostly = difference.value > MOSTLY
    more = "Always" if difference.value == 1 else "Mostly" if mostly else "More often"
    less = "Never" if difference.value == 0 else "Less often"
    if abs(difference.effect) < SMALL_EFFECT:
        more, less, mostly = "Slightly more often", "Slightly less often", False
    how = more if difference.effect > 0 else less
    if level == MISSING:
        return f"{how} without a known {plain(difference.column)}: {figures}"
    if words & _PLACES:
        how = {"Mostly": "Primarily", "Always": "All"}.get(how, how)
        noun = " region" if words == {"region"} and "region" not in level.casefold() else ""
        return f"{how} from {_short(level)}{noun}: {figures}"
    named = words & {"gender", "sex"}
    answer = VOCABULARY.answer(level)
    if answer is not None and not named:
        told = f"{'with' if answer else 'without'} {plain(difference.column)}"
    else:
        told = _short(level) if named else f"{plain(difference.column)} {_short(level)}"
    return f"{how} {told}: {figures}"


def _short(level: str) -> str:
    return shorten(level, LONGEST_LEVEL)


def _of_band(band: Band, text: str, *, evidence: Difference | None = None) -> Characteristic:
    measured = Difference(band.column, None, band.share, band.rest, band.effect)
    figures = compared(band.share, band.rest, "within")
    ends = (band.low, band.high)
    return Characteristic(f"{text} ({figures})", measured, "stretch", ends, evidence)


def _ends(band: Band) -> str:
    """Write a stretch with its column's unit, a word only once: ``7 to 11 visits``."""
    last = _written(band.high, band, written((band.high,)))
    figure = written((band.low,))
    first = _written(band.low, band, figure)
    if band.low == band.high or first == last:
        return last
    counted = " " in last and not is_of_steps(band.unit)
    return f"{figure if counted else first} to {last}"


def _written_limit(band: Band, limit: float) -> str:
    return _written(limit, band, rounded(limit, 0))


def _written(number: float, band: Band, figure: str) -> str:
    if _is_year(band.column):
        return figure.replace(",", "")
    if is_of_steps(band.unit):
        return step_called(figure, band.unit)
    return with_unit(figure, band.column, band.unit)


def _opening(column: str) -> str:
    spelt = plain(column)
    return spelt[:1].upper() + spelt[1:]


def _is_year(column: str) -> bool:
    return bool({"birth", "year"} & set(name_words(column)))
