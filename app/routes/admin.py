"""Administration: accounts with their counts, and statistics."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from app.config import Role
from app.db.tables import User
from app.routes.answers import errors
from app.routes.deps import Admin, Id, ResourcesDep, Search, Transaction, WholePage
from app.routes.turns import PasswordTurn
from app.schemas.admin import (
    ChangedUsers,
    DayCount,
    RoleCounts,
    SegmentShare,
    Statistics,
    UnchangedUser,
    UserChanges,
    UserList,
    UserSort,
)
from app.schemas.base import Message
from app.schemas.users import OneTimePassword, RoleUpdate, UserOut, UserWithCounts
from app.services import administration, bulk_changes
from app.services.administration import CountedUser, UserFilter

router = APIRouter(prefix="/admin", tags=["admin"])


def _with_counts(counted: CountedUser) -> UserWithCounts:
    account = UserOut.model_validate(counted.user)
    return UserWithCounts(
        **account.model_dump(),
        total_predictions=counted.total_predictions,
        total_profiles=counted.total_profiles,
        last_sign_in_at=counted.last_sign_in_at,
    )


@router.get("/users", summary="List users with counts", responses=errors(401, 403))
def list_users(
    transaction: Transaction,
    _admin: Admin,
    page: WholePage,
    search: Search = None,
    role: Annotated[Role | None, Query()] = None,
    is_active: Annotated[bool | None, Query()] = None,
    sort: UserSort | None = None,
    descending: bool = False,
) -> UserList:
    """Newest first, or by `sort`. `search` matches username, email and full name.

    Totals follow filters.
    """
    with transaction() as session:
        wanted = UserFilter(search, role, is_active)
        users, total = administration.list_counted_users(
            session, page, wanted, sort=sort, descending=descending
        )
        predictions, profiles = administration.totals(session, wanted)
    return UserList(
        users=[_with_counts(each) for each in users],
        total=total,
        total_predictions=predictions,
        total_profiles=profiles,
    )


@router.post(
    "/users/changes",
    summary="Change several users",
    responses=errors(401, 403, body=True),
)
def change_users(transaction: Transaction, admin: Admin, form: UserChanges) -> ChangedUsers:
    """Gives each the role, or activates or deactivates them, by the rules for one user.

    `unchanged` names those whom a rule protects; the others are changed, and their sessions end.
    """
    with transaction() as session:
        changed, unchanged = bulk_changes.change_users(
            session, admin, form.ids, role=form.role, is_active=form.is_active
        )
        return ChangedUsers(
            changed=[UserOut.model_validate(each) for each in changed],
            unchanged=[
                UnchangedUser(id=each.id, code=each.refusal.code, detail=each.refusal.detail)
                for each in unchanged
            ],
        )


@router.get("/users/{user_id}", summary="Show a user with counts", responses=errors(401, 403, 404))
def read_user(transaction: Transaction, _admin: Admin, user_id: Id) -> UserWithCounts:
    """Returns counts only; profiles and history are private to the user."""
    with transaction() as session:
        return _with_counts(administration.get_counted_user(session, user_id))


@router.put(
    "/users/{user_id}/role",
    response_model=UserOut,
    summary="Change a user's role",
    responses=errors(401, 403, 404, body=True),
)
def change_role(transaction: Transaction, admin: Admin, user_id: Id, form: RoleUpdate) -> User:
    """Ends the user's sessions, so that they sign in again with the new role."""
    with transaction() as session:
        return administration.change_role(session, admin, user_id, form.role)


@router.put(
    "/users/{user_id}/toggle-active",
    response_model=UserOut,
    summary="Activate or deactivate a user",
    responses=errors(400, 401, 403, 404),
)
def toggle_active(transaction: Transaction, admin: Admin, user_id: Id) -> User:
    """Deactivating a user ends their sessions and blocks sign-in."""
    with transaction() as session:
        return administration.set_active(session, admin, user_id)


@router.post(
    "/users/{user_id}/reset-password",
    dependencies=[PasswordTurn],
    summary="Create a one-time password",
    responses=errors(400, 401, 403, 404),
)
def reset_password(resources: ResourcesDep, admin: Admin, user_id: Id) -> OneTimePassword:
    """Shown only once; the user must change it at the next sign-in. Ends their sessions."""
    user, password = administration.reset_password(
        resources.database, resources.settings, admin, user_id
    )
    return OneTimePassword(username=user.username, one_time_password=password)


@router.delete("/users/{user_id}", summary="Delete a user", responses=errors(400, 401, 403, 404))
def delete_user(resources: ResourcesDep, admin: Admin, user_id: Id) -> Message:
    """Also deletes their saved profiles, history, tables, files, jobs and keys, at once."""
    resources.erasure.delete_user(admin, user_id)
    return Message(message="User deleted successfully")


@router.get("/stats", summary="Show statistics", responses=errors(401, 403))
def read_statistics(transaction: Transaction, _admin: Admin) -> Statistics:
    """Returns accounts by role, predictions by segment, and predictions per day (30 days)."""
    with transaction() as session:
        return _statistics(session)


def _statistics(session: Session) -> Statistics:
    roles = administration.role_counts(session)
    active = administration.active_users(session)
    segments = administration.segment_counts(session)
    predictions, profiles = administration.totals(session, UserFilter())
    return Statistics(
        total_users=sum(roles.values()),
        active_users=active,
        inactive_users=sum(roles.values()) - active,
        total_predictions=predictions,
        total_profiles=profiles,
        users_by_role=RoleCounts.model_validate(roles),
        segments=[
            SegmentShare(cluster_name=name, predictions=number, share=number / predictions)
            for name, number in segments
        ],
        predictions_per_day=[
            DayCount(date=day, predictions=number)
            for day, number in administration.predictions_per_day(session)
        ],
    )
