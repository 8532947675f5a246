"""Segmentations as a caller may see them: finding one, with its version, and listing all."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.letters import contains_text
from app.db.segmentation_tables import (
    ClusteringRun,
    LastingSegmentation,
    SegmentationUse,
    Version,
)
from app.db.tables import Dataset, ModelVersion, Visibility, utcnow
from app.errors import BadRequest, Forbidden, ModelNotTrained, NotFound
from app.schemas.segmentations import SegmentationSort
from app.services.accounts import Caller
from app.services.paging import Page, page_of, sorted_by

Reference = int | Literal["core"]
"""A segmentation's id; the core's has a name too."""


@dataclass(frozen=True)
class WantedSegmentations:
    """What a list of segmentations is narrowed to, and how it is sorted."""

    q: str | None = None
    visibility: Visibility | None = None
    sort: SegmentationSort = "-updated_at"


def visible_to(caller: Caller) -> sa.ColumnElement[bool]:
    """Return the condition that a segmentation is the caller's own or the team's."""
    return visible(sa.literal(caller.role), sa.literal(caller.id))


def visible(
    role: sa.SQLColumnExpression[str], caller_id: sa.SQLColumnExpression[int]
) -> sa.ColumnElement[bool]:
    row = LastingSegmentation
    return sa.or_(row.visibility == "team", role == "admin", row.user_id == caller_id)


def find(
    session: Session, caller: Caller, reference: Reference, *, lock: bool = False
) -> LastingSegmentation:
    """Return a segmentation that the caller may read."""
    row = LastingSegmentation
    named = row.kind == "core" if reference == "core" else row.id == reference
    query = sa.select(row).where(named, visible_to(caller))
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound("Segmentation not found")
    return found


def owns(caller: Caller, segmentation: LastingSegmentation) -> bool:
    """Whether the caller may change it; the core's is every analyst's."""
    if caller.role == "user":
        return segmentation.user_id == caller.id
    return caller.role == "admin" or segmentation.user_id in (caller.id, None)


def find_owned(
    session: Session, caller: Caller, reference: Reference, *, lock: bool = True
) -> LastingSegmentation:
    """Return a segmentation that the caller may change, locked unless told not to."""
    found = find(session, caller, reference, lock=lock)
    if not owns(caller, found):
        raise Forbidden("Only its owner can change this segmentation", code="not_the_owner")
    return found


def resolve(
    session: Session, caller: Caller, reference: Reference, version: int | None = None
) -> tuple[LastingSegmentation, ClusteringRun]:
    """Return a segmentation of a table that the caller may read, with a version of it.

    The active version where none is named.

    Raises
    ------
    NotFound
        There is no such segmentation or version, or the caller may not see it.
    BadRequest
        It is the core's, whose versions are models.
    """
    segmentation = find(session, caller, reference)
    found = version_of(session, segmentation, version)
    if not isinstance(found, ClusteringRun):
        raise BadRequest(
            "This is not available for the core's segmentation", code="not_for_the_core"
        )
    return segmentation, found


def versions_of(segmentation: LastingSegmentation) -> sa.Select[Version]:
    """Return the statement of all of its versions, newest first."""
    run = ClusteringRun
    if segmentation.kind == "core":
        return sa.select(ModelVersion).order_by(ModelVersion.version.desc())
    return sa.select(run).where(run.segmentation_id == segmentation.id).order_by(run.version.desc())


def version_of(session: Session, segmentation: LastingSegmentation, version: int | None) -> Version:
    """Return a version of it, the active one where none is named."""
    row: type[Version] = ModelVersion if segmentation.kind == "core" else ClusteringRun
    wanted = row.is_active if version is None else row.version == version
    found = session.scalars(versions_of(segmentation).where(wanted)).one_or_none()
    if found is not None:
        return found
    if version is not None:
        raise NotFound(f"This segmentation has no version {version}", code="no_such_version")
    if segmentation.kind == "core":
        raise ModelNotTrained
    raise NotFound("This segmentation has no active version", code="no_active_version")


def list_visible(
    session: Session, caller: Caller, page: Page, wanted: WantedSegmentations
) -> tuple[Sequence[LastingSegmentation], int]:
    """List the caller's own segmentations and the team's; administrators see all."""
    row, run, use = LastingSegmentation, ClusteringRun, SegmentationUse
    query = (
        sa.select(row)
        .outerjoin(Dataset, Dataset.id == row.dataset_id)
        .outerjoin(run, sa.and_(run.segmentation_id == row.id, run.is_active))
        .outerjoin(use, sa.and_(use.segmentation_id == row.id, use.user_id == caller.id))
        .where(visible_to(caller))
    )
    if wanted.q:
        texts = (row.name, row.description, Dataset.filename)
        query = query.where(sa.or_(*(contains_text(each, wanted.q) for each in texts)))
    if wanted.visibility is not None:
        query = query.where(row.visibility == wanted.visibility)
    keys: Mapping[str, tuple[Any, bool]] = {
        "name": (sa.func.lower(row.name), False),
        "-updated_at": (row.updated_at, True),
        "created_at": (row.created_at, False),
        "n_segments": (run.n_clusters, True),
        "last_used": (use.used_at, True),
    }
    key, descending = keys[wanted.sort]
    query = sorted_by(query, key, descending=descending).order_by(row.id.desc())
    return page_of(session, query, page)


def note_use(session: Session, caller: Caller, segmentation: LastingSegmentation) -> None:
    """Remember that the caller looked at it now."""
    key = {"segmentation_id": segmentation.id, "user_id": caller.id}
    use = SegmentationUse
    again = sa.update(use).where(*(getattr(use, name) == value for name, value in key.items()))
    if session.connection().execute(again.values(used_at=utcnow())).rowcount:
        return
    # Another request of the same account may be first; its time is as good.
    with suppress(IntegrityError), session.begin_nested():
        session.add(use(**key))
