"""Living with models: listing, showing, activating and drawing versions."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from app.db.tables import ModelVersion
from app.errors import BadRequest, NotFound
from app.schemas.models import ModelDetail, ModelSummary, Points, SegmentMatch
from app.schemas.validation import ValidationOut
from app.segmentation.recipe import FEATURES
from app.services.models import (
    ModelService,
    elbow_of,
    make_active,
    report_of,
    serve,
    stored,
    summaries_of,
)
from app.services.paging import Page, page_of
from app.storage.bundles import DamagedArtefact
from app.storage.segmentations import KeptVersion

log = structlog.get_logger(__name__)

MAP_POINTS = 10_000


def list_versions(session: Session, page: Page) -> tuple[Sequence[ModelVersion], int]:
    return page_of(session, sa.select(ModelVersion).order_by(ModelVersion.version.desc()), page)


def get_version(session: Session, version: int) -> ModelVersion:
    row = session.get(ModelVersion, version)
    if row is None:
        raise NotFound("Model version not found")
    return row


def is_active(models: ModelService, version: int) -> bool:
    return find(models, version).is_active


def describe(row: ModelVersion, validation: ValidationOut | None = None) -> ModelDetail:
    report = report_of(row)
    return ModelDetail(
        **ModelSummary.model_validate(row).model_dump(),
        segments=summaries_of(row),
        sweep=elbow_of(row),
        imputed=report.imputed,
        warnings=report.warnings,
        degenerate=report.degenerate,
        silhouette_sample_size=report.silhouette_sample_size,
        matches=[SegmentMatch.model_validate(match) for match in report.matches],
        validation=validation,
    )


def activate(models: ModelService, version: int, *, by: int) -> ModelVersion:
    """Make a version serve; its files are read first, so that a damaged one never does."""
    with models.store.training_turn():
        row = find(models, version)
        try:
            serve(models.store, row)
        except DamagedArtefact as error:
            raise BadRequest(
                f"Version {version} cannot be activated: {error}", code="damaged_version"
            ) from error
        with models.database.session() as session:
            make_active(session.connection(), version)
            row = session.get_one(ModelVersion, version)
        models.publish_active()
    models.load(version)
    log.info("model activated", version=version, by=by)
    return row


def points(models: ModelService, version: int) -> Points:
    """Return up to `MAP_POINTS` training customers of a version, the same ones each time."""
    row = find(models, version)
    customers = customers_of(models, row)
    chosen = np.arange(len(customers.features))
    if len(chosen) > MAP_POINTS:
        chosen = np.sort(np.random.default_rng(0).choice(chosen, MAP_POINTS, replace=False))
    features = customers.features[chosen]
    columns = {
        feature: np.round(features[:, index], 2).tolist() for index, feature in enumerate(FEATURES)
    }
    clusters = models.scorer_of(row).score_many(features).clusters
    return Points(
        version=version, n_customers=row.n_customers, cluster=clusters.tolist(), **columns
    )


def customers_of(models: ModelService, row: ModelVersion) -> KeptVersion:
    try:
        return models.store.load(stored(row))
    except DamagedArtefact as error:
        raise BadRequest(
            f"The customers of version {row.version} are lost: {error}", code="damaged_version"
        ) from error


def find(models: ModelService, version: int) -> ModelVersion:
    with models.database.session(read_only=True) as session:
        return get_version(session, version)
