"""Figures with the unit that their column's name or its values give."""

import re

_UNIT = re.compile(r"[(\[]([^)\]\d]{1,12})[)\]]")
_MONEY = re.compile(r"(k|m)?\s*([$€£¥])|([$€£¥])\s*(k|m)?", re.IGNORECASE)


def unit_of(column: str) -> str:
    """Find the unit in a column's name: ``k$`` of ``Annual Income (k$)``; empty where none is."""
    unit = _UNIT.search(column)
    return unit[1].strip() if unit else ""


def with_unit(figure: str, column: str, unit: str = "") -> str:
    """Write a figure with its unit, that of the column's name first: ``$84.8k``, ``12%``, ``3 km``.

    Parameters
    ----------
    unit : str
        What the column's values were written with; empty where they were plain.
    """
    unit = unit_of(column) or unit
    if not unit:
        return figure
    if money := _MONEY.fullmatch(unit):
        sign, number = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
        thousands = (money[1] or money[4] or "").replace("K", "k")
        return f"{sign}{money[2] or money[3]}{number}{thousands}"
    return f"{figure}%" if unit == "%" else f"{figure} {unit}"
