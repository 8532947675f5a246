"""Who did what with a segmentation: a part of the audit log."""

from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.audit_tables import AuditEvent
from app.db.segmentation_tables import LastingSegmentation
from app.db.tables import User
from app.schemas.segmentations import RecordEntry
from app.services import audit
from app.services.accounts import Caller
from app.services.paging import Page


class Actor(Protocol):
    """Who is answerable for a change, also where a worker makes it."""

    @property
    def actor_id(self) -> int: ...

    @property
    def key_id(self) -> int | None: ...


def record_change(
    session: Session,
    segmentation: LastingSegmentation,
    change: str,
    actor: Actor | Caller,
    **details: object,
) -> None:
    """Note a change with what it tells of; `details` hold no names and no customers."""
    audit.record(
        session,
        f"segmentation.{change}",
        actor_id=actor.id if isinstance(actor, Caller) else actor.actor_id,
        key_id=actor.key_id,
        object_type="segmentation",
        object_id=segmentation.id,
        details=details,
    )


def list_changes(
    session: Session, segmentation: LastingSegmentation, page: Page
) -> tuple[list[RecordEntry], int]:
    """Return one page of what was done, newest first, with the names that accounts have now."""
    event = AuditEvent
    of_it = sa.and_(
        event.object_type == "segmentation",
        event.object_id == segmentation.id,
        event.action.startswith("segmentation."),
    )
    if segmentation.kind == "core":
        of_it = sa.or_(of_it, event.action.in_(("model.trained", "model.activated")))
    total = session.scalar(sa.select(sa.func.count(event.id)).where(of_it)) or 0
    query = (
        sa.select(event, User.username)
        .outerjoin(User, User.id == event.actor_id)
        .where(of_it)
        .order_by(event.id.desc())
        .offset(page.skip)
        .limit(page.limit)
    )
    return [_entry(row, name) for row, name in session.execute(query)], total


def _entry(event: AuditEvent, by: str | None) -> RecordEntry:
    details = event.details
    version = event.object_id if event.object_type == "model" else details.get("version")
    return RecordEntry.model_validate(
        {
            "at": event.at,
            "by": by,
            "change": event.action.rpartition(".")[2],
            "version": version,
            "segment": details.get("segment"),
            "visibility": details.get("visibility"),
            "fields": details.get("fields", []),
        }
    )
