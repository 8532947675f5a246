"""Tables whose rows all stand in as many copies: segmented once, and told of all of them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.segmentation.caution import Caution
from app.segmentation.kept_tree import KeptTree
from app.segmentation.pictures.projection import Projection
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

    @property
    def caution(self) -> Caution:
        return Caution(SENTENCE.format(copies=self.n_each), "copied_rows")

    def spread(self, found: Segmentation) -> Segmentation:
        """Give every row the segment of its copy."""
        labels = found.labels[self.copy_of]
        sure, probable = found.confidences, found.probabilities
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
            plane=self._in_whole(found.plane),
            n_filled=found.n_filled * self.n_each,
            warnings=(*found.warnings, self.caution),
            confidences=None if sure is None else sure[self.copy_of],
            probabilities=None if probable is None else probable[self.copy_of],
        )

    def spread_tree(self, found: KeptTree) -> KeptTree:
        """Hang every row where its copy is: the merges stay, each leaf holds all copies."""
        tree, sample, digests = found.measured.tree, found.sample, found.digests
        whole = replace(
            tree,
            leaf_of_row=np.tile(tree.leaf_of_row, self.n_each),
            leaf_sizes=tree.leaf_sizes * self.n_each,
        )
        return replace(
            found,
            measured=replace(found.measured, tree=whole),
            part_of_row=found.part_of_row[self.copy_of],
            cuts={
                k: replace(cut, inertia=cut.inertia * self.n_each) for k, cut in found.cuts.items()
            },
            table=found.table.times(self.n_each),
            projection=self._in_whole(found.projection),
            n_filled=found.n_filled * self.n_each,
            remarks=(*found.remarks, self.caution),
            sample=None
            if sample is None
            else replace(sample, places=self.kept[sample.places].astype(np.int32)),
            digests=None if digests is None else digests[self.copy_of],
        )

    def _in_whole(self, plane: Projection | None) -> Projection | None:
        if plane is None:
            return None
        return replace(plane, indices=self.kept[plane.indices].astype(np.int64))


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
