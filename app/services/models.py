"""Model versions: which one is active, loaded once in each process and never stale."""

import threading
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
import structlog
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.session import Database
from app.db.tables import ModelVersion, utcnow
from app.errors import ModelNotTrained, Unavailable
from app.schemas.predictions import Clusters, ClusterSummary, Elbow
from app.schemas.reports import VersionReport
from app.segmentation.clustering.sweep import DEFAULT_K_RANGE
from app.segmentation.membership import own_and_other
from app.segmentation.probability import ProbabilityScale
from app.segmentation.scoring import Score, Scorer, Scores
from app.storage.bundles import DamagedArtefact
from app.storage.models import KeptVersion, ModelStore, StoredModel

log = structlog.get_logger(__name__)

ACTIVE_VERSION = sa.select(ModelVersion.version).where(ModelVersion.is_active).scalar_subquery()


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A version, ready to score."""

    version: int
    scorer: Scorer
    names: tuple[str, ...]
    scale: ProbabilityScale | None

    def probability_of(self, score: Score) -> float | None:
        """Return the calibrated chance of the segment; None for versions without a scale."""
        if self.scale is None:
            return None
        own, other = sorted(score.distances)[:2]
        return self.scale.at(1 - own / other if other > 0 else 0.0)

    def probabilities_of(self, scores: Scores) -> NDArray[np.float64] | None:
        """Return the same for many customers."""
        if self.scale is None:
            return None
        return self.scale.of(own_and_other(scores.distances, scores.clusters))


class ModelService:
    """Keeps the last used model in memory; callers name the version they saw in the database."""

    def __init__(self, database: Database, store: ModelStore) -> None:
        self.database = database
        self.store = store
        self._served: ServedModel | None = None
        self._loading = threading.Lock()

    def in_memory(self, version: int) -> ServedModel | None:
        served = self._served
        return served if served is not None and served.version == version else None

    def load(self, version: int) -> ServedModel:
        """Return a version, from memory where it is the one that was used last."""
        with self._loading:
            served = self.in_memory(version)
            if served is None:
                with self.database.session(read_only=True) as session:
                    row = session.get_one(ModelVersion, version)
                try:
                    served = self._served = serve(self.store, row)
                except DamagedArtefact as error:
                    raise unusable(version, error) from error
        return served

    def scorer_of(self, row: ModelVersion) -> Scorer:
        """Return the scorer of any version, without making it the one that is kept."""
        served = self.in_memory(row.version)
        if served is not None:
            return served.scorer
        try:
            return serve(self.store, row).scorer
        except DamagedArtefact as error:
            raise unusable(row.version, error) from error

    def publish_active(self) -> None:
        """Give other programs the files of the active version.

        It is looked up within the turn, so that whoever publishes last publishes the newest.
        """
        with self.store.publishing_turn():
            with self.database.session(read_only=True) as session:
                row = active_version(session)
            if row is not None:
                self.store.publish(stored(row))

    def warm_up(self) -> int | None:
        """Load the active version and publish it; return it, or None where there is none to use.

        A process that was killed between activating a version and publishing it left that undone.
        A damaged version must not keep the server from starting, for it takes one to train again.
        """
        with self.database.session(read_only=True) as session:
            row = active_version(session)
        if row is None:
            return None
        try:
            self.load(row.version)
        except Unavailable as error:
            log.error("model unusable", version=row.version, reason=error.detail)
            return None
        self.publish_active()
        return row.version


def unusable(version: int, error: Exception) -> Unavailable:
    return Unavailable(
        f"Model version {version} cannot be used: {error}; train again or activate another",
        retry_after=60,
        code="damaged_version",
    )


def report_of(row: ModelVersion) -> VersionReport:
    return VersionReport.model_validate(row.report)


def stored(row: ModelVersion) -> StoredModel:
    return StoredModel(row.directory, row.checksum)


def serve(store: ModelStore, row: ModelVersion) -> ServedModel:
    """Read a version's files into plain numbers; `DamagedArtefact` where that cannot be done."""
    return served(row, store.load(stored(row)))


def served(row: ModelVersion, version: KeptVersion) -> ServedModel:
    report = report_of(row)
    scorer = Scorer(
        mean=tuple(version.mean.tolist()),
        scale=tuple(version.scale.tolist()),
        centers=tuple(tuple(center) for center in version.centers.tolist()),
        outlier_threshold=report.outlier_threshold,
        reaches=tuple(report.outlier_reaches),
    )
    return ServedModel(row.version, scorer, tuple(report.names), scale=report.probability_scale)


def active_version(session: Session) -> ModelVersion | None:
    return session.scalars(sa.select(ModelVersion).where(ModelVersion.is_active)).one_or_none()


def trained_version(session: Session) -> ModelVersion:
    row = active_version(session)
    if row is None:
        raise ModelNotTrained
    return row


def make_active(connection: Connection, version: int) -> None:
    """Make a version the one that serves, in the caller's transaction."""
    all_versions = sa.update(ModelVersion)
    connection.execute(all_versions.where(ModelVersion.is_active).values(is_active=False))
    connection.execute(
        all_versions.where(ModelVersion.version == version).values(
            is_active=True, activated_at=utcnow()
        )
    )


def clusters(session: Session) -> Clusters:
    row = trained_version(session)
    return Clusters(
        total_customers=row.n_customers,
        n_clusters=row.n_clusters,
        model_version=row.version,
        clusters=summaries_of(row),
    )


def elbow(session: Session) -> Elbow:
    return elbow_of(trained_version(session))


def summaries_of(row: ModelVersion) -> list[ClusterSummary]:
    return [
        ClusterSummary(
            cluster_id=segment.cluster_id,
            cluster_name=segment.name,
            size=segment.size,
            share=segment.share,
            avg_age=segment.avg_age,
            avg_income=segment.avg_annual_income,
            avg_spending_score=segment.avg_spending_score,
            avg_purchase_frequency=segment.avg_purchase_frequency,
        )
        for segment in report_of(row).segments
    ]


def elbow_of(row: ModelVersion) -> Elbow:
    """Return the sweep; a k that the customers are too few for has no figures."""
    sweep = report_of(row).sweep
    inertias = dict(zip(sweep.k_range, sweep.inertias, strict=True))
    silhouettes = dict(zip(sweep.k_range, sweep.silhouettes, strict=True))
    return Elbow(
        optimal_k=sweep.best_k,
        k_range=list(DEFAULT_K_RANGE),
        inertias=[inertias.get(k) for k in DEFAULT_K_RANGE],
        silhouette_scores=[silhouettes.get(k) for k in DEFAULT_K_RANGE],
    )
