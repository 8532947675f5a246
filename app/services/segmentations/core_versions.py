"""Versions of the core's model like those of any segmentation: their customers and report."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
from cachetools import LRUCache

from app.db.segmentation_tables import LastingSegmentation, RunIdentity
from app.db.tables import ModelVersion
from app.schemas.reports import Report
from app.segmentation.clustering.result import Clustering
from app.segmentation.core_version import core_segmentation
from app.segmentation.preparation.column_choice import UNUSABLE
from app.segmentation.recipe import FEATURES
from app.segmentation.segmentation import Segmentation
from app.segmentation.silhouette import Silhouette
from app.segmentation.tables import Kind
from app.services import validating
from app.services.models import ModelService, report_of, served, stored, unusable
from app.services.segmentations import reports
from app.services.segmentations.looked import Looked
from app.services.segmentations.reports import identity_of, with_shown_names
from app.services.segmentations.version_rows import VersionRows
from app.storage.bundles import DamagedArtefact
from app.storage.customers import schema_of
from app.storage.datasets import DamagedDataset, DatasetStore
from app.storage.models import CUSTOMERS_FILE

IDENTIFIER = "customer_id"
VERSIONS_KEPT = 4
"""In memory, with the segments of all customers."""


class CoreVersions:
    """Opens versions of the core's model; those used last are kept in memory, and never change."""

    def __init__(self, models: ModelService) -> None:
        self.models = models
        self._tables = DatasetStore(models.store.versions)
        self._kept: LRUCache[str, Segmentation] = LRUCache(VERSIONS_KEPT)
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget the versions that are kept; they are read again when they are next opened."""
        with self._lock:
            self._kept.clear()

    def rows(self, row: ModelVersion) -> VersionRows:
        """Return its customers; of a version of an earlier release, those that it remembers."""
        rows = VersionRows(
            tables=self._tables,
            directory=row.directory,
            reading=CUSTOMERS_FILE,
            artefact=".",
            formats={},
            used=FEATURES,
        )
        try:
            if not rows.table.exists():
                with self._tables.turn(row.directory, "customers"):
                    self.models.store.keep_customers(row.directory, self._remembered(row))
        except (DamagedArtefact, DamagedDataset) as error:
            raise unusable(row.version, error) from error
        return rows

    def _remembered(self, row: ModelVersion) -> pd.DataFrame:
        kept = self.models.store.load(stored(row))
        frame = pd.DataFrame(kept.features, columns=list(FEATURES))
        if len(kept.customer_ids):
            frame.insert(0, IDENTIFIER, pd.Series(kept.customer_ids, dtype="str"))
        return frame

    def found(self, row: ModelVersion) -> Segmentation:
        with self._lock:
            found = self._kept.get(row.directory)
        if found is None:
            found = self._read(row)
            with self._lock:
                self._kept[row.directory] = found
        return found

    def _read(self, row: ModelVersion) -> Segmentation:
        told, rows = report_of(row), self.rows(row)
        try:
            kept = self.models.store.load(stored(row))
            frame = rows.frame(FEATURES)
            identifier = IDENTIFIER if IDENTIFIER in schema_of(rows.table).names else None
        except (DamagedArtefact, DamagedDataset) as error:
            raise unusable(row.version, error) from error
        model = served(row, kept)
        return core_segmentation(
            frame,
            Clustering(kept.labels, row.n_clusters, kept.centers, kept.inertia, "kmeans"),
            model.scorer,
            names=model.names,
            averages=np.array(
                [[getattr(each, f"avg_{name}") for name in FEATURES] for each in told.segments]
            ),
            silhouette=Silhouette(
                score=row.silhouette_score,
                per_cluster=tuple(each.silhouette for each in told.segments),
                per_sample=None,
                sample_size=told.silhouette_sample_size,
                sampled=told.silhouette_sample_size < row.n_customers,
            ),
            scale=model.scale,
            identifier=identifier,
            degenerate=told.degenerate,
            warnings=told.warnings,
        )

    def report(self, row: ModelVersion) -> Report:
        """Describe its segments, with what it was validated by."""
        found = reports.report_of(self.found(row))
        return found.model_copy(update={"validation": validating.kept(row)})


@dataclass(frozen=True)
class LookedModel(Looked):
    """A version of the core's model; `by_analyst` may see every column of its customers."""

    core: CoreVersions
    row: ModelVersion
    of: LastingSegmentation
    by_analyst: bool

    @property
    def number(self) -> int:
        return self.row.version

    @property
    def segmentation(self) -> LastingSegmentation:
        return self.of

    @property
    def identity(self) -> RunIdentity:
        return identity_of(self.row)

    @property
    def unusable(self) -> Mapping[str, str]:
        return {IDENTIFIER: UNUSABLE[Kind.IDENTIFIER]}

    @property
    def created_at(self) -> datetime:
        return self.row.created_at

    @property
    def n_customers(self) -> int:
        return self.row.n_customers

    @property
    def whole(self) -> bool:
        return self.by_analyst

    @cached_property
    def report(self) -> Report:
        return with_shown_names(self.core.report(self.row), self.of, self.identity)

    @cached_property
    def found(self) -> Segmentation:
        return self.core.found(self.row)

    @cached_property
    def rows(self) -> VersionRows:
        return self.core.rows(self.row)
