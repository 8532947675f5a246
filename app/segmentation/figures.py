"""Figures as statements write them."""

import math

from app.segmentation.units import with_unit

_SETTLED = 12
"""Significant digits that a mean is given with: those of a double beyond are of its sum's order."""


def settled(mean: float) -> float:
    """Drop the digits that adding up floats makes: 998.9999999999997 is 999."""
    return float(f"{mean:.{_SETTLED}g}")


def compared(
    value: float, rest: float, level: str | None, *, column: str = "", unit: str = ""
) -> str:
    """Write both figures with as many digits as tell them apart; nothing where none do.

    Means have the unit that the column's name gives, or else ``unit``.
    """
    for digits in range(0, 7):
        if level is not None:
            pair = percent(value, digits), percent(rest, digits)
        else:
            pair = rounded(value, digits), rounded(rest, digits)
        if pair[0] != pair[1]:
            if level is None:
                pair = with_unit(pair[0], column, unit), with_unit(pair[1], column, unit)
            return f"{pair[0]} vs {pair[1]}"
    return ""


def percent(share: float, digits: int = 0) -> str:
    """Write a share, halves up as browsers write them: 0.165 is 17%, not 16%."""
    # A share that is a half may be a float just short of it.
    return f"{share * (1 + 1e-15):.{digits}%}"


def rounded(value: float, digits: int) -> str:
    """Write a number with three significant digits or all before the point, and so many more."""
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    decimals = max(0, 2 - magnitude) + digits if abs(value) < 1000 else digits
    text = f"{value:,.{min(decimals, 12)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
