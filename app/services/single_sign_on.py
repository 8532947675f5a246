"""Signing in by a provider: whose account it is, and making one for whoever has none."""

import re
import secrets
from hashlib import sha256

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.account_tables import Identity
from app.db.key_tables import ApiKey
from app.db.session import Database
from app.db.tables import User
from app.errors import BadRequest, Forbidden
from app.schemas.users import Email, FullName, Username
from app.security import hash_password
from app.services import audit
from app.services.accounts import BUILT_IN_EMAIL, BUILT_IN_USERNAME, end_sessions, flush_unique
from app.services.identity_provider import Person

_NOT_OF_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_USERNAME: TypeAdapter[str] = TypeAdapter(Username)
_FULL_NAME: TypeAdapter[str] = TypeAdapter(FullName)


def sign_in(database: Database, settings: Settings, person: Person) -> User:
    """Return the account of a person; made, or joined by its address, at the first sign-in.

    Raises
    ------
    BadRequest
        There is no account yet, and the provider tells no verified address to make one with.
    Forbidden
        The account is deactivated.
    """
    # Before the transaction, so that no lock is held meanwhile: a password that nobody knows.
    unknown = hash_password(secrets.token_urlsafe(32), rounds=settings.bcrypt_rounds)
    with database.session() as session:
        user = _known(session, person)
        if user is None:
            user = _joined(session, person, unknown) or _made(session, settings, person, unknown)
            session.add(Identity(issuer=person.issuer, subject=person.subject, user_id=user.id))
        if not user.is_active:
            raise Forbidden(
                "This account is deactivated; ask an administrator to activate it",
                code="account_deactivated",
            )
        details = {"by": "provider"}
        audit.record(session, "sign_in.succeeded", actor_id=user.id, details=details)
    return user


def _known(session: Session, person: Person) -> User | None:
    query = (
        sa.select(User)
        .join(Identity, Identity.user_id == User.id)
        .where(Identity.issuer == person.issuer, Identity.subject == person.subject)
    )
    return session.scalars(query).one_or_none()


def _joined(session: Session, person: Person, unknown: str) -> User | None:
    """Take an account that has the person's address.

    Whoever registered it never showed that the address is theirs: what they knew or held ends.
    """
    address = _valid(_EMAIL, person.email)
    if address is None or address == BUILT_IN_EMAIL:
        return None
    query = sa.select(User).where(User.email == address).with_for_update()
    user = session.scalars(query).one_or_none()
    if user is not None:
        user.hashed_password = unknown
        user.must_change_password = False
        end_sessions(user)
        session.execute(sa.delete(ApiKey).where(ApiKey.user_id == user.id))
        audit.record(session, "account.joined", actor_id=user.id, **audit.about_user(user.id))
    return user


def _made(session: Session, settings: Settings, person: Person, unknown: str) -> User:
    address = _valid(_EMAIL, person.email)
    if address is None:
        raise BadRequest(
            "The sign-in provider tells no verified email address, which an account needs; "
            "ask an administrator",
            code="no_verified_email",
        )
    user = User(
        email=address,
        username=_free_name(session, person, address),
        full_name=_valid(_FULL_NAME, person.full_name),
        hashed_password=unknown,
        role=settings.oidc_role,
    )
    session.add(user)
    flush_unique(session)
    audit.record(session, "account.registered", actor_id=user.id, **audit.about_user(user.id))
    return user


def _free_name(session: Session, person: Person, address: str) -> str:
    """Return the name that the provider tells, or the address's, with digits where it is taken."""
    told = _NOT_OF_NAMES.sub("-", person.username or address.partition("@")[0]).strip("-._")
    name = _valid(_USERNAME, told[:40]) or f"user-{_digits(person, 6)}"
    taken = sa.select(User.id).where(sa.func.lower(User.username) == name.lower())
    if name.lower() == BUILT_IN_USERNAME or session.scalar(taken) is not None:
        name = f"{name}-{_digits(person, 8)}"
    return name


def _digits(person: Person, number: int) -> str:
    return sha256(f"{person.issuer} {person.subject}".encode()).hexdigest()[:number]


def _valid(of: TypeAdapter[str], value: str | None) -> str | None:
    try:
        return None if value is None else of.validate_python(value)
    except ValidationError:
        return None
