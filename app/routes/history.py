"""The caller's own predictions."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from app.routes.answers import errors
from app.routes.deps import CurrentUser, SessionDep, ShortPage
from app.schemas.base import MAX_DATABASE_ID
from app.schemas.predictions import History, HistoryRow
from app.services import history
from app.services.history import HistoryFilter

router = APIRouter(prefix="/history", tags=["history"])

Percent = Annotated[int | None, Query(ge=0, le=100)]


def _date_or_time(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a date (2026-01-31) or a time in ISO 8601") from error


Moment = Annotated[
    date | datetime | None,
    BeforeValidator(_date_or_time),
    Query(description="A date, or a time in ISO 8601; UTC unless it says otherwise"),
]


@router.get("", summary="List one's predictions", responses=errors(401))
def list_history(
    session: SessionDep,
    caller: CurrentUser,
    page: ShortPage,
    cluster: Annotated[int | None, Query(ge=0, le=MAX_DATABASE_ID)] = None,
    min_confidence: Percent = None,
    max_confidence: Percent = None,
    date_from: Moment = None,
    date_to: Moment = None,
) -> History:
    """Newest first. A bare date as `date_to` includes that day; `total` follows the filters."""
    wanted = HistoryFilter(cluster, min_confidence, max_confidence, date_from, date_to)
    rows, total = history.list_own(session, caller, page, wanted)
    return History(history=[HistoryRow.model_validate(row) for row in rows], total=total)
