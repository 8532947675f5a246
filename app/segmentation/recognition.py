"""Which segments of an earlier version live on in a new one, by the customers of both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.identity import Match, match_segments

FEWEST_SHARED = 0.1
"""Share of the smaller table's customers below which those of both say nothing of the rest."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """The customers of one version.

    Attributes
    ----------
    labels : ndarray of int, shape (n_customers,)
        -1 for no segment.
    n_segments : int
    customers : ndarray of str, shape (n_customers,), or None
        Identifiers, empty where one is blank; None where the table has no column of them.
    """

    labels: NDArray[np.integer]
    n_segments: int
    customers: NDArray[np.str_] | None


@dataclass(frozen=True)
class Recognition:
    """What lives on; ``n_shared`` of ``n_smaller`` customers were recognised."""

    matches: tuple[Match, ...]
    n_shared: int
    n_smaller: int

    @property
    def is_enough(self) -> bool:
        return self.n_shared > 0 and self.n_shared >= FEWEST_SHARED * self.n_smaller


def recognise(old: Labelled, new: Labelled, *, same_rows: bool) -> Recognition:
    """Match the segments of two versions on the customers that both have.

    Parameters
    ----------
    old, new : Labelled
    same_rows : bool
        Both are of one table, row by row. Otherwise customers are found by their identifiers; one
        that stands twice in a table counts where it stands first.

    Returns
    -------
    Recognition
        Without matches where too few customers are shared. No segment lives on as what is mostly
        in no segment.
    """
    if same_rows:
        rows_old = rows_new = np.arange(len(new.labels))
    elif old.customers is None or new.customers is None:
        rows_old = rows_new = np.arange(0)
    else:
        shared, rows_old, rows_new = np.intersect1d(
            old.customers, new.customers, return_indices=True
        )
        named = shared != ""
        rows_old, rows_new = rows_old[named], rows_new[named]
    found = Recognition((), len(rows_new), min(len(old.labels), len(new.labels)))
    if not found.is_enough:
        return found
    before, after = old.labels[rows_old], new.labels[rows_new]
    matches = match_segments(
        np.where(before < 0, old.n_segments, before),
        np.where(after < 0, new.n_segments, after),
        n_old=old.n_segments + 1,
        n_new=new.n_segments + 1,
    )
    living = (m for m in matches if m.old_id < old.n_segments and m.new_id < new.n_segments)
    return Recognition(tuple(living), found.n_shared, found.n_smaller)
