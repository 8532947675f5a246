"""Tables whose rows all stand in as many copies: segmented once, and told of all of them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.caution import Caution
from app.segmentation.preparation.column_choice import columns_used
from app.segmentation.preparation.deriving import with_derived
from app.segmentation.recipe import Recipe
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Table
from app.segmentation.validation.evidence_rows import one_of_copies

FEWEST_DIFFERENT = 20
"""Different rows, at least: a few kinds of answers may each be given twice by chance."""

SENTENCE = (
    "Each customer is in the table {copies} times: the segments are those of one copy, and no row "
    "counts as evidence twice"
)


@dataclass(frozen=True, eq=False)
class Copies:
    """One of each row of a table.

    Attributes
    ----------
    table : Table
    kept : ndarray of intp, shape (n_kept,)
        Places of its rows in the whole table.
    copy_of : ndarray of intp, shape (n_rows,)
        The row of ``table`` that each row of the whole table equals.
    """

    table: Table
    kept: NDArray[np.intp]
    copy_of: NDArray[np.intp]

    @property
    def n_each(self) -> int:
        return len(self.copy_of) // len(self.kept)

    def spread(self, found: Segmentation) -> Segmentation:
        """Give every row the segment of its copy."""
        labels = found.labels[self.copy_of]
        sure, probable, plane = found.confidences, found.probabilities, found.plane
        if plane is not None:
            plane = replace(plane, indices=self.kept[plane.indices].astype(np.int64))
        sizes = np.bincount(labels[labels >= 0], minlength=found.n_segments)
        return replace(
            found,
            clustering=replace(
                found.clustering, labels=labels, inertia=found.clustering.inertia * self.n_each
            ),
            profiles=tuple(
                replace(profile, size=int(size))
                for profile, size in zip(found.profiles, sizes, strict=True)
            ),
            plane=plane,
            n_filled=found.n_filled * self.n_each,
            warnings=(
                *found.warnings,
                Caution(SENTENCE.format(copies=self.n_each), "copied_rows"),
            ),
            confidences=None if sure is None else sure[self.copy_of],
            probabilities=None if probable is None else probable[self.copy_of],
        )


def copies_of(table: Table, recipe: Recipe) -> Copies | None:
    """Take one of each row, where all stand in as many copies; None where they do not.

    Raises
    ------
    ColumnError
        As `columns_used`.
    """
    frame, whole = table.frame, with_derived(table, recipe)
    used = columns_used(whole.columns, recipe, n_rows=len(frame)).used
    if not used or len(frame) < 2 * FEWEST_DIFFERENT:
        return None
    codes = np.column_stack([pd.factorize(whole.frame[name])[0] for name in used])
    different, group = np.unique(codes, axis=0, return_inverse=True)
    kept = one_of_copies(codes)
    if len(kept) == len(frame) or len(different) < FEWEST_DIFFERENT:
        return None
    each = len(frame) // len(kept)
    # Equal rows share a segment, so that it does not matter which of them stands for which.
    place = np.empty(len(different), dtype=np.intp)
    place[group.ravel()[kept]] = np.arange(len(kept))
    alone = replace(
        table,
        frame=frame.iloc[kept].reset_index(drop=True),
        line_numbers=table.line_numbers[kept],
        columns=tuple(replace(column, missing=column.missing // each) for column in table.columns),
    )
    return Copies(table=alone, kept=kept, copy_of=place[group.ravel()])
