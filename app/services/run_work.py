"""One clustering run, from a kept reading to stored artefacts: in a worker or in a request."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.tables import ClusteringRun, ClusteringTree, Dataset
from app.errors import NotFound
from app.segmentation.column_choice import ColumnChoice, choose_columns
from app.segmentation.errors import DegenerateDataError
from app.segmentation.features import FeatureSpace, fit_features
from app.segmentation.fitting import FitOptions, FittedRun, MeasuredTree, fit_run, measure_tree
from app.segmentation.projection import Projection, project
from app.segmentation.validation.report import validate_segments
from app.segmentation.validation.structure import assess_structure
from app.services.job_work import Bench, Outcome, Progress
from app.services.validating import validation_of
from app.storage.artefacts import DamagedArtefact, StoredArtefact

DIFFERENCES_SHOWN = 10
TREE_OPTIONS = ("linkage", "transform", "categorical_limit", "pca_components")
FIT_OPTIONS = ("algorithm", "n_clusters", "eps", "min_samples", "min_cluster_size")


@dataclass(frozen=True, eq=False)
class KeptTree:
    """A measured tree, with the space it was grown in."""

    space: FeatureSpace
    measured: MeasuredTree


@dataclass(frozen=True, eq=False)
class KeptRun:
    """A finished run, with the points of its scatter plot."""

    fitted: FittedRun
    projection: Projection | None


@dataclass(frozen=True)
class RunOrder:
    """What a run needs to know; plain values, so that it travels to a worker.

    `kinds` is every column of the reading to its kind; `options` the request without its dataset.
    """

    dataset_id: int
    directory: str
    reading: str
    created_by: str
    kinds: Mapping[str, str]
    options: Mapping[str, Any]

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
    report("reading the columns", 2)
    bench.tables.touch(order.directory, order.reading)
    frame = bench.tables.frame(order.directory, order.reading, columns=choice.used)
    options = FitOptions(**{name: order.options[name] for name in FIT_OPTIONS})
    tree_id, kept = None, None
    if options.algorithm == "hierarchical":
        tree_id, kept = _tree(bench, order, choice, frame, report)
        space = kept.space
    else:
        space = _space(order, choice, frame, report)
        report(f"clustering by {options.algorithm}", 20)
    run = fit_run(
        frame, space, choice, options, measured_tree=kept.measured if kept is not None else None
    )
    validation = _validation(order, choice, frame, space, run, report)
    report("storing the run", 95)
    # The dataset may have been read anew meanwhile: its old reading lives on by being of use.
    bench.tables.touch(order.directory, order.reading)
    description = {**report_of(run, choice), "validation": validation}
    kept_run = KeptRun(run, _projection(space, run))
    stored = bench.artefacts.save(order.directory, "run", kept_run)
    return Outcome(
        store=lambda session: {"run_id": _store(session, order, run, description, stored, tree_id)},
        discard=lambda: bench.artefacts.remove(order.directory, stored.name),
    )


def _validation(
    order: RunOrder,
    choice: ColumnChoice,
    frame: Any,
    space: FeatureSpace,
    run: FittedRun,
    report: Progress,
) -> dict[str, Any] | None:
    if not order.options.get("with_validation") or run.clustering.n_clusters < 2:
        return None
    report("asking whether the segments are real", 60)
    # Components of categories lie in heaps, which would pass for groups.
    before_projection = replace(space.encoder, pca=None).transform(frame)
    found = validate_segments(
        space.matrix,
        run.clustering,
        frame,
        numeric=choice.numeric,
        categorical=choice.categorical,
        structure=assess_structure(before_projection),
    )
    return validation_of(found).model_dump(mode="json")


def _space(order: RunOrder, choice: ColumnChoice, frame: Any, report: Progress) -> FeatureSpace:
    report("encoding the columns", 8)
    return fit_features(
        frame,
        numeric=choice.numeric,
        categorical=choice.categorical,
        transform=order.options["transform"],
        categorical_limit=order.options["categorical_limit"],
        pca_components=order.options["pca_components"],
    )


def _tree(
    bench: Bench, order: RunOrder, choice: ColumnChoice, frame: Any, report: Progress
) -> tuple[int, KeptTree]:
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
        space = _space(order, choice, frame, report)
        report(f"building the tree by {order.options['linkage']} linkage", 15)
        measured = measure_tree(
            space,
            linkage=order.options["linkage"],
            memory_limit_bytes=bench.linkage_memory_bytes,
        )
        kept = KeptTree(space, measured)
        report("keeping the tree", 85)
        stored = bench.artefacts.save(order.directory, "tree", kept)
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
    return tree.id, kept


def _projection(space: FeatureSpace, run: FittedRun) -> Projection | None:
    try:
        return project(space.matrix, run.clustering.labels)
    except DegenerateDataError:
        return None


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


def report_of(run: FittedRun, choice: ColumnChoice) -> dict[str, Any]:
    """Put a run's description into plain values."""
    measure, sweep = run.silhouette, run.sweep
    return {
        "details": dict(run.clustering.details),
        "inertia": run.clustering.inertia,
        "n_noise": int(np.count_nonzero(run.clustering.labels < 0)),
        "n_features": len(run.encoder.feature_names),
        "explained_variance": list(run.encoder.explained_variance),
        "silhouette_sample_size": measure.sample_size if measure is not None else None,
        "columns": list(choice.used),
        "numeric": list(choice.numeric),
        "categorical": list(choice.categorical),
        "left_out": dict(choice.left_out),
        "identifier": choice.identifier,
        "degenerate": run.degenerate,
        "warnings": list(run.warnings),
        "profiles": profiles_of(run),
        "sweep": None
        if sweep is None
        else {
            "k_range": [int(k) for k in sweep.k_range],
            "silhouette_scores": [float(score) for score in sweep.silhouettes],
            "inertias": [float(inertia) for inertia in sweep.inertias],
            "degenerate": [bool(each) for each in sweep.degenerate],
        },
    }


def choice_of(report: Mapping[str, Any]) -> ColumnChoice:
    """Return the columns that a stored run used."""
    return ColumnChoice(
        numeric=tuple(report["numeric"]),
        categorical=tuple(report["categorical"]),
        identifier=report["identifier"],
        left_out=report["left_out"],
    )


def profiles_of(run: FittedRun) -> list[dict[str, Any]]:
    per_cluster = run.silhouette.per_cluster if run.silhouette is not None else None
    return [
        {
            "cluster": profile.cluster_id,
            "cluster_name": name,
            "size": profile.size,
            "share": profile.share,
            "silhouette": per_cluster[profile.cluster_id] if per_cluster is not None else None,
            "means": dict(profile.means),
            "categories": {
                column: [share._asdict() for share in shares]
                for column, shares in profile.categories.items()
            },
            "differences": [asdict(each) for each in profile.differences[:DIFFERENCES_SHOWN]],
        }
        for profile, name in zip(run.profiles, run.names, strict=True)
    ]
