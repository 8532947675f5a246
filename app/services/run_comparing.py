"""How two runs of a table differ: which segments live on, and who is in another one."""

from collections import Counter

import numpy as np

from app.errors import BadRequest
from app.schemas.models import Movement, RunComparison, SegmentChange
from app.segmentation.comparison import Moves, Refinement, compare_partitions
from app.services.comparing import movement_of, segment_changes
from app.services.run_reports import NOISE, cluster_names
from app.services.run_views import OpenRun, RunViews

SENTENCE = "{moved:,} of {all:,} customers ({share}) are in another segment."
NESTED = "{old} segments are {change} into {new}, and nobody goes elsewhere."
NEARLY_NESTED = (
    "{old} segments are {change} into {new}; "
    "{{moved:,}} of {{all:,}} customers ({{share}}) go elsewhere."
)
OTHER_TABLES = (
    "Run {old.id} is of another table than run {new.id}, so they have no customers in common to "
    "follow; choose two runs of one table"
)
READ_ANEW = (
    "The table was read anew between the two runs: run {old.id} is of {old.n_samples:,} customers "
    "and run {new.id} of {new.n_samples:,}; make the older one again to compare them"
)


def compare(views: RunViews, new: OpenRun, old: OpenRun) -> RunComparison:
    """Follow every row of the table from the one run to the other."""
    if new.run.dataset_id != old.run.dataset_id:
        raise BadRequest(OTHER_TABLES.format(old=old.run, new=new.run))
    if new.run.n_samples != old.run.n_samples:
        raise BadRequest(READ_ANEW.format(old=old.run, new=new.run))
    found = compare_partitions(
        views.kept(old).labels,
        views.kept(new).labels,
        n_before=old.run.n_clusters,
        n_after=new.run.n_clusters,
    )
    rows, columns = [*cluster_names(old.run).values()], [*cluster_names(new.run).values()]
    n_rows, n_columns = len(found.moves.matrix), len(found.moves.matrix[0])
    changes = segment_changes(found.matches, rows, columns)
    sentence = SENTENCE
    if found.refinement is not None:
        changes = refined_changes(found.moves, found.refinement, rows, columns)
        told = NEARLY_NESTED if found.moves.n_moved else NESTED
        sentence = told.format(old=len(rows), new=len(columns), change=found.refinement.change)
    movement = movement_of(
        found.moves,
        [*rows, NOISE][:n_rows],
        [*columns, NOISE][:n_columns],
        sentence,
    )
    return RunComparison(
        **{name: getattr(movement, name) for name in Movement.model_fields},
        run_id=new.run.id,
        against=old.run.id,
        dataset_id=new.run.dataset_id,
        adjusted_rand_index=found.adjusted_rand_index,
        refinement=found.refinement.change if found.refinement is not None else None,
        segments=changes,
    )


def refined_changes(
    moves: Moves, refinement: Refinement, rows: list[str], columns: list[str]
) -> list[SegmentChange]:
    """Tell each part with its whole, by whole and the larger parts first."""
    counts = np.array(moves.matrix)
    splits = refinement.change == "split"
    ways = [
        (whole, part) if splits else (part, whole) for part, whole in enumerate(refinement.wholes)
    ]
    parts_of = Counter(refinement.wholes)

    def change_of(old: int, new: int) -> SegmentChange:
        shared = int(counts[old, new])
        alone = parts_of[old if splits else new] == 1
        same = "kept" if rows[old] == columns[new] else "renamed"
        return SegmentChange(
            change=same if alone else refinement.change,
            old_id=old,
            old_name=rows[old],
            new_id=new,
            new_name=columns[new],
            overlap=shared / int(counts[old].sum() + counts[:, new].sum() - shared),
        )

    whole = 0 if splits else 1
    ordered = sorted(ways, key=lambda way: (way[whole], -int(counts[way])))
    return [change_of(old, new) for old, new in ordered]
