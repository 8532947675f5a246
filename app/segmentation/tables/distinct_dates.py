"""A column's different dates as written, and which of them each row has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

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

    def spread(self, each: Sequence[bool] | NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n_rows,) what is said of each distinct text; false where there is none."""
        said = np.append(np.asarray(each, dtype=np.bool_), False)
        return said[self.codes] if said.any() else self.none

    @property
    def none(self) -> NDArray[np.bool_]:
        """(n_rows,) false throughout."""
        return np.zeros(len(self.codes), dtype=np.bool_)

    @cached_property
    def readable(self) -> NDArray[np.bool_]:
        """(n_rows,) where there is a date."""
        return self.spread([text is not None for text in self.texts])

    @property
    def short(self) -> NDArray[np.bool_]:
        """(n_rows,) where the year has two digits."""
        return self.spread([text is not None and text.short for text in self.texts])

    @property
    def of_calendars(self) -> NDArray[np.bool_]:
        """(n_rows,) where a date is written in another calendar."""
        return self.spread([text is not None and text.calendar != "" for text in self.texts])

    def of_calendar(self, calendar: str) -> NDArray[np.bool_]:
        """(n_rows,) where a date is written in this one."""
        return self.spread([text is not None and text.calendar == calendar for text in self.texts])

    def days(self, order: Order | None) -> NDArray[np.int64]:
        """(n_rows,) days since 1970, in this order where both are possible."""
        days = self._certain
        for each in (order or "dmy", other_order(order or "dmy")):
            days = np.where(days == NO_DAY, self._ordered[each], days)
        return np.append(days, NO_DAY)[self.codes]

    def only(self, order: Order) -> NDArray[np.bool_]:
        """(n_rows,) where a date exists in this order and not in the other."""
        days, others = self._ordered[order], self._ordered[other_order(order)]
        return self.spread((days != NO_DAY) & (others == NO_DAY))

    def either(self) -> NDArray[np.bool_]:
        """(n_rows,) where both orders give a day, and not the same."""
        dmy, mdy = self._ordered["dmy"], self._ordered["mdy"]
        return self.spread((dmy != NO_DAY) & (mdy != NO_DAY) & (dmy != mdy))

    @cached_property
    def _certain(self) -> NDArray[np.int64]:
        return _days([None if text is None else text.certain for text in self.texts])

    @cached_property
    def _ordered(self) -> dict[Order, NDArray[np.int64]]:
        return {
            "dmy": _days([None if text is None else text.dmy for text in self.texts]),
            "mdy": _days([None if text is None else text.mdy for text in self.texts]),
        }


def other_order(order: Order) -> Order:
    return "mdy" if order == "dmy" else "dmy"


def _days(dates: list[date | None]) -> NDArray[np.int64]:
    """Count days since 1970."""
    return np.array(
        [NO_DAY if day is None else day.toordinal() - 719_163 for day in dates], dtype=np.int64
    )


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
