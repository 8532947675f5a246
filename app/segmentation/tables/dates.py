"""The one place where text becomes dates."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
import pyarrow.compute as pc

from app.segmentation.tables.values import Strings

# Day-first forms stand before their month-first twins; which one wins is decided on the values.
_DATE_PARTS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y")
_WORDED = ("%b %d, %Y", "%B %d, %Y", "%d-%b-%y")
DAY_FIRST = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
MONTH_FIRST = ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S",
          "T%H:%M", "T%H:%M:%S.%f", "T%H:%M:%S%z", "T%H:%M:%S.%f%z", " %H:%M:%S%z")  # fmt: skip
_EARLIEST, _LATEST = 1000, 3000


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
