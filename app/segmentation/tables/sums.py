"""Whether a row's numbers are sums or means of the rows above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_AMOUNT = (
    r"^\s*[($€£¥₹+-]*\s*([A-Z]{3}\s)?[+-]?[\d.,]*\d[\d.,' \x{a0}\x{202f}]*"
    r"\s*([A-Za-z]{1,8}|%|[€$£¥₹])?\)?-?\s*$"
)
_CLOSE = 5e-3


def adds_up(
    numbers: Sequence[NDArray[np.float64] | None],
    measures: Sequence[int],
    row: int,
    blocks: Sequence[NDArray[np.int64]],
) -> list[bool]:
    """For each number of the row, whether it is a figure of the rows above."""
    held = []
    for i in measures:
        read = numbers[i]
        if read is None or np.isnan(read[row]) or read[row] == 0:
            continue
        value, matches = read[row], False
        for block in blocks:
            values = read[block]
            values = values[~np.isnan(values)]
            if len(values) > 1:
                figures = [values.sum(), values.mean()]
                matches |= any(abs(value - f) <= _CLOSE * abs(f) for f in figures)
        held.append(matches)
    return held


def loose_numbers(column: Any, decimal: str) -> NDArray[np.float64] | None:
    """Read a column's numbers by one decimal mark; None where most of its cells are none."""
    group = "," if decimal == "." else "."
    present = pc.sum(pc.not_equal(column, "")).as_py() or 0
    valid = pc.match_substring_regex(column, _AMOUNT)
    if not present or (pc.sum(valid).as_py() or 0) < 0.8 * present:
        return None
    plain = pc.replace_substring_regex(column, pattern=r"[^0-9.,+-]", replacement="")
    plain = pc.replace_substring(plain, pattern=group, replacement="")
    plain = pc.replace_substring(plain, pattern=decimal, replacement=".")
    valid = pc.and_(valid, pc.match_substring_regex(plain, r"^[+-]?(\d+\.?\d*|\.\d+)$"))
    read = pc.cast(pc.if_else(valid, plain, pa.scalar(None, type=pa.large_string())), pa.float64())
    return np.array(read.to_numpy(), dtype=np.float64)
