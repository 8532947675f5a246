"""Decide what each column is: its kind, from its values first and its name second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.codes import code_reason, named_as_code, names_code
from app.segmentation.tables.date_names import means_birth, means_date, means_period
from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.dates import Dates, parse_dates, serial_dates
from app.segmentation.tables.kind_words import (
    CODE_WORDS,
    COUNT_WORDS,
    ENTITY_ID,
    ID_WORDS,
    PROSE_WORDS,
    name_words,
)
from app.segmentation.tables.lookalikes import (
    compact_days,
    like_months,
    may_be_codes,
    others_are_codes,
    short_days,
)
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.numbers import Numbers, numbers_on_scale, read_numbers
from app.segmentation.tables.row_numbers import numbers_rows
from app.segmentation.tables.scales import known_scale, recognise_scale
from app.segmentation.tables.uniform import read_uniform
from app.segmentation.tables.values import Strings, distinct_texts, without_marks
from app.segmentation.tables.votes import FileMarks


class Kind(StrEnum):
    """What a column holds.

    ``constant`` has one value at most: a column with nothing in it says no more than one that
    repeats itself. Only numeric and categorical columns, and dates once turned into numbers,
    tell customers apart.
    """

    IDENTIFIER = "identifier"
    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    DATE = "date"
    FREE_TEXT = "free_text"
    CONSTANT = "constant"


MOSTLY = 0.5
"""A column of which a larger share are numbers or dates is one; the rest, reported one by one,
become missing."""

MAX_LEVELS = 50
"""Up to so many different texts make a categorical column, whatever their share of the rows."""

_FEW_LEVELS_SHARE = 0.05
_WORDY = 3.0
_FLAGS = ({0.0, 1.0}, {1.0, 2.0}, {-1.0, 1.0})
_FLAG_ROWS = 10
_FEWEST_PLAIN = 3
_MAX_CODES = 30
# More ways of writing than that are more than a few levels, even with marks for missing ones.
_MOST_LEVELS = 200
_GLANCE = 100
_EXACT_DIGITS = 15

_RANDOM = (
    r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$|^[0-9a-f]{24,64}$|"
    r"^(\d{1,3}\.){3}\d{1,3}$"
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A column's kind with what was parsed on the way to it.

    ``code`` is why numbers are none; ``partly`` are the numbers of a column that was left as text
    though most of it is numbers.
    """

    kind: Kind
    distinct: int
    numbers: Numbers | None = None
    dates: Dates | None = None
    code: str | None = None
    partly: Numbers | None = None


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What is known of how a table writes its numbers and dates, before a column is read."""

    given: Mark | Literal["none"] | None
    file: FileMarks
    extra_group: str
    order: Order | None = None
    newest_year: int | None = None
    suffixes: Mapping[str, float] | None = None
    scale: tuple[str, ...] = ()

    def dates(self, name: str, strings: Strings) -> Dates | None:
        """Read a column as dates by them."""
        return parse_dates(
            strings,
            day_first=self.file.day_first,
            given=self.order,
            decided=self.file.order is not None,
            newest_year=self.newest_year,
            born=means_birth(name),
        )

    def numbers(self, strings: Strings) -> Numbers | None:
        """Read a column as numbers by them."""
        if self.scale:
            texts = pc.unique(strings.filled(strings.blank)).drop_null().to_pylist()
            return numbers_on_scale(strings, known_scale(texts, self.scale))
        return read_numbers(
            strings,
            given=self.given,
            file=self.file,
            extra_group=self.extra_group,
            suffixes=self.suffixes,
        )


def recognise_kind(
    name: str,
    strings: Strings,
    *,
    first: bool,
    habits: Habits,
) -> Reading:
    """Recognise one column.

    Parameters
    ----------
    name
        The column's name; it decides only between kinds that the values allow.
    strings
        (n_rows,) the column as written.
    first
        Whether the column is the table's first, where a running row number stands.
    habits
        How the table writes numbers and dates.
    """
    plain = _plain_kind(name, strings, first=first, habits=habits)
    if plain is not None:
        return plain
    n_rows = len(strings.blank)
    texts = distinct_texts(strings.filled(strings.blank))
    distinct = len(texts)
    filled = n_rows - int(strings.blank.sum())
    if distinct == 0 or (distinct == 1 and filled == n_rows > 1):
        return Reading(kind=Kind.CONSTANT, distinct=distinct)
    words = name_words(name)
    present = without_marks(texts)
    if compact_days(present, named=means_date(name), period=means_period(name)):
        dates = habits.dates(name, strings)
        if dates is not None and _most_are_dates(dates, strings):
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    short = short_days(present) if means_date(name) else None
    if short is not None:
        dates = replace(habits, order=short.order).dates(name, short.rewritten(strings))
        if dates is not None and _most_are_dates(dates, strings):
            there = dates.values.notna().to_numpy()
            dates = replace(dates, serial=f"days as {short.form}", serials=there)
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    padded, codes = _written_as_codes(present)
    if codes or _names_identifier(name, words):
        # Only few and often repeated values make a code of an identifier: region_id.
        grouping = len(words) > 1 and bool(CODE_WORDS & set(words[:-1]))
        few = distinct <= 20 and distinct <= (filled / 3 if grouping else 0.1 * filled)
        if padded and not _names_identifier(name, words):
            few = distinct <= max(_FEW_LEVELS_SHARE * filled, min(MAX_LEVELS, 0.8 * filled))
        if few and not ENTITY_ID.search(name.lower()):
            return Reading(kind=Kind.CATEGORICAL, distinct=distinct)
        if not _fractional(texts):
            return Reading(kind=Kind.IDENTIFIER, distinct=distinct)
    reason = code_reason(name, present)
    if reason is not None:
        few = distinct <= min(_MAX_CODES, filled / 2)
        kind = Kind.CATEGORICAL if few else Kind.IDENTIFIER
        return Reading(kind=kind, distinct=distinct, code=reason)
    numbers = habits.numbers(strings)
    numeric = numbers is not None and _covers(~np.isnan(numbers.values), strings)
    if numbers is None or not numeric or like_months(texts):
        dates = habits.dates(name, strings)
        if dates is not None and _most_are_dates(dates, strings):
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    if numbers is not None and numeric and means_date(name):
        dates = serial_dates(numbers.values, strings)
        if dates is not None:
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    if numbers is not None and numeric and not others_are_codes(numbers, strings):
        kind = _numeric_kind(words, numbers.values, distinct, first=first)
        return Reading(kind=kind, distinct=distinct, numbers=numbers)
    scale = _on_scale(strings) if distinct <= MAX_LEVELS and not numeric else None
    if scale is not None:
        return Reading(kind=Kind.NUMERIC, distinct=distinct, numbers=scale)
    kind = _text_kind(name, words, texts, filled)
    return Reading(kind=kind, distinct=distinct, partly=numbers if numeric else None)


def _plain_kind(name: str, strings: Strings, *, first: bool, habits: Habits) -> Reading | None:
    """Recognise quantities that nobody could take for anything else; None where one could.

    Nothing is asked of each text: no name, no length and no range is that of codes or dates.
    """
    words = name_words(name)
    if habits.scale or habits.suffixes or habits.extra_group:
        return None
    if _names_identifier(name, words) or named_as_code(name) is not None:
        return None
    if means_date(name) or means_period(name):
        return None
    if strings.numbers is None:
        numbers = read_uniform(strings, given=habits.given)
    else:
        numbers = habits.numbers(strings)
    if numbers is None or not _covers(~np.isnan(numbers.values), strings):
        return None
    if may_be_codes(strings.values, numbers.values[~np.isnan(numbers.values)]):
        return None
    distinct = len(pd.unique(numbers.values[~strings.blank]))
    if distinct < _FEWEST_PLAIN:
        return None
    kind = _numeric_kind(words, numbers.values, distinct, first=first)
    return Reading(kind=kind, distinct=distinct, numbers=numbers)


def _on_scale(strings: Strings) -> Numbers | None:
    counted = pc.value_counts(strings.filled(strings.blank)).to_pylist()
    counts = {each["values"]: each["counts"] for each in counted if each["values"] is not None}
    scale = recognise_scale(counts)
    return None if scale is None else numbers_on_scale(strings, scale)


def _most_are_dates(dates: Dates, strings: Strings) -> bool:
    found = dates.values.notna().to_numpy()
    present = int((~strings.missing & ~dates.never).sum())
    return present > 0 and int(found.sum()) > MOSTLY * present


def _covers(parsed: NDArray[np.bool_], strings: Strings) -> bool:
    present = int((~strings.missing).sum())
    return present > 0 and int(parsed.sum()) > MOSTLY * present


def _names_identifier(name: str, words: list[str]) -> bool:
    return bool(words and words[-1] in ID_WORDS) or bool(ENTITY_ID.search(name.lower()))


def _written_as_codes(texts: Any) -> tuple[bool, bool]:
    """Whether zeros lead digits that are no quantity, and whether they are none for any reason.

    007, 07 and 7 are three codes. Without leading zeros, too many digits for a double are one.
    """
    for part in (texts.slice(0, _GLANCE), texts):
        if not len(part) or not pc.all(pc.match_substring_regex(part, r"^\d+$")).as_py():
            return False, False
    padded = bool(pc.any(pc.match_substring_regex(texts, r"^0\d")).as_py())
    return padded, padded or pc.max(pc.utf8_length(texts)).as_py() > _EXACT_DIGITS


def _fractional(texts: Any) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, r"^[+-]?\d*[.,]0*[1-9]\d*$")).as_py())


def _numeric_kind(
    words: list[str], numbers: NDArray[np.float64], distinct: int, *, first: bool
) -> Kind:
    """Numbers that only number or name things are not quantities.

    A 0/1 flag is a category of two levels. Few whole numbers are codes where the name says so
    (Region, Channel); otherwise their order counts (a rating, the number of children).
    """
    if first and distinct == len(numbers) and numbers_rows(words, numbers):
        return Kind.IDENTIFIER
    if distinct > _MOST_LEVELS:
        return Kind.NUMERIC
    present = numbers[~np.isnan(numbers)]
    levels = np.sort(pd.unique(present))
    if len(levels) == 1:
        # With the median in its gaps the column is constant.
        return Kind.CONSTANT if len(numbers) > 1 else Kind.NUMERIC
    if not np.all(levels == np.round(levels)):
        return Kind.NUMERIC
    counted = bool(COUNT_WORDS & set(words))
    if len(present) >= _FLAG_ROWS and not counted and set(levels[:3].tolist()) in _FLAGS:
        return Kind.CATEGORICAL
    codes = CODE_WORDS & set(words)
    if codes and not counted and len(levels) <= min(_MAX_CODES, len(present) / 2):
        return Kind.CATEGORICAL
    return Kind.NUMERIC


def _text_kind(name: str, words: list[str], texts: Any, filled: int) -> Kind:
    distinct = len(texts)
    if distinct > 0.9 * filled and filled > 1 and names_code(name):
        return Kind.IDENTIFIER
    sample = pd.Series(texts.slice(0, 1000).to_pylist(), dtype="str")
    spaces = sample.str.count(r"\s+").mean()
    prose = bool(PROSE_WORDS & set(words)) or spaces > _WORDY - 1
    if distinct == filled > 2 and pc.all(pc.match_substring_regex(texts, _RANDOM)).as_py():
        return Kind.IDENTIFIER
    if distinct > 0.9 * filled and filled >= _FLAG_ROWS:
        coded = not spaces and sample.str.contains(r"\d").mean() > MOSTLY
        return Kind.IDENTIFIER if coded else Kind.FREE_TEXT
    if distinct <= MAX_LEVELS and (distinct <= 0.5 * filled or not prose):
        return Kind.CATEGORICAL
    if distinct <= _FEW_LEVELS_SHARE * filled and not prose:
        return Kind.CATEGORICAL
    return Kind.FREE_TEXT
