"""One clustering run, from a kept reading to stored artefacts: in a worker or in a request."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.tables import ClusteringRun, ClusteringTree, Dataset
from app.errors import NotFound
from app.segmentation.column_choice import ColumnChoice, choose_columns
from app.segmentation.features import FeatureSpace, fit_features
from app.segmentation.fitting import FitOptions, FittedRun, fit_run
from app.segmentation.pictures.projection import project_rows
from app.segmentation.tree_cuts import CuttableTree, cut_projection, cut_run, prepare_cuts
from app.segmentation.tree_selection import measure_tree
from app.segmentation.validation.report import validate_segments
from app.segmentation.validation.structure import assess_structure
from app.services.job_work import Bench, Outcome, Progress
from app.services.run_reports import report_of
from app.services.validating import validation_of
from app.storage.artefacts import DamagedArtefact, StoredArtefact
from app.storage.segmentations import KeptRun

TREE_OPTIONS = ("linkage", "transform", "categorical_limit", "pca_components")
FIT_OPTIONS = ("algorithm", "n_clusters", "eps", "min_samples", "min_cluster_size")


@dataclass(frozen=True)
class RunOrder:
    """What a run needs to know; plain values, so that it travels to a worker.

    `kinds` is every column of the reading to its kind; `options` the request without its dataset;
    `formats` how each column of numbers is written, so that new rows are read alike.
    """

    dataset_id: int
    directory: str
    reading: str
    created_by: str
    kinds: Mapping[str, str]
    options: Mapping[str, Any]
    formats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def tree_key(self) -> str:
        """Name the tree: whatever gives the same rows, space and linkage shares it."""
        # Columns that are named are those that are taken where none is.
        parts: list[Any] = [self.reading, list(self.kinds.items()), list(self.choice().used)]
        parts += [self.options.get(name) for name in TREE_OPTIONS]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def choice(self) -> ColumnChoice:
        return choose_columns(self.kinds, wanted=self.options["columns"])


def train_work(bench: Bench, arguments: Mapping[str, Any], report: Progress) -> Outcome:
    """Fit a run; its row is written by `Outcome.store`, with everything else that must hold."""
    order = RunOrder(**arguments)
    choice = order.choice()
    options = FitOptions(**{name: order.options[name] for name in FIT_OPTIONS})
    bench.tables.touch(order.directory, order.reading)
    tree_id = None
    if options.algorithm == "hierarchical":
        tree_id, tree = _tree(bench, order, choice, report)
        run = cut_run(tree, choice, n_clusters=options.n_clusters)
        projection = cut_projection(tree, n_clusters=run.clustering.n_clusters)
    else:
        frame, space = _space(bench, order, choice, report)
        report(f"clustering by {options.algorithm}", 20)
        run = fit_run(frame, space, choice, options)
        projection = project_rows(space.matrix, run.clustering.labels)
    validation = _validation(bench, order, choice, run, report)
    report("storing the run", 95)
    # The dataset may have been read anew meanwhile: its old reading lives on by being of use.
    bench.tables.touch(order.directory, order.reading)
    formats = {name: order.formats[name] for name in choice.numeric if name in order.formats}
    description = {**report_of(run, choice), "validation": validation, "formats": formats}
    stored = bench.artefacts.save(order.directory, "run", KeptRun(run, projection))
    return Outcome(
        store=lambda session: {"run_id": _store(session, order, run, description, stored, tree_id)},
        discard=lambda: bench.artefacts.remove(order.directory, stored.name),
    )


def _validation(
    bench: Bench, order: RunOrder, choice: ColumnChoice, run: FittedRun, report: Progress
) -> dict[str, Any] | None:
    if not order.options.get("with_validation") or run.clustering.n_clusters < 2:
        return None
    report("asking whether the segments are real", 60)
    frame = bench.tables.frame(order.directory, order.reading, columns=choice.used)
    # Components of categories lie in heaps, which would pass for groups.
    before_projection = replace(run.encoder, pca=None).transform(frame)
    clustered = before_projection if run.encoder.pca is None else run.encoder.transform(frame)
    found = validate_segments(
        clustered,
        run.clustering,
        frame,
        numeric=choice.numeric,
        categorical=choice.categorical,
        structure=assess_structure(before_projection),
    )
    return validation_of(found).model_dump(mode="json")


def _space(
    bench: Bench, order: RunOrder, choice: ColumnChoice, report: Progress
) -> tuple[pd.DataFrame, FeatureSpace]:
    report("reading the columns", 2)
    frame = bench.tables.frame(order.directory, order.reading, columns=choice.used)
    report("encoding the columns", 8)
    space = fit_features(
        frame,
        numeric=choice.numeric,
        categorical=choice.categorical,
        transform=order.options["transform"],
        categorical_limit=order.options["categorical_limit"],
        pca_components=order.options["pca_components"],
    )
    return frame, space


def _tree(
    bench: Bench, order: RunOrder, choice: ColumnChoice, report: Progress
) -> tuple[int, CuttableTree]:
    """Return the tree that is kept for these options, or grow it; two askers grow it once."""
    key = order.tree_key
    with bench.tables.turn(order.directory, f"tree-{key[:16]}"):
        with bench.database.session(read_only=True) as session:
            row = find_tree(session, order.dataset_id, key)
        if row is not None:
            try:
                return row.id, load_tree(bench, order.directory, row)
            except DamagedArtefact:
                _forget(bench, row.id)
                bench.artefacts.remove(order.directory, row.artefact)
        frame, space = _space(bench, order, choice, report)
        report(f"building the tree by {order.options['linkage']} linkage", 15)
        measured = measure_tree(
            space,
            linkage=order.options["linkage"],
            memory_limit_bytes=bench.linkage_memory_bytes,
        )
        report("describing its cuts", 75)
        cuttable = prepare_cuts(measured, frame, space, choice)
        report("keeping the tree", 85)
        stored = bench.artefacts.save(order.directory, "tree", cuttable)
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
    return tree.id, cuttable


def find_tree(session: Session, dataset_id: int, key: str) -> ClusteringTree | None:
    query = sa.select(ClusteringTree).where(
        ClusteringTree.dataset_id == dataset_id, ClusteringTree.key == key
    )
    return session.scalars(query).one_or_none()


def load_tree(bench: Bench, directory: str, row: ClusteringTree) -> CuttableTree:
    stored = StoredArtefact(row.artefact, row.checksum)
    return bench.artefacts.load(directory, stored, CuttableTree)


def _forget(bench: Bench, tree_id: int) -> None:
    with bench.database.connect() as connection:
        connection.execute(sa.delete(ClusteringTree).where(ClusteringTree.id == tree_id))


def _store(
    session: Session,
    order: RunOrder,
    run: FittedRun,
    description: dict[str, Any],
    stored: StoredArtefact,
    tree_id: int | None,
) -> int:
    if session.get(Dataset, order.dataset_id, with_for_update=True) is None:
        raise NotFound("The dataset was deleted meanwhile")
    options = dict(order.options)
    row = ClusteringRun(
        dataset_id=order.dataset_id,
        created_by=order.created_by,
        reading=order.reading,
        artefact=stored.name,
        checksum=stored.checksum,
        tree_id=tree_id,
        algorithm=options["algorithm"],
        linkage=options["linkage"] if tree_id is not None else None,
        n_clusters=run.clustering.n_clusters,
        n_samples=len(run.clustering.labels),
        n_encoded_features=run.encoder.n_encoded_features,
        silhouette_score=run.silhouette.score if run.silhouette is not None else None,
        options=options,
        report=description,
    )
    session.add(row)
    session.flush()
    return row.id
