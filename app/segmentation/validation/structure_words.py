"""What the test of structure found, in plain words."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.segmentation.validation.evidence_rows import Spike
from app.segmentation.validation.hold_out import is_borderline

Verdict = Literal["strong", "weak", "none"]

BENT = (
    "These customers lie along one line that bends, with no gap along it: the segments are pieces "
    "of that line, not distinct groups."
)


def shown_p_value(p_value: float) -> str:
    """Write a p-value, and say where it is on a border."""
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    return f"borderline, {shown}" if is_borderline(p_value) else shown


def verdict_in_words(verdict: Verdict, p_value: float) -> str:
    """Say whether there are groups."""
    shown = shown_p_value(p_value)
    return {
        "strong": f"These customers form distinct groups on these columns ({shown}).",
        "weak": (
            f"There are signs of groups on these columns ({shown}), but they overlap: many "
            "customers lie between them."
        ),
        "none": (
            f"There is no evidence of distinct groups on these columns ({shown}): the segments "
            "may be parts of a continuum."
        ),
    }[verdict]


def notes_of(
    n_repeated: int,
    spikes: tuple[Spike, ...],
    counting: NDArray[np.intp],
    given: NDArray[np.floating],
    names: Sequence[str],
) -> tuple[str, ...]:
    """Say what was not taken for groups.

    Parameters
    ----------
    n_repeated : int
        Rows left out because they repeat others.
    spikes : tuple of Spike
    counting : ndarray of intp
        Places of the other rows, which spikes are among.
    given : ndarray of shape (n_samples, n_features)
        In the units that customers have them in.
    names : sequence of str
        Of the features; without them nothing is said of spikes.
    """
    notes = []
    if n_repeated:
        rows = "row repeats" if n_repeated == 1 else "rows repeat"
        notes.append(f"{n_repeated:,} {rows} another, and no groups are read into that.")
    if names:
        notes += [
            f"{spike.share:.0%} of customers have the same {names[spike.column]}, "
            f"{given[counting[spike.rows[0]], spike.column]:,.6g}: a usual value, not a group."
            for spike in spikes
        ]
    return tuple(notes)


def too_little(
    n_rows: int, n_different: int, spikes: tuple[Spike, ...], *, graded: bool, needed: int
) -> str:
    """Say why there was nothing to test."""
    if n_rows < needed:
        return (
            f"{n_rows} customers are too few to tell groups from chance; at least {needed} are "
            "needed."
        )
    if spikes:
        return (
            "So many customers share one value in every column of numbers that the rest says too "
            "little of groups."
        )
    if graded:
        return (
            f"Only {n_different} of {n_rows:,} customers differ from one another, which is too few "
            f"to tell groups from chance; at least {needed} are needed."
        )
    gap = "there is nothing in which distinct groups could show."
    return f"No column of numbers has more than two values, so {gap}"
