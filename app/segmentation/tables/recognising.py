"""Decide what each column is: its kind, from its values first and its name second."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.coded import any_before
from app.segmentation.tables.codes import code_reason, named_as_code, names_one
from app.segmentation.tables.date_names import means_date, means_period
from app.segmentation.tables.dates import Dates, serial_dates
from app.segmentation.tables.kind_by_values import (
    FEW_LEVELS_SHARE,
    MAX_LEVELS,
    MOST_CODES,
    numeric_kind,
    text_kind,
)
from app.segmentation.tables.kind_words import CODE_WORDS, ENTITY_ID, name_words, names_identifier
from app.segmentation.tables.kinds import MOSTLY, Habits, Kind, Reading
from app.segmentation.tables.lookalikes import (
    compact_days,
    like_months,
    may_be_codes,
    others_are_codes,
    short_days,
)
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.scales import (
    Scale,
    banded_scale,
    recognise_scale,
    with_labelled_ends,
)
from app.segmentation.tables.uniform import read_uniform
from app.segmentation.tables.values import (
    Strings,
    distinct_numbers,
    without_marks,
)
from app.segmentation.tables.worded import numbers_on_scale

_FEWEST_PLAIN = 3
_GLANCE = 100
_EXACT_DIGITS = 15
_AFTER_DIGITS = ":"
"""No text that comes later begins as numbers do."""


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
    texts = strings.distinct(strings.blank)
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
    codes = codes and (padded or not means_date(name))
    if codes or names_identifier(name):
        # Only few and often repeated values make a code of an identifier: region_id.
        grouping = len(words) > 1 and bool(CODE_WORDS & set(words[:-1]))
        few = distinct <= 20 and distinct <= (filled / 3 if grouping else 0.1 * filled)
        if padded and not names_identifier(name):
            few = distinct <= max(FEW_LEVELS_SHARE * filled, min(MAX_LEVELS, 0.8 * filled))
        if few and not ENTITY_ID.search(name.lower()):
            return Reading(kind=Kind.CATEGORICAL, distinct=distinct)
        if not _fractional(texts):
            reason = "zeros lead their digits" if padded else None
            return Reading(kind=Kind.IDENTIFIER, distinct=distinct, code=reason)
    # A known scale, as of the run that new rows belong to, has more steps than a few rows show.
    numbered = _numbered(present) if distinct <= MAX_LEVELS and not habits.scale else None
    if numbered is not None:
        placed = numbers_on_scale(strings, numbered)
        return Reading(kind=Kind.NUMERIC, distinct=distinct, numbers=placed)
    reason = code_reason(name, present)
    if reason is not None:
        few = distinct <= min(MOST_CODES, filled / 2)
        kind = Kind.CATEGORICAL if few else Kind.IDENTIFIER
        return Reading(kind=kind, distinct=distinct, code=reason)
    numbers = habits.numbers(name, strings)
    if named_as_code(name) is not None and numbers is not None and numbers.format.unit:
        # "10115 Berlin" under PLZ/Ort counts no Berlins.
        numbers = None
    numeric = numbers is not None and _covers(~np.isnan(numbers.values), strings)
    if numbers is None or not numeric or like_months(texts):
        dates = habits.dates(name, strings)
        if dates is not None and _most_are_dates(dates, strings):
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    formed = numbers is not None and numbers.format.form is not None
    if numbers is not None and numeric and means_date(name) and not formed:
        dates = serial_dates(numbers.values, strings)
        if dates is not None:
            return Reading(kind=Kind.DATE, distinct=distinct, dates=dates)
    if numbers is not None and numeric and (formed or not others_are_codes(numbers, strings)):
        once = strings.once(numbers.values)
        kind = numeric_kind(words, numbers.values, once, distinct, first=first)
        return Reading(kind=kind, distinct=distinct, numbers=numbers)
    scale = _on_scale(strings) if distinct <= MAX_LEVELS and not numeric else None
    if scale is not None:
        return Reading(kind=Kind.NUMERIC, distinct=distinct, numbers=scale)
    kind = text_kind(name, words, texts, filled)
    return Reading(kind=kind, distinct=distinct, partly=numbers if numeric else None)


def _plain_kind(name: str, strings: Strings, *, first: bool, habits: Habits) -> Reading | None:
    """Recognise quantities that nobody could take for anything else; None where one could.

    Nothing is asked of each text: no name, no length and no range is that of codes or dates.
    """
    words = name_words(name)
    if habits.scale or habits.suffixes or habits.extra_group:
        return None
    if names_identifier(name) or names_one(name) or named_as_code(name) is not None:
        return None
    if means_date(name) or means_period(name):
        return None
    if strings.numbers is None:
        numbers = read_uniform(strings, given=habits.given)
    else:
        numbers = habits.numbers(name, strings)
    if numbers is None or not _covers(~np.isnan(numbers.values), strings):
        return None
    unread = np.isnan(numbers.values)
    if may_be_codes(strings, numbers.values[~unread] if unread.any() else numbers.values):
        return None
    once = strings.once(numbers.values)
    present = numbers.values[~strings.blank] if strings.blank.any() else once
    distinct = len(distinct_numbers(present))
    if distinct < _FEWEST_PLAIN:
        return None
    kind = numeric_kind(words, numbers.values, once, distinct, first=first)
    return Reading(kind=kind, distinct=distinct, numbers=numbers)


def _numbered(texts: Any) -> Scale | None:
    """Find bands, and numbers of which only the ends are explained: "1 - not at all", "2", "3"."""
    labelled = pc.any(pc.match_substring_regex(texts, r"^\d{1,2}\s*[-–=:(]\s*\pL\pL"))
    written = texts.to_pylist()
    return with_labelled_ends(written) if labelled.as_py() else banded_scale(written)


def _on_scale(strings: Strings) -> Numbers | None:
    scale = recognise_scale(strings.counts(strings.blank))
    return None if scale is None else numbers_on_scale(strings, scale)


def _most_are_dates(dates: Dates, strings: Strings) -> bool:
    found = dates.values.notna().to_numpy()
    present = int((~strings.missing & ~dates.never).sum())
    return present > 0 and int(found.sum()) > MOSTLY * present


def _covers(parsed: NDArray[np.bool_], strings: Strings) -> bool:
    present = int((~strings.missing).sum())
    return present > 0 and int(parsed.sum()) > MOSTLY * present


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
    if not any_before(texts, _AFTER_DIGITS):
        return False
    return bool(pc.any(pc.match_substring_regex(texts, r"^[+-]?\d*[.,]0*[1-9]\d*$")).as_py())
