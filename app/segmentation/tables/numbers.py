"""The one place where text becomes numbers: a column's marks are decided from all its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app.segmentation.tables import marks
from app.segmentation.tables.column_affixes import PERCENT
from app.segmentation.tables.digits import Digits, take_apart
from app.segmentation.tables.marks import Mark
from app.segmentation.tables.scales import Scale
from app.segmentation.tables.values import Strings, plain_numbers
from app.segmentation.tables.votes import FileMarks, settle, tally

_PLAIN = r"^-?\d*\.?\d+(?:[eE][+-]?\d+)?$"


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """How a column writes its numbers; kept with a run, so that new rows are read alike.

    Attributes
    ----------
    decimal
        None where the column has no mark, and nothing else says which it would be.
    thousands
        The mark that groups digits in it, ``""`` where none does.
    unit
        What its values are counted in, as most of them write it: ``EUR``, ``years``, ``%``.
    marks
        Numbers that stand for "no value" in it.
    suffixes
        What a suffix that has two meanings multiplies by in it.
    scale
        The words that its numbers stand for, the first for 1.
    inferred
        Whether no value has the decimal mark, which follows from the one that groups digits.
    """

    decimal: Mark | None = None
    thousands: str = ""
    unit: str = ""
    marks: tuple[float, ...] = ()
    suffixes: Mapping[str, float] = field(default_factory=dict)
    scale: tuple[str, ...] = ()
    inferred: bool = False


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """A column as numbers.

    Attributes
    ----------
    values
        (n_rows,) NaN where the value is missing, is no number, or exceeds a double.
    doubtful
        (n_rows,) where nothing decides between two readings: ``1.234``.
    foreign
        (n_rows,) where a value can only be read by the other decimal mark than its column's.
    other_units
        (n_rows,) where a number is in another unit than the column's; NaN in ``values``.
    evident
        The decimal mark that the column's own values leave no doubt of.
    leaning
        Whether the file's other columns may decide its marks.
    doubts
        The suffixes of two meanings that nothing decides.
    fractions
        (n_rows,) where a fraction beside per cents, or a per cent beside fractions, was brought
        to the others' scale.
    """

    values: NDArray[np.float64]
    format: NumberFormat
    doubtful: NDArray[np.bool_]
    foreign: NDArray[np.bool_]
    other_units: NDArray[np.bool_]
    evident: Mark | None
    leaning: bool
    doubts: tuple[str, ...] = ()
    fractions: NDArray[np.bool_] | None = None


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
    present = strings.filled(strings.missing)
    glance = strings.sample.values
    if given == "," or not pc.all(pc.match_substring_regex(glance, _PLAIN), min_count=1).as_py():
        return None
    pointed = pc.any(pc.match_substring(present, "."), min_count=0).as_py()
    if pointed and not marks.classify(glance).only_point.any():
        return None
    try:
        values = plain_numbers(present) if strings.numbers is None else strings.numbers.copy()
    except pa.ArrowInvalid:
        return None
    values[~np.isfinite(values)] = np.nan
    none = np.zeros(len(values), dtype=np.bool_)
    return Numbers(
        values=values,
        format=NumberFormat(decimal="." if pointed or given == "." else None),
        doubtful=none,
        foreign=none,
        other_units=none,
        evident="." if pointed else None,
        leaning=False,
    )


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
    percents = _one_scale(values, digits)
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


@dataclass(frozen=True, kw_only=True)
class _Percents:
    values: NDArray[np.float64]
    unit: str
    taken: Mapping[str, float]
    changed: NDArray[np.bool_] | None = None


def _one_scale(values: NDArray[np.float64], digits: Digits) -> _Percents:
    """Bring per cents and fractions of one column, 12% and 0.15, to the scale of most."""
    unit = digits.affixes.unit if digits.affixes is not None else ""
    same = _Percents(values=values, unit=unit, taken={})
    if unit != PERCENT or digits.bare is None:
        return same
    bare = digits.bare & ~np.isnan(values)
    percents = ~np.isnan(values) & ~bare
    if not bare.any() or not percents.any():
        return same
    alone = np.abs(values[bare])
    if alone.max() > 1 or np.all(alone == np.round(alone)) or np.abs(values[percents]).max() <= 1:
        return same
    if bare.sum() > percents.sum():
        scaled = np.where(percents, values / 100, values)
        return _Percents(values=scaled, unit="", taken={PERCENT: 0.01}, changed=percents)
    scaled = np.where(bare, multiplied(values, np.full(len(values), 100.0)), values)
    return _Percents(values=scaled, unit=unit, taken={"": 100.0}, changed=bare)


def multiplied(values: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply decimals as decimals are meant: to the nearest that is as short."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * factors
        rounded = np.round(scaled, 3)
    large = np.abs(factors) > 1
    close = np.isclose(scaled, rounded, rtol=1e-14, atol=0)
    found: NDArray[np.float64] = np.where(large & close, rounded, scaled)
    return found


def numbers_on_scale(strings: Strings, scale: Scale) -> Numbers:
    """Read words by their place on a scale; NaN where a text is none of them."""
    known = pa.array(list(scale.places), type=pa.large_string())
    found = pc.index_in(strings.values, value_set=known).fill_null(len(known))
    places = np.array([*scale.places.values(), np.nan], dtype=np.float64)
    none = np.zeros(len(strings.blank), dtype=np.bool_)
    return Numbers(
        values=places[found.to_numpy()],
        format=NumberFormat(scale=scale.words),
        doubtful=none,
        foreign=none,
        other_units=none,
        evident=None,
        leaning=False,
    )


def write_number(value: float) -> str:
    """Write a native number so that no reading can take its point for a thousands mark.

    1.234 becomes ``1.2340``: beside ``950``, three digits behind a point would group.
    """
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = repr(float(value))
    whole, _, fraction = text.partition(".")
    return text + "0" if len(fraction) == 3 and len(whole.lstrip("-")) <= 3 else text
