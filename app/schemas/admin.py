"""What an administrator sees."""

from datetime import date

from app.schemas.base import Outgoing
from app.schemas.users import UserWithCounts


class UserList(Outgoing):
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
    total_users: int
    active_users: int
    inactive_users: int
    total_predictions: int
    total_profiles: int
    users_by_role: RoleCounts
    segments: list[SegmentShare]
    predictions_per_day: list[DayCount]
