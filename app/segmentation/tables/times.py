"""Take the time of day off dates, in whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_TIMED = (
    r"^(?P<date>.*?\S)(?:(?:[Tt]|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(?:Uhr|h|hrs|ч\.?)?"
    r"\s*(?P<zone>[Zz]|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|UTC|GMT|CET|CEST|MEZ|MESZ)?(?:\s*\(.*\))?"
    r"(?:\s+(?P<year>(?:19|20)\d{2}))?)?$"
)
_UNMARKED_TIMES = (
    (r"\s*(?:上午|오전|午前)\s*(\d{1,2}:\d{2}(?::\d{2})?)$", r" \1 AM"),
    (r"\s*(?:下午|오후|午後)\s*(\d{1,2}:\d{2}(?::\d{2})?)$", r" \1 PM"),
    (r"^(\d{1,4}[./-]\d{1,2}[./-]\d{2,4})\s+(\d{1,2})[.h](\d{2})(?:\s*(?:Uhr|h))?$", r"\1 \2:\3"),
    (r"^(\d{1,4}[./-]\d{1,2}[./-]\d{2,4})\s+(\d{1,2})\.(\d{2})\.(\d{2})$", r"\1 \2:\3:\4"),
    (r"(\d)\s+(?:um|ore|às|as|a las|alle|klo|kl\.?|godz\.?|at|в|à)\s+(\d{1,2}:\d{2})", r"\1 \2"),
    (r"^(\d{1,2}/?[A-Za-z]{3}/?\d{2,4}):(\d{2}:\d{2}:\d{2})", r"\1 \2"),
    (r"^((?:19|20)\d{6})T?(\d{2})(\d{2})(\d{2})(Z?)$", r"\1 \2:\3:\4\5"),
    (r"^((?:19|20)\d{6})T(\d{2})(\d{2})(Z?)$", r"\1 \2:\3\4"),
)
"""Times of day without a colon, and how they are written with one."""

_HOURS_OF = {"CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2}


def split_times(values: Any, *, glance: int) -> tuple[Any, NDArray[np.int64]]:
    """Separate (n_rows,) texts into their dates and microseconds since midnight UTC.

    Times without a colon are looked for where the first ``glance`` texts have one.
    """
    dates, time = values, np.zeros(len(values), dtype=np.int64)
    for pattern, marked in _UNMARKED_TIMES:
        if _any_match(values[:glance], pattern) and _any_match(values, pattern):
            values = pc.replace_substring_regex(values, pattern=pattern, replacement=marked)
            dates = values
    if pc.any(pc.match_substring(values, ":"), min_count=0).as_py():
        parts = pc.extract_regex(values, _TIMED)
        dates, time = pc.struct_field(parts, "date"), _time(parts)
        years = pc.struct_field(parts, "year")
        if _any_match(years, "."):
            # The year comes last in Tue Jan 5 10:00:00 2021.
            dates = pc.binary_join_element_wise(dates, years, pa.scalar(" ", type=dates.type))
    return dates, time


def _any_match(values: Any, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern), min_count=0).as_py())


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
        offset = zone.removeprefix("UTC").removeprefix("GMT")
        digits = offset[1:].replace(":", "")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60 if digits.isdecimal() else 0
        seconds += _HOURS_OF.get(zone, 0) * 3600
        offsets.append(-seconds if offset.startswith("-") else seconds)
    spread: NDArray[np.int64] = np.array(offsets, dtype=np.int64)
    return np.asarray(spread[zones.indices.to_numpy(zero_copy_only=False)])
