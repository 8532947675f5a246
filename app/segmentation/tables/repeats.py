"""Columns that say what another column says already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

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
    numbers = {name: _looked_at(sample[name]) for name in numeric}
    # Numbered as they are first seen, so that levels which go together have one number.
    codes = {name: pd.factorize(sample[name], use_na_sentinel=False)[0] for name in categorical}
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
        known = sample[name].notna().to_numpy(dtype=bool)
        for earlier in [*numbers, *categorical[: categorical.index(name)]]:
            if earlier in found or name in found:
                continue
            repeat = (
                _of_number(name, codes[name], earlier, numbers[earlier], known)
                if earlier in numbers
                else _of_category(sample[name], codes[name], sample[earlier], codes[earlier])
            )
            if repeat is not None:
                found[name] = repeat
    return tuple(found.values())


@dataclass(frozen=True, kw_only=True)
class _Numbers:
    """A column of numbers, and what is compared with each other column: there are many pairs.

    Attributes
    ----------
    values
        (n_rows,) NaN where missing.
    there
        (n_rows,) where a value is; `present` are those values, and `order` their rows, ascending.
    ranks
        (n_present,) centred, of length 1; None where too few rows or values differ for a rank.
    """

    values: NDArray[np.float64]
    there: NDArray[np.bool_]
    present: NDArray[np.float64]
    order: NDArray[np.intp]
    ranks: NDArray[np.float64] | None


def _looked_at(column: pd.Series) -> _Numbers:
    values = column.to_numpy(dtype=np.float64)
    there = ~np.isnan(values)
    present = values[there]
    ranks = None
    if len(present) >= _FEWEST_ROWS and len(np.unique(present)) >= _FEWEST_LEVELS:
        centred = rankdata(present) - (len(present) + 1) / 2
        ranks = centred / np.linalg.norm(centred)
    order = np.argsort(values, kind="stable")[: len(present)]
    return _Numbers(values=values, there=there, present=present, order=order, ranks=ranks)


def _of_other_number(name: str, numbers: _Numbers, earlier: str, others: _Numbers) -> Repeat | None:
    if numbers.ranks is None or others.ranks is None:
        return None
    if not np.array_equal(numbers.there, others.there):
        return None
    told = _multiple(others.present, numbers.present)
    if told is not None:
        how: Literal["copy", "multiple"] = "copy" if told == "the same as" else "multiple"
        return Repeat(column=name, of=earlier, how=how, reason=f"is {told} {earlier}")
    alike = float(np.dot(numbers.ranks, others.ranks))
    if abs(alike) < _SAME_ORDER:
        return None
    order = "the same order as" if alike > 0 else "the opposite order of"
    return Repeat(
        column=name, of=earlier, how="order", reason=f"puts customers in {order} {earlier}"
    )


def _multiple(x: NDArray[np.float64], y: NDArray[np.float64]) -> str | None:
    """Say by what y is a multiple of x, None where it is none."""
    if np.array_equal(x, y):
        return "the same as"
    scale = float(np.dot(x, x))
    if scale == 0 or not np.isfinite(scale):
        return None
    factor = float(np.dot(x, y)) / scale
    if not 0 < factor < np.inf:
        return None
    if np.max(np.abs(y - factor * x)) > _ROUNDED * max(float(np.ptp(y)), 1e-12):
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
    if not np.array_equal(codes, others):
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
    numbers: _Numbers,
    known: NDArray[np.bool_],
) -> Repeat | None:
    """Tell bands of a number: those of one level lie together, apart from the next level's."""
    rows = numbers.order[known[numbers.order]]
    levels, ordered = codes[rows], numbers.values[rows]
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
