"""Invitations: links by which people whom an administrator asks make their accounts."""

import secrets
from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db.account_tables import Invitation
from app.db.tables import utcnow
from app.errors import BadRequest, NotFound
from app.schemas.invitations import InvitationCreate
from app.services import audit
from app.services.accounts import Caller
from app.services.paging import Page, page_of

SECRET_BYTES = 24


def create(session: Session, caller: Caller, form: InvitationCreate) -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which nothing keeps."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = utcnow()
    invitation = Invitation(
        digest=_digest(secret),
        role=form.role,
        email=form.email,
        created_by_id=caller.id,
        created_at=now,
        expires_at=now + form.lifetime(),
    )
    session.add(invitation)
    session.flush()
    session.refresh(invitation)
    _record(session, "invitation.created", caller.id, invitation)
    return invitation, secret


def list_all(session: Session, page: Page) -> tuple[Sequence[Invitation], int]:
    return page_of(session, sa.select(Invitation).order_by(Invitation.id.desc()), page)


def revoke(session: Session, caller: Caller, invitation_id: int) -> None:
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise NotFound("Invitation not found")
    session.delete(invitation)
    _record(session, "invitation.revoked", caller.id, invitation)


def usable(session: Session, secret: str, *, email: str) -> Invitation:
    """Return an invitation, locked, so that of two people who come with one link one gets in.

    Raises
    ------
    BadRequest
        There is none, it was used or has expired, or it is for another address.
    """
    query = sa.select(Invitation).where(Invitation.digest == _digest(secret)).with_for_update()
    found = session.scalars(query).one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= utcnow():
        raise BadRequest(
            "This invitation is unknown, was used or has expired; ask for another one",
            code="invitation_unusable",
            field="invitation",
        )
    if found.email is not None and found.email != email:
        raise BadRequest(
            "This invitation is for another email address",
            code="invitation_for_another",
            field="email",
        )
    return found


def use(session: Session, invitation: Invitation, user_id: int) -> None:
    invitation.used_at, invitation.used_by_id = utcnow(), user_id
    # Whom it was for is the account's to say, and goes with it.
    invitation.email = None
    _record(session, "invitation.used", user_id, invitation)


def _record(session: Session, action: str, actor_id: int, invitation: Invitation) -> None:
    audit.record(
        session,
        action,
        actor_id=actor_id,
        object_type="invitation",
        object_id=invitation.id,
        details={"role": invitation.role},
    )


def _digest(secret: str) -> str:
    """Return a digest without salt or rounds: 192 random bits are not guessed."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
