"""What an administrator sees."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict

from app.schemas.base import Outgoing
from app.schemas.users import EXAMPLE_USER_WITH_COUNTS, UserWithCounts

UserSort = Literal["username", "role", "created_at"]


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
