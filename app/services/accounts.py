"""Accounts: who calls, signing out, and changing one's own."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.config import Role, Settings
from app.db.session import Database
from app.db.tables import CustomerProfile, PredictionHistory, RevokedToken, User, utcnow
from app.errors import BadRequest, Unauthorized
from app.schemas.users import UserUpdate
from app.security import Claims, hash_password, verify_password
from app.services import audit, password_rules
from app.services.attempts import Key, count_guess, forget
from app.services.audit import about_user as _about

BUILT_IN_USERNAME = "anonymous"
"""Of the account that calls without a token act as; reserved whether they are allowed or not."""
BUILT_IN_EMAIL = "anonymous@built-in.invalid"
"""No one can register it: `.invalid` is no domain, and addresses are checked for theirs."""


@dataclass(frozen=True, slots=True)
class SavedUser:
    """An account as it was saved, and what is doubtful about it."""

    user: User
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as the database knows them at this moment."""

    id: int
    username: str
    role: Role
    must_change_password: bool
    token_id: str
    token_version: int
    token_issued_at: datetime
    key_id: int | None = None
    """Of the API key that the call came with in place of a token."""


_TOKEN_ID: sa.BindParameter[str] = sa.bindparam("token_id")
HONOURED = sa.and_(
    User.id == sa.bindparam("user_id"),
    User.is_active,
    sa.or_(User.token_version == sa.bindparam("version"), User.kept_token_id == _TOKEN_ID),
    ~sa.exists().where(RevokedToken.token_id == _TOKEN_ID),
)
"""Under which a user's row still honours a token; takes the parameters of `token_parameters`.

Built once: putting a statement together costs more than running it.
"""
_FIND_CALLER = sa.select(User.id, User.username, User.role, User.must_change_password).where(
    HONOURED
)


_LOCK_CALLER = sa.select(User).where(HONOURED).with_for_update()


def token_parameters(claims: Claims) -> dict[str, int | str]:
    return _parameters(claims.user_id, claims.version, claims.token_id)


def _parameters(user_id: int, version: int, token_id: str) -> dict[str, int | str]:
    return {"user_id": user_id, "version": version, "token_id": token_id}


def identify(database: Database, claims: Claims) -> Caller:
    """Return who a token stands for, in a short transaction of its own."""
    with database.connect(read_only=True) as connection:
        row = connection.execute(_FIND_CALLER, token_parameters(claims)).one_or_none()
    if row is None:
        raise Unauthorized
    return Caller(
        id=row.id,
        username=row.username,
        role=row.role,
        must_change_password=row.must_change_password,
        token_id=claims.token_id,
        token_version=claims.version,
        token_issued_at=claims.issued_at,
    )


def get(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise Unauthorized
    return user


def log_out(session: Session, claims: Claims) -> None:
    """Deny the token from now on; denials of tokens that expired a while ago are dropped."""
    long_expired = datetime.now(UTC) - timedelta(minutes=1)
    session.execute(sa.delete(RevokedToken).where(RevokedToken.expires_at < long_expired))
    # Two calls with one token at once: the other's denial is as good.
    with suppress(IntegrityError), session.begin_nested():
        session.add(RevokedToken(token_id=claims.token_id, expires_at=claims.expires_at))
    audit.record(session, "sign_in.ended", actor_id=claims.user_id)


def confirm_identity(
    database: Database, settings: Settings, caller: Caller, given: str | None, *, to: str | None
) -> None:
    """Require a fresh token or the current password before something grave.

    `to` says what that is, for the refusal; None if nothing is, and a password that is given must
    still be right.

    Raises
    ------
    BadRequest
        The password is wrong, or missing where the token is old.
    TooManyRequests
        Too many wrong ones came before.
    """
    if given is None:
        age = datetime.now(UTC) - caller.token_issued_at
        if to is not None and age > timedelta(minutes=settings.reauthentication_minutes):
            raise BadRequest(
                f"You signed in too long ago to {to}; send current_password too",
                code="sign_in_too_old",
                field="current_password",
            )
        return
    key = Key("current password", f"account:{caller.id}")
    with database.session() as session:
        count_guess(session, key, utcnow(), free=settings.login_failures)
    if not verify_password(given, _hash_of(database, caller)):
        with database.session() as session:
            audit.record(session, "account.confirmation_failed", actor_id=caller.id)
        raise BadRequest(
            "This is not your current password", code="wrong_password", field="current_password"
        )
    with database.session() as session:
        forget(session, key)


def confirm_change(
    database: Database, settings: Settings, caller: Caller, form: UserUpdate
) -> None:
    """Require a fresh token or the current password before a password or an address changes."""
    is_new_address = form.email not in (None, _names_of(database, caller)["email"])
    to = (
        "change the password"
        if form.password is not None
        else "change the email address"
        if is_new_address
        else None
    )
    confirm_identity(database, settings, caller, form.current_password, to=to)
    if (
        caller.must_change_password
        and form.password is not None
        and verify_password(form.password, _hash_of(database, caller))
    ):
        raise BadRequest(
            "Choose another password than the one-time one",
            code="one_time_password",
            field="password",
        )


def update_own(
    database: Database, settings: Settings, caller: Caller, form: UserUpdate
) -> SavedUser:
    """Change one's own account; a new password ends every other session.

    `confirm_change` comes first; hashing comes before the transaction, so that no lock is held
    meanwhile.
    """
    doubts: list[str] = []
    hashed = None
    if form.password:
        names = _names_of(database, caller)
        doubts = password_rules.check(
            settings,
            form.password,
            username=form.username or names["username"],
            email=form.email or names["email"],
        )
        hashed = hash_password(form.password, rounds=settings.bcrypt_rounds)
    # The token again, under the lock: what ended the session meanwhile must not be undone.
    parameters = _parameters(caller.id, caller.token_version, caller.token_id)
    with database.session() as session:
        user = session.scalars(_LOCK_CALLER, parameters).one_or_none()
        if user is None:
            raise Unauthorized
        refuse_taken(session, email=form.email, username=form.username, but=user.id)
        for field in form.model_fields_set & {"email", "username", "full_name"}:
            setattr(user, field, getattr(form, field))
        if hashed is not None:
            user.hashed_password = hashed
            user.must_change_password = False
            end_sessions(user, keep=caller.token_id)
        flush_unique(session)
        # Which of them, and not what they are: an account that is erased leaves no name.
        changed = sorted(form.model_fields_set & {"email", "username", "full_name", "password"})
        if changed:
            details = {"changed": changed}
            audit.record(
                session, "account.changed", actor_id=user.id, details=details, **_about(user.id)
            )
    return SavedUser(user, doubts)


def end_sessions(user: User, *, keep: str | None = None) -> None:
    """End every session of an account, but for one token where named."""
    user.token_version += 1
    user.kept_token_id = keep


def counts(session: Session, user_id: int) -> tuple[int, int]:
    """Return how many predictions and saved profiles a user has."""
    query = sa.select(
        sa.select(sa.func.count()).where(PredictionHistory.user_id == user_id).scalar_subquery(),
        sa.select(sa.func.count()).where(CustomerProfile.user_id == user_id).scalar_subquery(),
    )
    predictions, profiles = session.execute(query).one()
    return predictions, profiles


def _hash_of(database: Database, caller: Caller) -> str:
    with database.connect(read_only=True) as connection:
        hashed = connection.scalar(sa.select(User.hashed_password).where(User.id == caller.id))
    if hashed is None:
        raise Unauthorized
    return hashed


class _Names(TypedDict):
    username: str
    email: str


def _names_of(database: Database, caller: Caller) -> _Names:
    with database.session(read_only=True) as session:
        user = get(session, caller.id)
    return _Names(username=user.username, email=user.email)


def refuse_taken(
    session: Session, *, email: str | None, username: str | None, but: int | None = None
) -> None:
    others = sa.select(User.id).where(User.id != but) if but is not None else sa.select(User.id)
    if email is not None and session.scalar(others.where(User.email == email)) is not None:
        raise BadRequest("Email already registered", code="email_taken", field="email")
    if username is None:
        return
    name = username.lower()
    same_name = sa.func.lower(User.username) == name
    if name == BUILT_IN_USERNAME or session.scalar(others.where(same_name)) is not None:
        raise BadRequest("Username already taken", code="username_taken", field="username")


def flush_unique(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        # Another request took the name between the check and the write.
        raise BadRequest("Email or username already taken", code="account_taken") from error
