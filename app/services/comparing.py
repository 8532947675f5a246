"""How two versions, or two runs of a table, differ: which segments live on, and who moves."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.tables import PredictionHistory
from app.errors import BadRequest
from app.schemas.models import (
    Comparison,
    CustomersMoved,
    Movement,
    RunComparison,
    SegmentChange,
)
from app.segmentation.comparison import (
    CustomerMoves,
    Moves,
    Refinement,
    compare_borders,
    compare_customers,
    compare_partitions,
    successors_of,
)
from app.segmentation.identity import Match, match_segments
from app.segmentation.recipe import FEATURES
from app.segmentation.scoring import Scorer
from app.services.models import ModelService, report_of, trained_version
from app.services.segmentations.reports import NOISE
from app.services.segmentations.views import OpenRun, RunViews
from app.services.versions import customers_of, get_version

RECENT_PREDICTIONS = 10_000

TRAINING = "{moved:,} of {all:,} customers in the training table ({share}) would change segment."
HISTORY = "{moved:,} of the {all:,} customers predicted last ({share}) would change segment."
CUSTOMERS = (
    "{moved:,} of the {all:,} customers in both tables ({share}) changed so much themselves "
    "that the old model puts them elsewhere now."
)
BORDERS = (
    "{moved:,} of the {all:,} customers in the old table ({share}) would change segment as "
    "they are there, because the borders moved."
)
NOBODY = "There are no customers to compare."
STRANGERS = "No customer id is in both tables, so customers cannot be matched."
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
    "The table was read again between the two runs: run {old.id} is of {old.n_samples:,} customers "
    "and run {new.id} of {new.n_samples:,}; make the older one again to compare them"
)


def compare(models: ModelService, version: int, against: int | None) -> Comparison:
    """Compare a version with another one, the active one unless named."""
    with models.database.session(read_only=True) as session:
        new_row = get_version(session, version)
        old_row = trained_version(session) if against is None else get_version(session, against)
        recent = recent_features(session)
    old, new = models.scorer_of(old_row), models.scorer_of(new_row)
    old_table, new_table = customers_of(models, old_row), customers_of(models, new_row)
    old_names, new_names = report_of(old_row).names, report_of(new_row).names

    matches = _match(old, new, new_table.features)
    successors = successors_of(matches)

    def borders(features: NDArray[np.float64]) -> Moves:
        return compare_borders(features, old=old, new=new, successors=successors)

    training, history = borders(new_table.features), borders(recent)
    customers = compare_customers(
        old_table.customer_ids,
        old_table.features,
        new_table.customer_ids,
        new_table.features,
        model=old,
    )
    segments = segment_changes(matches, old_names, new_names)
    return Comparison(
        version=new_row.version,
        against=old_row.version,
        summary=summary_of(training, segments),
        segments=segments,
        training=movement_of(training, old_names, new_names, TRAINING),
        history=movement_of(history, old_names, new_names, HISTORY),
        customers_moved=_customers_moved(customers, old_names),
        borders_moved=movement_of(
            borders(old_table.features),
            old_names,
            new_names,
            BORDERS,
        ),
    )


def recent_features(session: Session, *conditions: sa.ColumnElement[bool]) -> NDArray[np.float64]:
    """Return the features of the latest predictions, of all users, without who they are."""
    query = (
        sa.select(PredictionHistory.customer_data)
        .where(*conditions)
        .order_by(PredictionHistory.id.desc())
        .limit(RECENT_PREDICTIONS)
    )
    rows = [[customer[feature] for feature in FEATURES] for customer in session.scalars(query)]
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


def _match(old: Scorer, new: Scorer, features: NDArray[np.float64]) -> tuple[Match, ...]:
    return match_segments(
        old.score_many(features).clusters,
        new.score_many(features).clusters,
        n_old=len(old.centers),
        n_new=len(new.centers),
    )


def segment_changes(
    matches: Sequence[Match], old_names: Sequence[str], new_names: Sequence[str]
) -> list[SegmentChange]:
    changes = [
        SegmentChange(
            change="kept" if old_names[match.old_id] == new_names[match.new_id] else "renamed",
            old_id=match.old_id,
            old_name=old_names[match.old_id],
            new_id=match.new_id,
            new_name=new_names[match.new_id],
            overlap=match.overlap,
        )
        for match in matches
    ]
    kept = {match.old_id for match in matches}
    come = {match.new_id for match in matches}
    gone = [
        SegmentChange(
            change="gone", old_id=i, old_name=name, new_id=None, new_name=None, overlap=None
        )
        for i, name in enumerate(old_names)
        if i not in kept
    ]
    new = [
        SegmentChange(
            change="new", old_id=None, old_name=None, new_id=i, new_name=name, overlap=None
        )
        for i, name in enumerate(new_names)
        if i not in come
    ]
    return [*changes, *new, *gone]


def share_in_words(share: float) -> str:
    """Return a share as a percentage that does not say none where there is one."""
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"


def movement_of(
    moves: Moves, rows: list[str], columns: list[str], sentence: str, *, nobody: str = NOBODY
) -> Movement:
    share = moves.n_moved / moves.n_customers if moves.n_customers else 0.0
    return Movement(
        n_customers=moves.n_customers,
        n_moved=moves.n_moved,
        share_moved=share,
        rows=rows,
        columns=columns,
        matrix=[list(row) for row in moves.matrix],
        sentence=sentence.format(
            moved=moves.n_moved, all=moves.n_customers, share=share_in_words(share)
        )
        if moves.n_customers
        else nobody,
    )


def _customers_moved(customers: CustomerMoves, names: list[str]) -> CustomersMoved:
    movement = movement_of(customers.moves, names, names, CUSTOMERS, nobody=STRANGERS)
    return CustomersMoved(
        **{name: getattr(movement, name) for name in Movement.model_fields},
        n_joined=customers.n_joined,
        n_left=customers.n_left,
    )


def summary_of(training: Moves, segments: Sequence[SegmentChange]) -> str:
    come = [each.new_name for each in segments if each.change == "new"]
    gone = [each.old_name for each in segments if each.change == "gone"]
    anew = [name for name in come if name in gone]
    told: dict[str, list[str | None]] = {
        "made up of other customers": anew,
        "new": [name for name in come if name not in anew],
        "gone": [name for name in gone if name not in anew],
        "renamed": [
            f"{each.old_name} to {each.new_name}" for each in segments if each.change == "renamed"
        ],
    }
    changes = "".join(
        f"; {what}: {', '.join(str(name) for name in names)}"
        for what, names in told.items()
        if names
    )
    share = training.n_moved / training.n_customers
    return (
        f"{training.n_moved:,} of {training.n_customers:,} customers "
        f"({share_in_words(share)}) would change "
        f"segment{changes or '; every segment stays'}."
    )


def compare_runs(views: RunViews, new: OpenRun, old: OpenRun) -> RunComparison:
    """Follow every row of the table from the one run to the other."""
    if new.run.dataset_id != old.run.dataset_id:
        raise BadRequest(
            OTHER_TABLES.format(old=old.run, new=new.run), code="other_table", field="against"
        )
    if new.run.n_samples != old.run.n_samples:
        raise BadRequest(
            READ_ANEW.format(old=old.run, new=new.run), code="table_read_again", field="against"
        )
    found = compare_partitions(
        views.kept(old).labels,
        views.kept(new).labels,
        n_before=old.run.n_clusters,
        n_after=new.run.n_clusters,
    )
    rows, columns = [*old.report.names.values()], [*new.report.names.values()]
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
