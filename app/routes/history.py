"""The caller's own predictions."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator

from app.db.tables import utcnow
from app.routes.answers import errors
from app.routes.deps import CurrentUser, Id, ResourcesDep, ShortPage, Transaction
from app.routes.downloads import attachment
from app.schemas.base import MAX_DATABASE_ID, Message
from app.schemas.predictions import Deleted, History, HistoryRow, HistorySort
from app.services import history
from app.services.history import HistoryFilter

router = APIRouter(prefix="/history", tags=["history"])

Percent = Annotated[int | None, Query(ge=0, le=100)]


def _date_or_time(text: object) -> object:
    if not isinstance(text, str):
        return text
    with suppress(ValueError):
        return date.fromisoformat(text)
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a date (2026-01-31) or a time in ISO 8601") from error


Moment = Annotated[
    date | datetime | None,
    BeforeValidator(_date_or_time),
    Query(description="A date, or a time in ISO 8601; UTC unless it says otherwise"),
]


async def get_filter(
    cluster: Annotated[int | None, Query(ge=0, le=MAX_DATABASE_ID)] = None,
    min_confidence: Percent = None,
    max_confidence: Percent = None,
    date_from: Moment = None,
    date_to: Moment = None,
) -> HistoryFilter:
    return HistoryFilter(cluster, min_confidence, max_confidence, date_from, date_to)


Wanted = Annotated[HistoryFilter, Depends(get_filter)]


@router.get("", summary="List your predictions", responses=errors(401))
def list_history(
    transaction: Transaction,
    caller: CurrentUser,
    page: ShortPage,
    wanted: Wanted,
    sort: HistorySort | None = None,
    descending: bool = False,
) -> History:
    """Newest first, or by `sort`. A bare date as `date_to` includes that day.

    `total` follows the filters.
    """
    with transaction() as session:
        rows, total = history.list_own(
            session, caller, page, wanted, sort=sort, descending=descending
        )
    return History(history=[HistoryRow.model_validate(row) for row in rows], total=total)


@router.get(
    "/export",
    response_class=StreamingResponse,
    summary="Download your predictions",
    responses=errors(401) | {200: {"content": {"text/csv": {}}}},
)
def export_history(
    resources: ResourcesDep, caller: CurrentUser, wanted: Wanted
) -> StreamingResponse:
    """A CSV file that is safe to open in a spreadsheet, newest first, with the same filters."""
    return StreamingResponse(
        history.export_own(resources.database, caller, wanted),
        media_type="text/csv; charset=utf-8",
        headers=attachment("history", utcnow().date(), ending="csv"),
    )


@router.delete("", summary="Delete your predictions", responses=errors(401))
def delete_history(transaction: Transaction, caller: CurrentUser, wanted: Wanted) -> Deleted:
    """Permanently deletes all of them, or those that match the filters."""
    with transaction() as session:
        deleted = history.delete_own(session, caller, wanted)
    return Deleted(message=f"{deleted} predictions deleted", deleted=deleted)


@router.delete("/{row_id}", summary="Delete one prediction", responses=errors(401, 404))
def delete_row(transaction: Transaction, caller: CurrentUser, row_id: Id) -> Message:
    """Permanently deletes it."""
    with transaction() as session:
        history.delete_one(session, caller, row_id)
    return Message(message="Prediction deleted successfully")
