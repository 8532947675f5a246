"""Numbers in other forms than digits alone: durations, times of day, ordinals, rows of stars."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pyarrow.compute as pc

from app.segmentation.tables.bands import read_band
from app.segmentation.tables.durations import (
    UNITS,
    Duration,
    Measure,
    counted_in,
    finest_unit,
    read_duration,
    seconds_in,
)
from app.segmentation.tables.roles import plain_name
from app.segmentation.tables.unicode_digits import to_ascii
from app.segmentation.tables.values import Strings

Form = Literal[Measure, "time of day", "inches", "grade", "ordinal", "signs", "capped"]
"""What a column's texts are counted in, or are, where they are numbers in another form."""

FORMS: tuple[Form, ...] = (
    *get_args(Measure), "time of day", "inches", "grade", "ordinal", "signs", "capped",
)  # fmt: skip

_MOSTLY = 0.5
_LONGEST = 100
_TOO_LONG = "…"
"""For a text of more characters, which is in no form: looking at it takes their number's square."""

_MOST_CAPPED = 100
_ORDINAL = re.compile(
    r"(?:platz|rang|rank|place|第)?\s*(\d{1,6})\s*"
    r"(?:st|nd|rd|th|\.|er|ère|ere|e|ème|eme|ième|º|ª|:a|:e|-й|-я|-ое|位|위|등)",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"(?:platz|rang|rank|place|week|woche|kw|semaine|semana|settimana|day|tag|jour|month|monat|mois|"
    r"level|stufe|niveau|nivel|livello|stage|phase|step|schritt|grade)\s*(\d{1,6})",
    re.IGNORECASE,
)
_FULL, _EMPTY = "★⭐✭●■♥❤👍🔥*$€£+", "☆✩○□♡"
_SIGNS = re.compile(rf"(?P<full>([{re.escape(_FULL)}])\2*)?(?P<half>½)?(?P<empty>[{_EMPTY}]*)")
_FEET = re.compile(
    r"(\d)\s*(?:'|ft\.?|feet|foot)\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|''|″|”|in\.?|inch(?:es)?)?)?",
    re.IGNORECASE,
)
_GRADE = re.compile(r"([1-6])([+-]?)")
_STEPS = {"+": -0.3, "": 0.0, "-": 0.3}
"""What a sign behind a school's grade adds to it: the lower number is the better grade."""

_OF_DAY = re.compile(
    r"\b(time|uhrzeit|zeit|heure|hora|ora|tijd|opens?|opening|closes?|closing|arriv\w*|depart\w*|"
    r"check ?in|check ?out|start|beginn?|ankunft|abfahrt|godzina|saat|czas|время|klockslag)\b"
    r"|時刻|时间|시각"
)
_LASTS = re.compile(
    r"\b(duration|\w*dauer|duree|duracion|durata|duracao|duur|length|lange|total|spent|calls?|"
    r"talk\w*|watch\w*|sessions?|work\w*|average|avg|laufzeit|runtime|elapsed|handling|response|"
    r"wait\w*|time (on|in|to|per|since)|playtime|listen\w*|videos?|songs?|tracks?|anruf\w*|"
    r"gesprach\w*|appels?|llamadas?|arbeitszeit|antwortzeit|wartezeit|длительность|время на)\b"
)
_BRIEF = re.compile(
    r"\b(calls?|talk\w*|watch\w*|sessions?|videos?|songs?|tracks?|pages?|handling|response|"
    r"anruf\w*|gesprach\w*|appels?|llamadas?|pace|laps?|time on)\b"
)


@dataclass(frozen=True, kw_only=True)
class Formed:
    """A column's texts in another form.

    Attributes
    ----------
    form
        What they are.
    unit
        What their numbers are counted in.
    numbers
        Each text to its number; those in no form are left out.
    open
        Whether two numbers around a colon could be hours and minutes, or minutes and seconds.
    """

    form: Form
    unit: str
    numbers: Mapping[str, float]
    open: bool = False


def read_form(name: str, strings: Strings, *, given: Form | None = None) -> Formed | None:
    """Read a column of numbers in another form; None where most of it is in none.

    Parameters
    ----------
    name
        The column's name, which tells times of day from durations, minutes from hours.
    strings
        (n_rows,) the column as written.
    given
        The form, where it is known.
    """
    if given is None and _formed(name, _texts(strings.sample), None) is None:
        return None
    return _formed(name, _texts(strings), given)


def written_forms(strings: Strings) -> Any:
    """Write a column's texts as `read_form` gives their numbers; null where missing."""
    return to_ascii(strings.filled(strings.missing))


def _texts(strings: Strings) -> list[str]:
    texts = sorted(pc.unique(written_forms(strings)).drop_null().to_pylist())
    return [text if len(text) <= _LONGEST else _TOO_LONG for text in texts]


def _formed(name: str, texts: Sequence[str], given: Form | None) -> Formed | None:
    if given in (None, "inches"):
        feet = {t: 12 * float(m[1]) + float(m[2] or 0) for t in texts if (m := _FEET.fullmatch(t))}
        if given or len(feet) > _MOSTLY * len(texts):
            return Formed(form="inches", unit="in", numbers=feet)
    if given in (None, "grade"):
        grades = {t: int(m[1]) + _STEPS[m[2]] for t in texts if (m := _GRADE.fullmatch(t))}
        signed = {text[-1] for text in grades}
        if given or (len(grades) == len(texts) and {"+", "-"} <= signed):
            return Formed(form="grade", unit="", numbers=grades)
    if given in (None, "capped") and (capped := _capped(texts, known=given is not None)):
        return capped
    if given not in ("ordinal", "signs", "capped"):
        durations = {text: read for text in texts if (read := read_duration(text)) is not None}
        compound = any(each.clock or len(each.parts) > 1 or each.ago for each in durations.values())
        measures = Counter(min(each.parts) for each in durations.values())
        signs = any(text.endswith(("S", "H")) for text in durations)  # Soll and Haben
        compound |= not signs and len(measures) > 1 and 2 * max(measures.values()) <= len(texts)
        if given is not None or (compound and len(durations) > _MOSTLY * len(texts)):
            return _counted(name, durations, given)
    if given in (None, "ordinal"):
        ordinals = {t: float(m[1]) for t in texts if (m := _ordinal(t)) is not None}
        if given or (len(ordinals) > _MOSTLY * len(texts) and not _plain(ordinals)):
            return Formed(form="ordinal", unit="", numbers=ordinals)
    return _signs(texts, known=given == "signs")


def _capped(texts: Sequence[str], *, known: bool) -> Formed | None:
    """Read the last of some whole numbers, 10+, as the least that it means, and < 1 as 0."""
    if not known and len(texts) > _MOST_CAPPED:
        return None
    bands = {text: band for text in texts if (band := read_band(text)) is not None}
    ended = {text: band for text, band in bands.items() if band.single or band.open}
    units = Counter(band.unit for band in ended.values() if band.unit)
    unit = units.most_common(1)[0][0] if units else ""
    ends = {
        text: band.end * seconds_in(band.unit or unit) / seconds_in(unit)
        for text, band in ended.items()
    }
    numbers = {text: ends[text] - math.isinf(band.low) for text, band in ended.items()}
    formed = Formed(form="capped", unit=unit, numbers=numbers)
    if known:
        return formed
    singles = {ends[text] for text, band in ended.items() if band.single}
    highest = {ends[text] for text, band in ended.items() if math.isinf(band.high)}
    lowest = {ends[text] for text, band in ended.items() if math.isinf(band.low)}
    if len(numbers) < len(texts) or len(highest) != 1 or len(singles) < 2 or len(lowest) > 1:
        return None
    whole = all(number.is_integer() for number in singles)
    below = not lowest or (lowest == {min(singles)} and min(singles) <= 1)
    return formed if whole and below and max(singles) <= max(highest) else None


def _ordinal(text: str) -> re.Match[str] | None:
    return _ORDINAL.fullmatch(text) or _RANKED.fullmatch(text)


def _plain(texts: Mapping[str, float]) -> bool:
    """Whether only points stand behind the numbers: "12." is a number as any other."""
    return all(text.rstrip(".").isdecimal() for text in texts)


def _counted(name: str, durations: Mapping[str, Duration], given: Form | None) -> Formed | None:
    plain = plain_name(name)
    clocks = [each.clock for each in durations.values() if each.clock]
    halves = any(each.half for each in durations.values())
    hours = [each.parts.get("hours", 0) for each in durations.values() if each.clock == 2]
    in_a_day = bool(clocks) and all(each.parts.get("hours", 0) <= 24 for each in durations.values())
    of_day = in_a_day and (halves or (_OF_DAY.search(plain) and not _LASTS.search(plain)))
    if given == "time of day" or (given is None and of_day):
        times = {t: found for t, d in durations.items()
                 if d.clock and (found := counted_in(d, "hours")) is not None}  # fmt: skip
        return Formed(form="time of day", unit="h", numbers=times)
    brief = (3 in clocks and 2 in clocks) or bool(_BRIEF.search(plain))
    if given is None and hours and brief:
        given = "seconds"
    if given == "seconds":
        durations = {text: _as_minutes(each) for text, each in durations.items()}
    unit = given if given in UNITS else finest_unit(durations.values())
    counted = {text: counted_in(each, unit) for text, each in durations.items()}
    return Formed(
        form=unit,
        unit=UNITS[unit],
        numbers={text: count for text, count in counted.items() if count is not None},
        open=bool(hours) and 3 not in clocks,
    )


def _as_minutes(duration: Duration) -> Duration:
    """Take two numbers around a colon for minutes and seconds."""
    if duration.clock != 2:
        return duration
    parts = duration.parts
    read: dict[Measure, float] = {"minutes": parts["hours"], "seconds": parts["minutes"]}
    return Duration(parts=read, negative=duration.negative, clock=2)


def _signs(texts: Sequence[str], *, known: bool) -> Formed | None:
    """Count signs in a row: ★★★☆☆ is 3 of 5, $$ a level of prices."""
    found = {t: m for t in texts if t and (m := _SIGNS.fullmatch(t)) is not None}
    kinds = {match[2] for match in found.values() if match[2]}
    lengths = {len(text) for text in found}
    repeated = len(kinds) == 1 and len(found) > max(1, _MOSTLY * len(texts))
    if not known and not repeated:
        return None
    empty = any(match["empty"] for match in found.values())
    return Formed(
        form="signs",
        unit=f"/{lengths.pop()}" if empty and len(lengths) == 1 else "",
        numbers={t: len(m["full"] or "") + 0.5 * bool(m["half"]) for t, m in found.items()},
    )
