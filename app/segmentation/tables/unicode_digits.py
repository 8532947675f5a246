"""Digits, marks, spaces and signs of any script to those of ASCII."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_SPACES = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_APOSTROPHES = "[\u2018\u2019\u02bc\u00b4\u0060\uff07\u066c]"
_MINUSES = "[\u2010-\u2015\u2212\ufe63\uff0d]"
_IGNORED = "[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufe0f\ufeff]"
_FURTHER = {"\uff0e": ".", "\uff0c": ",", "\uff05": "%", "\u066a": "%", "\uff04": "$",
            "\uff08": "(", "\uff09": ")", "\uffe5": "\u00a5", "\uffe1": "\u00a3",
            "\uff0b": "+"}  # fmt: skip

# This one is no mark for thousands: a zero behind three digits keeps it from passing for one.
_ARABIC_DECIMAL = re.compile("\u066b(\\d{3})(?!\\d)")


def to_ascii(values: Any) -> Any:
    """Write numbers of any script with ASCII's digits, spaces, apostrophes and minus.

    Parameters
    ----------
    values
        Arrow array of strings; letters of any script stay as they are.
    """
    if pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        return values
    for pattern, replacement in (
        (_IGNORED, ""), (_SPACES, " "), (_APOSTROPHES, "'"), (_MINUSES, "-"),
    ):  # fmt: skip
        values = pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)
    foreign = pc.match_substring_regex(values, r"[^\d\P{Nd}]|[\x{ff00}-\x{ffef}\x{066a}\x{066b}]")
    if not pc.any(foreign, min_count=0).as_py():
        return values
    written = pc.unique(pc.filter(values, foreign)).to_pylist()
    table = _digits()
    plain = pa.array([_plain(text, table) for text in written], type=pa.large_string())
    places = pc.index_in(values, value_set=pa.array(written, type=pa.large_string()))
    return pc.coalesce(pc.take(plain, places), values)


def _plain(text: str, table: dict[int, str]) -> str:
    return _ARABIC_DECIMAL.sub(r".\g<1>0", text).replace("\u066b", ".").translate(table)


@cache
def _digits() -> dict[int, str]:
    digits = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(128, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Nd"
    }
    return digits | {ord(mark): plain for mark, plain in _FURTHER.items()}
