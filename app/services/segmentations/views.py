"""What a finished run shows: its segments, its tree, its customers on a plane."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, ClusteringTree
from app.db.tables import Dataset
from app.errors import BadRequest, Unavailable
from app.schemas.reports import Report
from app.schemas.run_views import (
    Assignment,
    CutOut,
    Dendrogram,
    ProjectedCustomer,
    ProjectionOut,
    Segments,
)
from app.schemas.validation import SegmentStabilityOut
from app.segmentation.errors import SegmentationError
from app.segmentation.kept_tree import KeptTree, cut_projection, cut_stability
from app.segmentation.pictures.dendrogram import cut_height
from app.segmentation.recutting import recut
from app.segmentation.segmentation import Segmentation
from app.segmentation.tables import plain_rows, units_of_formats
from app.segmentation.validation.headline import headline
from app.services.accounts import Caller
from app.services.job_work import Tools
from app.services.paging import Page
from app.services.segmentations import runs
from app.services.segmentations.dendrograms import drawn
from app.services.segmentations.finding import Reference, resolve
from app.services.segmentations.reports import NOISE, profiles_of, read_report, recipe_of
from app.services.segmentations.work import load_tree
from app.storage.artefacts import DamagedArtefact, StoredArtefact
from app.storage.datasets import DamagedDataset


@dataclass(frozen=True)
class Picture:
    """How a dendrogram is to be drawn."""

    format: Literal["png", "svg"]
    width: int
    height: int
    max_leaves: int


@dataclass(frozen=True)
class OpenRun:
    """A run the caller may read, with its rows in the database; no session is held.

    `whole`: the caller may also see the dataset, and so columns that the run did not use.
    """

    run: ClusteringRun
    dataset: Dataset
    tree: ClusteringTree | None
    whole: bool

    @cached_property
    def report(self) -> Report:
        return read_report(self.run)


class RunViews:
    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def open(self, caller: Caller, run_id: int) -> OpenRun:
        with self.tools.database.session(read_only=True) as session:
            return self._opened(session, caller, *runs.readable(session, caller, run_id))

    def open_version(
        self, caller: Caller, reference: Reference, version: int | None = None
    ) -> OpenRun:
        """Open a version of a segmentation of a table, the active one where none is named."""
        with self.tools.database.session(read_only=True) as session:
            _, run = resolve(session, caller, reference, version)
            return self._opened(session, caller, run, session.get_one(Dataset, run.dataset_id))

    def _opened(
        self, session: Session, caller: Caller, run: ClusteringRun, dataset: Dataset
    ) -> OpenRun:
        tree = session.get(ClusteringTree, run.tree_id) if run.tree_id is not None else None
        return OpenRun(run, dataset, tree, whole=runs.owns(caller, dataset))

    def segments(self, opened: OpenRun, page: Page) -> Segments:
        run = opened.run
        labels = self.kept(opened).labels
        limit = page.limit or 0
        chosen = labels[page.skip : page.skip + limit]
        ids = self.customer_ids(opened, skip=page.skip, limit=len(chosen))
        names = opened.report.names
        return Segments(
            run_id=run.id,
            dataset_id=run.dataset_id,
            n_clusters=run.n_clusters,
            silhouette_score=run.silhouette_score,
            customer_id_column=opened.report.identifier,
            total=run.n_samples,
            assignments=[
                Assignment(
                    row=row,
                    customer_id=customer,
                    cluster=int(label),
                    cluster_name=names.get(int(label), NOISE),
                )
                for row, (customer, label) in enumerate(
                    zip(ids, chosen, strict=True), start=page.skip + 1
                )
            ],
            profiles=[*opened.report.profiles],
        )

    def customer_ids(self, opened: OpenRun, *, skip: int, limit: int) -> list[str]:
        """Name customers by their identifier, or by the row where there is none."""
        identifier = opened.report.identifier
        if identifier is None:
            return [str(row) for row in range(skip + 1, skip + limit + 1)]
        frame = self.frame_rows(opened, skip=skip, limit=limit, columns=[identifier])
        return _texts(frame, identifier)

    def frame_rows(
        self, opened: OpenRun, *, skip: int, limit: int, columns: list[str] | None = None
    ) -> pd.DataFrame:
        """Return rows as the run saw them."""
        try:
            return self.tools.tables.rows(
                opened.dataset.directory,
                opened.run.reading,
                skip=skip,
                limit=limit,
                columns=columns,
            )
        except DamagedDataset as error:
            raise damaged(error) from error

    def dendrogram(self, opened: OpenRun, picture: Picture) -> bytes:
        # Matplotlib takes 25 MB of a server that may never draw.
        from app.segmentation.pictures.charts import dendrogram_figure, render

        tree = self._tree(opened)
        try:
            figure = dendrogram_figure(
                tree.measured.tree,
                n_clusters=opened.run.n_clusters,
                names=list(opened.report.names.values()),
                max_leaves=picture.max_leaves,
                width=picture.width,
                height=picture.height,
            )
            return render(figure, format=picture.format)
        except SegmentationError as error:
            raise BadRequest(str(error), code=error.code) from error

    def dendrogram_data(self, opened: OpenRun, *, max_leaves: int) -> Dendrogram:
        """Return the drawn part of the tree, and the height of each cut for a slider."""
        measured = self._tree(opened).measured
        try:
            return drawn(opened.run, opened.report.names, measured, max_leaves=max_leaves)
        except SegmentationError as error:
            raise BadRequest(str(error), code=error.code) from error

    def cut(self, opened: OpenRun, n_clusters: int) -> CutOut:
        """Cut the run's tree elsewhere, and describe the segments; nothing is stored."""
        tree = self._tree(opened)
        try:
            recipe = replace(recipe_of(opened.run.options), n_clusters=n_clusters)
            units = units_of_formats(opened.report.formats)
            fitted = recut(tree, recipe, units=units, placing=False)
            found = fitted.n_segments
            height = cut_height(tree.measured.tree, found)
        except SegmentationError as error:
            raise BadRequest(str(error), code=error.code) from error
        profiles = profiles_of(fitted)
        stability = cut_stability(tree, fitted.clustering)
        segments = stability.per_segment if stability is not None else ()
        structure = opened.report.structure
        return CutOut(
            run_id=opened.run.id,
            n_clusters=found,
            silhouette_score=fitted.silhouette.score if fitted.silhouette is not None else None,
            cluster_sizes=[profile.size for profile in profiles],
            cluster_names=[profile.cluster_name for profile in profiles],
            headline=headline(
                structure.verdict if structure is not None else None,
                [each.jaccard for each in segments],
                degenerate=fitted.degenerate,
            ),
            segment_stability=[SegmentStabilityOut.model_validate(each) for each in segments]
            if stability is not None
            else None,
            degenerate=fitted.degenerate,
            height=height,
            profiles=[*profiles],
        )

    def projection(self, opened: OpenRun, *, n_clusters: int | None) -> ProjectionOut:
        """Show the run's customers on a plane, or those of another cut of its tree."""
        if n_clusters is None:
            projection = self.kept(opened).plane
        else:
            try:
                projection = cut_projection(self._tree(opened), n_clusters=n_clusters)
            except SegmentationError as error:
                raise BadRequest(str(error), code=error.code) from error
        if projection is None:
            raise BadRequest(
                "All customers are equal: there is no direction to show them in",
                code="degenerate_data",
            )
        ids = self._ids_at(opened, projection.indices)
        return ProjectionOut(
            run_id=opened.run.id,
            explained_variance=projection.explained_variance.tolist(),
            n_samples=opened.run.n_samples,
            n_shown=len(projection.indices),
            points=[
                ProjectedCustomer(row=row + 1, customer_id=customer, x=x, y=y, cluster=label)
                for row, customer, (x, y), label in zip(
                    projection.indices.tolist(),
                    ids,
                    projection.points.tolist(),
                    projection.labels.tolist(),
                    strict=True,
                )
            ],
        )

    def kept(self, opened: OpenRun) -> Segmentation:
        run = opened.run
        stored = StoredArtefact(run.artefact, run.checksum)
        try:
            return self.tools.artefacts.load(opened.dataset.directory, stored, Segmentation)
        except DamagedArtefact as error:
            raise damaged(error) from error

    def _tree(self, opened: OpenRun) -> KeptTree:
        if opened.tree is None and opened.run.linkage is not None:
            raise damaged(DamagedArtefact("its tree was damaged and is gone"))
        if opened.tree is None:
            raise BadRequest(
                f"A run by {opened.run.algorithm} has no tree; "
                "train one with the hierarchical algorithm",
                code="no_tree",
            )
        try:
            return load_tree(self.tools, opened.dataset.directory, opened.tree)
        except DamagedArtefact as error:
            raise damaged(error) from error

    def _ids_at(self, opened: OpenRun, rows: NDArray[np.int64]) -> list[str]:
        identifier = opened.report.identifier
        if identifier is None:
            return [str(row + 1) for row in rows.tolist()]
        frame = self.frame_rows(opened, skip=0, limit=opened.run.n_samples, columns=[identifier])
        return _texts(frame.iloc[rows], identifier)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    found = [row[column] for row in plain_rows(frame)]
    return ["" if each is None else str(each) for each in found]


def damaged(error: Exception) -> Unavailable:
    return Unavailable(
        f"The run cannot be used: {error}; train it again", retry_after=60, code="damaged_run"
    )
