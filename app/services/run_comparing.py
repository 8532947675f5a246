"""How two runs of a table differ: which segments live on, and who is in another one."""

from app.errors import BadRequest
from app.schemas.models import Movement, RunComparison
from app.segmentation.comparison import compare_partitions
from app.services.comparing import movement_of, segment_changes
from app.services.run_reports import NOISE, cluster_names
from app.services.run_views import OpenRun, RunViews

SENTENCE = "{moved:,} of {all:,} customers ({share}) are in another segment."
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
        views.kept(old).fitted.clustering.labels,
        views.kept(new).fitted.clustering.labels,
        n_before=old.run.n_clusters,
        n_after=new.run.n_clusters,
    )
    rows, columns = [*cluster_names(old.run).values()], [*cluster_names(new.run).values()]
    n_rows, n_columns = len(found.moves.matrix), len(found.moves.matrix[0])
    movement = movement_of(
        found.moves,
        [*rows, NOISE][:n_rows],
        [*columns, NOISE][:n_columns],
        SENTENCE,
    )
    return RunComparison(
        **{name: getattr(movement, name) for name in Movement.model_fields},
        run_id=new.run.id,
        against=old.run.id,
        dataset_id=new.run.dataset_id,
        adjusted_rand_index=found.adjusted_rand_index,
        segments=segment_changes(found.matches, rows, columns),
    )
