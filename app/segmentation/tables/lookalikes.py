"""Numbers that are something else: days, months, codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import coded
from app.segmentation.tables.date_texts import Order
from app.segmentation.tables.number_column import Numbers
from app.segmentation.tables.values import Strings

CODES_SHARE = 0.1
_GLANCE = 100
_LONG_CODE = 1e12
_MANY_DIGITS = 7
_FIRST_MONTH, _LAST_MONTH = 190_001, 210_012
_ID_LENGTH = 4
"""Digits from which whole numbers of one length, some with a letter, are taken for codes."""

_YEAR, _MONTH, _DAY = r"(19|20)\d{2}", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_CODE = r"^(?:[A-Za-z]{1,3}-?\d+|\d+-?[A-Za-z]{1,2})$"


def compact_days(texts: Any, *, named: bool, period: bool) -> bool:
    """Whether whole numbers are days, or moments, in digits alone: 19970101, 20210105100000.

    Day or month first (05012021), and months (202401), only where the column's name says dates or
    periods: such digits name other things as well.
    """
    forms = [rf"^{_YEAR}{_MONTH}{_DAY}(\d{{6}})?$"]
    if named:
        forms += [rf"^{_DAY}{_MONTH}{_YEAR}$", rf"^{_MONTH}{_DAY}{_YEAR}$"]
    if named or period:
        forms.append(rf"^{_YEAR}{_MONTH}$")
    for part in (texts.slice(0, _GLANCE), texts):
        digits = part.filter(pc.match_substring_regex(part, r"^\d*[1-9]\d*$"))
        forms = [form for form in forms if _all_match(digits, form)]
        if 2 * len(digits) <= len(part) or not forms:
            return False
    return True


@dataclass(frozen=True, kw_only=True)
class ShortDays:
    """Days in six digits: in which order, and how they are rewritten with points."""

    form: str
    order: Order
    replacement: str

    def rewritten(self, strings: Strings) -> Strings:
        """Write the days with points between day, month and year."""
        write = partial(
            pc.replace_substring_regex, pattern=_SIX_DIGITS, replacement=self.replacement
        )
        return replace(strings, column=coded.rewritten(strings.column, write))


_SIX_DIGITS = r"^(\d\d)(\d\d)(\d\d)$"
_SHORT_DAYS = (
    (rf"^\d\d{_MONTH}{_DAY}$", ShortDays(form="YYMMDD", order="dmy", replacement=r"\3.\2.\1")),
    (rf"^{_DAY}{_MONTH}\d\d$", ShortDays(form="DDMMYY", order="dmy", replacement=r"\1.\2.\3")),
    (rf"^{_MONTH}{_DAY}\d\d$", ShortDays(form="MMDDYY", order="mdy", replacement=r"\1.\2.\3")),
)


def short_days(texts: Any) -> ShortDays | None:
    """Tell days written in six digits, where all of a column are."""
    if not len(texts):
        return None
    return next((short for form, short in _SHORT_DAYS if _all_match(texts, form)), None)


def _all_match(texts: Any, pattern: str) -> bool:
    return all(
        pc.all(pc.match_substring_regex(part, pattern), min_count=0).as_py()
        for part in (texts.slice(0, _GLANCE), texts)
    )


def others_are_codes(numbers: Numbers, strings: Strings) -> bool:
    """Whether those that are no numbers are codes like the rest: 85123A beside 71053.

    They are as long as the whole numbers beside them but for a letter or two, and as many that
    the column would lose a tenth of its values, or the whole numbers are of one length.
    """
    there = ~strings.missing
    unread = there & np.isnan(numbers.values)
    if not unread.any():
        return False
    read = there & ~unread
    whole = numbers.values[read] == np.round(numbers.values[read])
    coded = pc.match_substring_regex(strings.values, _CODE).to_numpy(zero_copy_only=False)
    lengths = pc.utf8_length(strings.values).to_numpy(zero_copy_only=False)
    of_one_length = np.ptp(lengths[read]) == 0 and lengths[read][0] >= _ID_LENGTH
    if unread.sum() < CODES_SHARE * there.sum() and not of_one_length:
        return False
    alike = abs(np.median(lengths[unread]) - np.median(lengths[read])) <= 2
    return bool(whole.all() and alike and coded[unread].mean() > 0.5)


def may_be_codes(strings: Strings, numbers: NDArray[np.float64]) -> bool:
    """Whether plain numbers may name things or days: by their length, their zeros or their range.

    Parameters
    ----------
    strings
        (n_rows,) as written.
    numbers
        The same as numbers, where they are.
    """
    low, high = float(numbers.min()), float(numbers.max())
    if high >= _LONG_CODE or (low > 0 and _MANY_DIGITS <= _n_digits(low) == _n_digits(high)):
        return True
    if like_months(coded.head(strings.column, _GLANCE)) or (
        low >= _FIRST_MONTH and high <= _LAST_MONTH
    ):
        return True
    texts = strings.texts
    zeros = pc.and_(pc.starts_with(texts, "0"), pc.greater(pc.binary_length(texts), 1))
    if not pc.any(zeros).as_py():
        return False
    return bool(pc.any(pc.match_substring_regex(texts, r"^0\d")).as_py())


def _n_digits(number: float) -> int:
    return len(str(int(number)))


def like_months(texts: Any) -> bool:
    """Whether all are months of a year, 05.2021, which would pass for fractions."""
    return _all_match(texts, r"^(0?[1-9]|1[0-2])\.(19|20)\d\d$")
