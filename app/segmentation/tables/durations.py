"""Read durations and times of day: ``2h 15m``, ``01:30:00``, ``PT2H15M``, ``1 Jahr 3 Monate``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

Measure = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]

_WORDS: dict[Measure, str] = {
    "seconds": "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos "
    "secondo secondi сек с секунд секунды 秒 초 sn saniye",
    "minutes": "min mins minute minutes minuten minuto minutos minuti мин минут минуты минута 分 "
    "分钟 分鐘 분 dk dakika minut minuty",
    "hours": "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren u ч "
    "час часа часов godz godzin godziny 時間 小时 小時 시간 saat sa timmar timer",
    "days": "d day days t tag tage tagen jour jours j día días dia dias giorno giorni dag dagen "
    "dagar dage день дня дней дн dni dzień 日 天 일 gün",
    "weeks": "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane "
    "weken нед недель недели недели 週 週間 周 주 hafta tydzień tygodni tygodnie",
    "months": "mo mos mth mths mon month months monat monate monaten mois mes meses mese mesi "
    "mês maand maanden мес месяц месяца месяцев miesiąc miesiące miesięcy 個月 か月 ヶ月 カ月 个月 "
    "개월 ay",
    "years": "y yr yrs year years jahr jahre jahren an ans année années año años ano anos anno "
    "anni jaar год года лет г rok lata lat 年 년 yıl",
}
_MEASURES: dict[str, Measure] = {
    word: measure for measure, words in _WORDS.items() for word in words.split()
}
_SECONDS: dict[Measure, float] = {
    "seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800,
    "months": 365.25 / 12 * 86_400, "years": 365.25 * 86_400,
}  # fmt: skip
_MONTHS: dict[Measure, float] = {
    "years": 12, "months": 1, "weeks": 84 / 365.25, "days": 12 / 365.25,
}  # fmt: skip
UNITS: dict[Measure, str] = {
    "seconds": "s", "minutes": "min", "hours": "h", "days": "days", "weeks": "weeks",
    "months": "months", "years": "years",
}  # fmt: skip
"""What durations are counted in, as it is shown."""

_FINEST: tuple[Measure, ...] = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_CLOCK = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<days>\d+)(?:\s*[^\W\d_]+\.?,?\s+|\.))?(?P<first>\d{1,4}):(?P<second>[0-5]\d)"
    r"(?::(?P<third>[0-5]\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:h|std|hrs?|uhr|min)\.?)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?P<first>1[0-2]|0?[1-9])\s*(?P<half>[ap])\.?m\.?", re.IGNORECASE)
_ISO = re.compile(
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_AGO = re.compile(
    r"(?:(?:vor|il y a|hace|há|ha|for)\s+)(?P<behind>.+)|(?P<before>.+?)\s*(?:\bago|\bfa|\batrás|"
    r"\batras|\bgeleden|\bsiden|\bsedan|\btemu|\bназад|\bönce|前|전)",
    re.IGNORECASE,
)
_RECENT = {
    0: "today now heute jetzt aujourd'hui hoy hoje oggi vandaag idag dzisiaj dziś сегодня bugün "
    "今日 今天 오늘",
    1: "yesterday gestern hier ayer ontem ieri gisteren igår wczoraj вчера dün 昨日 昨天 어제",
}
_DAYS_AGO = {word: days for days, words in _RECENT.items() for word in words.split()}
_ONE = re.compile(r"^(?:an?|one|einem|einer|einen|un|une|una|um|uma|een)\s", re.IGNORECASE)
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_BETWEEN = re.compile(r"[\s,;]*(?:and|und|et|y|e|en|и|i|ve)?\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Duration:
    """One duration in its parts.

    Attributes
    ----------
    parts
        Each measure to how many of it; of a clock, the first number counts as hours.
    negative
        Whether a minus leads.
    clock
        How many numbers stand between colons, 0 in words.
    half
        ``a`` or ``p`` where the text is a time of day before or after noon.
    ago
        Whether the text says how long ago something was.
    """

    parts: dict[Measure, float]
    negative: bool = False
    clock: int = 0
    half: str = ""
    ago: bool = False


@cache
def read_duration(text: str) -> Duration | None:
    """Read one duration; None where the text is none."""
    if match := _CLOCK.fullmatch(text) or _HOUR.fullmatch(text):
        return _of_clock(match.groupdict())
    if match := _ISO.fullmatch(text):
        parts = {name: float(n) for name, n in match.groupdict().items() if name != "sign" and n}
        negative = match["sign"] == "-"
        named = {measure: parts[measure] for measure in _FINEST if measure in parts}
        return Duration(parts=named, negative=negative) if named else None
    return _in_words(text) or _read_ago(text)


def _read_ago(text: str) -> Duration | None:
    days = _DAYS_AGO.get(text.strip().casefold())
    if days is not None:
        return Duration(parts={"days": days}, ago=True)
    match = _AGO.fullmatch(text.strip())
    if match is None:
        return None
    found = _in_words(_ONE.sub("1 ", match["behind"] or match["before"]))
    return None if found is None else Duration(parts=found.parts, ago=True)


def _of_clock(found: dict[str, str | None]) -> Duration | None:
    first, half = float(found["first"] or 0), (found["half"] or "").lower()[:1]
    if half:
        first = first % 12 + (12 if half == "p" else 0)
    third = found.get("third")
    parts: dict[Measure, float] = {"hours": first, "minutes": float(found.get("second") or 0)}
    if third is not None:
        parts["seconds"] = float(third)
    if days := found.get("days"):
        parts["days"] = float(days)
    negative = found.get("sign") == "-"
    return Duration(parts=parts, negative=negative, clock=3 if third else 2, half=half)


def _in_words(text: str) -> Duration | None:
    plain, at = text.casefold().strip(), 0
    parts: dict[Measure, float] = {}
    while at < len(plain):
        match = _PART.match(plain, at)
        if match is None:
            # "2h15": what follows hours are minutes.
            rest = re.fullmatch(r"[0-5]?\d", plain[at:])
            if rest is None or "hours" not in parts or "minutes" in parts:
                return None
            parts["minutes"] = float(rest[0])
            break
        measure = _measure(match[2], parts)
        if measure is None or measure in parts:
            return None
        parts[measure] = float(match[1].replace(",", "."))
        at = match.end()
        between = _BETWEEN.match(plain, at)
        at = between.end() if between else at
    return Duration(parts=parts) if parts else None


def seconds_in(word: str) -> float:
    """Give the seconds of one of what a word measures time in; 1 where it measures none."""
    measure = _MEASURES.get(word.casefold().rstrip("."))
    return 1.0 if measure is None else _SECONDS[measure]


def _measure(word: str, before: dict[Measure, float]) -> Measure | None:
    if word == "m":
        return "months" if "years" in before else "minutes"
    return _MEASURES.get(word)


def finest_unit(durations: Iterable[Duration]) -> Measure:
    """Choose what a column of durations is counted in: the finest measure that is not all zero."""
    durations = list(durations)
    if any(each.ago for each in durations):
        return "days"
    used = {name for each in durations for name, count in each.parts.items() if count}
    if used & {"years", "months"}:
        return "months"
    return next((measure for measure in _FINEST if measure in used), "minutes")


def counted_in(duration: Duration, unit: Measure) -> float | None:
    """Count a duration in one unit; None where its parts do not convert into it."""
    sizes = _MONTHS if unit in ("months", "years") else _SECONDS
    if not duration.parts.keys() <= sizes.keys():
        return None
    total = sum(count * sizes[measure] for measure, count in duration.parts.items())
    return (-total if duration.negative else total) / sizes[unit]
