"""The rows of a table, remembered by digest, and a sample of them by which others are placed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.segmentation.clustering.nearest_rows import VOTERS, nearest_places

KEPT_ROWS = 10_000
"""Rows that others are placed by, at most."""

ASKED_ROWS = 4_000
"""Rows on which rules are compared, at most."""


_MIXING = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)


@dataclass(frozen=True, eq=False)
class KnownRows:
    """The rows of the table by their digests, which keep their segments.

    Attributes
    ----------
    digests : ndarray of uint64, shape (n_distinct,)
        Rising.
    labels : ndarray of int32, shape (n_distinct,)
    """

    digests: NDArray[np.uint64]
    labels: NDArray[np.int32]

    def find(self, X: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
        """Say which rows are of the table, and the segments of all, -1 where they are not."""
        asked = digests_of(X)
        at = np.minimum(np.searchsorted(self.digests, asked), len(self.digests) - 1)
        known = self.digests[at] == asked
        return known, np.where(known, self.labels[at], -1).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows that stand for a table, in random order.

    Attributes
    ----------
    rows : ndarray of shape (n_kept, n_features)
    places : ndarray of int32, shape (n_kept,)
        Where they are among all rows.
    neighbours : ndarray of int32, shape (n_asked, up to VOTERS)
        Places in the sample of the other rows that are nearest to each of the first.
    """

    rows: NDArray[np.float64]
    places: NDArray[np.int32]
    neighbours: NDArray[np.int32]


def draw_sample(X: NDArray[np.float64], *, random_state: int, alone: bool = False) -> Sample:
    """Draw `KEPT_ROWS` rows, and, unless alone, find the neighbours of `ASKED_ROWS` of them."""
    rng = np.random.default_rng(random_state)
    places = rng.permutation(len(X))[:KEPT_ROWS].astype(np.int32)
    rows = X[places]
    if alone:
        return Sample(rows, places, np.empty((0, 0), dtype=np.int32))
    asked = np.arange(min(len(rows), ASKED_ROWS))
    found = nearest_places(rows, rows[asked], min(VOTERS + 1, len(rows)))
    itself = found == asked[:, None]
    # Among equal rows a row need not be the first of its own neighbours, nor one of them.
    itself[~itself.any(axis=1), -1] = True
    others = found[~itself].reshape(len(asked), -1)
    return Sample(rows, places, others.astype(np.int32))


def digests_of(X: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Give equal rows equal numbers, and others others, but for one chance in 2^64.

    Notes
    -----
    These are kept, and are the numbers of ``pandas.util.hash_pandas_object``, which takes most of
    the time of placing one row: splitmix64's mixing (Steele et al. 2014, "Fast splittable
    pseudorandom number generators") of each value, combined as Python did for tuples.
    """
    # A zero has two signs, which are one number.
    bits = np.ascontiguousarray(X + 0.0).view(np.uint64)
    for shift, factor in _MIXING:
        bits ^= bits >> shift
        bits *= factor
    bits ^= bits >> np.uint64(31)
    found = np.full(len(X), 0x345678, dtype=np.uint64)
    multiplier = 1_000_003
    for column, left in zip(bits.T, range(X.shape[1], 0, -1), strict=True):
        found ^= column
        found *= np.uint64(multiplier)
        multiplier += 82_520 + 2 * left
    return found + np.uint64(97_531)


def known_rows(digests: NDArray[np.uint64], labels: NDArray[np.int32]) -> KnownRows:
    """Keep each row's segment; equal rows have one."""
    distinct, first = np.unique(digests, return_index=True)
    return KnownRows(distinct, labels[first])
