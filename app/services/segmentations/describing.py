"""Segmentations and their versions, as they are answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import (
    ClusteringRun,
    LastingSegment,
    LastingSegmentation,
    SegmentationUse,
)
from app.db.tables import Dataset, ModelVersion, User
from app.schemas.base import CautionOut
from app.schemas.segmentations import SegmentationOut, SegmentOut, VersionOut
from app.segmentation.recipe import CORE
from app.services.accounts import Caller
from app.services.models import active_version, report_of
from app.services.segmentations.finding import owns
from app.services.segmentations.reports import (
    describe_recipe,
    headline_of,
    read_report,
    recipe_of,
)


def describe(
    session: Session, caller: Caller, segmentation: LastingSegmentation
) -> SegmentationOut:
    return describe_all(session, caller, [segmentation])[0]


def describe_all(
    session: Session, caller: Caller, rows: Sequence[LastingSegmentation]
) -> list[SegmentationOut]:
    """Describe segmentations in as many statements as one takes."""
    ids = [row.id for row in rows]
    run, use = ClusteringRun, SegmentationUse
    active = {
        each.segmentation_id: each
        for each in session.scalars(
            sa.select(run).where(run.segmentation_id.in_(ids), run.is_active)
        )
    }
    counting = sa.select(run.segmentation_id, sa.func.count()).group_by(run.segmentation_id)
    counts = dict(session.execute(counting.where(run.segmentation_id.in_(ids))).all())
    using = sa.select(use.segmentation_id, use.used_at).where(use.user_id == caller.id)
    used = dict(session.execute(using.where(use.segmentation_id.in_(ids))).all())
    owning = sa.select(User.id, User.username)
    owners = dict(session.execute(owning.where(User.id.in_({r.user_id for r in rows}))).all())
    naming = sa.select(Dataset.id, Dataset.filename)
    tables = dict(session.execute(naming.where(Dataset.id.in_({r.dataset_id for r in rows}))).all())
    found = []
    for row in rows:
        version, n_versions = active.get(row.id), counts.get(row.id, 0)
        recipe = describe_recipe(recipe_of(version.options)) if version is not None else None
        told = describe_version(version) if version is not None else None
        if row.kind == "core":
            model = active_version(session)
            n_versions = session.scalar(sa.select(sa.func.count(ModelVersion.version))) or 0
            recipe = describe_recipe(CORE)
            told = describe_model(model, row) if model is not None else None
        found.append(
            SegmentationOut(
                id=row.id,
                name=row.name,
                description=row.description,
                owner=owners.get(row.user_id or 0),
                visibility=row.visibility,
                kind=row.kind,
                dataset_id=row.dataset_id,
                dataset_name=tables.get(row.dataset_id or 0),
                recipe=recipe,
                n_versions=n_versions,
                active_version=told,
                is_owner=owns(caller, row),
                created_at=row.created_at,
                updated_at=row.updated_at,
                last_used_at=used.get(row.id),
            )
        )
    return found


def describe_version(run: ClusteringRun) -> VersionOut:
    report = read_report(run)
    kept = {each.lasting_id: each for each in run.segmentation.segments}
    return VersionOut(
        version=run.version,
        run_id=run.id,
        is_active=run.is_active,
        n_segments=run.n_clusters,
        n_customers=run.n_samples,
        algorithm=run.algorithm,
        linkage=run.linkage,
        silhouette_score=run.silhouette_score,
        headline=headline_of(report),
        trained_by=run.created_by,
        created_at=run.created_at,
        activated_at=run.activated_at,
        segments=_in_order(
            [
                _segment(
                    kept.get(identity["lasting_id"]),
                    id=profile.cluster,
                    lasting_id=identity["lasting_id"],
                    name=profile.cluster_name,
                    automatic_name=profile.automatic_name,
                    size=profile.size,
                    share=profile.share,
                    lived_on_from=identity["overlap"],
                )
                for profile, identity in zip(report.profiles, run.identity["segments"], strict=True)
            ]
        ),
        identified_by=run.identity["identified_by"],
        warnings=[
            *(CautionOut.model_validate(each) for each in run.identity["cautions"]),
            *report.cautions,
        ],
    )


def describe_model(row: ModelVersion, core: LastingSegmentation) -> VersionOut:
    """Describe a version of the core's model, whose segments keep their ids by themselves."""
    report = report_of(row)
    kept = {each.lasting_id: each for each in core.segments}
    overlaps = {match.new_id: match.overlap for match in report.matches}
    return VersionOut(
        version=row.version,
        run_id=None,
        is_active=row.is_active,
        n_segments=row.n_clusters,
        n_customers=row.n_customers,
        algorithm="kmeans",
        linkage=None,
        silhouette_score=row.silhouette_score,
        headline=None,
        trained_by=row.trained_by,
        created_at=row.created_at,
        activated_at=row.activated_at,
        segments=_in_order(
            [
                _segment(
                    kept.get(each.cluster_id),
                    id=each.cluster_id,
                    lasting_id=each.cluster_id,
                    name=each.name,
                    automatic_name=each.name,
                    size=each.size,
                    share=each.share,
                    lived_on_from=overlaps.get(each.cluster_id),
                )
                for each in report.segments
            ]
        ),
        identified_by=None,
        warnings=[CautionOut.of(each) for each in report.warnings],
    )


def _segment(words: LastingSegment | None, **found: object) -> SegmentOut:
    given = {name: getattr(words, name, None) for name in ("note", "advice", "position")}
    return SegmentOut.model_validate({**found, **given})


def _in_order(segments: list[SegmentOut]) -> list[SegmentOut]:
    """Put first what the owner gave a place, in that order."""
    return sorted(segments, key=lambda each: (each.position is None, each.position or 0))
