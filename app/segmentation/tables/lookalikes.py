"""Numbers that are something else: days, months, codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.numbers import Numbers
from app.segmentation.tables.values import Strings

CODES_SHARE = 0.1
_CODE = r"^(?:[A-Za-z]{1,3}-?\d+|\d+-?[A-Za-z]{1,2})$"


def like_days(numbers: NDArray[np.float64]) -> bool:
    """Whether all could be days written as eight digits, 19970101."""
    present = numbers[~np.isnan(numbers)]
    return bool(len(present) and present.min() >= 19000101 and present.max() <= 21001231)


def others_are_codes(numbers: Numbers, strings: Strings) -> bool:
    """Whether those that are no numbers are codes like the rest: 85123A beside 71053.

    They are as long as the whole numbers beside them but for a letter or two, and as many that
    the column would lose a tenth of its values.
    """
    there = ~strings.missing
    unread = there & np.isnan(numbers.values)
    if unread.sum() < CODES_SHARE * there.sum():
        return False
    read = there & ~unread
    whole = numbers.values[read] == np.round(numbers.values[read])
    coded = pc.match_substring_regex(strings.values, _CODE).to_numpy(zero_copy_only=False)
    lengths = pc.utf8_length(strings.values).to_numpy(zero_copy_only=False)
    alike = abs(np.median(lengths[unread]) - np.median(lengths[read])) <= 2
    return bool(whole.all() and alike and coded[unread].mean() > 0.5)


def like_months(texts: Any) -> bool:
    """Whether all are months of a year, 05.2021, which would pass for fractions."""
    month = r"^(0?[1-9]|1[0-2])\.(19|20)\d\d$"
    return all(
        pc.all(pc.match_substring_regex(part, month), min_count=0).as_py()
        for part in (texts.slice(0, 100), texts)
    )
