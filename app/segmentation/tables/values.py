"""A column as written, and the marks that mean a missing value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BLANK_MARKS = frozenset({"", "nan", "n/a", "#n/a", "<na>", "null", "?"})
"""Lower-case marks that mean a missing value in every column."""

MISSING_MARKS = BLANK_MARKS | frozenset(
    {
        "na", "none", "nil", "-", "--", "---", ".", "...", "…", "–", "—", "missing", "unknown",
        "#null!", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "n.a.", "k.a.", "k. a.", "n/v",
        "n.v.", "n.d.", "n/d", "s/d", "n.v.t.", "nvt", "b/d", "н/д", "tbd", "tba",
    }
)  # fmt: skip
"""Lower-case marks that mean a missing value where numbers or dates stand.

Among words they are kept as levels: ``None`` is a real answer to "which discount?", ``NA`` a
continent, ``unknown`` something that customers said. To a clustering the difference is small,
since missing categories become a level of their own.
"""

_LARGE = pa.large_string()
_SAMPLE = 1000
_GLANCE = 100
_MANY = 10_000
_PLAIN = r"^-?\d*\.?\d+$"


@dataclass(frozen=True, kw_only=True)
class Strings:
    """One column as written, trimmed.

    Attributes
    ----------
    values
        (n_rows,) strings without surrounding white space.
    blank, missing
        (n_rows,) where a mark of ``BLANK_MARKS``, or of ``MISSING_MARKS``, stands.
    numbers
        (n_rows,) their values, where each of them is a plain number, as programs write them.
    """

    values: Any
    blank: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None = None

    def filled(self, absent: NDArray[np.bool_]) -> Any:
        """Give the strings with null where ``absent``."""
        if not absent.any():
            return self.values
        return pc.if_else(pa.array(~absent), self.values, pa.scalar(None, type=_LARGE))

    def without(self, marks: Sequence[str]) -> Strings:
        """Take these texts, in any case of their letters, for missing values too."""
        wanted = sorted({mark.strip().casefold() for mark in marks})
        if not wanted:
            return self
        found = pc.is_in(pc.utf8_lower(self.values), value_set=pa.array(wanted, type=_LARGE))
        gone = np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
        return Strings(values=self.values, blank=self.blank | gone, missing=self.missing | gone)

    @cached_property
    def sample(self) -> Strings:
        """Some of the rows that are not missing, evenly spread."""
        if self.missing.any():
            rows = np.flatnonzero(~self.missing)
            rows = rows[:: max(1, len(rows) // _SAMPLE)]
        else:
            rows = np.arange(0, len(self.missing), max(1, len(self.missing) // _SAMPLE))
        none = np.zeros(len(rows), dtype=np.bool_)
        return Strings(values=pc.take(self.values, pa.array(rows)), blank=none, missing=none)

    def examples(self, absent: NDArray[np.bool_], n: int) -> tuple[str, ...]:
        """Give the first ``n`` different strings where not ``absent``."""
        filled = self.filled(absent)
        head = filled.slice(0, _MANY).drop_null()
        head = head if len(head) else filled.drop_null().slice(0, _MANY)
        return tuple(pc.unique(head).slice(0, n).to_pylist())


def to_strings(series: pd.Series) -> Strings:
    """Trim a column of strings and find its missing marks."""
    raw = pa.Array.from_pandas(series)
    raw = raw if isinstance(raw, pa.ChunkedArray) else pa.chunked_array([raw])
    values = pc.fill_null(pc.cast(raw, _LARGE), "")
    numbers = _all_numbers(values)
    if numbers is not None:
        none = np.zeros(len(numbers), dtype=np.bool_)
        return Strings(values=values, blank=none, missing=none, numbers=numbers)
    trimmed = pc.utf8_trim_whitespace(values)
    if pc.any(pc.starts_with(trimmed, '="'), min_count=0).as_py():
        # A spreadsheet keeps the zeros in front by writing ="007".
        trimmed = pc.replace_substring_regex(trimmed, pattern=r'^="([^"]*)"$', replacement=r"\1")
    if pc.any(pc.starts_with(trimmed, "'"), min_count=0).as_py():
        # Or by writing '007, which marks a text.
        trimmed = pc.replace_substring_regex(trimmed, pattern=r"^'([+\d][^']*)$", replacement=r"\1")
    # Where nothing was trimmed, the frame's own memory goes on being used.
    if pc.sum(pc.binary_length(trimmed)) != pc.sum(pc.binary_length(values)):
        values = trimmed
    missing = _among(values, MISSING_MARKS)
    blank = _among(values, BLANK_MARKS) if missing.any() else missing
    return Strings(values=values, blank=blank, missing=missing)


def _all_numbers(values: Any) -> NDArray[np.float64] | None:
    """Cast texts that are plain numbers throughout; a white space or a mark makes it fail."""
    glance = values.slice(0, _GLANCE)
    if not pc.all(pc.match_substring_regex(glance, _PLAIN), min_count=1).as_py():
        return None
    try:
        numbers = plain_numbers(values)
    except pa.ArrowInvalid:
        return None
    return numbers if np.isfinite(numbers).all() else None


def distinct_numbers(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each number once, NaN too; whole ones of a short range at a tenth of a table's cost."""
    if len(numbers) > _MANY:
        low, high = float(numbers.min()), float(numbers.max())
        if high - low < len(numbers):
            whole = numbers.astype(np.int64)
            if np.array_equal(whole, numbers):
                counts = np.bincount(whole - int(low))
                return (np.flatnonzero(counts) + low).astype(np.float64)
    found: NDArray[np.float64] = pd.unique(numbers)
    return found


def distinct_texts(values: Any) -> Any:
    """Give each text once, null left out.

    Ids that rise from row to row are seen to differ at a tenth of what a table of them costs.
    """
    if not values.null_count and _rise(values.slice(0, _SAMPLE)) and _rise(values):
        return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return pc.unique(values).drop_null()


def _rise(values: Any) -> bool:
    following = pc.less(values.slice(0, len(values) - 1), values.slice(1))
    return len(values) > 1 and bool(pc.all(following).as_py())


def without_marks(texts: Any) -> Any:
    """Drop what marks a missing number from distinct texts."""
    marks = _among(texts, MISSING_MARKS)
    return texts.filter(pa.array(~marks)) if marks.any() else texts


def _among(values: Any, marks: frozenset[str]) -> NDArray[np.bool_]:
    # Every way of writing a mark is cheaper to list than every value is to put in lower case.
    written = {form for mark in marks for form in (mark, mark.upper(), mark.capitalize())}
    found = pc.is_in(values, value_set=pa.array(sorted(written | {"NaN"}), type=_LARGE))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def plain_numbers(texts: Any) -> NDArray[np.float64]:
    """Cast texts that are plain numbers: NaN for null.

    Raises
    ------
    pyarrow.ArrowInvalid
        A text is no number.
    """
    read = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(read, dtype=np.float64)
