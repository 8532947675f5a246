"""What another model or run changes: which segments live on, and which customers move."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from app.segmentation.identity import Match, match_segments
from app.segmentation.scoring import Scorer

NESTED_SHARE = 0.95
"""From which share of its customers in one segment a segment is a part of that one."""


@dataclass(frozen=True)
class Moves:
    """How customers go from segment to segment.

    Attributes
    ----------
    n_customers : int
    n_moved : int
        Customers whose segment afterwards is not what became of their segment before.
    matrix : tuple of tuple of int, n_before rows by n_after columns
        Customers by segment before and after.
    """

    n_customers: int
    n_moved: int
    matrix: tuple[tuple[int, ...], ...]


def count_moves(
    before: NDArray[np.integer],
    after: NDArray[np.integer],
    *,
    n_before: int,
    n_after: int,
    successors: Mapping[int, int],
) -> Moves:
    """Count who moved between two labellings of the same customers.

    Parameters
    ----------
    before, after : ndarray of int, shape (n_customers,)
    successors : mapping of int to int
        Segment before to the one it lives on as; a segment without one is gone, and all of
        its customers have moved.
    """
    pairs = before.astype(np.int64) * n_after + after
    matrix = np.bincount(pairs, minlength=n_before * n_after).reshape(n_before, n_after)
    stayed = sum(int(matrix[old, new]) for old, new in successors.items())
    return Moves(
        n_customers=len(before),
        n_moved=len(before) - stayed,
        matrix=tuple(tuple(row) for row in matrix.tolist()),
    )


@dataclass(frozen=True)
class CustomerMoves:
    """The customers of both tables, as they were and as they are, under the old model.

    ``n_joined`` are in the new table alone, ``n_left`` in the old one alone.
    """

    moves: Moves
    n_joined: int
    n_left: int


def successors_of(matches: tuple[Match, ...]) -> dict[int, int]:
    return {match.old_id: match.new_id for match in matches}


def compare_borders(
    features: NDArray[np.floating], *, old: Scorer, new: Scorer, successors: Mapping[int, int]
) -> Moves:
    """Place the same customers by two models.

    Parameters
    ----------
    features : ndarray of shape (n_customers, n_features)
        In original units.
    """
    return count_moves(
        old.score_many(features).clusters,
        new.score_many(features).clusters,
        n_before=len(old.centers),
        n_after=len(new.centers),
        successors=successors,
    )


def compare_customers(
    old_ids: NDArray[np.str_],
    old_features: NDArray[np.floating],
    new_ids: NDArray[np.str_],
    new_features: NDArray[np.floating],
    *,
    model: Scorer,
) -> CustomerMoves:
    """Place the customers that two tables share by one model, as they were and as they are.

    Parameters
    ----------
    old_ids, new_ids : ndarray of str, shapes (n_old,) and (n_new,)
        An id that stands twice in a table counts where it stands first.
    old_features, new_features : ndarray of shape (n_old, n_features) and (n_new, n_features)
    """
    shared, old_at, new_at = np.intersect1d(old_ids, new_ids, return_indices=True)
    k = len(model.centers)
    moves = count_moves(
        model.score_many(old_features[old_at]).clusters,
        model.score_many(new_features[new_at]).clusters,
        n_before=k,
        n_after=k,
        successors={segment: segment for segment in range(k)},
    )
    return CustomerMoves(
        moves=moves,
        n_joined=len(np.unique(new_ids)) - len(shared),
        n_left=len(np.unique(old_ids)) - len(shared),
    )


@dataclass(frozen=True)
class Refinement:
    """One partition's segments are parts of the other's.

    Attributes
    ----------
    change : str
        ``split`` where the second partition is the finer one, ``merged`` where the first is.
    wholes : tuple of int
        Of each segment of the finer partition, the one of the coarser that it is a part of.
    """

    change: Literal["split", "merged"]
    wholes: tuple[int, ...]


@dataclass(frozen=True)
class PartitionComparison:
    """How far two partitions of the same customers agree.

    Attributes
    ----------
    moves : Moves
        Where a partition leaves customers in no segment, its last row or column counts them.
        Whoever is in a part of their segment, or in what it is a part of, has not moved.
    matches : tuple of Match
        The segments that live on.
    refinement : Refinement or None
        Where each segment of one partition lies, but for few customers, within one of the
        other's.
    adjusted_rand_index : float
        1 where both group the customers alike, 0 on average where they do so by chance; those
        in no segment count as a group.
    """

    moves: Moves
    matches: tuple[Match, ...]
    refinement: Refinement | None
    adjusted_rand_index: float


def compare_partitions(
    before: NDArray[np.integer], after: NDArray[np.integer], *, n_before: int, n_after: int
) -> PartitionComparison:
    """Match the segments of two partitions, and count who is in another segment.

    Parameters
    ----------
    before, after : ndarray of int, shape (n_customers,)
        The same customers; 0 to n_before - 1 and 0 to n_after - 1, or -1 for no segment. Who is
        in no segment both times has not moved.

    References
    ----------
    L. Hubert, P. Arabie (1985), "Comparing partitions", J. Classification 2.
    """
    old, new = np.where(before < 0, n_before, before), np.where(after < 0, n_after, after)
    # Noise takes part in the assignment, so that no segment lives on as what is mostly noise.
    found = match_segments(old, new, n_old=n_before + 1, n_new=n_after + 1)
    matches = tuple(match for match in found if match.old_id < n_before and match.new_id < n_after)
    moves = count_moves(
        old,
        new,
        n_before=n_before + int(np.any(before < 0)),
        n_after=n_after + int(np.any(after < 0)),
        successors=successors_of(matches),
    )
    counts = np.array(moves.matrix)
    refinement = find_refinement(counts, n_before=n_before, n_after=n_after)
    stayed = len(before) - moves.n_moved
    if refinement is not None:
        fine = counts.T if refinement.change == "split" else counts
        stayed = int(sum(fine[part, whole] for part, whole in enumerate(refinement.wholes)))
    still_noise = int(np.count_nonzero((before < 0) & (after < 0)))
    return PartitionComparison(
        moves=replace(moves, n_moved=len(before) - stayed - still_noise),
        matches=matches,
        refinement=refinement,
        adjusted_rand_index=float(adjusted_rand_score(before, after)),
    )


def find_refinement(
    counts: NDArray[np.integer], *, n_before: int, n_after: int
) -> Refinement | None:
    """Find whether one partition divides the other's segments, as another cut of a tree does.

    Parameters
    ----------
    counts : ndarray of int, shape (at least n_before, at least n_after)
        Customers by segment before and after; rows and columns past the segments are of none.

    Returns
    -------
    Refinement or None
        None where the numbers of segments are equal, where a segment has less than
        `NESTED_SHARE` of its customers in one of the other partition, or where a segment of the
        coarser partition has no part.
    """
    if n_before == n_after:
        return None
    splits = n_after > n_before
    n_fine, n_coarse = (n_after, n_before) if splits else (n_before, n_after)
    fine = (counts.T if splits else counts)[:n_fine]
    within = fine[:, :n_coarse]
    if np.any(within.max(axis=1, initial=0) < NESTED_SHARE * fine.sum(axis=1)):
        return None
    wholes = within.argmax(axis=1)
    if len(np.unique(wholes)) < n_coarse:
        return None
    return Refinement("split" if splits else "merged", tuple(wholes.tolist()))
