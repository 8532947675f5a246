"""Tell by their marks what digits can be read as, and read them by one decimal mark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mark = Literal[".", ","]
Mask = NDArray[np.bool_]

_LARGE = pa.large_string()
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_SPACED = rf"^[1-9]\d{{0,2}}(?:(?: \d{{3}})+|(?:'\d{{3}})+)(?:[.,]\d+)?{_EXPONENT}$"
_INDIAN = rf"^[1-9]\d?(?:,\d{{2}})+,\d{{3}}(?:\.\d+)?{_EXPONENT}$"


def _only(decimal: str, group: str) -> str:
    """Match what can be read with this decimal mark alone."""
    d, g = rf"\{decimal}", rf"\{group}"
    fraction = rf"\d*{d}(?:\d{{1,2}}|\d{{4,}}){_EXPONENT}|\d*{d}\d{{3}}[eE][+-]?\d+"
    thousandths = rf"(?:0\d*|\d{{4,}}){d}\d{{3}}"
    grouped = rf"[1-9]\d{{0,2}}(?:{g}\d{{3}}){{2,}}(?:{d}\d+)?|[1-9]\d{{0,2}}{g}\d{{3}}{d}\d+"
    return rf"^(?:{fraction}|{thousandths}|{grouped})$"


_ONLY_POINT = _only(".", ",")
_ONLY_COMMA = _only(",", ".")
_DOUBT_POINT = r"^[1-9]\d{0,2}\.\d{3}$"
_DOUBT_COMMA = r"^[1-9]\d{0,2},\d{3}$"
_WHOLE = rf"^\d+{_EXPONENT}$"


@dataclass(frozen=True, kw_only=True)
class Classes:
    """(n_values,) masks: what each value can be read as.

    Attributes
    ----------
    only_point, only_comma
        Read in one way: ``1.5``, ``1,234.5``, ``4,55,571`` with a decimal point, ``1,5``,
        ``12.345.678`` with a decimal comma.
    doubt_point, doubt_comma
        ``1.234`` and ``1,234``: three digits behind the only mark.
    """

    cores: Any
    whole: Mask
    only_point: Mask
    only_comma: Mask
    doubt_point: Mask
    doubt_comma: Mask

    @property
    def doubtful(self) -> Mask:
        """Either reading is possible."""
        return self.doubt_point | self.doubt_comma

    @cached_property
    def readable(self) -> Mask:
        """It is a number, whichever way."""
        return self.whole | self.only_point | self.only_comma | self.doubtful


def classify(cores: Any) -> Classes:
    """Sort unsigned digits with marks by what they can mean; null is none of it."""
    marked = mask(pc.match_substring_regex(cores, r"[ ']"))
    if marked.any():
        proper = pc.match_substring_regex(cores, _SPACED)
        joined = pc.replace_substring_regex(cores, pattern=r"[ ']", replacement="")
        cores = pc.if_else(proper, joined, cores)
        # A group by spaces leaves its one further mark no choice: 1 234,567 has a decimal comma.
        spaced = mask(proper)
    else:
        spaced = marked
    none = np.zeros(len(cores), dtype=np.bool_)

    def matching(pattern: str, mark: str) -> Mask:
        return mask(pc.match_substring_regex(cores, pattern)) if has[mark] else none

    has = {
        mark: bool(pc.any(pc.match_substring(cores, mark), min_count=0).as_py()) for mark in ".,"
    }
    either = {"either": has["."] or has[","]} | has
    has = either
    indian = matching(_INDIAN, ",")
    only_point, only_comma = matching(_ONLY_POINT, "either"), matching(_ONLY_COMMA, "either")
    doubt_point, doubt_comma = matching(_DOUBT_POINT, "."), matching(_DOUBT_COMMA, ",")
    if spaced.any():
        for mark in ".,":
            fraction = mask(pc.match_substring_regex(cores, rf"^\d+\{mark}\d+$")) & spaced
            if mark == ".":
                only_point, doubt_point = only_point | fraction, doubt_point & ~fraction
            else:
                only_comma, doubt_comma = only_comma | fraction, doubt_comma & ~fraction
    return Classes(
        cores=cores,
        whole=mask(pc.match_substring_regex(cores, _WHOLE)),
        only_point=only_point | indian,
        only_comma=only_comma & ~indian,
        doubt_point=doubt_point,
        doubt_comma=doubt_comma,
    )


def read(classes: Classes, decimal: Mark | None) -> NDArray[np.float64]:
    """Read the values, the doubtful ones by ``decimal``; NaN where none is a number."""
    cores = classes.cores
    by_comma = classes.only_comma | (classes.doubtful if decimal == "," else False)
    if not classes.readable.all():
        cores = pc.if_else(pa.array(classes.readable), cores, pa.scalar(None, type=_LARGE))
    if classes.only_point.any() or classes.doubt_comma.any():
        by_point = pc.replace_substring(cores, pattern=",", replacement="")
    else:
        by_point = cores
    if by_comma.any():
        as_comma = pc.replace_substring(cores, pattern=".", replacement="")
        as_comma = pc.replace_substring(as_comma, pattern=",", replacement=".")
        by_point = pc.if_else(pa.array(by_comma), as_comma, by_point)
    numbers = pc.cast(by_point, pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(numbers, dtype=np.float64)


def grouping(cores: Any, classes: Classes, decimal: Mark | None) -> str:
    """Name the mark that groups digits in the column, ``""`` where none does."""
    marked = Counter[str]()
    for mark in ".,":
        if mark != decimal:
            grouped = classes.only_comma if mark == "." else classes.only_point
            doubt = classes.doubt_point if mark == "." else classes.doubt_comma
            rows = pa.array(grouped | doubt)
            marked[mark] = _count(pc.and_(pc.match_substring(cores, mark), rows))
    for mark in " '":
        marked[mark] = _count(pc.match_substring(cores, mark))
    mark, count = marked.most_common(1)[0]
    return mark if count and decimal is not None else (mark if count and mark in " '" else "")


def shows(classes: Classes, decimal: Mark | None) -> bool:
    """Whether a value has this mark before its fraction."""
    read_so = classes.only_comma if decimal == "," else classes.only_point
    doubtful = classes.doubt_comma if decimal == "," else classes.doubt_point
    rows = pa.array(read_so | doubtful)
    return decimal is not None and bool(
        _any(pc.and_(pc.match_substring(classes.cores, decimal), rows))
    )


def indian(cores: Any) -> Any:
    """Tell which values group by lakh and crore."""
    return pc.match_substring_regex(cores, _INDIAN)


def mask(found: Any) -> Mask:
    """Give what a kernel found as booleans, false for null."""
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _any(found: Any) -> bool:
    return bool(pc.any(found, min_count=0).as_py())


def _count(found: Any) -> int:
    return int(pc.sum(found, min_count=0).as_py())
