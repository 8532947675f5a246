"""Whether days or months were read first, for dates that could be read either way."""

import re
from collections.abc import Iterable
from datetime import date

from app.segmentation.orders.lines import DateOrder

_TWO_NUMBERS = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}")


def order_read(texts: Iterable[str], read: Iterable[date]) -> DateOrder | None:
    """Tell in which order dates were read, from some as written and as read; None if in neither."""
    for text, day in zip(texts, read, strict=False):
        found = _TWO_NUMBERS.match(text)
        if found is None or found[1] == found[2]:
            continue
        first, second = int(found[1]), int(found[2])
        if (first, second) == (day.day, day.month):
            return "day_first"
        if (first, second) == (day.month, day.day):
            return "month_first"
    return None
