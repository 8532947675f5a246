"""The one place where text becomes numbers: a column's marks are decided from all its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import marks
from app.segmentation.tables.digits import Digits, take_apart
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.number_column import NumberFormat, Numbers, certain, multiplied
from app.segmentation.tables.percents import on_one_scale
from app.segmentation.tables.values import Strings
from app.segmentation.tables.votes import FileMarks, settle, tally

_PLAIN = r"^-?\d*\.?\d+(?:[eE][+-]?\d+)?$"


def read_numbers(
    strings: Strings,
    *,
    given: Mark | Literal["none"] | None = None,
    file: FileMarks | None = None,
    extra_group: str = "",
    unless_few: bool = True,
    suffixes: Mapping[str, float] | None = None,
) -> Numbers | None:
    """Read a column as numbers, or None where it holds none or, ``unless_few``, hardly any.

    Parameters
    ----------
    given
        The column's decimal mark where it is known; ``"none"`` where it is known that no mark
        groups digits.
    file
        What the file's other columns say of its marks.
    extra_group
        A further character that groups digits.
    suffixes
        What stands behind numbers, and what it multiplies them by, where it is known.
    """
    plain = None if suffixes else _plain(strings, given)
    if plain is not None:
        return plain
    digits = take_apart(strings, extra_group=extra_group, unless_few=unless_few, suffixes=suffixes)
    if digits is None:
        return None
    numbers = assemble(digits, given=given, file=file or FileMarks())
    kept = {**numbers.format.suffixes, **(suffixes or {})}
    return replace(numbers, format=replace(numbers.format, suffixes=kept))


def _plain(strings: Strings, given: Mark | Literal["none"] | None) -> Numbers | None:
    """Read what nobody could read otherwise, at a tenth of the cost; None where it is not so.

    No value has a mark, or all are fractions with a point of which a sample shows one that can
    be nothing else.
    """
    glance = strings.sample.values
    if given == "," or not pc.all(pc.match_substring_regex(glance, _PLAIN), min_count=1).as_py():
        return None
    pointed = _any_point(glance) or _any_point(strings.present)
    if pointed and not marks.classify(glance).only_point.any():
        return None
    try:
        values = strings.as_numbers().copy()
    except pa.ArrowInvalid:
        return None
    values[~np.isfinite(values)] = np.nan
    decimal: Mark | None = "." if pointed or given == "." else None
    return certain(values, NumberFormat(decimal=decimal), evident="." if pointed else None)


def _any_point(texts: Any) -> bool:
    return bool(pc.any(pc.match_substring(texts, "."), min_count=0).as_py())


def doubtful_fractions(strings: Strings, decimal: Mark) -> NDArray[np.bool_]:
    """Tell which values have three digits behind this mark alone: ``1.234``."""
    digits = take_apart(strings, unless_few=False)
    if digits is None:
        return np.zeros(len(strings.missing), dtype=np.bool_)
    return digits.classes.doubt_comma if decimal == "," else digits.classes.doubt_point


def read_columns(
    columns: Mapping[str, Strings], *, delimiter: str | None
) -> dict[str, Numbers | None]:
    """Read columns of one file that are known to hold numbers, by marks decided together."""
    first = FileMarks(delimiter=delimiter)
    read = {
        name: read_numbers(each, file=first, unless_few=False) for name, each in columns.items()
    }
    file = tally((each.evident for each in read.values() if each is not None), delimiter)
    for name, each in read.items():
        if each is not None and each.leaning:
            read[name] = read_numbers(columns[name], file=file, unless_few=False)
    return read


def assemble(digits: Digits, *, given: Mark | Literal["none"] | None, file: FileMarks) -> Numbers:
    """Settle the column's marks, and read its digits by them."""
    votes = digits.votes
    settled = settle(votes, given=given, file=file)
    values = marks.read(digits.classes, settled.decimal)
    if digits.factors is not None:
        values = multiplied(values, digits.factors)
    values[~np.isfinite(values)] = np.nan
    none = np.zeros(len(values), dtype=np.bool_)
    other_units = none if digits.other_units is None else digits.other_units & ~np.isnan(values)
    values[other_units] = np.nan
    there = ~np.isnan(values)
    classes, affixes = digits.classes, digits.affixes
    foreign = classes.only_comma if settled.decimal != "," else classes.only_point
    percents = on_one_scale(values, digits)
    return Numbers(
        values=percents.values,
        format=NumberFormat(
            decimal=settled.decimal,
            thousands=marks.grouping(digits.cores, classes, settled.decimal),
            unit=percents.unit,
            suffixes={**(affixes.taken if affixes is not None else {}), **percents.taken},
            inferred=given is None and not marks.shows(classes, settled.decimal),
        ),
        doubtful=(classes.doubtful & there) if settled.doubtful else none,
        foreign=foreign & there,
        other_units=other_units,
        evident=votes.evident,
        leaning=votes.evident is None and (given is None) and not votes.plain,
        doubts=affixes.doubts if affixes is not None else (),
        fractions=percents.changed,
    )
