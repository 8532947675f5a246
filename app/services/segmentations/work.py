"""One clustering run, from a kept reading to stored artefacts: in a worker or in a request."""

import hashlib
import json
from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.db.tables import ClusteringRun, ClusteringTree, Dataset
from app.errors import NotFound
from app.schemas.datasets import ColumnFacts
from app.segmentation.kept_tree import KeptTree
from app.segmentation.preparation.column_choice import ColumnChoice, columns_used
from app.segmentation.preparation.deriving import derived_by, with_derived_columns
from app.segmentation.questioning import validate
from app.segmentation.recipe import Recipe
from app.segmentation.recutting import recut
from app.segmentation.segment import Phase, segment_with_tree
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import Column, Dialect, Kind, Table
from app.services.column_formats import column_of, formats_of
from app.services.job_work import Bench, Outcome, Progress
from app.services.segmentations.reports import report_of
from app.storage.artefacts import DamagedArtefact, StoredArtefact

TREE_DECISIONS = (
    "blanks",
    "transform",
    "category_weight",
    "categorical_limit",
    "extremes",
    "relevance",
    "redundancy",
    "derived",
    "projection",
    "linkage",
    "seed",
)
"""Whatever gives the same rows, space and linkage shares a tree."""

_PHASES: Mapping[Phase, tuple[str, int, int]] = {
    "preparing": ("preparing the columns", 5, 15),
    "clustering": ("finding segments", 15, 60),
    "describing": ("describing the segments", 60, 75),
    "validating": ("asking whether the segments are real", 75, 90),
}


class RunOrder(BaseModel):
    """What a run needs to know; it travels to a worker as plain values."""

    model_config = ConfigDict(frozen=True)

    dataset_id: int
    directory: str
    reading: str
    created_by: str
    n_rows: int
    facts: tuple[ColumnFacts, ...]
    recipe: Recipe

    @classmethod
    def of(cls, dataset: Dataset, recipe: Recipe, created_by: str) -> Self:
        return cls(
            dataset_id=dataset.id,
            directory=dataset.directory,
            reading=dataset.reading,
            created_by=created_by,
            n_rows=dataset.n_rows,
            facts=tuple(ColumnFacts.model_validate(each) for each in dataset.columns),
            recipe=recipe,
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(map(column_of, self.facts))

    @property
    def tree_key(self) -> str:
        # Columns that are named are those that are taken where none is.
        kinds = [[each.name, each.kind.value] for each in self.columns]
        parts: list[object] = [self.reading, kinds, list(self.choice().used)]
        decided = self.recipe.to_dict()
        # Naming the columns says that all of them count.
        decided["relevance"] = "all" if self.recipe.columns else self.recipe.relevance
        parts += [decided[name] for name in TREE_DECISIONS]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def choice(self) -> ColumnChoice:
        columns = with_derived_columns(self.columns, self.recipe, n_rows=self.n_rows)
        return columns_used(columns, self.recipe, n_rows=self.n_rows)

    def columns_read(self) -> list[str]:
        """Name the columns that may be used, and those that others are made from."""
        derived = derived_by(self.columns, self.recipe, n_rows=self.n_rows)
        made = {each.name: each.source for each in derived}
        named = dict.fromkeys([*self.choice().used, *made.values()])
        used = [name for name in named if name not in made]
        constant = [each.name for each in self.columns if each.kind is Kind.CONSTANT]
        return used or constant[:1]

    def table_of(self, frame: pd.DataFrame) -> Table:
        """Make the table of those columns' rows."""
        return Table(
            frame=frame,
            columns=self.columns,
            dialect=Dialect(format="parquet"),
            line_numbers=np.arange(1, len(frame) + 1),
        )

    def table(self, bench: Bench) -> Table:
        columns = self.columns_read()
        return self.table_of(bench.tables.frame(self.directory, self.reading, columns=columns))


def train_work(bench: Bench, arguments: Mapping[str, object], report: Progress) -> Outcome:
    """Fit a run; its row is written by `Outcome.store`, with everything else that must hold."""
    order = RunOrder.model_validate(arguments)
    bench.tables.touch(order.directory, order.reading)
    if order.recipe.algorithm in ("hierarchical", "auto"):
        found, tree_id = _with_tree(bench, order, report)
    else:
        found, _ = _segmented(bench, order, report)
        tree_id = None
    report("storing the run", 95)
    # The dataset may have been read anew meanwhile: its old reading lives on by being of use.
    bench.tables.touch(order.directory, order.reading)
    stored = bench.artefacts.save(order.directory, "run", found.kept())
    return Outcome(
        store=lambda session: {"run_id": _store(session, order, found, stored, tree_id)},
        discard=lambda: bench.artefacts.remove(order.directory, stored.name),
    )


def _segmented(
    bench: Bench, order: RunOrder, report: Progress
) -> tuple[Segmentation, KeptTree | None]:
    report("reading the columns", 2)
    table = order.table(bench)

    def progress(phase: Phase, done: float) -> None:
        told, start, end = _PHASES[phase]
        report(told, start + round((end - start) * done))

    segmented = segment_with_tree(
        table, order.recipe, progress, memory_limit_bytes=bench.linkage_memory_bytes
    )
    return segmented.segmentation, segmented.tree


def _with_tree(bench: Bench, order: RunOrder, report: Progress) -> tuple[Segmentation, int | None]:
    """Cut the tree that is kept for these decisions, or grow it; two askers grow it once."""
    key = order.tree_key
    with bench.tables.turn(order.directory, f"tree-{key[:16]}"):
        with bench.database.session(read_only=True) as session:
            row = find_tree(session, order.dataset_id, key)
        if row is not None and order.recipe.algorithm == "hierarchical":
            try:
                tree = load_tree(bench, order.directory, row)
            except DamagedArtefact:
                _forget(bench, row.id)
                bench.artefacts.remove(order.directory, row.artefact)
                row = None
            else:
                return _recut(bench, order, tree, report), row.id
        found, grown = _segmented(bench, order, report)
        if grown is None:
            return found, None
        report("keeping the tree", 92)
        return found, row.id if row is not None else _keep(bench, order, key, grown)


def _recut(bench: Bench, order: RunOrder, tree: KeptTree, report: Progress) -> Segmentation:
    found = recut(tree, order.recipe)
    if order.recipe.validation == "none":
        return found
    report(*_PHASES["validating"][:2])
    return validate(order.table(bench), found)


def _keep(bench: Bench, order: RunOrder, key: str, grown: KeptTree) -> int:
    stored = bench.artefacts.save(order.directory, "tree", grown)
    try:
        with bench.database.session() as session:
            tree = ClusteringTree(
                dataset_id=order.dataset_id,
                key=key,
                artefact=stored.name,
                checksum=stored.checksum,
            )
            session.add(tree)
    except BaseException:
        bench.artefacts.remove(order.directory, stored.name)
        raise
    return tree.id


def find_tree(session: Session, dataset_id: int, key: str) -> ClusteringTree | None:
    query = sa.select(ClusteringTree).where(
        ClusteringTree.dataset_id == dataset_id, ClusteringTree.key == key
    )
    return session.scalars(query).one_or_none()


def load_tree(bench: Bench, directory: str, row: ClusteringTree) -> KeptTree:
    stored = StoredArtefact(row.artefact, row.checksum)
    return bench.artefacts.load(directory, stored, KeptTree)


def _forget(bench: Bench, tree_id: int) -> None:
    with bench.database.connect() as connection:
        connection.execute(sa.delete(ClusteringTree).where(ClusteringTree.id == tree_id))


def _store(
    session: Session,
    order: RunOrder,
    found: Segmentation,
    stored: StoredArtefact,
    tree_id: int | None,
) -> int:
    if session.get(Dataset, order.dataset_id, with_for_update=True) is None:
        raise NotFound("The dataset was deleted while the run was being made")
    encoder, measure = found.encoder, found.silhouette
    used = found.columns.used
    formats = {name: each for name, each in formats_of(order.facts).items() if name in used}
    row = ClusteringRun(
        dataset_id=order.dataset_id,
        created_by=order.created_by,
        reading=order.reading,
        artefact=stored.name,
        checksum=stored.checksum,
        tree_id=tree_id,
        algorithm=found.chosen.algorithm or order.recipe.algorithm,
        linkage=order.recipe.linkage if tree_id is not None else None,
        n_clusters=found.n_segments,
        n_samples=len(found.labels),
        n_encoded_features=encoder.n_encoded_features if encoder is not None else 0,
        silhouette_score=measure.score if measure is not None else None,
        options=order.recipe.to_dict(),
        report=report_of(found, formats).model_dump(mode="json"),
    )
    session.add(row)
    session.flush()
    return row.id
