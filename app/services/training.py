"""Training the core's model: one at a time, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
import structlog

from app.config import Settings
from app.db.tables import ModelVersion, utcnow
from app.errors import BadRequest
from app.schemas.reports import VersionReport, VersionSweep
from app.segmentation.customers import CustomerTable, read_customers
from app.segmentation.errors import SegmentationError
from app.segmentation.threads import single_threaded
from app.segmentation.trained import PreviousModel, TrainedSegments
from app.segmentation.training import train_segments
from app.segmentation.training_cautions import training_cautions
from app.services.job_work import Outcome, Progress, Tools, Work, silent
from app.services.models import ModelService, active_version, make_active, serve
from app.services.segmentations.core import identify, recognise_in_core
from app.storage.bundles import DamagedArtefact
from app.storage.models import StoredModel
from app.storage.segmentations import KeptVersion

log = structlog.get_logger(__name__)

READING_PERCENT, FITTING_PERCENT, MEASURING_PERCENT, STORING_PERCENT = 2, 20, 73, 95
"""Where each phase begins, as measured on 5,000 to 500,000 customers."""


@dataclass(frozen=True)
class TrainingOrder:
    """What was asked for, and when: a training that ends later for the same k answers it too."""

    n_clusters: int | None
    asked_at: datetime
    asked_by: int | None
    activate: bool = True


def train(
    models: ModelService, settings: Settings, order: TrainingOrder, report: Progress = silent
) -> ModelVersion:
    """Train on the customers' file, and make the new version the active one unless told not to.

    Trainings take turns across all processes. One that waited while another with the same k
    ended takes its result.
    """
    report("waiting for another training", 0)
    with models.store.training_turn():
        shared = _finished_since(models, order)
        if shared is not None:
            return shared
        trained, table = _fit(models, settings, order, report)
        report("storing the model", STORING_PERCENT)
        row = _store(models, trained, table, order)
        if order.activate:
            models.publish_active()
            models.load(row.version)
    log.info("model trained", version=row.version, n_clusters=row.n_clusters, by=order.asked_by)
    return row


def training_work(models: ModelService, settings: Settings, order: TrainingOrder) -> Work:
    """Return a training as the work of a job in this process."""

    def work(_tools: Tools, _arguments: Mapping[str, object], report: Progress) -> Outcome:
        row = train(models, settings, order, report)
        return Outcome(store=lambda _session: {"version": row.version}, discard=lambda: None)

    return work


def _finished_since(models: ModelService, order: TrainingOrder) -> ModelVersion | None:
    query = (
        sa.select(ModelVersion)
        .where(
            ModelVersion.created_at >= order.asked_at,
            ModelVersion.requested_clusters.is_not_distinct_from(order.n_clusters),
            ModelVersion.activated_at.is_not(None) == order.activate,
        )
        .order_by(ModelVersion.version.desc())
        .limit(1)
    )
    with models.database.session(read_only=True) as session:
        return session.scalars(query).one_or_none()


def _fit(
    models: ModelService, settings: Settings, order: TrainingOrder, report: Progress
) -> tuple[TrainedSegments, CustomerTable]:
    file = settings.customers_file
    report("reading the customers", READING_PERCENT)
    try:
        with file.open("rb") as source:
            table = read_customers(source)
    except FileNotFoundError as error:
        raise BadRequest(
            f"There is no {file}; put your customers there, or make an example with: "
            "python generate_dataset.py",
            code="no_customers_file",
        ) from error
    except OSError as error:
        raise BadRequest(
            f"{file} cannot be read: {error.strerror}", code="unreadable_customers_file"
        ) from error
    except SegmentationError as error:
        raise BadRequest(f"{file}: {error}", code=error.code) from error
    try:
        with single_threaded():
            trained = train_segments(
                table,
                n_clusters=order.n_clusters,
                previous=_previous(models),
                on_step=_steps(report),
            )
    except SegmentationError as error:
        raise BadRequest(f"{file}: {error}", code=error.code) from error
    return trained, table


def _steps(report: Progress) -> Callable[[int, int], None]:
    """Tell of the sweep as the middle part of a training."""

    def on_step(done: int, all_steps: int) -> None:
        share = (MEASURING_PERCENT - FITTING_PERCENT) * done / all_steps
        fitting = f"trying numbers of segments, {done + 1} of {all_steps}"
        phase = fitting if done < all_steps else "measuring how well separated they are"
        report(phase, FITTING_PERCENT + round(share))

    return on_step


def _previous(models: ModelService) -> PreviousModel | None:
    with models.database.session(read_only=True) as session:
        row = active_version(session)
    if row is None:
        return None
    try:
        served = serve(models.store, row)
    except DamagedArtefact as error:
        log.warning("previous model unreadable", version=row.version, reason=str(error))
        return None
    return PreviousModel(served.scorer, served.names)


def _store(
    models: ModelService, trained: TrainedSegments, table: CustomerTable, order: TrainingOrder
) -> ModelVersion:
    """Write the files, then the row that names them, active or not, in one transaction."""
    recognised = recognise_in_core(models, trained, table)
    with models.database.connect(read_only=True) as connection:
        known = set(connection.scalars(sa.select(ModelVersion.directory)))
    models.store.sweep_up(known)
    files = models.store.save(_kept(trained, table), table.frame())
    with models.database.session() as session:
        row = _row(trained, table, files, order)
        session.add(row)
        session.flush()
        identify(session, row, recognised)
        if order.activate:
            make_active(session.connection(), row.version)
        session.refresh(row)
    models.store.recorded(files.directory)
    return row


def _kept(trained: TrainedSegments, table: CustomerTable) -> KeptVersion:
    return KeptVersion(
        mean=np.array(trained.scorer.mean),
        scale=np.array(trained.scorer.scale),
        centers=np.array(trained.scorer.centers),
        labels=trained.labels,
        inertia=trained.inertia,
        customer_ids=np.array(table.customer_ids, dtype=np.str_),
        features=table.features,
    )


def _row(
    trained: TrainedSegments, table: CustomerTable, files: StoredModel, order: TrainingOrder
) -> ModelVersion:
    return ModelVersion(
        requested_clusters=order.n_clusters,
        n_clusters=trained.n_clusters,
        silhouette_score=trained.silhouette,
        inertia=trained.inertia,
        n_customers=len(trained.labels),
        report=_report(trained, training_cautions(table, trained)).model_dump(mode="json"),
        directory=files.directory,
        checksum=files.checksum,
        trained_by_id=order.asked_by,
        created_at=utcnow(),
    )


def _report(trained: TrainedSegments, cautions: Sequence[str]) -> VersionReport:
    sweep = trained.sweep
    return VersionReport(
        segments=list(trained.segments),
        sweep=VersionSweep(
            best_k=sweep.best_k,
            k_range=list(sweep.k_range),
            inertias=list(sweep.inertias),
            silhouettes=list(sweep.silhouettes),
            failures=dict(sweep.failures),
        ),
        silhouette_sample_size=trained.silhouette_sample_size,
        degenerate=trained.degenerate,
        imputed=dict(trained.imputed),
        outlier_threshold=trained.outlier_threshold,
        outlier_reaches=list(trained.scorer.reaches),
        probability_scale=trained.probability_scale,
        warnings=list(cautions),
        matches=list(trained.matches),
    )
