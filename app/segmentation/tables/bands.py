"""Bands of a number, written as texts: ``18-24``, ``65+``, ``under 18``, ``< 1 year``."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from app.segmentation.tables.affix_words import LETTERS
from app.segmentation.tables.affixes import read_affixes
from app.segmentation.tables.durations import seconds_in

_NUMBER = re.compile(r"\d+(?:[.,' ]\d+)*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_INTERVAL = re.compile(
    r"[\[(]\s*(?P<low>-?inf|-?\d+(?:\.\d+)?)\s*[,;]\s*(?P<high>inf|-?\d+(?:\.\d+)?)\s*[\])]"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜～", "-"))
_CONNECTED = re.compile(
    r"(?P<after>.*?)(?:\s*(?:[-~]|\.{2,3}|至|到|から)\s*|\s+(?:to|through|bis|à|au|a|al|hasta|até|ad|"
    r"tot|t/m|till|til|do|до|по|and|und|et|y|e|en|i|и|og|och|ile)\s+)"
    r"(?:(?:unter|under|below|less than|moins de|menos de|meno di|minder dan|<=?)\s*)?"
    r"(?P<before>(?:[A-Za-z]{1,3})?[^\w]*)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\s*(?:from|between|ages?|aged|von|vom|zwischen|de|entre|da|dai|tra|fra|van|tussen|od|mezi|"
    r"między|от|с|между|mellom|mellan|mellem)(?!\w)\s*",
    re.IGNORECASE,
)
_BELOW_FIRST = (
    r"<=?|≤|(?:under|below|less than|fewer than|younger than|up to|at most|no more than|unter|"
    r"bis zu|bis|weniger als|höchstens|maximal|jünger als|moins de|jusqu'à|jusqu’à|inférieur à|"
    r"menos de|menor de|menores de|hasta|meno di|fino a|sotto i|sotto|até|abaixo de|minder dan|"
    r"onder|tot|jonger dan|poniżej|mniej niż|do|до|менее|меньше|младше|моложе|mindre än|mindre enn|"
    r"mindre end|pod|méně než|小于|低于|不到|未满|不满|أقل من|تحت)(?!\w)"
)
_ABOVE_FIRST = (
    r"\+|>=?|≥|(?:over|above|more than|greater than|older than|at least|from|min\.?|über|ab|"
    r"mehr als|mindestens|älter als|plus de|à partir de|dès|supérieur à|más de|mayor de|"
    r"mayores de|desde|a partir de|oltre i|oltre|più di|da|mais de|acima de|meer dan|boven|vanaf|"
    r"ouder dan|powyżej|ponad|więcej niż|od|свыше|более|больше|старше|от|över|mer än|mer enn|"
    r"mere end|nad|více než|超过|大于|高于|أكثر من|فوق)(?!\w)"
)
_BELOW_LAST = (
    r"(?:and|or) (?:under|below|less|fewer|younger)|(?:und|oder) (?:weniger|jünger|darunter)|"
    r"(?:et|ou) moins|(?:y|o) menos|(?:e|o) meno|(?:e|ou) menos|(?:en|of) (?:minder|jonger)|"
    r"(?:i|lub) mniej|и (?:младше|менее|меньше|моложе)|未満|以下|及以下|미만|이하|(?:ve )?altı"
)
_ABOVE_LAST = (
    r"\+|plus|(?:and|or|&) (?:over|above|more|older|up|greater|higher)|"
    r"(?:und|oder) (?:mehr|älter|darüber|höher)|(?:et|ou) (?:plus|\+)|(?:y|o) (?:más|mayores)|"
    r"(?:e|o|ed) (?:più|oltre|superiore)|(?:e|ou) mais|(?:en|of) (?:meer|ouder|hoger)|"
    r"(?:i|lub) więcej|и (?:старше|более|больше|выше)|(?:och|og|eller) (?:äldre|över|mer|over|"
    r"ældre|eldre|mere)|a více|(?:ve )?(?:üzeri|üstü)|及?以上|超|이상"
)
_BELOW = re.compile(rf"\s*(?:{_BELOW_FIRST})[\s-]*(?P<rest>.*)", re.IGNORECASE)
_ABOVE = re.compile(rf"\s*(?:{_ABOVE_FIRST})[\s-]*(?P<rest>.*)", re.IGNORECASE)
_AND_BELOW = re.compile(rf"(?P<rest>.*?)\s*(?:{_BELOW_LAST})(?P<more>.*)", re.IGNORECASE)
_AND_ABOVE = re.compile(rf"(?P<rest>.*?)\s*(?:{_ABOVE_LAST})(?P<more>.*)", re.IGNORECASE)
_DECADE = re.compile(r"'?s|er|代|대")
_FEWEST = 3
_LONGEST = 100
"""Characters; the time that a longer text takes grows with its square."""


@dataclass(frozen=True, kw_only=True, order=True)
class NumberBand:
    """From where to where a text goes: a single number from itself to itself.

    Attributes
    ----------
    low, high
        Infinite where an end is open.
    unit
        What the number is counted in.
    decade
        Whether it is one of years by tens: ``20s``, ``30代``.
    """

    low: float
    high: float
    unit: str = field(default="", compare=False)
    decade: bool = field(default=False, compare=False)

    @property
    def single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def open(self) -> bool:
        """Whether one of its ends is open."""
        return math.isinf(self.high - self.low)

    @property
    def end(self) -> float:
        """The end that is not open."""
        return self.high if math.isinf(self.low) else self.low

    def in_seconds(self) -> NumberBand:
        """Count a band of months or years in what these have in common."""
        size = seconds_in(self.unit)
        return NumberBand(low=self.low * size, high=self.high * size)


def read_band(text: str) -> NumberBand | None:
    """Read one band, or one number; None where the text is neither."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    if match := _INTERVAL.fullmatch(plain):
        return NumberBand(low=float(match["low"]), high=float(match["high"]))
    numbers = list(_NUMBER.finditer(plain))
    if not 1 <= len(numbers) <= 2:
        return None
    before, after = plain[: numbers[0].start()], plain[numbers[-1].end() :]
    values = [_value(number[0]) for number in numbers]
    if any(value is None for value in values):
        return None
    read = [value for value in values if value is not None]
    if len(read) == 1:
        return _one_end(read[0], before, after)
    return _both_ends(read, before, plain[numbers[0].end() : numbers[1].start()], after)


def in_order(texts: Iterable[str]) -> dict[str, int] | None:
    """Count the bands that a column's texts are from the lowest; None where they are none.

    They are where half of them at least are no single numbers, and none reaches into another.
    """
    found: dict[str, NumberBand] = {}
    for text in texts:
        band = read_band(text)
        if band is None or band.low > band.high:
            return None
        found[text] = band
    if len({seconds_in(band.unit) for band in found.values() if band.unit}) > 1:
        found = {text: band.in_seconds() for text, band in found.items()}
    bands = sorted(set(found.values()))
    wide = [band for band in bands if not band.single]
    if len(bands) < _FEWEST or 2 * len(wide) < len(bands) or all(band.decade for band in wide):
        return None
    if all(band.open for band in wide) or any(b.low < a.high for a, b in pairwise(bands)):
        return None
    return {text: bands.index(band) + 1 for text, band in found.items()}


def _value(token: str) -> float | None:
    plain = re.sub(r"[' ]", "", token)
    plain = re.sub(r"[.,]", "", plain) if _GROUPED.fullmatch(plain) else plain.replace(",", ".")
    return float(plain) if plain.count(".") <= 1 else None


def _one_end(value: float, before: str, after: str) -> NumberBand | None:
    below, above = _BELOW.fullmatch(before), _ABOVE.fullmatch(before)
    first = below or above
    before = first["rest"] if first else _OPENING.sub("", before)
    and_below, and_above = _AND_BELOW.fullmatch(after), _AND_ABOVE.fullmatch(after)
    last = and_below or and_above
    if first and last:
        return None
    rest = f"{last['rest']}{last['more']}" if last else after
    decade = not first and value % 10 == 0 and _DECADE.fullmatch(rest.strip()) is not None
    affixes = _factor(before, "" if decade else rest)
    if affixes is None:
        return None
    factor, unit = affixes
    at = value * factor
    if below or and_below:
        return NumberBand(low=-math.inf, high=at, unit=unit)
    if above or and_above:
        return NumberBand(low=at, high=math.inf, unit=unit)
    return NumberBand(low=at, high=at + 9 * decade, unit=unit, decade=decade)


def _both_ends(values: list[float], before: str, between: str, after: str) -> NumberBand | None:
    connected = _CONNECTED.fullmatch(between)
    if connected is None:
        return None
    first = _factor(_OPENING.sub("", before, count=1), connected["after"])
    last = _factor(connected["before"], after)
    if first is None or last is None:
        return None
    low, high = values[0] * first[0], values[1] * last[0]
    if first[0] == 1 and values[0] * last[0] <= high:
        # 10-50k are both thousands.
        low = values[0] * last[0]
    if first[1]:
        low *= seconds_in(first[1]) / seconds_in(last[1])
    return NumberBand(low=low, high=high, unit=last[1])


def _factor(before: str, after: str) -> tuple[float, str] | None:
    """Give what a number multiplies with, by what stands around it, and its unit."""
    affixes = read_affixes(before, after)
    if affixes is None or affixes.factor < 0:
        return None
    factor = affixes.factor * LETTERS.get(affixes.letter, 1.0)
    return factor, affixes.unit
