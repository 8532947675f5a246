"""What an owner changes of a segmentation: its name, who sees it, which version serves."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.segmentation_tables import ClusteringRun, LastingSegment, LastingSegmentation
from app.db.session import Database
from app.db.tables import Dataset, utcnow
from app.errors import BadRequest, Forbidden, InvalidField, NotFound
from app.schemas.segmentations import SegmentationUpdate, SegmentOut, SegmentUpdate, VersionOut
from app.services.accounts import Caller
from app.services.job_work import Tools
from app.services.segmentations.describing import describe_version
from app.services.segmentations.finding import Reference, find_owned, version_of
from app.services.segmentations.record import record_change


def update(
    database: Database, caller: Caller, reference: Reference, form: SegmentationUpdate
) -> LastingSegmentation:
    """Rename, describe or share; what is shared is shared with each of its versions."""
    with database.session() as session:
        row = find_owned(session, caller, reference)
        if form.visibility == "team" and caller.role == "user":
            raise Forbidden(
                "Sharing requires the role analyst; yours is user", code="role_required"
            )
        if row.kind == "core" and form.visibility not in (None, row.visibility):
            raise BadRequest(
                "The core's segmentation is everyone's", code="core_is_shared", field="visibility"
            )
        if form.name is not None and form.name != row.name:
            row.name = form.name
            record_change(session, row, "renamed", caller)
        if "description" in form.model_fields_set and form.description != row.description:
            row.description = form.description
            record_change(session, row, "described", caller)
        if form.visibility is not None:
            # A version may have been shared by itself.
            versions = sa.update(ClusteringRun).where(ClusteringRun.segmentation_id == row.id)
            session.execute(versions.values(visibility=form.visibility))
            if form.visibility != row.visibility:
                row.visibility = form.visibility
                record_change(session, row, "shared", caller, visibility=form.visibility)
    return row


def update_segment(
    database: Database,
    caller: Caller,
    reference: Reference,
    lasting_id: int,
    form: SegmentUpdate,
) -> SegmentOut:
    """Take the owner's words for a segment, which last while it lives on."""
    with database.session() as session:
        row = find_owned(session, caller, reference)
        version = latest_with(session, row, lasting_id)
        _check_name(version, lasting_id, form.name)
        kept = {each.lasting_id: each for each in row.segments}
        segment = kept.get(lasting_id)
        if segment is None:
            # Versions of the core's model that an earlier release made left none.
            segment = LastingSegment(lasting_id=lasting_id, last_version=version.version)
            row.segments.append(segment)
        changed = {
            name: getattr(form, name)
            for name in sorted(form.model_fields_set)
            if getattr(form, name) != getattr(segment, name)
        }
        for name, value in changed.items():
            setattr(segment, name, value)
        if changed:
            # Whoever places keeps the names that were true at this time.
            row.updated_at = utcnow()
            fields = list(changed)
            record_change(
                session, row, "segment_changed", caller, segment=lasting_id, fields=fields
            )
        session.flush()
        found = latest_with(session, row, lasting_id)
    return next(each for each in found.segments if each.lasting_id == lasting_id)


def _check_name(version: VersionOut, lasting_id: int, name: str | None) -> None:
    if name is None:
        return
    others = (each.name for each in version.segments if each.lasting_id != lasting_id)
    if name.casefold() in map(str.casefold, others):
        raise InvalidField("name", f"Another segment is called {name!r}", code="name_taken")


def latest_with(session: Session, row: LastingSegmentation, lasting_id: int) -> VersionOut:
    """Describe the active version if it has the segment, or else the last one that did."""
    found = describe_version(version_of(session, row, None), row)
    if lasting_id not in {each.lasting_id for each in found.segments}:
        kept = {each.lasting_id: each.last_version for each in row.segments}
        if lasting_id not in kept:
            raise NotFound("Segment not found")
        found = describe_version(version_of(session, row, kept[lasting_id]), row)
    return found


def delete(tools: Tools, caller: Caller, reference: Reference) -> None:
    """Remove it with its versions; the datasets are kept."""
    with tools.database.session() as session:
        row = find_owned(session, caller, reference)
        if row.kind == "core":
            raise BadRequest("The core's segmentation cannot be deleted", code="not_for_the_core")
        files = session.execute(
            sa.select(Dataset.directory, ClusteringRun.artefact)
            .join(Dataset, Dataset.id == ClusteringRun.dataset_id)
            .where(ClusteringRun.segmentation_id == row.id)
        ).all()
        record_change(session, row, "deleted", caller)
        session.delete(row)
    for directory, artefact in files:
        tools.artefacts.remove(directory, artefact)
