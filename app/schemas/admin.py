"""What an administrator sees."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from app.config import Role
from app.schemas.base import MAX_DATABASE_ID, NUMBER, Flag, Incoming, Outgoing
from app.schemas.users import (
    EXAMPLE_USER,
    EXAMPLE_USER_WITH_COUNTS,
    UserOut,
    UserWithCounts,
)

UserId = Annotated[int, Field(ge=1, le=MAX_DATABASE_ID), NUMBER]

UserSort = Literal["username", "role", "created_at", "last_sign_in_at"]

MOST_CHANGED = 1_000


class UserChanges(Incoming):
    """What to make of several users: their role, whether they are active, or both."""

    model_config = ConfigDict(json_schema_extra={"example": {"ids": [7, 8], "role": "analyst"}})

    ids: Annotated[list[UserId], Field(min_length=1, max_length=MOST_CHANGED)]
    role: Role | None = None
    is_active: Flag | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.role is None and self.is_active is None:
            raise ValueError("give role, is_active or both")
        return self


class UnchangedUser(Outgoing):
    """A user who was left as they were, and why."""

    id: int
    code: str
    detail: str


class ChangedUsers(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "changed": [{**EXAMPLE_USER, "role": "analyst"}],
                "unchanged": [{"id": 8, "code": "not_found", "detail": "User not found"}],
            }
        }
    )

    changed: list[UserOut]
    unchanged: list[UnchangedUser]


class UserList(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "users": [EXAMPLE_USER_WITH_COUNTS],
                "total": 1,
                "total_predictions": 42,
                "total_profiles": 3,
            }
        }
    )

    users: list[UserWithCounts]
    total: int
    total_predictions: int
    total_profiles: int


class RoleCounts(Outgoing):
    user: int
    analyst: int
    admin: int


class SegmentShare(Outgoing):
    cluster_name: str
    predictions: int
    share: float


class DayCount(Outgoing):
    date: date
    predictions: int


class Statistics(Outgoing):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "total_users": 9,
                "active_users": 8,
                "inactive_users": 1,
                "total_predictions": 120,
                "total_profiles": 14,
                "users_by_role": {"user": 6, "analyst": 2, "admin": 1},
                "segments": [
                    {"cluster_name": "High Value Customers", "predictions": 90, "share": 0.75},
                    {"cluster_name": "Budget Conscious", "predictions": 30, "share": 0.25},
                ],
                "predictions_per_day": [
                    {"date": "2026-03-01", "predictions": 48},
                    {"date": "2026-03-02", "predictions": 72},
                ],
            }
        }
    )

    total_users: int
    active_users: int
    inactive_users: int
    total_predictions: int
    total_profiles: int
    users_by_role: RoleCounts
    segments: list[SegmentShare]
    predictions_per_day: list[DayCount]
