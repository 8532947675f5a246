"""Affixes of a number: signs, currencies, multipliers, units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

_SYMBOLS = "$€£¥₹₩₽₺₫₪₦฿₴₱元円"
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|UAH|RUB|CAD|AUD|NZD|HKD|"
    "SGD|BRL|ARS|CLP|COP|MXN|ZAR|KRW|TRY|ILS|AED|SAR|EGP|NGN|KES|THB|IDR|MYR|PHP|VND|PKR|LKR"
)
CURRENCY = (
    rf"[A-Z]{{0,2}}[{_SYMBOLS}]|(?:{_CODES})(?![^\W\d_])|Rs\.?|Fr\.?|SFr\.?|kr\.?|zł|Kč|Ft|лв\.?|руб\.?|"
    "(?i:euros?|dollars?|pounds?|francs?|rupees?)"
)
"""A currency's sign, its ISO 4217 code, or its usual name."""

_SAME_CURRENCY = {
    "€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "¥": "JPY", "EURO": "EUR", "EUROS": "EUR",
    "DOLLAR": "USD", "DOLLARS": "USD", "RS": "INR", "FR": "CHF", "SFR": "CHF", "RMB": "CNY",
}  # fmt: skip
_MULTIPLIERS = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "thousands": 1e3, "mil": 1e3, "mille": 1e3,
    "tausend": 1e3, "mila": 1e3, "duizend": 1e3, "тыс": 1e3, "千": 1e3, "万": 1e4, "萬": 1e4,
    "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "M": 1e6, "MM": 1e6, "mio": 1e6, "mln": 1e6,
    "mn": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "millón": 1e6, "millones": 1e6,
    "milhão": 1e6, "milhões": 1e6, "milione": 1e6, "milioni": 1e6, "miljoen": 1e6, "млн": 1e6,
    "crore": 1e7, "crores": 1e7, "亿": 1e8, "億": 1e8, "bn": 1e9, "billion": 1e9, "billions": 1e9,
    "mrd": 1e9, "mia": 1e9, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "miljard": 1e9,
    "млрд": 1e9,
}  # fmt: skip
_LETTERS = {"m": 1e6, "b": 1e9, "B": 1e9, "T": 1e3}
"""Letters that multiply only where other values of the column say so: 1.5m may be metres."""

_SHORT_UNITS = {
    "kg", "g", "mg", "t", "lb", "lbs", "oz", "km", "m", "cm", "mm", "mi", "ft", "in", "l", "ml",
    "cl", "h", "hr", "min", "s", "ms", "d", "y", "yr", "mo", "wk", "w", "gb", "mb", "kb", "tb",
    "kw", "pt", "st", "px",
}  # fmt: skip
_NO_UNITS = {
    "th", "nd", "rd", "er", "ère", "e", "º", "ª", "am", "pm", "a.m", "p.m", "bis", "x",
}  # fmt: skip
_MONTHS = re.compile(
    r"(jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|fév|avr|juil|août|déc|ene|abr"
    r"|ago|dic|gen|mag|giu|lug|set|ott|fev|out|maa|mei)[^\W\d_]*\.?$",
    re.IGNORECASE,
)
_APPROXIMATE = r"(?:[~≈]|ca\.?|circa|approx\.?|approximately|about|around|etwa|rund|env\.?|environ)"
_BEFORE = re.compile(
    rf"(?:{_APPROXIMATE}\s*)?(?P<sign>[+-]?)\s*(?P<currency>{CURRENCY})?\s*(?P<sign2>[+-]?)"
    r"\s*(?P<point>[.,]?)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[^\W\d_'\"<>=][^\d_'\"<>=()\[\]{},;:+]*|[%‰°][A-Za-z]?")
_WHOLE_MONEY = re.compile(r"[.,]\s?-{1,2}(?=\s|$|[^\W\d_])")
_CREDIT = {"cr": 1.0, "dr": -1.0}
_LONGEST_UNIT = 30


@dataclass(frozen=True, kw_only=True)
class Affixes:
    """What stands around the digits of one value.

    Attributes
    ----------
    factor
        Sign times multiplier.
    unit
        The rest, as written: ``EUR``, ``years``, ``%``.
    money
        Whether a currency is among it.
    point
        A decimal mark that comes before all digits: ``.5``.
    letter
        A letter that may multiply or be a unit, not yet in ``factor``.
    """

    factor: float = 1.0
    unit: str = ""
    money: bool = False
    point: str = ""
    letter: str = ""


@lru_cache(maxsize=4096)
def read_affixes(before: str, after: str) -> Affixes | None:
    """Understand what stands before and after some digits; None where it makes no number."""
    before, negative = before.strip(), False
    if before.endswith("(") or before.startswith("("):
        if ")" not in after:
            return None
        before, after = before.replace("(", "", 1).strip(), after.replace(")", "", 1)
        if "-" in before + after:
            return None
        negative = True
    match = _BEFORE.fullmatch(before)
    if match is None or (match["sign"] and match["sign2"]):
        return None
    if match["point"] and before[:-1] and before[-2].isalpha():
        # The point of "Rs.500" belongs to the word; it is no decimal mark.
        match = _BEFORE.fullmatch(before[:-1])
        if match is None:
            return None
    negative |= "-" in (match["sign"], match["sign2"])
    currency = (match["currency"] or "").rstrip(".")
    behind = _read_after(after)
    if behind is None or (negative and behind.factor < 0):
        return None
    factor = -behind.factor if negative else behind.factor
    unit = " ".join(part for part in (currency, behind.unit) if part)
    money = behind.money or bool(currency)
    return replace(behind, factor=factor, unit=unit, money=money, point=match["point"])


def _read_after(after: str) -> Affixes | None:
    whole = _WHOLE_MONEY.match(after)
    if whole:
        after = after[whole.end() :]
    attached = bool(after) and not after[0].isspace()
    rest = after.strip().strip(".,").strip()
    sign = 1.0
    if rest.endswith("-"):
        sign, rest = -1.0, rest[:-1].rstrip()
    elif rest.startswith("- "):
        sign, rest, attached = -1.0, rest[1:].lstrip(), False
    if not rest:
        return Affixes(factor=sign, money=bool(whole))
    first, _, others = rest.partition(" ")
    key = first.rstrip(".")
    if key.casefold() in _CREDIT and not others:
        return Affixes(factor=sign, unit=key, letter=key.casefold(), money=True)
    multiplier = _multiplier(key)
    if multiplier:
        return _with_unit(Affixes(factor=sign * multiplier), others.strip(), attached=False)
    if key in _LETTERS:
        return _with_unit(Affixes(factor=sign, letter=key), others.strip(), attached=False)
    for length in (3, 1, 2):
        # k€, TEUR, Mio€
        multiplier = _multiplier(key[:length]) or _LETTERS.get(key[:length])
        if multiplier and re.fullmatch(CURRENCY, key[length:]):
            return Affixes(factor=sign * multiplier, unit=key[length:], money=True)
    return _with_unit(Affixes(factor=sign, money=bool(whole)), rest, attached=attached)


def _multiplier(word: str) -> float | None:
    return _MULTIPLIERS.get(word) or (
        _MULTIPLIERS.get(word.casefold()) if word != "m" and word != "mm" else None
    )


def _with_unit(affixes: Affixes, text: str, *, attached: bool) -> Affixes | None:
    if not text:
        return affixes
    head = text.split()[0].rstrip(".,")
    if re.fullmatch(CURRENCY, head):
        return replace(affixes, unit=text.rstrip("."), money=True)
    if len(text) > _LONGEST_UNIT or len(text.split()) > 3 or not _UNIT.fullmatch(text):
        return None
    lowered = head.casefold()
    if lowered in _NO_UNITS or _MONTHS.fullmatch(head):
        return None
    short = len(head) < 3 and head.isascii() and head.isalpha()
    if attached and short and (head if len(head) == 1 else lowered) not in _SHORT_UNITS:
        # 12a is a house, 85B an article.
        return None
    return replace(affixes, unit=text.rstrip("."))


@dataclass(frozen=True, kw_only=True)
class ColumnAffixes:
    """The affixes of a column, settled together.

    Attributes
    ----------
    each
        One a distinct pair of before and after; None where there is no number.
    unit
        The unit that most values carry; ``""`` where none does.
    other_units
        Indices of pairs whose unit is another: their numbers do not compare with the rest.
    letters
        Letters read as multipliers or units with nothing to decide it.
    credits
        Whether CR and DR were read as credit and debit.
    """

    each: Sequence[Affixes | None]
    unit: str
    other_units: frozenset[int]
    letters: tuple[str, ...]
    credits: bool


def settle_affixes(
    pairs: Iterable[tuple[str, str]], counts: Sequence[int], *, indian: bool
) -> ColumnAffixes:
    """Read all pairs of a column, then decide what one alone leaves open.

    Parameters
    ----------
    pairs, counts
        Each distinct (before, after), and how many values have it.
    indian
        Whether digits are grouped the Indian way, where Cr is a crore.
    """
    read = [read_affixes(before, after) for before, after in pairs]
    letters = {affixes.letter for affixes in read if affixes is not None and affixes.letter}
    scaled = any(c is not None and (abs(c.factor) > 1 or _is_currency(c.unit)) for c in read)
    debits = "dr" in letters
    rupees = any(c is not None and _canonical(c.unit) == "INR" for c in read)
    lakhs = any(c is not None and abs(c.factor) == 1e5 for c in read)
    crore = "cr" in letters and not debits and (indian or rupees or lakhs)
    settled = [_settled(affixes, scaled=scaled, crore=crore) for affixes in read]
    units: Counter[str] = Counter()
    for affixes, count in zip(settled, counts, strict=True):
        if affixes is not None and affixes.unit:
            units[affixes.unit] += count
    unit = _main_unit(units)
    other = frozenset(
        i
        for i, affixes in enumerate(settled)
        if affixes is not None and affixes.unit and not same_unit(affixes.unit, unit)
    )
    undecided = tuple(sorted(letters - {"cr", "dr"})) if letters and not scaled else ()
    return ColumnAffixes(
        each=settled,
        unit=unit,
        other_units=other,
        letters=(*undecided, *(("cr",) if "cr" in letters and not debits else ())),
        credits=debits or ("cr" in letters and not crore),
    )


def _settled(affixes: Affixes | None, *, scaled: bool, crore: bool) -> Affixes | None:
    if affixes is None or not affixes.letter:
        return affixes
    if affixes.letter in _CREDIT:
        factor = 1e7 if crore else _CREDIT[affixes.letter]
        return replace(affixes, factor=affixes.factor * factor, unit="")
    if scaled:
        return replace(affixes, factor=affixes.factor * _LETTERS[affixes.letter])
    return replace(affixes, unit="m") if affixes.letter == "m" and not affixes.unit else None


def _is_currency(unit: str) -> bool:
    return bool(unit) and re.fullmatch(CURRENCY, unit.split()[0]) is not None


def _main_unit(units: Counter[str]) -> str:
    """Take the most frequent, 1 visit and 21 visits being one."""
    best, most = "", 0
    for unit in units:
        count = sum(n for other, n in units.items() if same_unit(unit, other))
        if (count, units[unit]) > (most, units[best]):
            best, most = unit, count
    return best


def same_unit(one: str, other: str) -> bool:
    """Whether two units count the same: ``visit`` and ``visits``, ``€`` and ``EUR``."""
    a, b = sorted((_canonical(one), _canonical(other)), key=len)
    return a == b or (len(a) >= 2 and b.startswith(a) and len(b) - len(a) <= 2)


def _canonical(unit: str) -> str:
    plain = unit.upper().rstrip(".")
    return _SAME_CURRENCY.get(plain, plain)
