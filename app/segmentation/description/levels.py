"""How high a number is in a segment: the one scale that names and statements speak by."""

from typing import Literal

from app.segmentation.description.bands import Band
from app.segmentation.description.profiles import MEDIUM_EFFECT, SMALL_EFFECT, ClusterProfile

Level = Literal["low", "medium", "high"]

MOSTLY = 0.5
"""Share of a segment from which a category or a stretch of numbers is most of it."""


def levels(profile: ClusterProfile) -> dict[str, Level]:
    """Give each number that tells the segment apart its one level.

    A mean that differs by a medium effect or more is high or low. Any other number is medium
    where its middle half holds most of the segment, and fewer of the others by a medium effect.
    What remains is high or low from a small effect on.

    Parameters
    ----------
    profile : ClusterProfile

    Returns
    -------
    dict of str to {"low", "medium", "high"}
        Column to level; a column without one is as in all the others.
    """
    means = {d.column: d.effect for d in profile.differences if d.level is None}
    clear = {name: effect for name, effect in means.items() if abs(effect) >= MEDIUM_EFFECT}
    medium = [
        band.column
        for band in profile.middles
        if band.effect >= MEDIUM_EFFECT and band.share >= MOSTLY
    ]
    small = {name: effect for name, effect in means.items() if abs(effect) >= SMALL_EFFECT}
    found = {name: _side(effect) for name, effect in small.items()}
    found |= dict.fromkeys(medium, "medium")
    return found | {name: _side(effect) for name, effect in clear.items()}


def middle(profile: ClusterProfile) -> list[Band]:
    """List the columns that are medium in the segment, the most telling first."""
    scale = levels(profile)
    return [band for band in profile.middles if scale.get(band.column) == "medium"]


def _side(effect: float) -> Level:
    return "high" if effect > 0 else "low"
