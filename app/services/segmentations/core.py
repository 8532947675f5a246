"""The core's model as a segmentation: it belongs to all, and its segments have ids that last."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import LastingSegment, LastingSegmentation
from app.db.session import Database
from app.db.tables import ModelVersion, utcnow
from app.errors import Unavailable
from app.segmentation.customers import CustomerTable
from app.segmentation.identity import Match, match_segments
from app.segmentation.trained import TrainedSegments
from app.services.models import ModelService, report_of
from app.services.segmentations.identities import (
    Earlier,
    Recognised,
    VersionsBefore,
    assign,
    in_words,
    lasting_ids,
    n_looked_through,
)
from app.services.segmentations.reports import identity_of, shown_names

NAME = "Customers by age, income and spending"


def ensure_core(database: Database) -> None:
    """Make the row that names it, once."""
    row = LastingSegmentation
    with database.session() as session:
        if session.scalar(sa.select(row.id).where(row.kind == "core").limit(1)) is None:
            session.add(row(kind="core", name=NAME, visibility="team"))


def core_of(session: Session, *, lock: bool = False) -> LastingSegmentation | None:
    query = sa.select(LastingSegmentation).where(LastingSegmentation.kind == "core")
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def recognise_in_core(
    models: ModelService, trained: TrainedSegments, table: CustomerTable
) -> Recognised:
    """Find the lasting segments of a new version, as earlier ones place its customers."""
    with models.database.session(read_only=True) as session:
        core = core_of(session)
        words = in_words(core) if core is not None else frozenset()
        newest = sa.select(ModelVersion).order_by(
            ModelVersion.is_active.desc(), ModelVersion.version.desc()
        )
        rows = session.scalars(newest.limit(n_looked_through(words))).all()
        if core is None or not rows:
            return Recognised()
        shown: dict[int, str] = {}
        for row in rows:
            names = shown_names(core, identity_of(row), report_of(row).names)
            for lasting_id, name in zip(lasting_ids(row), names, strict=True):
                shown.setdefault(lasting_id, name)
    before = VersionsBefore(
        segmentation_id=core.id,
        versions=tuple(Earlier(row.version, lasting_ids(row)) for row in rows),
        shown=shown,
        in_words=words,
    )
    row_of = {row.version: row for row in rows}

    def matches_with(earlier: Earlier) -> Sequence[Match]:
        if earlier is before.current:
            # As the new segments got their ids and names.
            return trained.matches
        try:
            scorer = models.scorer_of(row_of[earlier.version])
        except Unavailable:
            return ()
        return match_segments(
            scorer.score_many(table.features).clusters,
            trained.labels,
            n_old=len(scorer.centers),
            n_new=trained.n_clusters,
        )

    living = before.living(trained.n_clusters, matches_with)
    return Recognised(
        segmentation_id=core.id, living=living, cautions=tuple(before.dropped(living.values()))
    )


def identify(session: Session, row: ModelVersion, recognised: Recognised) -> None:
    """Give the segments of a new version the ids that last, within its transaction."""
    core = core_of(session, lock=True)
    if core is None:
        return
    kept = {each.lasting_id for each in core.segments}
    for lasting_id, _ in recognised.living.values():
        # Versions of earlier releases left none.
        if lasting_id not in kept:
            core.segments.append(LastingSegment(lasting_id=lasting_id, last_version=row.version))
    # From 0, as the contract's: both are the same while every segment lives on.
    others = sa.select(sa.func.max(ModelVersion.n_clusters)).where(
        ModelVersion.version != row.version
    )
    identity = assign(
        core,
        recognised,
        version=row.version,
        n_segments=row.n_clusters,
        first=session.scalar(others) or 0,
    )
    row.report = {**row.report, "identity": identity}
    core.updated_at = utcnow()
    session.flush()
