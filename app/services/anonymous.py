"""The built-in account that calls without a token act as, where the settings allow them."""

from contextlib import suppress
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.config import Role, Settings
from app.db.session import Database
from app.db.tables import User
from app.errors import BadRequest, Unauthorized
from app.services.accounts import BUILT_IN_EMAIL, BUILT_IN_USERNAME, Caller

_UNUSABLE_HASH = "!"
"""No hash of any password."""


def ensure_anonymous(database: Database, settings: Settings) -> None:
    """Make the account where a role for calls without a token is set; it has no password.

    Raises
    ------
    BadRequest
        If somebody registered under this name before.
    """
    role = settings.anonymous_role
    if role is None:
        return
    with database.session() as session:
        user = _named_as_built_in(session)
        if user is None:
            # Another worker that starts at this moment may be first; its account is as good.
            with suppress(IntegrityError), session.begin_nested():
                session.add(
                    User(
                        username=BUILT_IN_USERNAME,
                        email=BUILT_IN_EMAIL,
                        full_name="Calls without a token",
                        hashed_password=_UNUSABLE_HASH,
                    )
                )
            user = _named_as_built_in(session)
        if user is None or user.email != BUILT_IN_EMAIL:
            raise BadRequest(
                f"ANONYMOUS_ROLE is set, but an account is registered as {BUILT_IN_USERNAME!r}; "
                "rename that account first",
                code="username_taken",
            )
        user.role = role
        user.is_active = True


def _named_as_built_in(session: Session) -> User | None:
    by_name = sa.func.lower(User.username) == BUILT_IN_USERNAME
    return session.scalars(sa.select(User).where(by_name).with_for_update()).one_or_none()


def identify_anonymous(database: Database, role: Role | None) -> Caller:
    """Return the built-in account, where the settings give calls without a token a role."""
    if role is None:
        raise Unauthorized
    query = sa.select(User.id, User.username).where(User.email == BUILT_IN_EMAIL, User.is_active)
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
        token_version=0,
        token_issued_at=datetime.now(UTC),
    )
