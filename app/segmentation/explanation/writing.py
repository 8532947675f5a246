"""How a column stands in the customers' own data, so that SQL finds there what was read here."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from app.segmentation.tables.affix_words import CURRENCY

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_TAIL = re.compile(r"[^\d]+$")
_KEPT = frozenset("0123456789.,+-eE")
_POINT = ((",", ""),)
_COMMA = ((".", ""), (",", "."))

Replacements = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What stands in a column before it is read.

    Attributes
    ----------
    name : str or None
        The column's name there; None where it is the name it was read by.
    blanks : str
        White space around texts, each character once.
    missing : tuple of str
        Texts, without blanks around them, that were read as a missing value.
    as_text : bool
        Whether numbers are written as texts.
    replaced : tuple of (str, str)
        What to replace, in this order, before such texts are numbers.
    suffixes : tuple of (str, float)
        Ends of such texts, longest first, and what each multiplies its number by: k by 1,000, a
        minus behind the digits by -1.
    listed : tuple of (str, float)
        Every text and its number, where nothing else turns one into the other.
    coded : bool
        Whether categories are numbers there: 1 and 1.0 are then one.
    """

    name: str | None = None
    blanks: str = ""
    missing: tuple[str, ...] = ()
    as_text: bool = False
    replaced: Replacements = ()
    suffixes: tuple[tuple[str, float], ...] = ()
    listed: tuple[tuple[str, float], ...] = ()
    coded: bool = False


AS_READ = Writing()
"""A column whose values stand as they were read."""


def writing_of(column: pd.Series, read: pd.Series) -> Writing:
    """See how a column was written.

    Parameters
    ----------
    column : Series of shape (n_samples,)
        Its values as they were written.
    read : Series of shape (n_samples,)
        The same, typed.
    """
    absent = read.isna().to_numpy(dtype=bool)
    values = column.tolist()
    texts = {value for value in values if isinstance(value, str)}
    ends = {char for text in texts for char in _ends(text)}
    gaps = {
        value.strip() for value, gap in zip(values, absent, strict=True)
        if gap and isinstance(value, str)
    }  # fmt: skip
    name = str(column.name) if str(column.name) != str(read.name) else None
    blanks, missing = "".join(sorted(ends)), tuple(sorted(gaps))
    if not pd.api.types.is_numeric_dtype(read.dtype):
        coded = any(_is_number(value) for value in values) or any(
            text.strip() != category
            for text, category in zip(values, read, strict=True)
            if isinstance(text, str) and isinstance(category, str)
        )
        return Writing(name=name, blanks=blanks, missing=missing, coded=coded)
    if not texts:
        return Writing(name=name)
    numbers = {
        value.strip(): float(number)
        for value, number in zip(values, read.tolist(), strict=True)
        if isinstance(value, str) and not np.isnan(number)
    }
    written = Writing(name=name, blanks=blanks, missing=missing, as_text=True)
    replaced = _replacements(numbers)
    if replaced is not None:
        return replace(written, replaced=replaced)
    for marks in (_POINT, _COMMA):
        suffixed = _suffixed(numbers, marks)
        if suffixed is not None:
            return replace(written, replaced=suffixed[0], suffixes=suffixed[1])
    listed = {
        text: float(number)
        for value, number in zip(values, read.tolist(), strict=True)
        if not np.isnan(number)
        for text in _as_texts(value)
    }
    return replace(written, listed=tuple(sorted(listed.items())))


def _as_texts(value: object) -> tuple[str, ...]:
    """List how a value stands as a text: a number with and without the zero behind its point."""
    text = str(value).strip()
    return (text, text.removesuffix(".0")) if _is_number(value) else (text,)


def _ends(text: str) -> str:
    return text[: len(text) - len(text.lstrip())] + text[len(text.rstrip()) :]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value)


def _replacements(numbers: Mapping[str, float]) -> Replacements | None:
    """Find what turns every text into its number; None where replacing alone does not."""
    marked = [text for text in numbers if not _PLAIN.fullmatch(text)]
    if not marked:
        return ()
    codes = {code for text in marked for code in re.findall(CURRENCY, text)}
    words = sorted((code for code in codes if len(code) > 1), key=lambda code: (-len(code), code))
    around = [("\u2212", "-"), ("(", "-"), (")", ""), *((word, "") for word in words)]
    left = _replaced("".join(marked), around)
    around += [(char, "") for char in sorted(set(left) - _KEPT)]
    used = [(old, new) for old, new in around if any(old in text for text in marked)]
    for marks in (_POINT, _COMMA):
        tried = (*used, *((old, new) for old, new in marks if any(old in t for t in numbers)))
        if all(_number(_replaced(text, tried)) == number for text, number in numbers.items()):
            return tried
    return None


def _suffixed(
    numbers: Mapping[str, float], marks: Replacements
) -> tuple[Replacements, tuple[tuple[str, float], ...]] | None:
    """Find by what each end of the texts multiplies; None where one end multiplies in two ways."""
    ends = sorted({_end(text) for text in numbers} - {""}, key=lambda end: (-len(end), end))
    left = _replaced("".join(numbers), ((end, "") for end in ends))
    around = [(end, "") for end in ends]
    around += [(char, "") for char in sorted(set(left) - _KEPT)]
    tried = (*around, *((old, new) for old, new in marks if any(old in t for t in numbers)))
    factors: dict[str, float] = {}
    for text, number in numbers.items():
        plain = _number(_replaced(text, tried))
        if plain is None or (plain == 0) != (number == 0):
            return None
        factor = number / plain if plain else factors.get(_end(text), 1.0)
        if not math.isclose(factors.setdefault(_end(text), factor), factor, rel_tol=1e-9):
            return None
    suffixes = tuple((end, _short(factors[end])) for end in ends if factors.get(end, 1.0) != 1)
    folded = {end.casefold() for end, _ in suffixes}
    if len(folded) < len(suffixes) or factors.get("", 1.0) != 1:
        return None
    return tried, suffixes


def _end(text: str) -> str:
    """Give what stands behind the last digit."""
    match = _TAIL.search(text)
    return match[0].strip() if match is not None else ""


def _short(factor: float) -> float:
    """Drop the noise of a division: 999.9999999999999 is a thousand."""
    return float(f"{factor:.9g}")


def _replaced(text: str, replacements: Iterable[tuple[str, str]]) -> str:
    for old, new in replacements:
        text = text.replace(old, new)
    return text


def _number(text: str) -> float | None:
    return float(text) if _PLAIN.fullmatch(text) else None
