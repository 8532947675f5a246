"""Strings to numbers, dates and missing values, a column at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import amounts

BLANK_MARKS = frozenset({"", "nan", "n/a", "#n/a", "<na>", "null", "?"})
"""Lower-case marks that mean a missing value in every column."""

MISSING_MARKS = BLANK_MARKS | frozenset(
    {"na", "none", "nil", "-", "--", ".", "missing", "unknown", "#null!", "#value!", "#div/0!"}
)
"""Lower-case marks that mean a missing value where numbers or dates stand.

Among words they are kept as levels: ``None`` is a real answer to "which discount?", ``NA`` a
continent, ``unknown`` something that customers said. To a clustering the difference is small,
since missing categories become a level of their own.
"""

_LARGE = pa.large_string()
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

# Day-first forms stand before their month-first twins; which one wins is decided on the values.
_DATE_PARTS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y")
_WORDED = ("%b %d, %Y", "%B %d, %Y", "%d-%b-%y")
DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
MONTH_FIRST = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S",
          "T%H:%M", "T%H:%M:%S.%f", "T%H:%M:%S%z", "T%H:%M:%S.%f%z", " %H:%M:%S%z")  # fmt: skip
_EARLIEST, _LATEST = 1000, 3000
_SAMPLE = 1000


@dataclass(frozen=True, kw_only=True)
class Strings:
    """One column as written, trimmed.

    Attributes
    ----------
    values
        (n_rows,) strings without surrounding white space.
    blank, missing
        (n_rows,) where a mark of ``BLANK_MARKS``, or of ``MISSING_MARKS``, stands.
    """

    values: Any
    blank: NDArray[np.bool_]
    missing: NDArray[np.bool_]

    def filled(self, absent: NDArray[np.bool_]) -> Any:
        """Give the strings with null where ``absent``."""
        if not absent.any():
            return self.values
        return pc.if_else(pa.array(~absent), self.values, pa.scalar(None, type=_LARGE))

    @cached_property
    def sample(self) -> Strings:
        """Some of the rows that are not missing, evenly spread."""
        rows = np.flatnonzero(~self.missing)
        rows = rows[:: max(1, len(rows) // _SAMPLE)]
        none = np.zeros(len(rows), dtype=np.bool_)
        return Strings(values=pc.take(self.values, pa.array(rows)), blank=none, missing=none)

    def examples(self, absent: NDArray[np.bool_], n: int) -> tuple[str, ...]:
        """Give the first ``n`` different strings where not ``absent``."""
        head = self.filled(absent).drop_null().slice(0, 10_000)
        return tuple(pc.unique(head).slice(0, n).to_pylist())


def to_strings(series: pd.Series) -> Strings:
    """Trim a column of strings and find its missing marks."""
    raw = pa.Array.from_pandas(series)
    raw = raw if isinstance(raw, pa.ChunkedArray) else pa.chunked_array([raw])
    values = pc.fill_null(pc.cast(raw, _LARGE), "")
    trimmed = pc.utf8_trim_whitespace(values)
    # Where nothing was trimmed, the frame's own memory goes on being used.
    if pc.sum(pc.binary_length(trimmed)) != pc.sum(pc.binary_length(values)):
        values = trimmed
    return Strings(
        values=values, blank=_among(values, BLANK_MARKS), missing=_among(values, MISSING_MARKS)
    )


def _among(values: Any, marks: frozenset[str]) -> NDArray[np.bool_]:
    # Every way of writing a mark is cheaper to list than every value is to put in lower case.
    written = {form for mark in marks for form in (mark, mark.upper(), mark.capitalize())}
    found = pc.is_in(values, value_set=pa.array(sorted(written | {"NaN"}), type=_LARGE))
    return np.asarray(found.to_numpy(), dtype=np.bool_)


def holds_money(strings: Strings) -> bool:
    """Whether most of the values that are there carry a currency sign."""
    signed = pc.match_substring_regex(strings.filled(strings.missing), amounts.CURRENCY).drop_null()
    return bool(len(signed)) and bool(pc.mean(signed).as_py() > 0.5)


def parse_numbers(
    strings: Strings, *, decimal: str = ".", thousands: str = ""
) -> NDArray[np.float64]:
    """Read numbers; NaN where the value is missing, is no number, or exceeds a double.

    A thousands mark is taken out only where it groups digits by three, and a currency or per
    cent sign only before or after the number. Brackets around it mean a minus.
    """
    cleaned = strings.filled(strings.missing)
    if not pc.all(pc.match_substring_regex(cleaned, _NUMBER)).as_py():
        cleaned = _bare(cleaned)
        thousands = re.sub(amounts.NARROW_SPACES, " ", thousands)
    if thousands:
        grouped = rf"^[+-]?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d*)?$"
        ungrouped = pc.replace_substring(cleaned, pattern=thousands, replacement="")
        cleaned = pc.if_else(pc.match_substring_regex(cleaned, grouped), ungrouped, cleaned)
    if decimal == ",":
        # A point is no decimal mark here: out of the way, so that it cannot pass for one.
        cleaned = pc.replace_substring(cleaned, pattern=".", replacement="\x00")
        cleaned = pc.replace_substring(cleaned, pattern=",", replacement=".")
    if not pc.all(pc.match_substring_regex(cleaned, _NUMBER)).as_py():
        valid = pc.match_substring_regex(cleaned, _NUMBER)
        cleaned = pc.if_else(valid, cleaned, pa.scalar(None, type=_LARGE))
    numbers = np.array(pc.cast(cleaned, pa.float64()).to_numpy(), dtype=np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _bare(values: Any) -> Any:
    """Take off what stands around the digits; `amounts.bare` for a column."""
    for pattern, replacement in (
        (amounts.NARROW_SPACES, " "),
        (amounts.MINUS, "-"),
        (amounts.BRACKETED, r"-\1"),
        (amounts.BEFORE, r"\1"),
        (amounts.AFTER, ""),
    ):
        values = pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)
    return values


@dataclass(frozen=True, kw_only=True)
class Dates:
    """(n_rows,) instants (UTC where the text names a zone), NaT where none, and their form."""

    values: pd.Series
    form: str
    ambiguous: bool


def parse_dates(strings: Strings, *, day_first: bool) -> Dates | None:
    """Read dates in the one form that fits nearly all values, or return None.

    ``1/12/2010`` is read by the order that fits more values; where both fit all of them, by
    the order in which the rows run forward in time, and else by ``day_first``, and said to be
    ambiguous.
    """
    digits = pc.match_substring_regex(strings.sample.values, r"\d")
    if not len(digits) or not pc.all(digits).as_py():
        return None
    sample = strings.sample.values.to_pandas()
    forms = [*_DATE_PARTS, *_WORDED, *(DAY_FIRST if day_first else MONTH_FIRST),
             *(MONTH_FIRST if day_first else DAY_FIRST)]  # fmt: skip
    fitting = [form for form in _full_forms(forms, sample.iloc[0]) if _share(sample, form) >= 0.8]
    if not fitting:
        return None
    texts = strings.filled(strings.missing).to_pandas()
    read = [(form, _read(texts, form)) for form in fitting]
    most = max(int(values.notna().sum()) for _, values in read)
    read = [(form, values) for form, values in read if values.notna().sum() == most]
    ambiguous = len({_family(form) for form, _ in read}) > 1
    if ambiguous:
        forward = [(form, values) for form, values in read if _runs_forward(values)]
        if len(forward) == 1:
            read, ambiguous = forward, False
    form, values = read[0]
    return Dates(values=values, form=form, ambiguous=ambiguous)


def _full_forms(forms: list[str], example: str) -> list[str]:
    """Join dates and times, keeping those that have the example's separators."""
    timed = ":" in example
    separators = re.sub(r"[^-/.,: T]" if timed else r"[^-/., ]", "", example)
    times = _TIMES if timed else ("",)
    return [
        date + time for date in forms for time in times if _separators_fit(date + time, separators)
    ]


def _separators_fit(form: str, separators: str) -> bool:
    plain = re.sub(r"%z|%[A-Za-z]", "", form)
    return separators.startswith(plain) if "%z" in form else separators == plain


def _share(sample: pd.Series, form: str) -> float:
    return float(_read(sample, form).notna().mean())


def _read(texts: pd.Series, form: str) -> pd.Series:
    if form == "%Y%m%d":
        texts = texts.where(texts.str.len() == len("19970101"))
    instants = pd.to_datetime(texts, format=form, errors="coerce", utc="%z" in form)
    if "%z" in form:
        instants = instants.dt.tz_localize(None)
    # Eight digits or a two-figure year fit more than dates; a year out of range gives them away.
    years = instants.dt.year
    low, high = (1900, 2100) if form == "%Y%m%d" else (_EARLIEST, _LATEST)
    return instants.where((years >= low) & (years <= high))


def _runs_forward(instants: pd.Series) -> bool:
    present = instants.dropna()
    return bool(present.is_monotonic_increasing and present.iloc[0] != present.iloc[-1])


def _family(form: str) -> str:
    return re.sub(r"[^dmY]", "", form.replace("%y", "%Y"))[:3]
