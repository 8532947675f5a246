"""Who moved between two dates: from one segment to another, in customers and in money."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEW = "New customers"
LOST = "No longer there"


@dataclass(frozen=True, eq=False)
class Migration:
    """Movements between two snapshots.

    Attributes
    ----------
    sources, targets : tuple of str
        The earlier segments and `NEW`; the later ones and `LOST`.
    customers : ndarray of int64, shape (n_sources, n_targets)
    money_before, money_after : ndarray of float64, shape (n_sources, n_targets)
        What those who moved had brought at the earlier date, and at the later one.
    names : ndarray, shape (n_moves,)
        Every customer of either date, sorted.
    source, target : ndarray of int64, shape (n_moves,)
        Each customer's position in ``sources`` and ``targets``.
    spent_before, spent_after : ndarray of float64, shape (n_moves,)
        What each customer had brought at either date.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    customers: NDArray[np.int64]
    money_before: NDArray[np.float64]
    money_after: NDArray[np.float64]
    names: NDArray[np.str_]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    spent_before: NDArray[np.float64]
    spent_after: NDArray[np.float64]

    def members(self, source: int, target: int) -> NDArray[np.str_]:
        """Names of the customers who made one move."""
        found: NDArray[np.str_] = self.names[(self.source == source) & (self.target == target)]
        return found


@dataclass(frozen=True, eq=False)
class SegmentMembers:
    """Segments of customers at one date: names, position in ``segments``, and money of each."""

    names: NDArray[np.str_]
    segment: NDArray[np.integer]
    money: NDArray[np.floating]
    segments: Sequence[str]


def migration(before: SegmentMembers, after: SegmentMembers) -> Migration:
    """Compare the segments of two dates, customer by customer."""
    names = np.union1d(before.names, after.names)
    sources, targets = (*before.segments, NEW), (*after.segments, LOST)
    source = _positions(names, before, absent=len(before.segments))
    target = _positions(names, after, absent=len(after.segments))
    shape = (len(sources), len(targets))
    customers = np.zeros(shape, dtype=np.int64)
    money_before, money_after = np.zeros(shape), np.zeros(shape)
    spent_before, spent_after = _money(names, before), _money(names, after)
    np.add.at(customers, (source, target), 1)
    np.add.at(money_before, (source, target), spent_before)
    np.add.at(money_after, (source, target), spent_after)
    return Migration(
        sources,
        targets,
        customers,
        money_before,
        money_after,
        names,
        source,
        target,
        spent_before,
        spent_after,
    )


def _positions(names: NDArray[np.str_], of: SegmentMembers, *, absent: int) -> NDArray[np.int64]:
    found = np.full(len(names), absent, dtype=np.int64)
    found[np.searchsorted(names, of.names)] = of.segment
    return found


def _money(names: NDArray[np.str_], of: SegmentMembers) -> NDArray[np.float64]:
    found = np.zeros(len(names))
    found[np.searchsorted(names, of.names)] = of.money
    return found
