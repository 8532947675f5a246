"""Which new segment is which old one, so that ids and names survive a retraining."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

MATCH_THRESHOLD = 0.5
"""Least Jaccard overlap for a match: half of all customers in either segment are in both.

Below it Hennig (2007, "Cluster-wise assessment of cluster stability") calls a cluster
dissolved.
"""


@dataclass(frozen=True)
class Match:
    """A segment before and after; ``overlap`` is shared customers / customers in either."""

    old_id: int
    new_id: int
    overlap: float


def overlaps(
    old_labels: NDArray[np.integer], new_labels: NDArray[np.integer], *, n_old: int, n_new: int
) -> NDArray[np.float64]:
    """Jaccard overlap of each old segment with each new one, on the same customers.

    Parameters
    ----------
    old_labels, new_labels : ndarray of shape (n_customers,)
        0 to n_old - 1, and 0 to n_new - 1.

    Returns
    -------
    ndarray of shape (n_old, n_new)
        0 to 1; 0 where both are empty.
    """
    pairs = old_labels.astype(np.int64) * n_new + new_labels
    shared = np.bincount(pairs, minlength=n_old * n_new).reshape(n_old, n_new)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    result = np.zeros((n_old, n_new))
    np.divide(shared, either, out=result, where=either > 0)
    return result


def match_segments(
    old_labels: NDArray[np.integer],
    new_labels: NDArray[np.integer],
    *,
    n_old: int,
    n_new: int,
    threshold: float = MATCH_THRESHOLD,
) -> tuple[Match, ...]:
    """Pair old segments with new ones, one to one, for the greatest total overlap.

    Parameters
    ----------
    old_labels, new_labels : ndarray of shape (n_customers,)
        The same customers before and after.
    threshold : float
        Pairs that overlap less do not count: the old segment is gone, the new one is new.

    Returns
    -------
    tuple of Match
        By old id; ``new_id`` is the label in ``new_labels``.

    References
    ----------
    H. W. Kuhn (1955), "The Hungarian method for the assignment problem", Naval Res. Logist. 2.
    """
    overlap = overlaps(old_labels, new_labels, n_old=n_old, n_new=n_new)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return tuple(
        Match(old_id=int(row), new_id=int(column), overlap=float(overlap[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] >= threshold
    )


def assign_ids(matches: Sequence[Match], *, n_new: int, order: Sequence[int]) -> NDArray[np.int64]:
    """Give every new cluster its id, 0 to n_new - 1.

    A matched cluster keeps the id of its old segment where that id is still below ``n_new``;
    the ids left over go to the other matched clusters, then to the new ones.

    Parameters
    ----------
    matches : sequence of Match
    n_new : int
    order : sequence of int, length n_new
        In which order clusters without an id take the ones left over.

    Returns
    -------
    ndarray of shape (n_new,)
        Id of each cluster.
    """
    ids = np.full(n_new, -1)
    for match in matches:
        if match.old_id < n_new:
            ids[match.new_id] = match.old_id
    matched = {match.new_id for match in matches}
    waiting = [cluster for cluster in order if ids[cluster] < 0]
    waiting.sort(key=lambda cluster: cluster not in matched)
    free = sorted(set(range(n_new)) - {int(i) for i in ids})
    for cluster, free_id in zip(waiting, free, strict=True):
        ids[cluster] = free_id
    return ids
