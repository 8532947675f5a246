"""Long work, as its asker sees it."""

from datetime import datetime
from typing import Any, Literal

from app.schemas.base import Outgoing


class JobOut(Outgoing):
    """`result` holds the new ids, `location` their address, once the state is `succeeded`."""

    id: int
    kind: str
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    phase: str
    percent: int
    seconds_left: float | None
    result: dict[str, Any] | None
    location: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
