"""Accounts, as they come in and go out."""

from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from app.config import Role
from app.schemas.base import STORABLE, Incoming, Outgoing

MIN_PASSWORD_LENGTH = 6
MAX_PASSWORD_BYTES = 72


def _fits_bcrypt(password: str) -> str:
    if len(password.encode()) > MAX_PASSWORD_BYTES:
        raise ValueError(
            f"must be at most {MAX_PASSWORD_BYTES} bytes long in UTF-8; "
            "accents count two bytes each, emoji four"
        )
    return password


def _plain_address(value: object) -> object:
    if isinstance(value, str) and "<" in value:
        raise ValueError("must be an email address alone, without a name")
    return value


Email = Annotated[EmailStr, BeforeValidator(_plain_address), AfterValidator(str.lower)]
Username = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=3,
        max_length=50,
        pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$",
    ),
    Field(description="Letters, digits, dots, dashes and underscores; unique, ignoring case"),
]
FullName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), STORABLE]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_BYTES),
    STORABLE,
    AfterValidator(_fits_bcrypt),
]
Login = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=320),
    STORABLE,
]
MAX_GIVEN_PASSWORD = 1_000
InvitationSecret = Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE]
GivenPassword = Annotated[str, StringConstraints(max_length=MAX_GIVEN_PASSWORD), STORABLE]


EXAMPLE_USER: dict[str, JsonValue] = {
    "id": 7,
    "email": "maria@example.com",
    "username": "maria",
    "full_name": "Maria Keller",
    "role": "user",
    "is_active": True,
    "must_change_password": False,
    "created_at": "2026-03-02T09:15:00Z",
    "updated_at": "2026-03-02T09:15:00Z",
}
EXAMPLE_USER_WITH_COUNTS: dict[str, JsonValue] = {
    **EXAMPLE_USER,
    "total_predictions": 42,
    "total_profiles": 3,
    "last_sign_in_at": "2026-03-02T09:15:00Z",
}


class UserCreate(Incoming):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "email": "maria@example.com",
                "username": "maria",
                "full_name": "Maria Keller",
                "password": "correct horse",
            }
        }
    )

    email: Email
    username: Username
    full_name: FullName | None = None
    password: NewPassword
    invitation: InvitationSecret | None = None


class UserUpdate(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"full_name": "Maria Keller-Roth"}})

    email: Email | None = None
    username: Username | None = None
    full_name: FullName | None = None
    password: NewPassword | None = None
    current_password: GivenPassword | None = None

    @model_validator(mode="after")
    def _required_stay(self) -> "UserUpdate":
        for name in ("email", "username", "password"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be removed; leave it out to keep it")
        return self


class RoleUpdate(Incoming):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "role": "analyst",
            }
        }
    )

    role: Role


class Credentials(Incoming):
    model_config = ConfigDict(
        json_schema_extra={"example": {"username": "testuser", "password": "test123"}}
    )

    username: Login
    password: Annotated[
        str, StringConstraints(min_length=1, max_length=MAX_GIVEN_PASSWORD), STORABLE
    ]


class UserOut(Outgoing):
    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_USER})

    id: int
    email: str
    username: str
    full_name: str | None
    role: Role
    is_active: bool
    must_change_password: bool
    created_at: datetime
    updated_at: datetime


class SavedUserOut(UserOut):
    """An account as it was saved; `warnings` says what production would refuse."""

    model_config = ConfigDict(json_schema_extra={"example": {**EXAMPLE_USER, "warnings": []}})

    warnings: list[str]


class AccountDeletion(Incoming):
    model_config = ConfigDict(json_schema_extra={"example": {"current_password": "correct horse"}})

    current_password: GivenPassword | None = None


class UserWithCounts(UserOut):
    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE_USER_WITH_COUNTS})

    total_predictions: int
    total_profiles: int
    last_sign_in_at: datetime | None


class UserProfile(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 7,
                "username": "maria",
                "email": "maria@example.com",
                "full_name": "Maria Keller",
                "role": "user",
                "total_predictions": 42,
                "total_saved_profiles": 3,
            }
        }
    )

    id: int
    username: str
    email: str
    full_name: str | None
    role: Role
    total_predictions: int
    total_saved_profiles: int


class TokenUser(Outgoing):
    id: int
    username: str
    email: str
    role: Role
    must_change_password: bool


class Token(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJpYSJ9.c2lnbmF0dXJl",
                "token_type": "bearer",
                "user": {
                    "id": 7,
                    "username": "maria",
                    "email": "maria@example.com",
                    "role": "user",
                    "must_change_password": False,
                },
            }
        }
    )

    access_token: str
    token_type: str
    user: TokenUser


class SignInProvider(Outgoing):
    """Who signs people in for this server; `start` is where to send a browser."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Company login", "start": "/auth/provider/start"}}
    )

    name: str
    start: str


class OneTimePassword(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "username": "maria",
                "one_time_password": "4Q7d-tR2m_9xLwZs",
            }
        }
    )

    username: str
    one_time_password: str
