"""Read what stands before and after the digits of one number: sign, currency, multiplier, unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from app.segmentation.tables.affix_words import (
    CREDIT,
    CURRENCY,
    LETTERS,
    MIL,
    is_currency,
    is_unit,
    multiplier,
)

_APPROXIMATE = r"(?:[~≈]|ca\.?|circa|approx\.?|approximately|about|around|etwa|rund|env\.?|environ)"
_BEFORE = re.compile(
    rf"'?(?:{_APPROXIMATE}\s*)?(?P<sign>[+-]?)\s*(?:(?P<currency>{CURRENCY})|[?\ufffd])?\s*(?P<sign2>[+-]?)"
    r"\s*(?P<point>[.,]?)",
    re.IGNORECASE,
)
_WHOLE_MONEY = re.compile(r"(?:[.,]\s?-{1,2}|/-)(?=\s|$|[^\W\d_])")
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*")
_FOOTNOTE = re.compile(r"\s?(?:\*{1,3}|[†‡¹²³])$")


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
        What may multiply or be a unit, not yet in ``factor``.
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
    if (inside := _BRACKETED.fullmatch(after)) and is_currency(inside[1]):
        after = f" {inside[1]}"
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


def suffix_of(after: str) -> str:
    """Give what stands behind a number as overrides name it."""
    return after.strip().strip(".,").strip().removesuffix("-").strip()


def _read_after(after: str) -> Affixes | None:
    whole = _WHOLE_MONEY.match(after)
    if whole:
        after = after[whole.end() :]
    attached = bool(after) and not after[0].isspace()
    rest = _FOOTNOTE.sub("", after.strip()) if len(after.strip()) < 4 else after.strip()
    rest = rest.strip(".,").strip()
    sign = 1.0
    if rest.endswith("-"):
        sign, rest = -1.0, rest[:-1].rstrip()
    elif attached and rest.startswith("- "):
        sign, rest, attached = -1.0, rest[1:].lstrip(), False
    if not rest or (rest == "+" and not attached):
        return Affixes(factor=sign, money=bool(whole))
    first, _, others = rest.partition(" ")
    key = first.rstrip(".")
    mark = key.casefold() if len(key) > 1 else key
    if mark in CREDIT and not others:
        return Affixes(factor=sign, unit=key, letter=mark, money=len(key) > 1)
    if key.casefold() == MIL:
        return _with_unit(Affixes(factor=sign, letter=MIL), others.strip(), attached=False)
    scale = multiplier(key)
    if scale:
        return _with_unit(Affixes(factor=sign * scale), others.strip(), attached=False)
    if key in LETTERS:
        return _with_unit(Affixes(factor=sign, letter=key), others.strip(), attached=False)
    for length in (3, 1, 2):
        # k€, TEUR, Mio€
        scale = multiplier(key[:length]) or LETTERS.get(key[:length])
        if scale and re.fullmatch(CURRENCY, key[length:]):
            return Affixes(factor=sign * scale, unit=key[length:], money=True)
    return _with_unit(Affixes(factor=sign, money=bool(whole)), rest, attached=attached)


def _with_unit(affixes: Affixes, text: str, *, attached: bool) -> Affixes | None:
    if not text:
        return affixes
    if is_currency(text.rstrip(".")) or is_currency(text):
        return replace(affixes, unit=text.rstrip("."), money=True)
    return replace(affixes, unit=text.rstrip(".")) if is_unit(text, attached=attached) else None
