"""Columns that say what another column says already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.segmentation.tables.quality import TableWarning

_SAMPLE = 2_000
_FEWEST_ROWS = 10
_FEWEST_LEVELS = 3
_ROUNDED = 0.006
"""How far a multiple may lie off, in its range: both columns may have been rounded."""

_SAME_ORDER = 0.999
"""Rank correlation, either way, from which two columns say the same: an amount and its logarithm.
Two columns of long groups side by side reach 0.98."""

_CODE_LENGTH = 3
"""Characters up to which the values of a category are codes."""

_WIDE_GAP = 5.0
"""Mean gaps between values that part two bands at least, where they are groups and no cuts."""

_MOST_COLUMNS = 200
_FACTORS = {
    4.0: "four times",
    7.0: "seven times",
    12.0: "twelve times",
    30.0: "thirty times",
    52.0: "fifty-two times",
    100.0: "a hundred times",
    365.0: "365 times",
    1000.0: "a thousand times",
}


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A column that another one makes needless.

    Attributes
    ----------
    column, of
        The column, and the one that says the same.
    how
        ``copy``, ``multiple`` (another unit), ``order`` (a logarithm, a rank, a debt), ``label``
        (of a code, or the code of a label), ``bands`` (cut from a number that is there too), or
        ``together``: categories that mark the same groups, it may be, and are neither codes of
        each other nor cut from a number that knows no gap there.
    reason
        The sentence's end: "is twelve times income_month".
    """

    column: str
    of: str
    how: Literal["copy", "multiple", "order", "label", "bands", "together"]
    reason: str


def find_repeats(
    frame: pd.DataFrame, *, numeric: Sequence[str], categorical: Sequence[str]
) -> tuple[Repeat, ...]:
    """Find the columns that say the same as an earlier one, or as the number they were cut from.

    Parameters
    ----------
    frame
        (n_rows, n_columns) typed; 2,000 evenly spread rows are looked at, and up to 200
        columns compared.
    numeric, categorical
        The columns in question.

    Returns
    -------
    tuple of Repeat
        Each column at most once; none of them is the one that another repeats.
    """
    if len(frame) < _FEWEST_ROWS or len(numeric) + len(categorical) > _MOST_COLUMNS:
        return ()
    sample = frame.iloc[:: max(1, len(frame) // _SAMPLE)]
    numbers = {name: sample[name].to_numpy(dtype=np.float64) for name in numeric}
    codes = {name: pd.factorize(sample[name])[0] for name in categorical}
    found: dict[str, Repeat] = {}
    names = list(numbers)
    for at, name in enumerate(names):
        for earlier in names[:at]:
            if earlier in found or name in found:
                continue
            repeat = _of_other_number(name, numbers[name], earlier, numbers[earlier])
            if repeat is not None:
                found[name] = repeat
    for name in categorical:
        levels = len(np.unique(codes[name]))
        if levels < _FEWEST_LEVELS:
            continue
        for earlier in [*numbers, *categorical[: categorical.index(name)]]:
            if earlier in found or name in found:
                continue
            repeat = (
                _of_number(name, codes[name], earlier, numbers[earlier], sample[name])
                if earlier in numbers
                else _of_category(sample[name], codes[name], sample[earlier], codes[earlier])
            )
            if repeat is not None:
                found[name] = repeat
    return tuple(found.values())


def repeat_warnings(repeats: Sequence[Repeat]) -> list[TableWarning]:
    """Say which columns repeat another one."""
    return [
        TableWarning(
            code="repeats_column",
            message=f"{each.column} {each.reason}: together they count twice",
            column=each.column,
            reading=each.of,
        )
        for each in repeats
    ]


def _of_other_number(
    name: str, numbers: NDArray[np.float64], earlier: str, others: NDArray[np.float64]
) -> Repeat | None:
    told = _multiple(others, numbers)
    if told is not None:
        how: Literal["copy", "multiple"] = "copy" if told == "the same as" else "multiple"
        return Repeat(column=name, of=earlier, how=how, reason=f"is {told} {earlier}")
    order = _order(others, numbers)
    if order is None:
        return None
    return Repeat(
        column=name, of=earlier, how="order", reason=f"puts customers in {order} {earlier}"
    )


def _order(a: NDArray[np.float64], b: NDArray[np.float64]) -> str | None:
    """Say how b ranks the rows, None where it is not as a does."""
    there = ~np.isnan(a)
    if there.sum() < _FEWEST_ROWS or not np.array_equal(there, ~np.isnan(b)):
        return None
    ranks = rankdata(a[there]), rankdata(b[there])
    if min(len(np.unique(each)) for each in ranks) < _FEWEST_LEVELS:
        return None
    alike = float(np.corrcoef(*ranks)[0, 1])
    if abs(alike) < _SAME_ORDER:
        return None
    return "the same order as" if alike > 0 else "the opposite order of"


def _multiple(a: NDArray[np.float64], b: NDArray[np.float64]) -> str | None:
    """Say by what b is a multiple of a, None where it is none."""
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return None
    there = ~np.isnan(a)
    x, y = a[there], b[there]
    if len(x) < _FEWEST_ROWS or len(np.unique(x)) < _FEWEST_LEVELS:
        return None
    if np.array_equal(x, y):
        return "the same as"
    scale = float(np.dot(x, x))
    if scale == 0 or not np.isfinite(scale):
        return None
    factor = float(np.dot(x, y)) / scale
    if factor <= 0 or np.max(np.abs(y - factor * x)) > _ROUNDED * max(float(np.ptp(y)), 1e-12):
        return None
    for known, told in _FACTORS.items():
        if abs(factor / known - 1) < _ROUNDED:
            return told
        if abs(factor * known - 1) < _ROUNDED:
            return f"one {known:g}th of"
    return f"{factor:.4g} times"


def _of_category(
    values: pd.Series, codes: NDArray[np.int64], earlier: pd.Series, others: NDArray[np.int64]
) -> Repeat | None:
    """Tell a code from its label: each level goes with one level of the other."""
    name, of = str(values.name), str(earlier.name)
    pairs = len({*zip(codes.tolist(), others.tolist(), strict=True)})
    if pairs != len(np.unique(codes)) or pairs != len(np.unique(others)):
        return None
    if values.astype(str).equals(earlier.astype(str).rename(name)):
        return Repeat(column=name, of=of, how="copy", reason=f"is the same as {of}")
    coded = _are_codes(values) or _are_codes(earlier)
    reason = f"goes with {of}, level by level"
    return Repeat(column=name, of=of, how="label" if coded else "together", reason=reason)


def _are_codes(values: pd.Series) -> bool:
    return bool(values.dropna().astype(str).str.len().max() <= _CODE_LENGTH)


def _of_number(
    name: str,
    codes: NDArray[np.int64],
    earlier: str,
    numbers: NDArray[np.float64],
    values: pd.Series,
) -> Repeat | None:
    """Tell bands of a number: those of one level lie together, apart from the next level's."""
    there = ~np.isnan(numbers) & values.notna().to_numpy(dtype=bool)
    order = np.argsort(numbers[there], kind="stable")
    levels, ordered = codes[there][order], numbers[there][order]
    if len(levels) < _FEWEST_ROWS:
        return None
    breaks = np.flatnonzero(np.diff(levels))
    n_levels = len(np.unique(levels))
    if n_levels < _FEWEST_LEVELS or len(breaks) != n_levels - 1:
        return None
    if np.any(ordered[breaks] == ordered[breaks + 1]):
        return None
    if n_levels == len(np.unique(ordered)):
        return Repeat(
            column=name, of=earlier, how="label", reason=f"goes with {earlier}, value by value"
        )
    gaps = ordered[breaks + 1] - ordered[breaks]
    apart = gaps.min() > _WIDE_GAP * np.ptp(ordered) / len(np.unique(ordered))
    return Repeat(
        column=name,
        of=earlier,
        how="together" if apart else "bands",
        reason=f"is cut from {earlier}",
    )
