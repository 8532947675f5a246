"""API keys: making, listing and revoking them, and who calls with one."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import ROLE_RANK
from app.db.key_tables import ApiKey
from app.db.session import Database
from app.db.tables import User, utcnow
from app.errors import BadRequest, Forbidden, InvalidField, NotFound, Unauthorized
from app.schemas.keys import KeyCreate
from app.services import audit
from app.services.accounts import Caller
from app.services.administration import get_user

PREFIX = "csk_"
SECRET_BYTES = 32
SHOWN_CHARACTERS = 10
MOST_KEYS = 50
"""Of one account."""
NOTED_EVERY = timedelta(minutes=1)
"""How exact the last use is; noting each would make a write of every read."""

_FIND = sa.select(
    User.id,
    User.username,
    User.role,
    User.must_change_password,
    ApiKey.id.label("key_id"),
    ApiKey.role.label("key_role"),
    ApiKey.scopes,
    ApiKey.expires_at,
    ApiKey.last_used_at,
).join(ApiKey, ApiKey.user_id == User.id)


def create(session: Session, caller: Caller, form: KeyCreate) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which nothing keeps.

    Raises
    ------
    Forbidden
        The role is higher than the owner's.
    InvalidField
        The end is not ahead.
    BadRequest
        The account has as many keys as it may.
    """
    role = form.role or caller.role
    if ROLE_RANK[role] > ROLE_RANK[caller.role]:
        raise Forbidden(
            f"A key cannot have the role {role}; yours is {caller.role}", code="role_required"
        )
    if form.expires_at is not None and form.expires_at <= utcnow():
        raise InvalidField("expires_at", "must be in the future", code="not_in_the_future")
    # Under the lock of the account, so that two at once cannot both be the last one.
    session.execute(sa.select(User.id).where(User.id == caller.id).with_for_update())
    count = sa.select(sa.func.count()).where(ApiKey.user_id == caller.id)
    if (session.scalar(count) or 0) >= MOST_KEYS:
        raise BadRequest(
            f"You have {MOST_KEYS} keys, the most there can be; revoke one first",
            code="too_many_keys",
        )
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey(
        user_id=caller.id,
        name=form.name,
        start=secret[:SHOWN_CHARACTERS],
        digest=_digest(secret),
        role=role,
        scopes=sorted(set(form.scopes)),
        expires_at=form.expires_at,
    )
    session.add(key)
    session.flush()
    details = {"role": role, "scopes": key.scopes, "owner": caller.id}
    audit.record(
        session,
        "key.created",
        actor_id=caller.id,
        object_type="key",
        object_id=key.id,
        details=details,
    )
    return key, secret


def list_of(session: Session, user_id: int) -> Sequence[ApiKey]:
    query = sa.select(ApiKey).where(ApiKey.user_id == user_id).order_by(ApiKey.id.desc())
    return session.scalars(query).all()


def list_of_user(session: Session, user_id: int) -> Sequence[ApiKey]:
    get_user(session, user_id)
    return list_of(session, user_id)


def revoke(session: Session, caller: Caller, user_id: int, key_id: int) -> None:
    """Revoke a key of a user, who may be another than who calls."""
    key = session.get(ApiKey, key_id)
    if key is None or key.user_id != user_id:
        raise NotFound("Key not found")
    session.delete(key)
    audit.record(
        session,
        "key.revoked",
        actor_id=caller.id,
        key_id=caller.key_id,
        object_type="key",
        object_id=key_id,
        details={"owner": user_id},
    )


def identify(database: Database, secret: str, scope: str) -> Caller:
    """Return who calls with a key, with the lower of its role and its owner's as they are now.

    Raises
    ------
    Unauthorized
        There is no such key, it has ended, or its owner is deactivated.
    Forbidden
        The key lacks the scope.
    """
    query = _FIND.where(ApiKey.digest == _digest(secret), User.is_active)
    now = utcnow()
    with database.connect(read_only=True) as connection:
        row = connection.execute(query).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        raise Unauthorized
    if scope not in row.scopes:
        raise Forbidden(f"This requires a key with the scope {scope}", code="scope_required")
    if row.last_used_at is None or row.last_used_at < now - NOTED_EVERY:
        with database.connect() as connection:
            noted = sa.update(ApiKey).where(ApiKey.id == row.key_id).values(last_used_at=now)
            connection.execute(noted)
    return Caller(
        id=row.id,
        username=row.username,
        role=min(row.role, row.key_role, key=ROLE_RANK.__getitem__),
        must_change_password=row.must_change_password,
        token_id="",
        token_version=0,
        # Never fresh: what needs a recent sign-in needs a person.
        token_issued_at=datetime.min.replace(tzinfo=UTC),
        key_id=row.key_id,
    )


def is_known(database: Database, secret: str) -> bool:
    """Whether there is such a key; whether it still opens anything is found out later."""
    query = sa.select(ApiKey.id).where(ApiKey.digest == _digest(secret))
    with database.connect(read_only=True) as connection:
        return connection.scalar(query) is not None


def _digest(secret: str) -> str:
    """Return a digest without salt or rounds: 256 random bits are not guessed."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
