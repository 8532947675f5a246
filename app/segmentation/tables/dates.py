"""The one place where text becomes dates: the order of day and month is the whole column's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.date_texts import DateText, Order, read_date
from app.segmentation.tables.unicode_digits import to_ascii
from app.segmentation.tables.values import Strings

NEVER = frozenset(
    {
        "never", "nie", "niemals", "jamais", "nunca", "mai", "nooit", "aldrig", "aldri", "nigdy",
        "никогда", "从未", "0000-00-00", "00.00.0000", "00/00/0000", "n.a.", "k.a.", "open",
    }
)  # fmt: skip
"""Lower-case words that mean a missing date: what has not happened."""

LEAST_READ = 0.4
_DAY = np.int64(86_400_000_000)
_NO_DAY = np.iinfo(np.int64).min
_TIMED = (
    r"^(?P<date>.*?\S)(?:(?:[Tt]|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
_SERIALS: dict[str, tuple[float, float, np.int64, int]] = {
    "Excel day numbers": (20_000, 60_000, _DAY, -25_569),
    "Unix seconds": (1e8, 4.2e9, np.int64(1_000_000), 0),
    "Unix milliseconds": (1e11, 4.2e12, np.int64(1_000), 0),
}


@dataclass(frozen=True, kw_only=True)
class Dates:
    """A column as dates.

    Attributes
    ----------
    values
        (n_rows,) instants, UTC where the text names a zone; NaT where there is none.
    order
        ``dmy`` or ``mdy`` where days and months are numbers in front of the year.
    ambiguous
        Whether nothing decides that order.
    evident
        Whether the column's own values decide it.
    contrary
        (n_rows,) where a date exists in the other order only, and was read so.
    never
        (n_rows,) where a word says that there was none.
    serial
        What numbers were read as, where they were: ``Excel day numbers``, ``Unix seconds``.
    """

    values: pd.Series
    order: Order | None = None
    ambiguous: bool = False
    evident: bool = False
    contrary: NDArray[np.bool_]
    never: NDArray[np.bool_]
    serial: str | None = None


def parse_dates(
    strings: Strings, *, day_first: bool, given: Order | None = None, decided: bool = False
) -> Dates | None:
    """Read dates of any forms; None where a sample holds few.

    Dates that exist in one order only decide it for their column, then rows that run forward in
    time, then ``day_first``, which is said to be ambiguous unless ``decided`` by other columns.

    Parameters
    ----------
    given
        The order, where it is known.
    """
    if len(strings.sample.values) < len(strings.values):
        glance = _read(strings.sample)
        if np.mean(glance.readable) < LEAST_READ:
            return None
    read = _read(strings)
    if not read.readable.any():
        return None
    order, ambiguous, evident = _settle(read, day_first=day_first, given=given, decided=decided)
    days = read.days(order)
    instants = np.where(days == _NO_DAY, _NO_DAY, days * _DAY + read.time)
    only_other = read.only("mdy" if order == "dmy" else "dmy") if order else read.none
    return Dates(
        values=pd.Series(instants.view("datetime64[us]")),
        order=order,
        ambiguous=ambiguous,
        evident=evident,
        contrary=only_other,
        never=_never(strings),
    )


def serial_dates(numbers: NDArray[np.float64], strings: Strings) -> Dates | None:
    """Read numbers as days since 1899-12-30, or as seconds or milliseconds since 1970."""
    present = ~np.isnan(numbers)
    if not present.any():
        return None
    for name, (low, high, unit, origin) in _SERIALS.items():
        fitting = present & (numbers >= low) & (numbers <= high)
        if fitting.sum() > present.sum() / 2:
            filled = np.where(fitting, numbers, 0.0)
            instants = np.round((filled + origin) * float(unit) / 1e6) * 1e6
            instants = np.where(fitting, instants.astype(np.int64), _NO_DAY)
            none = np.zeros(len(numbers), dtype=np.bool_)
            return Dates(
                values=pd.Series(instants.view("datetime64[us]")),
                contrary=none,
                never=_never(strings),
                serial=name,
            )
    return None


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A column's distinct dates, which of them each row has, and each row's time of day."""

    texts: list[DateText | None]
    codes: NDArray[np.int64]
    time: NDArray[np.int64]

    @property
    def none(self) -> NDArray[np.bool_]:
        return np.zeros(len(self.codes), dtype=np.bool_)

    @property
    def readable(self) -> NDArray[np.bool_]:
        return np.array([*(text is not None for text in self.texts), False])[self.codes]

    def days(self, order: Literal["dmy", "mdy"] | None) -> NDArray[np.int64]:
        """(n_rows,) days since 1970, in this order where both are possible."""
        return np.array([*(_days(text, order) for text in self.texts), _NO_DAY])[self.codes]

    def only(self, order: Order) -> NDArray[np.bool_]:
        """(n_rows,) where a date exists in this order and not in the other."""
        found = [_exists(text, order) and not _exists(text, _other(order)) for text in self.texts]
        return np.array([*found, False])[self.codes]

    def either(self) -> NDArray[np.bool_]:
        """(n_rows,) where both orders give a day, and not the same."""
        found = [
            text is not None and text.dmy is not None and text.mdy is not None
            and text.dmy != text.mdy
            for text in self.texts
        ]  # fmt: skip
        return np.array([*found, False])[self.codes]


def _other(order: Order) -> Order:
    return "mdy" if order == "dmy" else "dmy"


def _exists(text: DateText | None, order: Order) -> bool:
    return text is not None and getattr(text, order) is not None


def _days(text: DateText | None, order: Order | None) -> int:
    if text is None:
        return _NO_DAY
    ordered = (text.mdy, text.dmy) if order == "mdy" else (text.dmy, text.mdy)
    day = next((day for day in (text.certain, *ordered) if day is not None), None)
    return _NO_DAY if day is None else day.toordinal() - 719_163


def _settle(
    read: _Read, *, day_first: bool, given: Order | None, decided: bool
) -> tuple[Order | None, bool, bool]:
    either = read.either()
    dmy, mdy = int(read.only("dmy").sum()), int(read.only("mdy").sum())
    if not (either.any() or dmy or mdy):
        return None, False, False
    if given is not None:
        return given, False, False
    if dmy or mdy:
        order: Order = "dmy" if dmy >= mdy else "mdy"
        return order, bool(dmy and mdy and either.any()), True
    if not either.any():
        return ("dmy" if day_first else "mdy"), False, False
    forward = [each for each in ("dmy", "mdy") if _runs_forward(read.days(each))]
    if len(forward) == 1:
        return ("dmy" if forward[0] == "dmy" else "mdy"), False, True
    marks = {text.mark for text in read.texts if text is not None and text.mark}
    if marks == {"."}:
        # Dots stand between day, month and year where the day comes first.
        return "dmy", not (day_first or decided), False
    return ("dmy" if day_first else "mdy"), not decided, False


def _runs_forward(days: NDArray[np.int64]) -> bool:
    present = days[days != _NO_DAY]
    steps = np.diff(present)
    return bool(len(steps) and (steps >= 0).all() and steps.any())


def _read(strings: Strings) -> _Read:
    values = to_ascii(strings.filled(strings.missing))
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    dates, time = values, np.zeros(len(values), dtype=np.int64)
    if pc.any(pc.match_substring(values, ":"), min_count=0).as_py():
        parts = pc.extract_regex(values, _TIMED)
        dates, time = pc.struct_field(parts, "date"), _time(parts)
    coded = dates.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return _Read(texts=[read_date(text) for text in coded.dictionary.to_pylist()], codes=codes,
                 time=time)  # fmt: skip


def _time(parts: Any) -> NDArray[np.int64]:
    """Give microseconds since midnight UTC."""

    def whole(name: str) -> NDArray[np.int64]:
        texts = pc.fill_null(pc.struct_field(parts, name), "")
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar("0", type=texts.type), texts)
        return np.asarray(pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False))

    half = pc.utf8_lower(pc.fill_null(pc.struct_field(parts, "half"), ""))
    hours = whole("hour")
    afternoon = pc.starts_with(half, "p").to_numpy(zero_copy_only=False)
    morning = pc.starts_with(half, "a").to_numpy(zero_copy_only=False)
    hours = np.where(afternoon & (hours < 12), hours + 12, hours)
    hours = np.where(morning & (hours == 12), 0, hours)
    seconds = hours * 3600 + whole("minute") * 60 + whole("second") - _offsets(parts)
    fraction = pc.fill_null(pc.struct_field(parts, "fraction"), "")
    micros = pc.cast(pc.utf8_slice_codeunits(pc.utf8_rpad(fraction, 6, "0"), 0, 6), pa.int64())
    found: NDArray[np.int64] = seconds * 1_000_000 + micros.to_numpy(zero_copy_only=False)
    return found


def _offsets(parts: Any) -> NDArray[np.int64]:
    zones = pc.fill_null(pc.struct_field(parts, "zone"), "").dictionary_encode()
    offsets = []
    for zone in zones.dictionary.to_pylist():
        digits = zone[1:].replace(":", "")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60 if digits.isdecimal() else 0
        offsets.append(-seconds if zone.startswith("-") else seconds)
    spread: NDArray[np.int64] = np.array(offsets, dtype=np.int64)
    return np.asarray(spread[zones.indices.to_numpy(zero_copy_only=False)])


def _never(strings: Strings) -> NDArray[np.bool_]:
    lowered = pc.utf8_lower(strings.values)
    found = pc.is_in(lowered, value_set=pa.array(sorted(NEVER), type=pa.large_string()))
    return np.asarray(found.to_numpy(), dtype=np.bool_)
