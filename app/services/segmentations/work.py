"""One clustering run, from a kept reading to stored artefacts: in a worker or in a request."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringTree
from app.segmentation.kept_tree import KeptTree
from app.segmentation.questioning import validate
from app.segmentation.recutting import recut
from app.segmentation.segment import Phase, segment_with_tree
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import units_of_formats
from app.services.column_formats import formats_of
from app.services.job_work import Outcome, Progress, Tools
from app.services.segmentations.asking import RunOrder
from app.services.segmentations.storing import recognised_by, store_version
from app.services.segmentations.version_rows import BLOCK_ROWS, VersionRows
from app.storage.artefacts import DamagedArtefact, StoredArtefact

_PHASES: Mapping[Phase, tuple[str, int, int]] = {
    "preparing": ("preparing the columns", 5, 15),
    "clustering": ("finding segments", 15, 60),
    "describing": ("describing the segments", 60, 75),
    "validating": ("asking whether the segments are real", 75, 90),
}


def train_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Fit a run; its row is written by `Outcome.store`, with everything else that must hold."""
    order = RunOrder.model_validate(arguments)
    tools.tables.touch(order.directory, order.reading)
    if order.recipe.algorithm in ("hierarchical", "auto"):
        found, tree_id = _with_tree(tools, order, report)
    else:
        found, _ = _segmented(tools, order, report)
        tree_id = None
    report("storing the run", 95)
    # The dataset may have been read again meanwhile: its old reading lives on by being of use.
    tools.tables.touch(order.directory, order.reading)
    recognised = recognised_by(tools, order, found)
    stored = tools.artefacts.save(order.directory, "run", found.kept())
    if order.n_rows > BLOCK_ROWS:
        # In a job, rather than while the first reader of the list waits.
        _measure_rows(tools, order, found, stored, report)
    return Outcome(
        store=lambda session: store_version(session, order, found, stored, tree_id, recognised),
        discard=lambda: tools.artefacts.remove(order.directory, stored.name),
    )


def _measure_rows(
    tools: Tools, order: RunOrder, found: Segmentation, stored: StoredArtefact, report: Progress
) -> None:
    rows = VersionRows(
        tables=tools.tables,
        directory=order.directory,
        reading=order.reading,
        artefact=stored.name,
        formats=formats_of(order.facts),
        used=found.columns.used,
    )
    try:
        report("measuring each customer", 97)
        rows.ensure(lambda: found)
    except BaseException:
        tools.artefacts.remove(order.directory, stored.name)
        raise


def _segmented(
    tools: Tools, order: RunOrder, report: Progress
) -> tuple[Segmentation, KeptTree | None]:
    report("reading the columns", 2)
    table = order.table(tools)

    def progress(phase: Phase, done: float) -> None:
        told, start, end = _PHASES[phase]
        report(told, start + round((end - start) * done))

    segmented = segment_with_tree(
        table, order.recipe, progress, memory_limit_bytes=tools.linkage_memory_bytes
    )
    return segmented.segmentation, segmented.tree


def _with_tree(tools: Tools, order: RunOrder, report: Progress) -> tuple[Segmentation, int | None]:
    """Cut the tree that is kept for these decisions, or grow it; two askers grow it once."""
    key = order.tree_key
    with tools.tables.turn(order.directory, f"tree-{key[:16]}"):
        with tools.database.session(read_only=True) as session:
            row = find_tree(session, order.dataset_id, key)
        if row is not None and order.recipe.algorithm == "hierarchical":
            try:
                tree = load_tree(tools, order.directory, row)
            except DamagedArtefact:
                _forget(tools, row.id)
                tools.artefacts.remove(order.directory, row.artefact)
                row = None
            else:
                return _recut(tools, order, tree, report), row.id
        found, grown = _segmented(tools, order, report)
        if grown is None:
            return found, None
        report("keeping the tree", 92)
        return found, row.id if row is not None else _keep(tools, order, key, grown)


def _recut(tools: Tools, order: RunOrder, tree: KeptTree, report: Progress) -> Segmentation:
    found = recut(tree, order.recipe, units=units_of_formats(formats_of(order.facts)))
    if order.recipe.validation == "none":
        return found
    report(*_PHASES["validating"][:2])
    return validate(order.table(tools), found)


def _keep(tools: Tools, order: RunOrder, key: str, grown: KeptTree) -> int:
    stored = tools.artefacts.save(order.directory, "tree", grown)
    try:
        with tools.database.session() as session:
            tree = ClusteringTree(
                dataset_id=order.dataset_id,
                key=key,
                artefact=stored.name,
                checksum=stored.checksum,
            )
            session.add(tree)
    except BaseException:
        tools.artefacts.remove(order.directory, stored.name)
        raise
    return tree.id


def find_tree(session: Session, dataset_id: int, key: str) -> ClusteringTree | None:
    query = sa.select(ClusteringTree).where(
        ClusteringTree.dataset_id == dataset_id, ClusteringTree.key == key
    )
    return session.scalars(query).one_or_none()


def load_tree(tools: Tools, directory: str, row: ClusteringTree) -> KeptTree:
    stored = StoredArtefact(row.artefact, row.checksum)
    return tools.artefacts.load(directory, stored, KeptTree)


def _forget(tools: Tools, tree_id: int) -> None:
    with tools.database.connect() as connection:
        connection.execute(sa.delete(ClusteringTree).where(ClusteringTree.id == tree_id))
