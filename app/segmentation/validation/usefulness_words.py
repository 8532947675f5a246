"""What segments tell about a column, in a sentence."""

from collections.abc import Mapping

from app.segmentation.figures import percent, rounded
from app.segmentation.units import with_unit
from app.segmentation.validation.usefulness import Usefulness

_ALPHA = 0.05
_FEWEST_TOLD = 10
"""Fewest customers of a segment whose share or mean is given, where two segments have as many."""

_MUCH_BETTER = 2.0


def usefulness_sentence(found: Usefulness, *, column: str, names: Mapping[int, str]) -> str:
    """Say how far the segments differ, what that explains, and what the columns would.

    Parameters
    ----------
    found : Usefulness
    column : str
        The name of the column.
    names : mapping of int to str
        Of the segments.
    """
    explained, modelled = found.by_segments, found.by_model
    tree = f"a decision tree on the columns they were made from explains {_part(modelled)}"
    if found.p_value > _ALPHA:
        told = f"There is no evidence that the segments differ in {column}"
        return f"{told} (p = {found.p_value:.2f}); {tree} of its variation."
    enough = [each for each in found.segments if each.size >= _FEWEST_TOLD]
    compared = enough if len(enough) > 1 else found.segments
    ranked = sorted(compared, key=lambda each: each.value)
    low, high = (
        f"{_figure(each.value, found, column)} in {names.get(each.segment, 'no segment')}"
        for each in (ranked[0], ranked[-1])
    )
    what = column if found.level is None else f"{column}: {found.level}"
    overall = _figure(found.overall, found, column)
    told = f"{what} ranges from {low} to {high}, {overall} overall"
    if explained <= 0:
        return f"{told}, but the segments do not help to predict it; {tree} of its variation."
    advice = ", so predict it from the columns" if modelled > _MUCH_BETTER * explained else ""
    return f"{told}; the segments explain {_part(explained)} of its variation, {tree}{advice}."


def _figure(value: float, found: Usefulness, column: str) -> str:
    if found.kind == "category":
        return percent(value)
    return with_unit(rounded(value, 0), column)


def _part(share: float) -> str:
    """Write a share that is small, but something, as under 1%."""
    return "under 1%" if 0 < share < 0.005 else percent(share)
