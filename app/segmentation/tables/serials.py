"""Dates as numbers: Excel's days, seconds and milliseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables.values import Strings, plain_numbers

DAY = np.int64(86_400_000_000)
"""In microseconds."""

NO_DAY = np.iinfo(np.int64).min
"""What a missing date is as a number; a ``datetime64`` of it is NaT."""

_WRITTEN = r"^[2-5]\d{4}(?:[.,]\d+)?$"
_SERIALS: dict[str, tuple[float, float, np.int64, int]] = {
    "Excel day numbers": (20_000, 60_000, DAY, -25_569),
    "Unix seconds": (1e8, 4.2e9, np.int64(1_000_000), 0),
    "Unix milliseconds": (1e11, 4.2e12, np.int64(1_000), 0),
    "Unix microseconds": (1e14, 4.2e15, np.int64(1), 0),
}


@dataclass(frozen=True, kw_only=True)
class SerialDates:
    """Numbers as dates.

    Attributes
    ----------
    name
        What they are: ``Excel day numbers``, ``Unix seconds`` and parts of them.
    instants
        (n_rows,) microseconds since 1970; ``NO_DAY`` where there is none.
    found
        (n_rows,) where a number was read.
    """

    name: str
    instants: NDArray[np.int64]
    found: NDArray[np.bool_]


def read_serials(numbers: NDArray[np.float64]) -> SerialDates | None:
    """Read numbers as days since 1899-12-30, or as seconds or milliseconds since 1970."""
    present = ~np.isnan(numbers)
    if not present.any():
        return None
    for name, (low, high, unit, origin) in _SERIALS.items():
        fitting = present & (numbers >= low) & (numbers <= high)
        if fitting.sum() > present.sum() / 2:
            filled = np.where(fitting, numbers, 0.0)
            instants = np.round((filled + origin) * float(unit) / 1e6) * 1e6
            return SerialDates(
                name=name,
                instants=np.where(fitting, instants.astype(np.int64), NO_DAY),
                found=fitting,
            )
    return None


def serials_among(strings: Strings, left: NDArray[np.bool_]) -> SerialDates | None:
    """Read Excel's day numbers among the texts, where ``left``, that are no dates written out."""
    if not left.any():
        return None
    written = pc.match_substring_regex(strings.values, _WRITTEN).to_numpy(zero_copy_only=False)
    found = left & np.asarray(written, dtype=np.bool_)
    if not found.any():
        return None
    points = pc.replace_substring(strings.filled(~found), pattern=",", replacement=".")
    return read_serials(plain_numbers(points))
