"""Whether the segments of a version of the core's model are real: asked once, then kept."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from app import VERSION
from app.db.tables import Job, ModelVersion
from app.schemas.validation import ValidationOut
from app.segmentation.clustering.result import Clustering
from app.segmentation.recipe import FEATURES
from app.segmentation.threads import single_threaded
from app.segmentation.validation.report import validate_segments
from app.services.accounts import Caller
from app.services.job_work import Outcome, Progress, Tools
from app.services.jobs import JobService
from app.services.models import ModelService, report_of
from app.services.quotas import UNFINISHED, computing
from app.services.segmentations.reports import validation_of
from app.services.versions import customers_of, find
from app.storage.models import ModelStore

KIND = "validation"
CUSTOMERS_HERE = 1_000
"""A version of more is validated as a job: it takes some seconds."""


def kept(row: ModelVersion) -> ValidationOut | None:
    """Return what this release found; what an earlier one did may mean something else."""
    report = report_of(row)
    if report.validation is None or report.validated_by != VERSION:
        return None
    return ValidationOut.model_validate(report.validation)


def validate_now(models: ModelService, jobs: JobService, row: ModelVersion) -> ValidationOut:
    """Validate a small version while the request waits."""
    with computing(models.database, jobs.shares):
        found = _validate(models, row)
    with models.database.session() as session:
        _keep(session.get_one(ModelVersion, row.version, with_for_update=True), found)
    return found


def validate_later(jobs: JobService, caller: Caller, version: int) -> Job:
    """Validate as a job; one that the caller has asked for already is taken."""
    mine = sa.select(Job).where(
        Job.user_id == caller.id, Job.kind == KIND, Job.state.in_(UNFINISHED)
    )
    with jobs.database.session(read_only=True) as session:
        for job in session.scalars(mine.options(undefer(Job.arguments))):
            if job.arguments.get("version") == version:
                return job
    return jobs.submit(caller, KIND, validation_work, {"version": version})


def validation_work(tools: Tools, arguments: Mapping[str, object], report: Progress) -> Outcome:
    models = ModelService(tools.database, ModelStore(tools.models_dir))
    row = find(models, int(str(arguments["version"])))
    report("testing whether the segments are real", 10)
    found = _validate(models, row)

    def store(session: Session) -> dict[str, object]:
        _keep(session.get_one(ModelVersion, row.version, with_for_update=True), found)
        return {"version": row.version}

    return Outcome(store=store, discard=lambda: None)


def _keep(row: ModelVersion, found: ValidationOut) -> None:
    kept = {"validation": found.model_dump(mode="json"), "validated_by": VERSION}
    row.report = {**row.report, **kept}


def _validate(models: ModelService, row: ModelVersion) -> ValidationOut:
    customers = customers_of(models, row)
    scorer = models.scorer_of(row)
    X = (customers.features - np.array(scorer.mean)) / np.array(scorer.scale)
    clustering = Clustering(
        labels=scorer.score_many(customers.features).clusters,
        n_clusters=row.n_clusters,
        centers=np.array(scorer.centers),
        inertia=row.inertia,
        method="kmeans",
    )
    frame = pd.DataFrame(customers.features, columns=list(FEATURES))
    with single_threaded():
        report = validate_segments(
            X,
            clustering,
            frame,
            numeric=FEATURES,
            requested=report_of(row).sweep.best_k != row.n_clusters,
        )
    return validation_of(report)
