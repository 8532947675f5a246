"""Per cents and fractions of one column on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.tables.column_affixes import PERCENT
from app.segmentation.tables.digits import Digits
from app.segmentation.tables.number_column import multiplied


@dataclass(frozen=True, kw_only=True)
class OneScale:
    """A column of per cents on one scale.

    Attributes
    ----------
    values
        (n_rows,) the numbers.
    unit
        ``%``, or ``""`` where they are fractions.
    taken
        What was multiplied by what, as a suffix names it.
    changed
        (n_rows,) where a number was brought to the others' scale.
    """

    values: NDArray[np.float64]
    unit: str
    taken: Mapping[str, float]
    changed: NDArray[np.bool_] | None = None


def on_one_scale(values: NDArray[np.float64], digits: Digits) -> OneScale:
    """Bring per cents and fractions of one column, 12% and 0.15, to the scale of most."""
    unit = digits.affixes.unit if digits.affixes is not None else ""
    same = OneScale(values=values, unit=unit, taken={})
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
        return OneScale(values=scaled, unit="", taken={PERCENT: 0.01}, changed=percents)
    scaled = np.where(bare, multiplied(values, np.full(len(values), 100.0)), values)
    return OneScale(values=scaled, unit=unit, taken={"": 100.0}, changed=bare)
