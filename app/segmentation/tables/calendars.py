"""Years of other calendars, where their number or their months' names tell of them."""

from __future__ import annotations

import math
import re
from datetime import date

_BUDDHIST_YEARS = range(2443, 2643)
"""Of 1900 to 2099."""

BUDDHIST_SHIFT = 543
_THAI = (
    "มกราคม|ม\\.?ค\\.?", "กุมภาพันธ์|ก\\.?พ\\.?", "มีนาคม|มี\\.?ค\\.?", "เมษายน|เม\\.?ย\\.?",
    "พฤษภาคม|พ\\.?ค\\.?", "มิถุนายน|มิ\\.?ย\\.?", "กรกฎาคม|ก\\.?ค\\.?", "สิงหาคม|ส\\.?ค\\.?",
    "กันยายน|ก\\.?ย\\.?", "ตุลาคม|ต\\.?ค\\.?", "พฤศจิกายน|พ\\.?ย\\.?", "ธันวาคม|ธ\\.?ค\\.?",
)  # fmt: skip
_PERSIAN = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد|امرداد", "شهریور", "مهر", "آبان", "آذر", "دی",
    "بهمن", "اسفند",
)  # fmt: skip
_ISLAMIC = (
    "محرم", "صفر", "ربيع ال[اأ]ول", "ربيع ال[اآ]خر|ربيع الثاني", "جمادى ال[اأ]ولى",
    "جمادى ال[اآ]خرة|جمادى الثانية", "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
)  # fmt: skip
_ERAS = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911,
    "民国": 1911,
}  # fmt: skip
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,3}}|元)\s?年")
_DAY = r"(?P<day>\d{{1,2}})\s*(?:{})\s*(?:พ\.?ศ\.?)?\s*,?\s*(?P<year>\d{{4}})\s*(?:هـ|ه)?"
_NAMED = {
    calendar: tuple(re.compile(_DAY.format(month)) for month in months)
    for calendar, months in (("Buddhist", _THAI), ("Persian", _PERSIAN), ("Islamic", _ISLAMIC))
}


def is_buddhist(year: int) -> bool:
    """Whether a year is more likely one of the Buddhist era than one to come."""
    return year in _BUDDHIST_YEARS


def with_common_years(text: str) -> str:
    """Write years of Japanese and Taiwanese eras as common ones."""
    return _ERA.sub(_common_year, text)


def read_named_month(text: str) -> tuple[date, str] | None:
    """Read a day whose month's name is of another calendar, and name the calendar."""
    if text.isascii():
        return None
    for calendar, months in _NAMED.items():
        for month, form in enumerate(months, start=1):
            if match := form.fullmatch(text):
                year, day = int(match["year"]), int(match["day"])
                found = _of_calendar(calendar, year, month, day)
                return None if found is None else (found, calendar)
    return None


def _of_calendar(calendar: str, year: int, month: int, day: int) -> date | None:
    try:
        if calendar == "Buddhist":
            return date(year - BUDDHIST_SHIFT * is_buddhist(year), month, day)
        if calendar == "Persian":
            before = 31 * (month - 1) - max(0, month - 7)
            # Leap years by the rule of 33 years, right from 1178 to 1633.
            return date.fromordinal(
                226_894 + 365 * (year - 1) + (8 * year + 21) // 33 + before + day
            )
        # The calculated calendar: months begin a day earlier or later where the moon is watched.
        before = math.ceil(29.5 * (month - 1)) + 354 * (year - 1) + (3 + 11 * year) // 30
        return date.fromordinal(227_014 + before + day)
    except (ValueError, OverflowError):
        return None


def _common_year(match: re.Match[str]) -> str:
    count = 1 if match[2] == "元" else int(match[2])
    return f"{_ERAS[match[1]] + count}年"
