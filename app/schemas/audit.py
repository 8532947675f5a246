"""The audit log, as administrators see it."""

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, JsonValue

from app.schemas.base import Outgoing

_EXAMPLE: dict[str, JsonValue] = {
    "id": 41,
    "at": "2026-03-02T09:15:00Z",
    "action": "account.role_changed",
    "actor_id": 1,
    "actor": "admin",
    "key_id": None,
    "object_type": "user",
    "object_id": 7,
    "address": "192.0.2.7",
    "request_id": "2f1c7f0e6f5f4a0f9a53",
    "details": {"before": "user", "after": "analyst"},
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


class AuditEventOut(Outgoing):
    """What someone did; `actor` is their username today, null once the account is deleted."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: int
    at: datetime
    action: str
    actor_id: int | None
    actor: str | None
    key_id: int | None
    object_type: str | None
    object_id: int | None
    address: str | None
    request_id: str | None
    details: dict[str, Any]
    digest: str


class AuditEvents(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": {"events": [_EXAMPLE], "total": 1}})

    events: list[AuditEventOut]
    total: int


class AuditCheck(Outgoing):
    """Whether every event fits the one before it; compare `last_digest` with a copy of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "is_whole": True,
                "n_events": 41,
                "first_broken": None,
                "last_digest": _EXAMPLE["digest"],
            }
        }
    )

    is_whole: bool
    n_events: int
    first_broken: int | None
    last_digest: str | None
