"""How amounts are written around their digits: currencies, signs, per cent, spaces.

The patterns are of the syntax that Python's ``re`` and Arrow's RE2 share.
"""

import re

_SIGNS = "$€£¥₹₩₽₺₫₪₦฿"
_CODES = "USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|CAD|AUD|NZD|BRL|MXN|ZAR|KRW|TRY"

CURRENCY = rf"(?:[{_SIGNS}]|\b(?:{_CODES})\b)"
"""A currency's sign, or its ISO 4217 code as a word."""

NARROW_SPACES = "[\u00a0\u2009\u202f]"
"""Spaces that do not break a line, as many countries write between thousands."""

MINUS = "\u2212"
"""The sign that typesetters use for a hyphen."""

BRACKETED = r"^\(([^()-]*\d[^()-]*)\)$"
"""Bookkeepers write a loss in brackets."""

BEFORE = rf"^([+-]?)\s*{CURRENCY}\s*"
AFTER = rf"\s*(?:%|{CURRENCY})$"


_PLAIN = re.compile(r"[\d.,+-]*|[^\d]*")


def bare(written: str) -> tuple[str, bool]:
    """Take off what stands around the digits, and tell whether a currency was among it.

    ``($1,234)`` and ``-$1,234`` are ``-1,234``, ``12 %`` is ``12``.
    """
    if _PLAIN.fullmatch(written):
        return written, False
    text = re.sub(NARROW_SPACES, " ", written).replace(MINUS, "-").strip()
    text = re.sub(BRACKETED, r"-\1", text)
    bared = re.sub(AFTER, "", re.sub(BEFORE, r"\1", text))
    return bared, re.search(CURRENCY, text) is not None
