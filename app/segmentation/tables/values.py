"""A column as written, and the marks that mean a missing value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import coded
from app.segmentation.tables.coded import LARGE

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

_SAMPLE = 1000
_GLANCE = 100
_MANY = 10_000
_PLAIN = r"^-?\d*\.?\d+$"


@dataclass(frozen=True, kw_only=True)
class Strings:
    """One column as written, trimmed.

    Attributes
    ----------
    column
        (n_rows,) strings without surrounding white space, as they are or as `coded` ones.
    blank, missing
        (n_rows,) where a mark of ``BLANK_MARKS``, or of ``MISSING_MARKS``, stands.
    numbers
        (n_rows,) their values, where each of them is a plain number, as programs write them.
    """

    column: Any
    blank: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None = None

    @cached_property
    def values(self) -> Any:
        """(n_rows,) the strings one by one."""
        return coded.plain(self.column)

    @property
    def texts(self) -> Any:
        """Each different string at least once, for questions of any and all."""
        return coded.texts_of(self.column)

    @property
    def present(self) -> Any:
        """Each different string that is not missing at least once; null for one that is."""
        if coded.is_coded(self.column):
            return self.distinct(self.missing)
        return self.filled(self.missing)

    def where(self, found: Callable[[Any], Any]) -> NDArray[np.bool_]:
        """(n_rows,) what ``found`` says of each string."""
        return coded.where(self.column, found)

    def filled(self, absent: NDArray[np.bool_]) -> Any:
        """Give the strings with null where ``absent``."""
        if not absent.any():
            return self.values
        return pc.if_else(pa.array(~absent), self.values, pa.scalar(None, type=LARGE))

    def distinct(self, absent: NDArray[np.bool_]) -> Any:
        """Give each string once, as it first appears, those that are ``absent`` left out."""
        if not coded.is_coded(self.column):
            return distinct_texts(self.filled(absent))
        if not absent.any():
            return self.texts
        seen = pd.unique(coded.codes_of(self.column)[~absent])
        return self.texts.take(pa.array(seen))

    def once(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take what each string has of the rows' values, or all of them where few repeat."""
        if not coded.is_coded(self.column):
            return values
        each = np.empty(len(self.texts), dtype=np.float64)
        each[coded.codes_of(self.column)] = values
        return each

    def by_text(self) -> tuple[Any, NDArray[np.int32] | None]:
        """Give texts, null for one that is missing, and which of them each row has.

        None where each row has its own.
        """
        if not coded.is_coded(self.column):
            return self.filled(self.missing), None
        codes = coded.codes_of(self.column)
        if not self.missing.any():
            return self.texts, codes
        there = np.zeros(len(self.texts), dtype=np.bool_)
        there[codes[~self.missing]] = True
        return pc.if_else(pa.array(there), self.texts, pa.scalar(None, type=LARGE)), codes

    def counts(self, absent: NDArray[np.bool_]) -> dict[str, int]:
        """Count each string, those that are ``absent`` left out."""
        present = self.column.filter(pa.array(~absent)) if absent.any() else self.column
        counted = pc.value_counts(present).to_pylist()
        return {each["values"]: each["counts"] for each in counted}

    def as_numbers(self) -> NDArray[np.float64]:
        """(n_rows,) the strings cast to numbers, NaN where missing.

        Raises
        ------
        pyarrow.ArrowInvalid
            A string is no number.
        """
        if self.numbers is not None:
            return self.numbers
        texts, codes = self.by_text()
        numbers = plain_numbers(texts)
        return numbers if codes is None else numbers[codes]

    def without(self, marks: Sequence[str]) -> Strings:
        """Take these texts, in any case of their letters, for missing values too."""
        wanted = sorted({mark.strip().casefold() for mark in marks})
        if not wanted:
            return self
        known = pa.array(wanted, type=LARGE)
        gone = self.where(lambda texts: pc.is_in(pc.utf8_lower(texts), value_set=known))
        return Strings(column=self.column, blank=self.blank | gone, missing=self.missing | gone)

    @cached_property
    def sample(self) -> Strings:
        """Some of the rows that are not missing, evenly spread."""
        if self.missing.any():
            rows = np.flatnonzero(~self.missing)
            rows = rows[:: max(1, len(rows) // _SAMPLE)]
        else:
            rows = np.arange(0, len(self.missing), max(1, len(self.missing) // _SAMPLE))
        none = np.zeros(len(rows), dtype=np.bool_)
        taken = coded.plain(self.column.take(pa.array(rows)))
        return Strings(column=taken, blank=none, missing=none)

    def examples(self, absent: NDArray[np.bool_], n: int) -> tuple[str, ...]:
        """Give the first ``n`` different strings where not ``absent``."""
        rows = np.flatnonzero(~absent[:_MANY])
        rows = rows if len(rows) else np.flatnonzero(~absent)[:_MANY]
        found = coded.plain(self.column.take(pa.array(rows)))
        return tuple(pc.unique(found).slice(0, n).to_pylist())


def to_strings(column: Any) -> Strings:
    """Trim a column of strings, out of a frame or of Arrow's, and find its missing marks."""
    column = coded.from_pandas(column) if isinstance(column, pd.Series) else column
    numbers = _all_numbers(column)
    if numbers is not None:
        none = np.zeros(len(numbers), dtype=np.bool_)
        return Strings(column=column, blank=none, missing=none, numbers=numbers)
    column = coded.rewritten(column, _trimmed)
    missing = _among(column, MISSING_MARKS)
    blank = _among(column, BLANK_MARKS) if missing.any() else missing
    return Strings(column=column, blank=blank, missing=missing)


def _trimmed(texts: Any) -> Any:
    trimmed = pc.utf8_trim_whitespace(texts)
    if pc.any(pc.starts_with(trimmed, '="'), min_count=0).as_py():
        # A spreadsheet keeps the zeros in front by writing ="007".
        trimmed = pc.replace_substring_regex(trimmed, pattern=r'^="([^"]*)"$', replacement=r"\1")
    if pc.any(pc.starts_with(trimmed, "'"), min_count=0).as_py():
        # Or by writing '007, which marks a text.
        trimmed = pc.replace_substring_regex(trimmed, pattern=r"^'([+\d][^']*)$", replacement=r"\1")
    # Where nothing was trimmed, the table's own memory goes on being used.
    same = pc.sum(pc.binary_length(trimmed)) == pc.sum(pc.binary_length(texts))
    return texts if same else trimmed


def _all_numbers(column: Any) -> NDArray[np.float64] | None:
    """Cast texts that are plain numbers throughout; a white space or a mark makes it fail."""
    glance = coded.head(column, _GLANCE)
    if not pc.all(pc.match_substring_regex(glance, _PLAIN), min_count=1).as_py():
        return None
    try:
        numbers = plain_numbers(coded.texts_of(column))
    except pa.ArrowInvalid:
        return None
    if not np.isfinite(numbers).all():
        return None
    return numbers[coded.codes_of(column)] if coded.is_coded(column) else numbers


def distinct_numbers(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each number once, ascending, NaN too; whole ones of a short range without sorting."""
    if len(numbers) > _MANY:
        low, high = float(numbers.min()), float(numbers.max())
        if high - low < len(numbers):
            whole = numbers.astype(np.int64)
            if np.array_equal(whole, numbers):
                counts = np.bincount(whole - int(low))
                return (np.flatnonzero(counts) + low).astype(np.float64)
    return np.unique(numbers)


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


def _among(column: Any, marks: frozenset[str]) -> NDArray[np.bool_]:
    # Every way of writing a mark is cheaper to list than every value is to put in lower case.
    written = {form for mark in marks for form in (mark, mark.upper(), mark.capitalize())}
    known = pa.array(sorted(written | {"NaN"}), type=LARGE)
    longest = pc.max(pc.binary_length(known))

    def found(texts: Any) -> Any:
        short = pc.less_equal(pc.binary_length(texts), longest)
        if not pc.any(short, min_count=0).as_py():
            return short
        return pc.is_in(texts, value_set=known)

    return coded.where(column, found)


def plain_numbers(texts: Any) -> NDArray[np.float64]:
    """Cast texts that are plain numbers: NaN for null.

    Raises
    ------
    pyarrow.ArrowInvalid
        A text is no number.
    """
    read = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(read, dtype=np.float64)
