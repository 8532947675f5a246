"""The versions of a segmentation, also of the core's, whose versions are models."""

from dataclasses import dataclass
from typing import cast

import pandas as pd
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.segmentation_tables import ClusteringRun, LastingSegmentation
from app.db.tables import Dataset, Job, ModelVersion, utcnow
from app.errors import Forbidden, InvalidField
from app.schemas.models import DriftOut
from app.schemas.reports import Report
from app.schemas.segmentations import VersionComparison, VersionOut, VersionRequest
from app.segmentation.new_rows import columns_needed
from app.segmentation.recipe import FEATURES
from app.services import datasets, drifting
from app.services import versions as models_versions
from app.services.accounts import Caller
from app.services.comparing import recent_features
from app.services.jobs import JobService
from app.services.models import ModelService, trained_version
from app.services.paging import Page, page_of
from app.services.segmentations.activation import make_active
from app.services.segmentations.asking import AskedRun, Target
from app.services.segmentations.comparing import compare_versions
from app.services.segmentations.describing import describe_version
from app.services.segmentations.drifting import drift, recent_placements
from app.services.segmentations.finding import (
    Reference,
    find,
    find_owned,
    version_of,
    versions_of,
)
from app.services.segmentations.opening import Opening
from app.services.segmentations.record import record_change
from app.services.segmentations.reports import read_report, recipe_of
from app.services.segmentations.runs import RunService
from app.services.training import TrainingOrder, training_work


def list_versions(
    session: Session, caller: Caller, reference: Reference, page: Page
) -> tuple[list[VersionOut], int]:
    segmentation = find(session, caller, reference)
    rows, total = page_of(session, versions_of(segmentation), page)
    return [describe_version(row, segmentation) for row in rows], total


def read_version(
    session: Session, caller: Caller, reference: Reference, version: int
) -> VersionOut:
    segmentation = find(session, caller, reference)
    return describe_version(version_of(session, segmentation, version), segmentation)


def asked_version(
    session: Session, caller: Caller, segmentation: LastingSegmentation, form: VersionRequest
) -> AskedRun:
    """Take what a new version is not told from the active one."""
    active = cast(ClusteringRun, version_of(session, segmentation, None))
    dataset_id = form.dataset_id or active.dataset_id
    if dataset_id != active.dataset_id:
        _check_columns(datasets.get(session, caller, dataset_id), read_report(active))
    target = Target(segmentation_id=segmentation.id, activate=form.activate)
    return AskedRun(dataset_id, form.over(recipe_of(active.options)), target, form.one_row_is)


def _check_columns(dataset: Dataset, report: Report) -> None:
    """Refuse a table that lacks columns which the active version is made of."""
    there = {column["name"] for column in dataset.columns}
    missing = [each for each in columns_needed(report.columns, report.formats) if each not in there]
    if missing:
        raise InvalidField(
            "dataset_id",
            f"The dataset lacks columns of the active version: {', '.join(missing)}; "
            "create another segmentation for another table",
            code="columns_missing",
        )


CORE_DAYS = 30


@dataclass(frozen=True)
class VersionService:
    """Trains and activates versions, each where they are kept."""

    runs: RunService
    opening: Opening
    models: ModelService
    settings: Settings
    jobs: JobService

    def train(
        self, caller: Caller, reference: Reference, form: VersionRequest, *, prefer_async: bool
    ) -> VersionOut | Job:
        """Make the next version; the core's, on the file of customers, always as a job."""
        with self.models.database.session(read_only=True) as session:
            segmentation = find_owned(session, caller, reference, lock=False)
            asked = None
            if segmentation.kind != "core":
                asked = asked_version(session, caller, segmentation, form)
        if asked is None:
            return self._train_core(caller, form)
        run = self.runs.train(caller, asked, prefer_async=prefer_async)
        if isinstance(run, Job):
            return run
        with self.models.database.session(read_only=True) as session:
            return read_version(session, caller, segmentation.id, run.version)

    def _train_core(self, caller: Caller, form: VersionRequest) -> Job:
        if form.dataset_id is not None:
            raise InvalidField(
                "dataset_id",
                "The core is trained on the file of customers",
                code="not_for_the_core",
            )
        order = TrainingOrder(
            n_clusters=form.n_clusters if isinstance(form.n_clusters, int) else None,
            asked_at=utcnow(),
            asked_by=caller.id,
            activate=form.activate,
        )
        work = training_work(self.models, self.settings, order)
        return self.jobs.submit(caller, "model", work, {}, here=True)

    def compare(
        self, caller: Caller, reference: Reference, version: int, against: int | None
    ) -> VersionComparison:
        """Compare a version with another, the active one unless named."""
        is_core = self._is_core(caller, reference)
        new = self.opening.look_into(caller, reference, version)
        old = self.opening.look_into(caller, reference, against)
        with self.models.database.session(read_only=True) as session:
            if is_core:
                recent = pd.DataFrame(recent_features(session), columns=list(FEATURES))
            else:
                recent, _ = recent_placements(session, new.segmentation.id)
        return compare_versions(new, old, recent)

    def drift(self, caller: Caller, reference: Reference) -> DriftOut:
        """Compare what was placed by the active version with what it was trained on."""
        if self._is_core(caller, reference):
            with self.models.database.session(read_only=True) as session:
                version = trained_version(session).version
            return drifting.drift(self.models, version, days=CORE_DAYS)
        return drift(self.opening.runs, self.opening.runs.open_version(caller, reference))

    def _is_core(self, caller: Caller, reference: Reference) -> bool:
        with self.models.database.session(read_only=True) as session:
            is_core = find(session, caller, reference).kind == "core"
        if is_core and caller.role == "user":
            raise Forbidden("The core's versions are for analysts", code="role_required")
        return is_core

    def activate(self, caller: Caller, reference: Reference, version: int) -> VersionOut:
        """Make a version serve, a candidate or an older one again; answer what it is then."""
        database = self.models.database
        with database.session(read_only=True) as session:
            segmentation = find_owned(session, caller, reference, lock=False)
            found = version_of(session, segmentation, version)
        if isinstance(found, ModelVersion):
            # Its files are read first, and published.
            models_versions.activate(self.models, version, by=caller.id)
        with database.session() as session:
            segmentation = find_owned(session, caller, reference)
            found = version_of(session, segmentation, version)
            if isinstance(found, ClusteringRun):
                make_active(session, found)
            segmentation.updated_at = utcnow()
            record_change(session, segmentation, "activated", caller, version=version)
            return describe_version(found, segmentation)
