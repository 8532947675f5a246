"""Invitations by link."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from app.db.account_tables import Invitation
from app.routes.answers import errors
from app.routes.deps import Admin, Id, PersonHere, Transaction, WholePage
from app.schemas.base import Message
from app.schemas.invitations import InvitationCreate, InvitationOut, NewInvitation
from app.services import invitations
from app.services.makers import NO_ONE, names_of

router = APIRouter(prefix="/admin/invitations", tags=["admin"])


def _described(invitation: Invitation, names: Mapping[int, str]) -> InvitationOut:
    used_by = invitation.used_by_id
    return InvitationOut(
        id=invitation.id,
        role=invitation.role,
        email=invitation.email,
        created_by=names.get(invitation.created_by_id, NO_ONE),
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        used_at=invitation.used_at,
        used_by=None if used_by is None else names.get(used_by, NO_ONE),
    )


@router.post("", status_code=201, summary="Invite someone", responses=errors(401, 403, body=True))
def create_invitation(
    request: Request,
    transaction: Transaction,
    admin: Admin,
    _person: PersonHere,
    form: InvitationCreate,
) -> NewInvitation:
    """Returns a link for one registration with this role; it is shown only once.

    Send it to the person yourself. With `email` it is good for that address alone.
    """
    with transaction() as session:
        made, secret = invitations.create(session, admin, form)
    told = _described(made, {admin.id: admin.username})
    link = f"{request.base_url}app/register?invitation={secret}"
    return NewInvitation(**told.model_dump(), invitation=secret, link=link)


@router.get("", summary="List invitations", responses=errors(401, 403))
def list_invitations(
    response: Response, transaction: Transaction, _admin: Admin, page: WholePage
) -> list[InvitationOut]:
    """Newest first, without their links; `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = invitations.list_all(session, page)
        people = ((each.created_by_id, each.used_by_id) for each in rows)
        names = names_of(session, {each for pair in people for each in pair if each is not None})
    response.headers["X-Total-Count"] = str(total)
    return [_described(each, names) for each in rows]


@router.delete("/{invitation_id}", summary="Revoke an invitation", responses=errors(401, 403, 404))
def revoke_invitation(transaction: Transaction, admin: Admin, invitation_id: Id) -> Message:
    """Its link is refused from now on; an account that was made with it stays."""
    with transaction() as session:
        invitations.revoke(session, admin, invitation_id)
    return Message(message="Invitation revoked successfully")
