"""Read one date as it is written: numbers in any order, months in words, quarters and weeks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from app.segmentation.tables.calendars import (
    BUDDHIST_SHIFT,
    is_buddhist,
    read_named_month,
    with_common_years,
)
from app.segmentation.tables.date_periods import read_period

Order = Literal["dmy", "mdy"]

_MONTHS = (
    "january januar janner janvier enero gennaio janeiro januari styczen stycznia leden ledna ocak "
    "январь января",
    "february februar feber fevrier febrero febbraio fevereiro februari luty lutego unor unora "
    "subat февраль февраля",
    "march marz maerz mrz mars marzo marco maart mrt marts marzec marca brezen brezna mart "
    "март марта",
    "april avril abril aprile kwiecien kwietnia duben dubna nisan апрель апреля",
    "may mai mayo maggio maio mei maj maja kveten kvetna mayis май мая",
    "june juni juin junio giugno junho czerwiec czerwca cerven cervna haziran июнь июня",
    "july juli juillet julio luglio julho lipiec lipca cervenec cervence temmuz июль июля",
    "august aout agosto augustus augusti sierpien sierpnia srpen srpna agustos август августа",
    "september septembre septiembre setiembre settembre setembro wrzesien wrzesnia zari eylul "
    "сентябрь сентября",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika rijen rijna ekim "
    "октябрь октября",
    "november novembre noviembre novembro listopad listopadu listopada kasim ноябрь ноября",
    "december dezember decembre diciembre dicembre dezembro grudzien grudnia prosinec prosince "
    "aralik декабрь декабря",
)
_FURTHER_MONTHS = (
    "ianuarie ιανουαριου ιανουαριος сичня sicnja tammikuuta tammikuu desamber يناير gener sijecnja",
    "februarie februar фебруари φεβρουαριου φεβρουαριος лютого helmikuuta helmikuu februar فبراير "
    "veljace pebruari",
    "martie μαρτιου μαρτιος березня maaliskuuta maaliskuu marcius مارس ozujka maret marca",
    "aprilie απριλιου απριλιος квітня huhtikuuta huhtikuu aprilis أبريل ابريل travnja",
    "μαιου μαιος травня toukokuuta toukokuu majus مايو svibnja maj",
    "iunie ιουνιου ιουνιος червня kesakuuta kesakuu junius يونيو lipnja",
    "iulie ιουλιου ιουλιος липня heinakuuta heinakuu julius يوليو srpnja",
    "αυγουστου αυγουστος серпня elokuuta elokuu augusztus أغسطس اغسطس kolovoza agustus",
    "septembrie σεπτεμβριου σεπτεμβριος вересня syyskuuta syyskuu szeptember سبتمبر rujna",
    "octombrie οκτωβριου οκτωβριος жовтня lokakuuta lokakuu oktober أكتوبر اكتوبر",
    "noiembrie νοεμβριου νοεμβριος листопада marraskuuta marraskuu november نوفمبر studenoga",
    "decembrie δεκεμβριου δεκεμβριος грудня joulukuuta joulukuu desember ديسمبر prosinca",
)
"""Written out only: cut short, some of them would mean another month of another language."""

_WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag",
    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lundi",
    "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes", "miercoles",
    "jueves", "viernes", "sabado", "domingo", "lunedi", "martedi", "mercoledi", "giovedi",
    "venerdi", "domenica", "segunda", "terca", "quarta", "quinta", "sexta", "feira", "maandag",
    "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
)  # fmt: skip
_CONNECTING = {
    "de", "del", "of", "the", "st", "nd", "rd", "th", "er", "den", "le", "am", "do", "di", "a", "g",
    "г", "года", "uhr",
}  # fmt: skip
_THREE = re.compile(r"(\d{1,4})(\s?[./-]\s?| )(\d{1,2})\2(\d{1,4})\.?")
_TWO = re.compile(r"(\d{1,4})([./-])(\d{1,4})")
_WEEKDAY_FIRST = re.compile(r"([^\W\d_]{2,})\.?,?\s+(?=\d)")
_YEAR_BEHIND = re.compile(r"(?<=\d)\s?(?:г|р|r)\.?$")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_WEEKDAY_BEHIND = re.compile(
    r"\s*(?:[（(](?:[月火水木金土日]|周[一二三四五六日])(?:曜日?)?[）)]|(?:星期|周|週)[一二三四五六日天]|"
    r"[（(]?[월화수목금토일](?:요일)?[）)]|[월화수목금토일]요일|[月火水木金土日]曜日?)$"
)
_VIETNAMESE = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm|,)\s+(\d{4})")
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_DAY_OF_MONTH = re.compile(r"(0?[1-9]|[12]\d|3[01])[-./ ]\s?([^\W\d_]{3,})\.?")
_CJK = (("年", "-"), ("월", "-"), ("년", "-"), ("月", "-"), ("日", ""), ("일", ""))
_EARLIEST, _LATEST = 1000, 9999
_LONGEST = 100
"""Characters; the time that a longer text takes grows with its cube."""
_PIVOT = 69


@dataclass(frozen=True, kw_only=True)
class DateText:
    """What one text can mean.

    Attributes
    ----------
    certain
        The day, where there is no question.
    dmy, mdy
        The day with the day or the month first; None where there is no such day.
    mark
        What separates its numbers.
    short
        Whether its year has two digits, read as one of 1969 to 2068.
    calendar
        The other calendar that it is written in; ``""`` where in none.
    """

    certain: date | None = None
    dmy: date | None = None
    mdy: date | None = None
    mark: str = ""
    short: bool = False
    calendar: str = ""


@cache
def read_date(text: str) -> DateText | None:
    """Read a date without its time of day; None where it is none."""
    text = text.strip().strip(",").strip()
    if len(text) > _LONGEST:
        return None
    period = read_period(text)
    if period is not None:
        return DateText(certain=period.start, short=period.short)
    if named := read_named_month(text):
        return DateText(certain=named[0], calendar=named[1])
    if (year := _FOUR_DIGITS.search(text)) and is_buddhist(int(year[0])):
        common = f"{text[: year.start()]}{int(year[0]) - BUDDHIST_SHIFT}{text[year.end() :]}"
        found = read_date(common)
        return None if found is None else replace(found, calendar="Buddhist")
    text = _WEEKDAY_BEHIND.sub("", text)
    text = _VIETNAMESE.sub(r"\3-\2-\1", text)
    text = with_common_years(_YEAR_BEHIND.sub("", text))
    if weekday := _WEEKDAY_FIRST.match(text):
        word = _plain(weekday[1])
        if _is_weekday(word) and word not in _month_names():
            text = text[weekday.end() :]
    for sign, plain in _CJK:
        text = text.replace(sign, plain)
    text = re.sub(r"(?<=-)\s+", "", text).rstrip("-")
    if text.isascii() and text.isdecimal():
        return _compact(text)
    if match := _THREE.fullmatch(text):
        return _three(match[1], match[3], match[4], match[2].strip())
    if match := _TWO.fullmatch(text):
        return _month_and_year(match[1], match[3])
    return _worded(text)


def is_day_without_year(text: str) -> bool:
    """Whether a text is a day and a month as spreadsheets make them of 24-1: ``24-Jan``."""
    match = _DAY_OF_MONTH.fullmatch(text.strip())
    return match is not None and _plain(match[2]) in _month_names()


def _compact(digits: str) -> DateText | None:
    if len(digits) == 6 and digits[:2] in ("19", "20"):
        return _certain(_day(digits[:4], digits[4:], "1"))
    if len(digits) != 8:
        return None
    if "1900" <= digits[:4] <= "2100" and (day := _day(digits[:4], digits[4:6], digits[6:])):
        return DateText(certain=day)
    return _three(digits[:2], digits[2:4], digits[4:], "") if digits[4:6] in ("19", "20") else None


def _three(first: str, second: str, third: str, mark: str) -> DateText | None:
    if len(first) == 4:
        return _certain(_day(first, second, third))
    if len(first) > 2 or len(third) not in (2, 4):
        return None
    dmy, mdy = _day(third, second, first), _day(third, first, second)
    if dmy is None and mdy is None:
        return None
    return DateText(dmy=dmy, mdy=mdy, mark=mark or " ", short=len(third) == 2)


def _month_and_year(first: str, second: str) -> DateText | None:
    if len(first) == 4 and len(second) <= 2:
        return _certain(_day(first, second, "1"))
    if len(second) == 4 and len(first) <= 2:
        return _certain(_day(second, first, "1"))
    return None


def _worded(text: str) -> DateText | None:
    numbers, months = [], []
    if "out of" in text:
        return None
    for token in _TOKENS.findall(_plain(text)):
        if token.isdecimal():
            numbers.append(token)
        elif token in _month_names():
            months.append(token)
        elif token not in _CONNECTING and not _is_weekday(token):
            return None
    if len(months) == 2 and _is_weekday(months[0]):
        # "mar. 5 janv." is a Tuesday.
        del months[0]
    if len(months) != 1 or not numbers or len(numbers) > 2:
        return None
    month = _month_names()[months[0]]
    if len(numbers) == 1:
        # "Jan-24" is a month as spreadsheets write it; "24-Jan" is a day without a year.
        leads = text.lstrip()[:1].isdecimal()
        year = numbers[0]
        if len(year) != 4 and (leads or len(year) != 2):
            return None
        return _certain(_day(year, str(month), "1"), short=len(year) == 2)
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    if len(year) not in (2, 4):
        return None
    return _certain(_day(year, str(month), day), short=len(year) == 2)


def _certain(day: date | None, *, short: bool = False) -> DateText | None:
    return None if day is None else DateText(certain=day, short=short)


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _PIVOT else 2000
    if not _EARLIEST <= number <= _LATEST:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _is_weekday(word: str) -> bool:
    return len(word) >= 2 and any(day.startswith(word) for day in _WEEKDAYS)


@cache
def _month_names() -> dict[str, int]:
    """Map each name, and each beginning of three letters or more that means one month only."""
    meanings: dict[str, set[int]] = {}
    full = {}
    for number, names in enumerate(_MONTHS, start=1):
        for name in map(_plain, names.split()):
            full[name] = number
            for length in range(3, len(name) + 1):
                meanings.setdefault(name[:length], set()).add(number)
    known = {word: months.pop() for word, months in meanings.items() if len(months) == 1} | full
    further = {
        _plain(name): number
        for number, names in enumerate(_FURTHER_MONTHS, start=1)
        for name in names.split()
    }
    return further | known
