"""API keys, as they come in and go out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, StringConstraints

from app.config import Role
from app.schemas.base import STORABLE, Incoming, Outgoing
from app.schemas.users import GivenPassword

Scope = Literal["read", "score", "manage"]
KeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]

_EXAMPLE: dict[str, JsonValue] = {
    "id": 3,
    "name": "nightly scoring",
    "start": "csk_4Q7dtR",
    "role": "analyst",
    "scopes": ["read", "score"],
    "expires_at": "2027-03-02T09:15:00Z",
    "last_used_at": None,
    "created_at": "2026-03-02T09:15:00Z",
}


class KeyCreate(Incoming):
    """A key to be made; without `role` it has its owner's, without `expires_at` no end."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "nightly scoring",
                "scopes": ["read", "score"],
                "role": "user",
                "expires_at": "2030-03-02T09:15:00Z",
            }
        }
    )

    name: KeyName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    role: Role | None = None
    expires_at: AwareDatetime | None = None
    current_password: GivenPassword | None = None


class KeyOut(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: int
    name: str
    start: str
    role: Role
    scopes: list[Scope]
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


class NewKey(KeyOut):
    """A key with its secret, `key`, which is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_EXAMPLE, "key": "csk_4Q7dtR2m9xLwZs0aB1cD2eF3gH4"}}
    )

    key: str


class KeyList(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": {"keys": [_EXAMPLE]}})

    keys: list[KeyOut]
