"""How two versions of a segmentation differ, on one table or on two that share customers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.schemas.models import CustomersMoved, Movement
from app.schemas.segmentations import VersionComparison
from app.segmentation.comparison import (
    Moves,
    PartitionComparison,
    compare_partitions,
    count_moves,
    successors_of,
)
from app.segmentation.errors import SegmentationError
from app.segmentation.new_rows import columns_needed, stored_as_fitted
from app.segmentation.segmentation import Segmentation
from app.services.comparing import (
    BORDERS,
    CUSTOMERS,
    HISTORY,
    NOBODY,
    STRANGERS,
    TRAINING,
    movement_of,
    refined_changes,
    segment_changes,
    summary_of,
)
from app.services.segmentations.looked import Looked
from app.services.segmentations.recognising import as_identifiers
from app.services.segmentations.reports import NOISE

COMPARED_ROWS = 50_000
"""Customers that stand for a table."""

Labels = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Side:
    """One version, with its table and where each of its rows is."""

    looked: Looked
    kept: Segmentation
    customers: NDArray[np.str_] | None

    @property
    def names(self) -> list[str]:
        return [*self.looked.report.names.values()]


def compare_versions(new: Looked, old: Looked, recent: pd.DataFrame) -> VersionComparison:
    """Follow customers from the older version to the newer one.

    `recent` are the customers that were placed last, with the columns that they came with.
    """
    before, after = _side(old, other=new), _side(new, other=old)
    same_rows = old.reading == new.reading
    rows = np.arange(len(after.kept.labels)) if same_rows else spread(len(after.kept.labels))
    there, problem = (before.kept.labels, "") if same_rows else _placed(before, after, rows)
    found = compare_partitions(
        there,
        after.kept.labels[rows[: len(there)]],
        n_before=before.kept.n_segments,
        n_after=after.kept.n_segments,
    )
    segments = segment_changes(found.matches, before.names, after.names)
    if found.refinement is not None:
        segments = refined_changes(found.moves, found.refinement, before.names, after.names)
    training = _movement(found.moves, before, after, TRAINING, nobody=problem)
    borders = training
    if not same_rows:
        borders = _borders(before, after, found)
    return VersionComparison(
        version=new.number,
        against=old.number,
        summary=summary_of(found.moves, segments) if len(there) else problem,
        segments=segments,
        training=training,
        history=_history(before, after, recent, found),
        customers_moved=_customers(before, after, same_rows=same_rows),
        borders_moved=borders,
        adjusted_rand_index=found.adjusted_rand_index if len(there) else None,
        refinement=found.refinement.change if found.refinement is not None else None,
    )


def _side(looked: Looked, *, other: Looked) -> Side:
    identifier, customers = looked.report.identifier, None
    if looked.reading != other.reading and identifier is not None:
        customers = as_identifiers(looked.frame([identifier])[identifier])
    return Side(looked, looked.found, customers)


def spread(n_rows: int) -> NDArray[np.intp]:
    """Name the rows that stand for a table: all, or of a long one as many evenly spread."""
    return np.linspace(0, n_rows - 1, min(n_rows, COMPARED_ROWS)).astype(np.intp)


def _placed(by: Side, of: Side, rows: NDArray[np.intp]) -> tuple[Labels, str]:
    """Place rows of one version's table by the other version, or say why that cannot be."""
    report = by.looked.report
    needed = columns_needed(report.columns, report.formats)
    frame = of.looked.frame([name for name in needed if of.looked.rows.has(name)])
    return _place(by, frame.iloc[rows].reset_index(drop=True))


def _place(by: Side, frame: pd.DataFrame) -> tuple[Labels, str]:
    try:
        fitted = stored_as_fitted(by.kept.encoder, frame, by.looked.report.formats)
        return by.kept.place(fitted).labels, ""
    except SegmentationError as error:
        return np.empty(0, dtype=np.int32), f"Customers cannot be compared: {error}."


def _moves(
    there: Labels, here: Labels, before: Side, after: Side, successors: dict[int, int]
) -> Moves:
    """Count who is elsewhere; who is in no segment both times has not moved."""
    n_before, n_after = before.kept.n_segments, after.kept.n_segments
    return count_moves(
        np.where(there < 0, n_before, there),
        np.where(here < 0, n_after, here),
        n_before=n_before + int(np.any(there < 0)),
        n_after=n_after + int(np.any(here < 0)),
        successors=successors
        | ({n_before: n_after} if np.any(there < 0) and np.any(here < 0) else {}),
    )


def _movement(
    moves: Moves, before: Side, after: Side, sentence: str, *, nobody: str = ""
) -> Movement:
    n_columns = len(moves.matrix[0]) if moves.matrix else 0
    return movement_of(
        moves,
        [*before.names, NOISE][: len(moves.matrix)],
        [*after.names, NOISE][:n_columns],
        sentence,
        nobody=nobody,
    )


def _borders(before: Side, after: Side, found: PartitionComparison) -> Movement:
    rows = spread(len(before.kept.labels))
    here, problem = _placed(after, before, rows)
    there = before.kept.labels[rows[: len(here)]]
    moves = _moves(there, here, before, after, successors_of(found.matches))
    return _movement(moves, before, after, BORDERS, nobody=problem)


def _customers(before: Side, after: Side, *, same_rows: bool) -> CustomersMoved:
    """Follow the customers of both tables under the older version's rules."""
    there: Labels = before.kept.labels
    here = there
    joined = left = 0
    problem = ""
    if not same_rows:
        shared, at_old, at_new = _shared(before.customers, after.customers)
        here, problem = _placed(before, after, at_new[:COMPARED_ROWS])
        there = before.kept.labels[at_old[: len(here)]]
        joined = after.looked.n_customers - shared
        left = before.looked.n_customers - shared
    same = {i: i for i in range(before.kept.n_segments)}
    moves = _moves(there, here, before, before, same)
    movement = _movement(moves, before, before, CUSTOMERS, nobody=problem or STRANGERS)
    return CustomersMoved(**movement.model_dump(), n_joined=joined, n_left=left)


def _shared(
    old: NDArray[np.str_] | None, new: NDArray[np.str_] | None
) -> tuple[int, NDArray[np.intp], NDArray[np.intp]]:
    if old is None or new is None:
        nowhere = np.empty(0, dtype=np.intp)
        return 0, nowhere, nowhere
    shared, at_old, at_new = np.intersect1d(old, new, return_indices=True)
    named = shared != ""
    return int(named.sum()), at_old[named], at_new[named]


def _history(
    before: Side, after: Side, recent: pd.DataFrame, found: PartitionComparison
) -> Movement:
    there, problem = _place(before, recent)
    here, problem_here = _place(after, recent)
    n_both = min(len(there), len(here))
    moves = _moves(there[:n_both], here[:n_both], before, after, successors_of(found.matches))
    nobody = (problem or problem_here) if len(recent) else NOBODY
    return _movement(moves, before, after, HISTORY, nobody=nobody)
