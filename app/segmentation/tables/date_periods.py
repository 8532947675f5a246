"""Read quarters, half years and weeks: ``2024-Q1``, ``T1 2024``, ``2024-W05``, ``KW 5/2024``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_QUARTER = (
    r"(?:quarters?|quartale?|trimestres?|trimester|trimestri|kvartal|kwartał|kwartal|kwartaal|"
    r"čtvrtletí|ceyrek|çeyrek|квартал|кв\.?|qtr\.?|季度|四半期|분기|q|t)"
)
_HALF = r"(?:half|halbjahr|semestres?|semester|semestre|hj|h)"
_WEEK = r"(?:weeks?|wochen?|kw|semaines?|semanas?|settimane?|vecka|uge|uke|tydzień|wk|cw|w)"
_YEAR = r"(?:FY\s?)?(?P<year>(?:19|20)\d{2}|'?\d{2})"
_FULL = r"(?:FY\s?)?(?P<year>(?:19|20)\d{2})"
_GAP = r"[\s./,'_-]*"


def _forms(word: str, number: str, *, short_word: bool = False) -> tuple[re.Pattern[str], ...]:
    forms = (
        rf"{_FULL}{_GAP}{word}{_GAP}(?P<number>{number})",
        rf"{_FULL}{_GAP}(?P<number>{number})\.?{_GAP}{word}",
        rf"{word}{_GAP}(?P<number>{number})(?:[\s./,'_-]+|{_GAP}(?=(?:19|20)\d\d$)){_YEAR}",
        # "2h 15" is a duration.
        rf"(?P<number>{number})\s*(?:\.|º|ª|er|e|st|nd|rd|th)?\s*{word}{_GAP}(?:of\s|de\s)?"
        rf"{_FULL if short_word else _YEAR}",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


_QUARTERS = (
    *_forms(_QUARTER, "[1-4]"),
    re.compile(rf"{_FULL}\s?年\s?第?\s?(?P<number>[1-4一二三四])\s?(?:季度|四半期)"),
)
_MONTHS = (re.compile(rf"{_FULL}{_GAP}[PM](?P<number>0[1-9]|1[0-2])", re.IGNORECASE),)
_HALVES = _forms(_HALF, "[12]", short_word=True)
_WEEKS = _forms(_WEEK, r"0?[1-9]|[1-4]\d|5[0-3]", short_word=True)
_ISO_DAY = re.compile(rf"{_FULL}-?W(?P<number>\d{{2}})-?(?P<day>[1-7])")
_CJK_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_PIVOT = 69


@dataclass(frozen=True, kw_only=True)
class Period:
    """The first day of a quarter, a half year or a week, and whether its year has two digits."""

    start: date
    short: bool = False


def read_period(text: str) -> Period | None:
    """Read a period of a year; None where the text is none."""
    if not any(char.isalpha() for char in text) or not any(char.isdecimal() for char in text):
        return None
    if match := _ISO_DAY.fullmatch(text):
        return _week(match["year"], int(match["number"]), int(match["day"]))
    for forms, months in ((_QUARTERS, 3), (_HALVES, 6), (_MONTHS, 1)):
        for form in forms:
            if match := form.fullmatch(text):
                number = _CJK_DIGITS.get(match["number"]) or int(match["number"])
                year, short = _year(match["year"])
                return Period(start=date(year, (number - 1) * months + 1, 1), short=short)
    for form in _WEEKS:
        if match := form.fullmatch(text):
            return _week(match["year"], int(match["number"]), 1)
    return None


def _year(text: str) -> tuple[int, bool]:
    digits = text.lstrip("'")
    if len(digits) == 4:
        return int(digits), False
    return int(digits) + (1900 if int(digits) >= _PIVOT else 2000), True


def _week(year_text: str, number: int, day: int) -> Period | None:
    year, short = _year(year_text)
    try:
        return Period(start=date.fromisocalendar(year, number, day), short=short)
    except ValueError:
        return None
