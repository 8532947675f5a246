"""The built-in account that calls without a token act as, where the settings allow them."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from app.config import Role, Settings
from app.db.session import Database
from app.db.tables import User
from app.errors import BadRequest, Unauthorized
from app.security import hash_password
from app.services.accounts import Caller

USERNAME = "anonymous"
_EMAIL = "anonymous@built-in.invalid"
"""No one can register it: `.invalid` is no domain, and addresses are checked for theirs."""


def ensure_anonymous(database: Database, settings: Settings) -> None:
    """Make the account where a role for calls without a token is set; nobody knows its password.

    Raises
    ------
    BadRequest
        If somebody registered under this name before.
    """
    role = settings.anonymous_role
    if role is None:
        return
    with database.session() as session:
        by_name = sa.func.lower(User.username) == USERNAME
        user = session.scalars(sa.select(User).where(by_name).with_for_update()).one_or_none()
        if user is None:
            user = User(
                username=USERNAME,
                email=_EMAIL,
                full_name="Calls without a token",
                hashed_password=hash_password(uuid4().hex, rounds=settings.bcrypt_rounds),
            )
            session.add(user)
        elif user.email != _EMAIL:
            raise BadRequest(
                f"ANONYMOUS_ROLE is set, but somebody registered as {USERNAME!r}; "
                "rename that account first"
            )
        user.role = role


def identify_anonymous(database: Database, role: Role | None) -> Caller:
    """Return the built-in account, where the settings give calls without a token a role."""
    if role is None:
        raise Unauthorized
    query = sa.select(User.id, User.username).where(User.email == _EMAIL, User.is_active)
    with database.connect(read_only=True) as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise Unauthorized
    return Caller(
        id=row.id,
        username=row.username,
        role=role,
        must_change_password=False,
        token_id="",
        token_issued_at=datetime.now(UTC),
    )
