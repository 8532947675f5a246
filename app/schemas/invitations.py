"""Invitations, as they come in and go out."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from app.config import Role
from app.schemas.base import Incoming, Outgoing
from app.schemas.users import Email

LONGEST_DAYS = 90

_EXAMPLE: dict[str, JsonValue] = {
    "id": 4,
    "role": "analyst",
    "email": None,
    "created_by": "admin",
    "created_at": "2026-03-02T09:15:00Z",
    "expires_at": "2026-03-09T09:15:00Z",
    "used_at": None,
    "used_by": None,
}


class InvitationCreate(Incoming):
    """For anyone who has the link, or for one email address alone."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"role": "analyst", "expires_in_days": 7}}
    )

    role: Role = "user"
    email: Email | None = None
    expires_in_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 7

    def lifetime(self) -> timedelta:
        return timedelta(days=self.expires_in_days)


class InvitationOut(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: int
    role: Role
    email: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None


class NewInvitation(InvitationOut):
    """An invitation with its link, which is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_EXAMPLE,
                "invitation": "kX3vJ0tQm2d8",
                "link": "https://segments.example.com/app/register?invitation=kX3vJ0tQm2d8",
            }
        }
    )

    invitation: str
    link: str
