"""Single values so far out that they would decide alone how alike all other customers are."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.columns import to_numbers
from app.segmentation.description.figures import rounded

FEWEST_VALUES = 20
"""Of fewer, none can be said to be far from the others."""

FENCE = 20
"""Quartile distances beyond the quartiles. Of lognormal values, 3 in 10,000 are farther out."""

MOST_EXTREME = 0.01
"""More than this share, and more than one, are a group and no slip."""

SENTENCE = (
    "{column!r}: {many} beyond all others ({examples}) and taken as {fence}, so as not to decide "
    "alone; correct it, or leave the customer out"
)


def without_extremes(
    frame: pd.DataFrame, numeric: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Bring values that are far beyond all others to where the last of them might be.

    Parameters
    ----------
    frame : DataFrame of shape (n_samples, any)
    numeric : sequence of str
        Columns of numbers, blanks among them.

    Returns
    -------
    DataFrame of shape (n_samples, any)
        ``frame`` itself where there are none.
    tuple of str
        A sentence for each column and side that was changed.

    Notes
    -----
    Winsorising at fences of `FENCE` times the distance between the quartiles. The order of the
    values stays, and with it each rule that divides them.

    References
    ----------
    J. W. Tukey (1977), "Exploratory data analysis", chapter 2, whose outer fences are at 3.
    """
    told: list[str] = []
    changed: dict[str, NDArray[np.float64]] = {}
    for name in numeric:
        numbers = to_numbers(frame[name])
        known = numbers[~np.isnan(numbers)]
        if len(known) < FEWEST_VALUES:
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            lower, upper = np.quantile(known, (0.25, 0.75))
            reach = FENCE * (upper - lower)
            low, high = lower - reach, upper + reach
        if not (reach > 0 and np.isfinite((low, high)).all()):
            continue
        far = known[(known < low) | (known > high)]
        if not 0 < len(far) <= max(1, MOST_EXTREME * len(known)):
            continue
        changed[name] = np.clip(numbers, low, high)
        for fence, side in ((low, far[far < low]), (high, far[far > high])):
            if len(side):
                told.append(_sentence(name, fence, side))
    return (frame.assign(**changed), tuple(told)) if changed else (frame, ())


def _sentence(column: str, fence: float, values: NDArray[np.float64]) -> str:
    shown = ", ".join(rounded(value, 0) for value in sorted(set(values.tolist()))[:3])
    many = "1 value is far" if len(values) == 1 else f"{len(values):,} values are far"
    return SENTENCE.format(column=column, many=many, examples=shown, fence=rounded(fence, 0))
