"""Signing in: who may try now, whether the password is right, and what either leaves behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import PUBLISHED_PASSWORDS, Settings
from app.db.account_tables import KnownAddress
from app.db.session import Database
from app.db.tables import User, utcnow
from app.errors import Forbidden, Unauthorized
from app.security import hash_password, is_outdated, unknown_user_hash, verify_password
from app.services import audit
from app.services.accounts import BUILT_IN_EMAIL
from app.services.attempts import (
    HOUR,
    Key,
    count,
    count_guess,
    count_within,
    forget,
    take_back,
    too_many,
)

ACCOUNT_FAILURES = 100
"""Of one account from addresses that it never signed in from, each hour."""
ADDRESS_REMEMBERED = timedelta(days=180)
_KIND = "sign-in"


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A try that was let through, and is counted as a failure until it succeeds."""

    user: User | None
    subject: str
    address: str
    at: datetime


def begin(database: Database, settings: Settings, login: str, address: str) -> OpenSignIn:
    """Count a try at an account, by its id whichever of its names is given.

    Three counts keep guessing slow: at this account from this address, where waits grow; at this
    account from anywhere it never signed in from; and at many accounts from this address. The
    latter two never stop an account at an address that it signed in from before, so that a
    stranger cannot lock its owner out, nor a colleague an office.

    Raises
    ------
    TooManyRequests
        The next try has to wait; it was not counted.
    """
    now = utcnow()
    with database.session() as session:
        user = session.scalars(_named(login)).one_or_none()
        subject = f"account:{user.id}" if user else f"name:{_digest(login)}"
        pair = count_guess(session, Key(_KIND, subject, address), now, free=settings.login_failures)
        known = user is not None and _knows(session, user.id, address, now)
        at_account = count(session, Key(_KIND, subject), now, window=HOUR)
        if at_account.number > ACCOUNT_FAILURES and not known:
            raise too_many(at_account.since + HOUR - now)
        if pair.number == 1:
            limit = 0 if known else settings.login_names_per_address
            count_within(session, Key(_KIND, address=address), now, limit=limit)
    return OpenSignIn(user, subject, address, now)


def finish(database: Database, settings: Settings, attempt: OpenSignIn, password: str) -> User:
    """Return the account if the password is right.

    An unknown name costs the same time as a wrong password, and answers the same; so does the
    built-in account, which cannot sign in.
    """
    user = attempt.user
    hashed = user.hashed_password if user else unknown_user_hash(rounds=settings.bcrypt_rounds)
    if not verify_password(password, hashed) or user is None:
        _record_failure(database, user, "wrong password" if user else "unknown name")
        raise Unauthorized("Incorrect username or password", code="wrong_credentials")
    if not user.is_active:
        _record_failure(database, user, "deactivated")
        raise Forbidden(
            "This account is deactivated; ask an administrator to activate it",
            code="account_deactivated",
        )
    if settings.in_production and password in PUBLISHED_PASSWORDS:
        _record_failure(database, user, "published password")
        raise Forbidden(
            "This password is published in the documentation and refused in production; "
            "set another with: python create_admin.py --ask",
            code="published_password",
        )
    renewed = None
    if is_outdated(hashed, rounds=settings.bcrypt_rounds):
        renewed = hash_password(password, rounds=settings.bcrypt_rounds)
    with database.session() as session:
        _take_back(session, attempt)
        remember_address(session, user.id, attempt.address, attempt.at)
        if renewed is not None:
            _renew_hash(session, user, renewed)
        audit.record(session, "sign_in.succeeded", actor_id=user.id)
    return user


def remember_address(session: Session, user_id: int, address: str, now: datetime) -> None:
    """Note that an account's owner was here; of two requests at once either may do it."""
    # The account's row first: it may be deleted meanwhile, and two requests take turns at it.
    owner = sa.select(User.id).where(User.id == user_id).with_for_update()
    if session.scalar(owner) is not None:
        session.merge(KnownAddress(user_id=user_id, address=address, last_used_at=now))


def _record_failure(database: Database, user: User | None, reason: str) -> None:
    # What was typed in place of a name is not kept: it may be a password.
    with database.connect() as connection:
        audit.record(
            connection,
            "sign_in.failed",
            object_type="user" if user else None,
            object_id=user.id if user else None,
            details={"reason": reason},
        )


def _knows(session: Session, user_id: int, address: str, now: datetime) -> bool:
    known = session.get(KnownAddress, (user_id, address))
    return known is not None and known.last_used_at > now - ADDRESS_REMEMBERED


def _take_back(session: Session, attempt: OpenSignIn) -> None:
    """Count the tries before a right password as none."""
    tries = forget(session, Key(_KIND, attempt.subject, attempt.address))
    take_back(session, Key(_KIND, attempt.subject), tries)
    if tries:
        take_back(session, Key(_KIND, address=attempt.address), 1)


def _renew_hash(session: Session, user: User, hashed: str) -> None:
    """Replace the hash that was verified, and no other: the password may have changed meanwhile."""
    session.execute(
        sa.update(User)
        .where(User.id == user.id, User.hashed_password == user.hashed_password)
        .values(hashed_password=hashed, updated_at=User.updated_at)
        .execution_options(synchronize_session=False)
    )


def _named(login: str) -> sa.Select[User]:
    name = login.lower()
    return sa.select(User).where(
        sa.or_(sa.func.lower(User.username) == name, User.email == name),
        User.email != BUILT_IN_EMAIL,
    )


def _digest(login: str) -> str:
    """Return what tells unknown names apart; some are passwords, typed into the wrong field."""
    return sha256(login.lower().encode()).hexdigest()[:40]
