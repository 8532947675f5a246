"""Background jobs, as their owner sees them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from app.schemas.base import Outgoing


class JobOut(Outgoing):
    """`result` has the new ids and `location` their address once the state is `succeeded`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 5,
                "kind": "clustering",
                "state": "running",
                "phase": "clustering",
                "percent": 40,
                "seconds_left": 12.5,
                "result": None,
                "location": None,
                "error": None,
                "created_at": "2026-03-02T09:15:00Z",
                "started_at": "2026-03-02T09:15:01Z",
                "finished_at": None,
            }
        }
    )

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
