"""What administrators do with accounts, and what they are told of the whole."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Role, Settings
from app.db.audit_tables import AuditEvent
from app.db.letters import SmallLetters, contains_text
from app.db.session import Database
from app.db.tables import CustomerProfile, Dataset, PredictionHistory, User
from app.errors import BadRequest, NotFound
from app.schemas.admin import UserSort
from app.security import hash_password
from app.services import audit
from app.services.accounts import BUILT_IN_EMAIL, Caller, counts, end_sessions
from app.services.paging import Page, page_of, sorted_by

STATISTICS_DAYS = 30
ONE_TIME_PASSWORD_BYTES = 12

_LAST_SIGN_IN: sa.ScalarSelect[datetime] = (
    sa.select(sa.func.max(AuditEvent.at))
    .where(AuditEvent.actor_id == User.id, AuditEvent.action == "sign_in.succeeded")
    .correlate(User)
    .scalar_subquery()
)


@dataclass(frozen=True)
class CountedUser:
    """An account with the number of predictions and profiles that are its own."""

    user: User
    total_predictions: int
    total_profiles: int
    last_sign_in_at: datetime | None


@dataclass(frozen=True)
class UserFilter:
    search: str | None = None
    role: Role | None = None
    is_active: bool | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        conditions: list[sa.ColumnElement[bool]] = []
        if self.search:
            searched = (User.username, User.email, User.full_name)
            conditions.append(sa.or_(*(contains_text(each, self.search) for each in searched)))
        if self.role is not None:
            conditions.append(User.role == self.role)
        if self.is_active is not None:
            conditions.append(User.is_active == self.is_active)
        return conditions


def list_users(
    session: Session,
    page: Page,
    wanted: UserFilter | None = None,
    *,
    sort: UserSort | None = None,
    descending: bool = False,
) -> tuple[Sequence[User], int]:
    query = sa.select(User).where(*(wanted or UserFilter()).conditions())
    if sort:
        field: sa.ColumnElement[Any] = (
            _LAST_SIGN_IN if sort == "last_sign_in_at" else getattr(User, sort)
        )
        key = SmallLetters(field) if sort == "username" else field
        query = sorted_by(query, key, descending=descending)
    return page_of(session, query.order_by(User.id.desc()), page)


def list_counted_users(
    session: Session,
    page: Page,
    wanted: UserFilter,
    *,
    sort: UserSort | None = None,
    descending: bool = False,
) -> tuple[list[CountedUser], int]:
    users, total = list_users(session, page, wanted, sort=sort, descending=descending)
    ids = [user.id for user in users]
    predictions = _counts_by_user(session, PredictionHistory.user_id, ids)
    profiles = _counts_by_user(session, CustomerProfile.user_id, ids)
    last = dict(session.execute(sa.select(User.id, _LAST_SIGN_IN).where(User.id.in_(ids))).all())
    return [
        CountedUser(user, predictions.get(user.id, 0), profiles.get(user.id, 0), last[user.id])
        for user in users
    ], total


def totals(session: Session, wanted: UserFilter) -> tuple[int, int]:
    """Return the predictions and profiles of all the users that a filter leaves."""
    chosen = sa.select(User.id).where(*wanted.conditions())
    predictions = sa.select(sa.func.count()).where(PredictionHistory.user_id.in_(chosen))
    profiles = sa.select(sa.func.count()).where(CustomerProfile.user_id.in_(chosen))
    return session.scalar(predictions) or 0, session.scalar(profiles) or 0


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("User not found")
    return user


def get_counted_user(session: Session, user_id: int) -> CountedUser:
    user = get_user(session, user_id)
    last = session.scalar(sa.select(_LAST_SIGN_IN).where(User.id == user_id))
    return CountedUser(user, *counts(session, user_id), last)


def change_role(session: Session, caller: Caller, user_id: int, role: Role) -> User:
    user, others = _user_to_change(session, user_id)
    if user.id == caller.id and role != "admin":
        raise BadRequest("You cannot demote your own account", code="own_account")
    if user.role == role:
        return user
    if role != "admin":
        _keep_an_admin(user, others=others)
    details = {"before": user.role, "after": role}
    user.role = role
    if role != "user":
        # What they brought for some days is theirs to keep now.
        theirs = sa.update(Dataset).where(Dataset.user_id == user.id)
        session.execute(theirs.values(kept_until=None))
    end_sessions(user)
    _record(session, "account.role_changed", caller, user, details)
    return user


def set_active(
    session: Session, caller: Caller, user_id: int, is_active: bool | None = None
) -> User:
    """Activate or deactivate a user; the other of what they are where neither is named."""
    user, others = _user_to_change(session, user_id)
    if is_active == user.is_active:
        return user
    if user.id == caller.id:
        raise BadRequest("You cannot deactivate your own account", code="own_account")
    if user.is_active:
        _keep_an_admin(user, others=others)
    user.is_active = not user.is_active
    end_sessions(user)
    action = "account.activated" if user.is_active else "account.deactivated"
    details = {"before": not user.is_active, "after": user.is_active}
    _record(session, action, caller, user, details)
    return user


def reset_password(
    database: Database, settings: Settings, caller: Caller, user_id: int
) -> tuple[User, str]:
    """Give a user a one-time password, which they must change once signed in with it.

    It is hashed before the transaction, so that no lock is held meanwhile.
    """
    if user_id == caller.id:
        raise BadRequest("Change your own password with PUT /users/me", code="own_account")
    password = secrets.token_urlsafe(ONE_TIME_PASSWORD_BYTES)
    hashed = hash_password(password, rounds=settings.bcrypt_rounds)
    with database.session() as session:
        user, _ = _user_to_change(session, user_id)
        user.hashed_password = hashed
        user.must_change_password = True
        end_sessions(user)
        _record(session, "account.password_reset", caller, user)
    return user, password


def delete_user(session: Session, caller: Caller, user_id: int) -> None:
    """Delete an account with its rows."""
    user, others = _user_to_change(session, user_id)
    if user.id == caller.id:
        raise BadRequest(
            "You cannot delete your own account here; use DELETE /users/me", code="own_account"
        )
    _keep_an_admin(user, others=others)
    session.delete(user)
    _record(session, "account.deleted", caller, user)


def delete_own(session: Session, caller: Caller) -> None:
    """Delete the caller's account with its rows."""
    user, _ = _user_to_change(session, caller.id)
    if user.role == "admin":
        raise BadRequest(
            "An administrator cannot delete their own account; ask another one",
            code="own_account",
        )
    session.delete(user)
    _record(session, "account.deleted", caller, user)


def role_counts(session: Session) -> dict[str, int]:
    query = sa.select(User.role, sa.func.count()).group_by(User.role)
    return {"user": 0, "analyst": 0, "admin": 0} | dict(session.execute(query).all())


def active_users(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).where(User.is_active)) or 0


def segment_counts(session: Session) -> list[tuple[str, int]]:
    """Return the predictions of each segment name, the most frequent first."""
    count = sa.func.count()
    query = (
        sa.select(PredictionHistory.cluster_name, count)
        .group_by(PredictionHistory.cluster_name)
        .order_by(count.desc(), PredictionHistory.cluster_name)
    )
    return [(name, number) for name, number in session.execute(query)]


def predictions_per_day(session: Session) -> list[tuple[date, int]]:
    """Return the number of predictions on each of the last days, in UTC, the latest last."""
    today = datetime.now(UTC).date()
    first = today - timedelta(days=STATISTICS_DAYS - 1)
    day = sa.func.date(PredictionHistory.created_at)
    if session.get_bind().dialect.name == "postgresql":
        day = sa.func.date(sa.func.timezone("UTC", PredictionHistory.created_at))
    query = (
        sa.select(sa.cast(day, sa.String), sa.func.count())
        .where(PredictionHistory.created_at >= datetime(*first.timetuple()[:3], tzinfo=UTC))
        .group_by(day)
    )
    counted = {date.fromisoformat(text): number for text, number in session.execute(query)}
    days = [first + timedelta(days=offset) for offset in range(STATISTICS_DAYS)]
    return [(each, counted.get(each, 0)) for each in days]


def _counts_by_user(
    session: Session, column: sa.orm.InstrumentedAttribute[int], ids: Sequence[int]
) -> dict[int, int]:
    query = sa.select(column, sa.func.count()).where(column.in_(ids)).group_by(column)
    return dict(session.execute(query).all())


def lock_users(session: Session, ids: Sequence[int]) -> Sequence[User]:
    """Lock users and all active administrators, in the one order that everyone locks them in."""
    active_admin = sa.and_(User.role == "admin", User.is_active, User.email != BUILT_IN_EMAIL)
    query = sa.select(User).where(sa.or_(User.id.in_(ids), active_admin))
    return session.scalars(query.order_by(User.id).with_for_update()).all()


def _user_to_change(session: Session, user_id: int) -> tuple[User, bool]:
    """Lock a user and all active administrators; return the user, and whether others remain.

    They are locked in one order, so that two administrators who remove each other at once
    neither both succeed nor wait for each other for ever.
    """
    locked = lock_users(session, [user_id])
    user = next((each for each in locked if each.id == user_id), None)
    if user is None:
        raise NotFound("User not found")
    if user.email == BUILT_IN_EMAIL:
        raise BadRequest(
            "The built-in account cannot be changed; see the setting ANONYMOUS_ROLE",
            code="built_in_account",
        )
    return user, any(each.id != user_id for each in locked)


def _record(
    session: Session,
    action: str,
    caller: Caller,
    user: User,
    details: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        action,
        actor_id=caller.id,
        key_id=caller.key_id,
        details=details,
        **audit.about_user(user.id),
    )


def _keep_an_admin(user: User, *, others: bool) -> None:
    if user.role == "admin" and user.is_active and not others:
        raise BadRequest(
            "The last active administrator cannot be removed", code="last_administrator"
        )
