"""Separate a column's digits from the signs, currencies and units around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import marks
from app.segmentation.tables.column_affixes import ColumnAffixes, settle_affixes
from app.segmentation.tables.unicode_digits import to_ascii
from app.segmentation.tables.values import Strings
from app.segmentation.tables.votes import Votes, count_votes

_LARGE = pa.large_string()
_DRESSED = (
    r"^(?P<before>[^\d]*)(?P<core>\d(?:[\d.,' ]*\d)?)(?P<exponent>[eE][+-]?\d+)?(?P<after>[^\d]*)$"
)
_RATED = (
    r"(?i)^(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|de|su|av|van|of|z|из)\s*{}\s*"
    r"(?:stars?|sternen?|étoiles?|estrellas?|stelle|sterren|points?|punkten?|★|⭐)?$"
)
_MOST_RATED = ("5", "10", "100", "3", "4", "6", "7", "8", "9", "12", "15", "20", "25", "30", "50")
_UNDERSCORED = r"^[^\d]*\d{1,3}(?:_\d{3})+(?:[.,]\d+)?[^\d_]*$"
_MONEY_INSIDE = r"^(\d+)\s?([€£$])(\d{2})$"
_BARE = r"^[+-]?(?:\d[\d.,' ]*|[.,])?\d(?:[eE][+-]?\d+)?$"

_COUNT = r"\d[\d,]*(?:\.\d+)?"
_MYRIADS = re.compile(
    rf"([^\d]*)(?:({_COUNT})\s*[兆조]\s*)?(?:({_COUNT})\s*[億亿억]\s*)?"
    rf"(?:({_COUNT})\s*[万萬만]\s*)?(?:({_COUNT})\s*[千천]\s*)?(\d[\d,]*)?([^\d]*)"
)
_COMPOUND = r"\d\s?[兆조億亿억万萬만]\s?\d"
"""Of several units, as 1億2,000万 is."""

_MOSTLY = 0.5

LEAST_READ = 0.4
"""A column of whose sample less can be read as numbers is none of numbers."""


@dataclass(frozen=True, kw_only=True)
class Digits:
    """A column taken apart: its digits with their marks, and what their affixes say.

    Attributes
    ----------
    cores
        (n_rows,) unsigned digits and marks; null where there is no number.
    factors
        (n_rows,) sign times multiplier, or None where all are 1.
    bare
        (n_rows,) where nothing but a sign stands around the digits.
    """

    cores: Any
    factors: NDArray[np.float64] | None = None
    money: NDArray[np.bool_] | None = None
    other_units: NDArray[np.bool_] | None = None
    bare: NDArray[np.bool_] | None = None
    affixes: ColumnAffixes | None = None

    @cached_property
    def classes(self) -> marks.Classes:
        """Which marks each value has, and what they can mean."""
        return marks.classify(self.cores)

    @property
    def votes(self) -> Votes:
        """What the values say together."""
        multiplied = None if self.factors is None else np.abs(self.factors) > 1
        return count_votes(self.classes, money=self.money, multiplied=multiplied)


def take_apart(
    strings: Strings,
    *,
    extra_group: str = "",
    unless_few: bool = True,
    suffixes: Mapping[str, float] | None = None,
) -> Digits | None:
    """Separate digits from what stands around them.

    None where there is no number, or, ``unless_few``, where a sample holds few of them.
    """
    if unless_few and len(strings.sample.values) < len(strings.values):
        sample = _take_apart(strings.sample, extra_group, suffixes)
        if float(np.mean(sample.classes.readable)) < LEAST_READ:
            return None
    digits = _take_apart(strings, extra_group, suffixes)
    return digits if digits.classes.readable.any() else None


def _text(text: str) -> Any:
    return pa.scalar(text, type=_LARGE)


def _bare(values: Any) -> Digits:
    """Take apart what has nothing but signs around its digits."""
    signed = np.asarray(
        pc.fill_null(pc.match_substring_regex(values, "^[+-]"), False).to_numpy(
            zero_copy_only=False
        ),
        dtype=np.bool_,
    )
    if not signed.any():
        return Digits(cores=values)
    negative = pc.fill_null(pc.starts_with(values, "-"), False).to_numpy(zero_copy_only=False)
    return Digits(
        cores=pc.utf8_ltrim(values, characters="+-"), factors=np.where(negative, -1.0, 1.0)
    )


def _rated(strings: Strings) -> str | None:
    """Find the most that ratings are out of, "4/5" or "8 out of 10", where most have the same."""
    glance = strings.sample.values
    rated = pc.match_substring_regex(glance, _RATED.format(r"\d+"))
    if not len(glance) or not pc.any(rated).as_py():
        return None
    shares = {
        scale: pc.mean(pc.match_substring_regex(glance, _RATED.format(scale))).as_py()
        for scale in _MOST_RATED
    }
    scale = max(shares, key=lambda each: shares[each])
    return scale if shares[scale] > _MOSTLY else None


def _without_myriads(values: Any) -> Any:
    compound = pc.match_substring_regex(values, _COMPOUND)
    if not pc.any(compound, min_count=0).as_py():
        return values
    written = pc.unique(pc.filter(values, compound)).to_pylist()
    known = pa.array(written, type=pa.large_string())
    summed = pa.array([_summed(text) for text in written], type=pa.large_string())
    return pc.coalesce(pc.take(summed, pc.index_in(values, value_set=known)), values)


def _summed(text: str) -> str:
    """Write a number of several units in digits: 1億2,000万円 as 120000000円."""
    match = _MYRIADS.fullmatch(text)
    if match is None:
        return text
    before, *parts, after = match.groups()
    sizes = (1e12, 1e8, 1e4, 1e3, 1.0)
    total = sum(
        float(part.replace(",", "")) * size
        for part, size in zip(parts, sizes, strict=True)
        if part is not None
    )
    return f"{before}{total:.0f}{after}"


def _take_apart(strings: Strings, extra_group: str, suffixes: Mapping[str, float] | None) -> Digits:
    values = strings.filled(strings.missing)
    if not suffixes and pc.all(pc.match_substring_regex(values, _BARE), min_count=0).as_py():
        return _bare(values)
    values = to_ascii(values)
    if (scale := _rated(strings)) is not None:
        values = pc.replace_substring_regex(values, pattern=_RATED.format(scale), replacement=r"\1")
        bare = Strings(column=values, blank=strings.blank, missing=strings.missing)
        read = _take_apart(bare, extra_group, suffixes)
        unit = ColumnAffixes(each=(), unit=f"/{scale}", other_units=frozenset(), bare=frozenset())
        return replace(read, affixes=unit)
    if not pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        values = _without_myriads(values)
    if pc.any(pc.match_substring_regex(strings.sample.values, _MONEY_INSIDE), min_count=0).as_py():
        values = pc.replace_substring_regex(values, pattern=_MONEY_INSIDE, replacement=r"\1.\3 \2")
    if pc.any(pc.match_substring(strings.sample.values, "_"), min_count=0).as_py():
        grouped = pc.match_substring_regex(values, _UNDERSCORED)
        joined = pc.replace_substring(values, pattern="_", replacement="'")
        values = pc.if_else(grouped, joined, values)
    if extra_group:
        values = pc.replace_substring(values, pattern=extra_group, replacement="'")
    parts = pc.extract_regex(values, _DRESSED)
    if isinstance(parts, pa.ChunkedArray):
        parts = parts.combine_chunks()
    before, after = (pc.struct_field(parts, name) for name in ("before", "after"))
    pairs = pc.binary_join_element_wise(before, after, _text("\x1f")).dictionary_encode()
    codes = pairs.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    texts = [text.split("\x1f") for text in pairs.dictionary.to_pylist()]
    counts = np.bincount(codes + 1, minlength=len(texts) + 1)[1:].tolist()
    cores = pc.struct_field(parts, "core")
    indian = bool(pc.any(marks.indian(cores), min_count=0).as_py())
    affixes = settle_affixes([(b, a) for b, a in texts], counts, indian=indian, given=suffixes)

    def spread(of: Callable[[int], float], kind: type) -> NDArray[Any]:
        each_value = [*(of(i) for i in range(len(texts))), 0]
        return np.asarray(np.array(each_value, dtype=kind)[codes])

    each = affixes.each
    known = spread(lambda i: each[i] is not None, np.bool_)
    points = pc.take(
        pa.array([*((a.point and "0" + a.point) if a else "" for a in each), ""], type=_LARGE),
        pa.array(np.where(codes < 0, len(texts), codes)),
    )
    exponents = pc.struct_field(parts, "exponent")
    cores = pc.binary_join_element_wise(points, cores, exponents, _text(""))
    cores = pc.if_else(pa.array(known), cores, pa.scalar(None, type=_LARGE))
    return Digits(
        cores=cores,
        factors=spread(lambda i: getattr(each[i], "factor", 1.0), np.float64),
        money=spread(lambda i: getattr(each[i], "money", False), np.bool_),
        other_units=spread(lambda i: i in affixes.other_units, np.bool_),
        bare=spread(lambda i: i in affixes.bare, np.bool_),
        affixes=affixes,
    )
