"""Segmentations and their versions, as they are answered."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import (
    ClusteringRun,
    LastingSegment,
    LastingSegmentation,
    SegmentationUse,
    Version,
)
from app.db.tables import Dataset, ModelVersion, User
from app.schemas.base import CautionOut
from app.schemas.reports import Report
from app.schemas.segmentations import SegmentationOut, SegmentOut, VersionOut
from app.segmentation.recipe import CORE
from app.services import validating
from app.services.accounts import Caller
from app.services.models import active_version, report_of
from app.services.segmentations.finding import owns
from app.services.segmentations.reports import (
    describe_recipe,
    headline_of,
    identity_of,
    recipe_of,
    shown_names,
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
        version: Version | None = active.get(row.id)
        n_versions = counts.get(row.id, 0)
        recipe = recipe_of(version.options) if isinstance(version, ClusteringRun) else None
        if row.kind == "core":
            version, recipe = active_version(session), CORE
            n_versions = session.scalar(sa.select(sa.func.count(ModelVersion.version))) or 0
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
                recipe=describe_recipe(recipe) if recipe is not None else None,
                n_versions=n_versions,
                active_version=describe_version(version, row) if version is not None else None,
                is_owner=owns(caller, row),
                created_at=row.created_at,
                updated_at=row.updated_at,
                last_used_at=used.get(row.id),
            )
        )
    return found


def describe_version(version: Version, segmentation: LastingSegmentation) -> VersionOut:
    """Describe a run of a table, or a version of the core's model."""
    facts, segments, cautions = (
        _of_run(version) if isinstance(version, ClusteringRun) else _of_model(version)
    )
    identity = identity_of(version)
    names = shown_names(segmentation, identity, [each["automatic_name"] for each in segments])
    kept = {each.lasting_id: each for each in segmentation.segments}
    return VersionOut.model_validate(
        {
            **facts,
            "version": version.version,
            "is_active": version.is_active,
            "n_segments": version.n_clusters,
            "silhouette_score": version.silhouette_score,
            "created_at": version.created_at,
            "activated_at": version.activated_at,
            "segments": _in_order(
                [
                    _segment(
                        kept.get(each["lasting_id"]),
                        **found,
                        name=name,
                        lasting_id=each["lasting_id"],
                        lived_on_from=each["overlap"],
                    )
                    for found, name, each in zip(segments, names, identity["segments"], strict=True)
                ]
            ),
            "identified_by": identity["identified_by"],
            "warnings": [
                *(CautionOut.model_validate(each) for each in identity["cautions"]),
                *cautions,
            ],
        }
    )


Told = tuple[dict[str, object], list[dict[str, Any]], list[CautionOut]]
"""What only one kind of version has, its segments, and its warnings."""


def _of_run(run: ClusteringRun) -> Told:
    report = Report.model_validate(run.report)
    facts: dict[str, object] = {
        "run_id": run.id,
        "n_customers": run.n_samples,
        "algorithm": run.algorithm,
        "linkage": run.linkage,
        "headline": headline_of(report),
        "trained_by": run.created_by,
    }
    segments = [
        {
            "id": each.cluster,
            "automatic_name": each.automatic_name,
            "size": each.size,
            "share": each.share,
        }
        for each in report.profiles
    ]
    return facts, segments, report.cautions


def _of_model(row: ModelVersion) -> Told:
    report, validation = report_of(row), validating.kept(row)
    facts: dict[str, object] = {
        "run_id": None,
        "n_customers": row.n_customers,
        "algorithm": "kmeans",
        "linkage": None,
        "headline": validation.headline or None if validation is not None else None,
        "trained_by": row.trained_by,
    }
    segments = [
        {
            "id": each.cluster_id,
            "automatic_name": each.name,
            "size": each.size,
            "share": each.share,
        }
        for each in report.segments
    ]
    return facts, segments, [CautionOut.of(each) for each in report.warnings]


def _segment(words: LastingSegment | None, **found: object) -> SegmentOut:
    given = {name: getattr(words, name, None) for name in ("note", "advice", "position")}
    return SegmentOut.model_validate({**found, **given})


def _in_order(segments: list[SegmentOut]) -> list[SegmentOut]:
    """Put first what the owner gave a place, in that order."""
    return sorted(segments, key=lambda each: (each.position is None, each.position or 0))
