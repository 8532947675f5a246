"""A column as numbers, and how it writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.segmentation.tables.forms import Form
from app.segmentation.tables.marks import Mark


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
    form
        What its texts are, where they are numbers in another form: ``minutes``, ``ordinal``.
    """

    decimal: Mark | None = None
    thousands: str = ""
    unit: str = ""
    marks: tuple[float, ...] = ()
    suffixes: Mapping[str, float] = field(default_factory=dict)
    scale: tuple[str, ...] = ()
    inferred: bool = False
    form: Form | None = None


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
    clock
        Whether two numbers around its colons could be hours and minutes, or minutes and seconds.
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
    clock: bool = False


def certain(
    values: NDArray[np.float64],
    written: NumberFormat,
    *,
    evident: Mark | None = None,
    clock: bool = False,
) -> Numbers:
    """Give numbers of which none could be read otherwise."""
    none = np.zeros(len(values), dtype=np.bool_)
    return Numbers(
        values=values,
        format=written,
        doubtful=none,
        foreign=none,
        other_units=none,
        evident=evident,
        leaning=False,
        clock=clock,
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


def multiplied(values: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply decimals as decimals are meant: to the nearest that is as short."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * factors
        rounded = np.round(scaled, 3)
    large = np.abs(factors) > 1
    close = np.isclose(scaled, rounded, rtol=1e-14, atol=0)
    found: NDArray[np.float64] = np.where(large & close, rounded, scaled)
    return found
