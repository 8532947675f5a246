"""Which differences are told of a segment, and in which order, where there is room for some."""

from collections.abc import Sequence

from app.segmentation.description.naming_generic import named_after, wordiness
from app.segmentation.description.profiles import SMALL_EFFECT, ClusterProfile, Difference

FIRST = 3
"""Where only so many are told, all that a name is made of are among them."""

SAME_SHARE = 0.01
"""Shares of one category in two columns that are no further apart tell the same again."""

_DIGITS = 9


def reasons(profile: ClusterProfile, name: str, *, most: int) -> tuple[Difference, ...]:
    """Choose the differences that a reader is told of a segment.

    The first three hold those of the name. Of columns that say the same of the same customers,
    one is told, and the others only where room is left. None has less than a small effect where
    another has more.

    Parameters
    ----------
    profile : ClusterProfile
    name : str
        As `name_generic` made it.
    most : int
        How many differences there is room for.

    Returns
    -------
    tuple of Difference
        Strongest first among the first three, among the others, and among repetitions.
    """
    clear = [d for d in profile.differences if abs(d.effect) >= SMALL_EFFECT]
    # Stable, so that among equally plain ones the order of the columns counts.
    ranked = sorted(
        clear or profile.differences, key=lambda d: (-round(abs(d.effect), _DIGITS), wordiness(d))
    )
    named = named_after(profile, name)
    ranked.sort(key=lambda d: d not in named)
    told: list[Difference] = []
    repeated: list[Difference] = []
    for difference in ranked:
        if len(told) == most:
            break
        again = difference not in named and _repeats(difference, told)
        (repeated if again else told).append(difference)
    first = sorted(told[:FIRST], key=lambda d: -abs(d.effect))
    return (*first, *told[FIRST:], *repeated)[:most]


def _repeats(difference: Difference, told: Sequence[Difference]) -> bool:
    return difference.level is not None and any(
        _same_customers(difference, each) or _same_words(difference, each) for each in told
    )


def _same_customers(one: Difference, other: Difference) -> bool:
    return one.rows is not None and one.rows == other.rows


def _same_words(one: Difference, other: Difference) -> bool:
    return (
        one.level == other.level
        and abs(one.value - other.value) <= SAME_SHARE
        and abs(one.rest - other.rest) <= SAME_SHARE
    )
