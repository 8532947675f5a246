"""Figures with the unit that their column's name or its values give."""

import re
from collections.abc import Sequence

_UNIT = re.compile(r"[(\[]([^)\]\d]{1,12})[)\]]")
_STEP = "\n"
_MONEY = re.compile(r"(k|m)?\s*([$€£¥])|([$€£¥])\s*(k|m)?", re.IGNORECASE)


def unit_of(column: str) -> str:
    """Find the unit in a column's name: ``k$`` of ``Annual Income (k$)``; empty where none is."""
    unit = _UNIT.search(column)
    return unit[1].strip() if unit else ""


def unit_of_steps(words: Sequence[str]) -> str:
    """Give the unit of numbers that are steps of a scale: its words, from the first step on."""
    return _STEP.join(words)


def is_of_steps(unit: str) -> bool:
    """Whether numbers of this unit are steps of a scale."""
    return _STEP in unit


def step_called(figure: str, unit: str) -> str:
    """Give the word of the step that a figure is nearest to."""
    words = unit.split(_STEP)
    return words[min(max(round(float(figure.replace(",", ""))), 1), len(words)) - 1]


def with_unit(figure: str, column: str, unit: str = "") -> str:
    """Write a figure with its unit, that of the column's name first: ``$84.8k``, ``12%``, ``3 km``.

    A step of a scale is written with its word: ``often (4.2 of 5)``.

    Parameters
    ----------
    unit : str
        What the column's values were written with; empty where they were plain.
    """
    if is_of_steps(unit):
        return f"{step_called(figure, unit)} ({figure} of {unit.count(_STEP) + 1})"
    unit = unit_of(column) or unit
    if not unit:
        return figure
    if money := _MONEY.fullmatch(unit):
        sign, number = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
        thousands = (money[1] or money[4] or "").replace("K", "k")
        return f"{sign}{money[2] or money[3]}{number}{thousands}"
    return f"{figure}%" if unit == "%" else f"{figure} {unit}"
