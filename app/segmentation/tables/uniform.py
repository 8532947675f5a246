"""Read a column whose numbers are all written alike, ``1.234,56 EUR``, without taking each apart.

It gives what `read_numbers` would, at a fifth of the cost, or None where anything is open: a
second unit, a mark without proof, a suffix of two meanings.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.segmentation.tables import marks
from app.segmentation.tables.column_affixes import settle_affixes
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.number_column import NumberFormat, Numbers, certain, multiplied
from app.segmentation.tables.values import Strings, plain_numbers

_PARTS = r"^(?P<before>[^\d+-]*)(?P<core>[+-]?\d(?:[\d.,]*\d)?)(?P<after>[^\d]*)$"


def read_uniform(strings: Strings, *, given: Mark | Literal["none"] | None) -> Numbers | None:
    """Read a column of one way of writing; None where it is another column.

    Parameters
    ----------
    given
        The column's decimal mark where it is known.
    """
    if given == "none" or strings.missing.all():
        return None
    glance = strings.sample.values
    parts = pc.extract_regex(glance, _PARTS)
    parts = parts.combine_chunks() if isinstance(parts, pa.ChunkedArray) else parts
    if parts.null_count:
        return None
    ends = [pc.unique(pc.struct_field(parts, name)).to_pylist() for name in ("before", "after")]
    if len(ends[0]) != 1 or len(ends[1]) != 1:
        return None
    before, after = ends[0][0], ends[1][0]
    settled = settle_affixes([(before, after)], [len(glance)], indian=False)
    affixes = settled.each[0]
    if affixes is None or settled.taken or affixes.point or affixes.factor < 0:
        return None
    decimal = _evident(pc.utf8_ltrim(pc.struct_field(parts, "core"), characters="+-"))
    if decimal is None or given not in (None, decimal):
        return None
    cores = _without(strings.filled(strings.missing), before, after)
    group = "," if decimal == "." else "."
    if cores is None or not _all_match(cores, _written_with(decimal, group)):
        return None
    grouped = bool(pc.any(pc.match_substring(cores, group), min_count=0).as_py())
    if grouped:
        cores = pc.replace_substring(cores, pattern=group, replacement="")
    if decimal == ",":
        cores = pc.replace_substring(cores, pattern=",", replacement=".")
    values = plain_numbers(cores)
    if affixes.factor != 1:
        values = multiplied(values, np.full(len(values), affixes.factor))
    values[~np.isfinite(values)] = np.nan
    written = NumberFormat(decimal=decimal, thousands=group if grouped else "", unit=settled.unit)
    return certain(values, written, evident=decimal)


def _evident(cores: Any) -> Mark | None:
    """Give the decimal mark that some values prove and none contradicts."""
    classes = marks.classify(cores)
    point, comma = bool(classes.only_point.any()), bool(classes.only_comma.any())
    if point == comma:
        return None
    return "." if point else ","


def _without(values: Any, before: str, after: str) -> Any | None:
    """Take the same beginning and end off all texts; None where one has another."""
    for end, has in ((before, pc.starts_with), (after, pc.ends_with)):
        if end and not pc.all(has(values, end)).as_py():
            return None
    if not before and not after:
        return values
    return pc.utf8_slice_codeunits(values, len(before), stop=-len(after) if after else None)


def _written_with(decimal: str, group: str) -> str:
    return rf"^[+-]?(?:[1-9]\d{{0,2}}(?:\{group}\d{{3}})+|\d+)(?:\{decimal}\d+)?$"


def _all_match(values: Any, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())
