"""Which statements are made of a segment: the clearest of its differences from the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.description.bands import own_band
from app.segmentation.description.further_statements import NEARLY_ALL, Numbers, further_statements
from app.segmentation.description.levels import middle
from app.segmentation.description.naming_generic import wordiness
from app.segmentation.description.profiles import SMALL_EFFECT, ClusterProfile, Difference
from app.segmentation.description.statements import (
    Characteristic,
    of_difference,
    of_medium,
    strongest,
)
from app.segmentation.figures import compared
from app.segmentation.preparation.columns import to_numbers

FEWEST, MOST = 3, 5
"""Statements a segment has, as far as it differs from the rest in so many ways."""


def characterise(
    profiles: Sequence[ClusterProfile],
    frame: pd.DataFrame,
    labels: NDArray[np.integer],
    *,
    numeric: Sequence[str],
    categorical: Sequence[str],
) -> tuple[tuple[Characteristic, ...], ...]:
    """State three to five differences of each segment from the rest, strongest first.

    Means and main categories that differ by a small effect or more, and numbers that are medium
    in the segment, one statement a column. Where these are fewer than three, others follow as
    `further_statements` ranks them.

    Parameters
    ----------
    profiles : sequence of ClusterProfile
    frame : DataFrame of shape (n_samples, any)
    labels : ndarray of shape (n_samples,)
    numeric, categorical : sequence of str
        The columns that are described.

    Returns
    -------
    tuple of tuples of Characteristic
        In the order of ``profiles``; fewer than three only of a segment that differs in less.
    """
    numbers = {name: to_numbers(frame[name]) for name in numeric}
    result = []
    for profile in profiles:
        inside = labels == profile.cluster_id
        told = [d for d in _one_a_column(profile.differences) if compared(d.value, d.rest, d.level)]
        medium = {band.column for band in middle(profile)}
        clear = [d for d in told if abs(d.effect) >= SMALL_EFFECT and d.column not in medium]
        statements = [*map(of_difference, clear), *_medium(profile, numbers, inside)]
        statements = strongest(statements)[:MOST]
        if 0 < profile.size < len(labels) and len(statements) < FEWEST:
            _complete(
                statements,
                further_statements(
                    profile, told, frame, inside, numbers=numbers, categorical=categorical
                ),
            )
        result.append(tuple(strongest(statements)))
    return tuple(result)


def evidence(statements: Sequence[Characteristic]) -> tuple[Difference, ...]:
    """List the differences of means and categories behind the statements, strongest first."""
    found = dict.fromkeys(one.evidence for one in statements if one.evidence is not None)
    return tuple(sorted(found, key=lambda difference: -abs(difference.effect)))


def _complete(statements: list[Characteristic], further: Iterator[Characteristic]) -> None:
    """Add what has not been said until there are enough."""
    said = {_fact(one) for one in statements}
    for one in further:
        if len(statements) == FEWEST:
            return
        if _fact(one) not in said:
            said.add(_fact(one))
            statements.append(one)


def _fact(one: Characteristic) -> tuple[object, ...]:
    return one.measure, one.difference.column, one.difference.level, one.between


def _medium(
    profile: ClusterProfile, numbers: Numbers, inside: NDArray[np.bool_]
) -> Iterator[Characteristic]:
    means = {d.column: d for d in profile.differences if d.level is None}
    for band in middle(profile):
        own = own_band(band.column, numbers[band.column], inside, share=NEARLY_ALL)
        # What holds nearly all tells more, unless it goes nearly from end to end of the column.
        narrow = own is not None and own.high - own.low <= band.high - band.low
        stronger = own is not None and own.effect >= band.effect
        told = own if own is not None and narrow and stronger else band
        told = replace(told, unit=band.unit)
        yield of_medium(told, mean=means.get(band.column), mostly=narrow and stronger)


def _one_a_column(differences: Sequence[Difference]) -> list[Difference]:
    """Keep the strongest of each column, and one of columns that tell the same rows apart."""
    columns: set[str] = set()
    found: dict[object, Difference] = {}
    has = {d.column for d in differences if d.level is not None and d.effect > 0}
    for difference in differences:
        # What a segment is says more than what it is not.
        lacks = difference.level is not None and difference.effect < 0
        if difference.column in columns or (lacks and difference.column in has):
            continue
        columns.add(difference.column)
        rows = difference.column if difference.level is None else difference.rows
        # Of the same customers, the plainest words: Internet Service: No.
        found[rows] = min(found.get(rows, difference), difference, key=wordiness)
    return list(found.values())
