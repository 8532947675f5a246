"""Who did what, and when."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from app.db.tables import utcnow
from app.routes.answers import errors
from app.routes.deps import Admin, ResourcesDep, ShortPage, Transaction
from app.routes.downloads import attachment
from app.routes.history import Moment
from app.schemas.audit import AuditCheck, AuditEventOut, AuditEvents
from app.schemas.base import MAX_DATABASE_ID, STORABLE
from app.services import audit
from app.services.audit import AuditFilter

router = APIRouter(prefix="/admin/audit", tags=["audit"])

Word = Annotated[Annotated[str, StringConstraints(max_length=60), STORABLE] | None, Query()]
Number = Annotated[int | None, Query(ge=0, le=MAX_DATABASE_ID)]


async def get_filter(
    actor_id: Number = None,
    action: Word = None,
    object_type: Word = None,
    object_id: Number = None,
    date_from: Moment = None,
    date_to: Moment = None,
) -> AuditFilter:
    return AuditFilter(actor_id, action, object_type, object_id, date_from, date_to)


Wanted = Annotated[AuditFilter, Depends(get_filter)]


@router.get("", summary="List audit events", responses=errors(401, 403))
def list_events(
    transaction: Transaction, _admin: Admin, page: ShortPage, wanted: Wanted
) -> AuditEvents:
    """Newest first. `action=account` includes every action that begins with `account.`."""
    with transaction() as session:
        found, total = audit.list_events(session, page, wanted)
    events = [
        AuditEventOut.model_validate({**audit.fields_of(event), "actor": name})
        for event, name in found
    ]
    return AuditEvents(events=events, total=total)


@router.get(
    "/export",
    response_class=StreamingResponse,
    summary="Download audit events",
    responses=errors(401, 403) | {200: {"content": {"text/csv": {}}}},
)
def export_events(resources: ResourcesDep, _admin: Admin, wanted: Wanted) -> StreamingResponse:
    """A CSV file that is safe to open in a spreadsheet, oldest first, with the same filters."""
    return StreamingResponse(
        audit.export(resources.database, wanted),
        media_type="text/csv; charset=utf-8",
        headers=attachment("audit", utcnow().date(), ending="csv"),
    )


@router.get("/check", summary="Check the audit log", responses=errors(401, 403))
def check_events(transaction: Transaction, _admin: Admin) -> AuditCheck:
    """Recomputes the chain of digests, and names the first event that was changed or is missing."""
    with transaction() as session:
        found = audit.check(session)
    return AuditCheck(
        is_whole=found.first_broken is None,
        n_events=found.n_events,
        first_broken=found.first_broken,
        last_digest=found.last_digest,
    )
