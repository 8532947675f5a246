"""Single values so far out that they would decide alone how alike all other customers are."""

import numpy as np
from numpy.typing import NDArray

from app.segmentation.figures import rounded

FEWEST_VALUES = 20
"""Of fewer, none can be said to be far from the others."""

FENCE = 20
"""Quartile distances beyond the quartiles. Of lognormal values, 3 in 10,000 are farther out."""

MOST_EXTREME = 0.01
"""More than this share, and more than one, are a group and no slip."""

SENTENCE = (
    "{column!r}: {many} beyond all others ({examples}) and taken as {fence}, so that no single "
    "value decides the segments; correct it, or exclude the customer"
)


def find_fences(known: NDArray[np.float64]) -> tuple[float, float] | None:
    """Find where values that are far beyond all others are drawn in to.

    Parameters
    ----------
    known : ndarray of shape (n_samples,)
        A column of numbers without its blanks.

    Returns
    -------
    tuple of float or None
        None where no value, or a whole group of them, is that far out.

    Notes
    -----
    Winsorising at fences of `FENCE` times the distance between the quartiles. The order of the
    values stays, and with it each rule that divides them.

    References
    ----------
    J. W. Tukey (1977), "Exploratory data analysis", chapter 2, whose outer fences are at 3.
    """
    if len(known) < FEWEST_VALUES:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        lower, upper = np.quantile(known, (0.25, 0.75))
        reach = FENCE * (upper - lower)
        low, high = float(lower - reach), float(upper + reach)
    if not (reach > 0 and np.isfinite((low, high)).all()):
        return None
    n_far = int(((known < low) | (known > high)).sum())
    return (low, high) if 0 < n_far <= max(1, MOST_EXTREME * len(known)) else None


def describe_extremes(
    column: str, numbers: NDArray[np.float64], fences: tuple[float, float]
) -> list[str]:
    """Say of each side what was drawn in, to which fence."""
    low, high = fences
    sides = ((low, numbers[numbers < low]), (high, numbers[numbers > high]))
    return [_sentence(column, fence, side) for fence, side in sides if len(side)]


def _sentence(column: str, fence: float, values: NDArray[np.float64]) -> str:
    shown = ", ".join(rounded(value, 0) for value in sorted(set(values.tolist()))[:3])
    many = "1 value is far" if len(values) == 1 else f"{len(values):,} values are far"
    return SENTENCE.format(column=column, many=many, examples=shown, fence=rounded(fence, 0))
