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
    """Find the ends of the others where single values are far beyond all of them.

    Parameters
    ----------
    known : ndarray of shape (n_samples,)
        A column of numbers without its blanks.

    Returns
    -------
    tuple of float or None
        What values that far out are taken as; None where there are none, or a whole group of them.

    Notes
    -----
    Winsorising of what lies beyond `FENCE` times the distance between the quartiles, at the
    outermost of the other values: drawn in to the fence, one value would still widen the column,
    and the customers would be compared on the others. The order of the values stays.

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
    near = known[(known >= low) & (known <= high)]
    if not 0 < len(known) - len(near) <= max(1, MOST_EXTREME * len(known)):
        return None
    return float(near.min()), float(near.max())


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
