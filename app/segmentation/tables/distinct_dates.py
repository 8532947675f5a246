"""A column's different dates as written, and which of them each row has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.segmentation.tables.date_texts import DateText, Order, read_date
from app.segmentation.tables.serials import NO_DAY
from app.segmentation.tables.times import split_times
from app.segmentation.tables.unicode_digits import to_ascii
from app.segmentation.tables.values import Strings

_GLANCE = 1000


@dataclass(frozen=True, kw_only=True)
class DistinctDates:
    """A column's distinct dates, which of them each row has, and each row's time of day."""

    written: list[str]
    texts: list[DateText | None]
    codes: NDArray[np.int64]
    time: NDArray[np.int64]

    def spread(self, each: list[bool]) -> NDArray[np.bool_]:
        """(n_rows,) what is said of each distinct text; false where there is none."""
        return np.array([*each, False])[self.codes]

    @property
    def none(self) -> NDArray[np.bool_]:
        """(n_rows,) false throughout."""
        return np.zeros(len(self.codes), dtype=np.bool_)

    @property
    def readable(self) -> NDArray[np.bool_]:
        """(n_rows,) where there is a date."""
        return np.array([*(text is not None for text in self.texts), False])[self.codes]

    @property
    def short(self) -> NDArray[np.bool_]:
        """(n_rows,) where the year has two digits."""
        return np.array([*(text is not None and text.short for text in self.texts), False])[
            self.codes
        ]

    @property
    def of_calendars(self) -> NDArray[np.bool_]:
        """(n_rows,) where a date is written in another calendar."""
        return self.spread([text is not None and text.calendar != "" for text in self.texts])

    def of_calendar(self, calendar: str) -> NDArray[np.bool_]:
        """(n_rows,) where a date is written in this one."""
        return self.spread([text is not None and text.calendar == calendar for text in self.texts])

    def days(self, order: Literal["dmy", "mdy"] | None) -> NDArray[np.int64]:
        """(n_rows,) days since 1970, in this order where both are possible."""
        return np.array([*(_days(text, order) for text in self.texts), NO_DAY])[self.codes]

    def only(self, order: Order) -> NDArray[np.bool_]:
        """(n_rows,) where a date exists in this order and not in the other."""
        found = [
            _exists(text, order) and not _exists(text, other_order(order)) for text in self.texts
        ]
        return np.array([*found, False])[self.codes]

    def either(self) -> NDArray[np.bool_]:
        """(n_rows,) where both orders give a day, and not the same."""
        found = [
            text is not None and text.dmy is not None and text.mdy is not None
            and text.dmy != text.mdy
            for text in self.texts
        ]  # fmt: skip
        return np.array([*found, False])[self.codes]


def other_order(order: Order) -> Order:
    return "mdy" if order == "dmy" else "dmy"


def _exists(text: DateText | None, order: Order) -> bool:
    return text is not None and getattr(text, order) is not None


def _days(text: DateText | None, order: Order | None) -> int:
    if text is None:
        return NO_DAY
    ordered = (text.mdy, text.dmy) if order == "mdy" else (text.dmy, text.mdy)
    day = next((day for day in (text.certain, *ordered) if day is not None), None)
    return NO_DAY if day is None else day.toordinal() - 719_163


def distinct_dates(strings: Strings) -> DistinctDates:
    """Read each different text of a column once."""
    texts, rows = strings.by_text()
    values = to_ascii(texts)
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    seen_first = _GLANCE if rows is None else int(rows[:_GLANCE].max(initial=-1)) + 1
    dates, time = split_times(values, glance=seen_first)
    encoded = dates.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    if rows is not None:
        codes, time = codes[rows], time[rows]
    written = encoded.dictionary.to_pylist()
    return DistinctDates(
        written=[text.casefold().strip() for text in written],
        texts=[read_date(text) for text in written],
        codes=codes,
        time=time,
    )
