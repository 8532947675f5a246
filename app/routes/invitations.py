"""Invitations by link."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from app.db.account_tables import Invitation
from app.routes.answers import errors
from app.routes.deps import Admin, Id, PersonHere, Transaction, WholePage
from app.schemas.base import Message
from app.schemas.invitations import InvitationCreate, InvitationOut, NewInvitation
from app.services import invitations

router = APIRouter(prefix="/admin/invitations", tags=["admin"])


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
    link = f"{request.base_url}app/register?invitation={secret}"
    told = InvitationOut.model_validate(made)
    return NewInvitation(**told.model_dump(), invitation=secret, link=link)


@router.get(
    "",
    response_model=list[InvitationOut],
    summary="List invitations",
    responses=errors(401, 403),
)
def list_invitations(
    response: Response, transaction: Transaction, _admin: Admin, page: WholePage
) -> Sequence[Invitation]:
    """Newest first, without their links; `X-Total-Count` is the total number."""
    with transaction() as session:
        rows, total = invitations.list_all(session, page)
    response.headers["X-Total-Count"] = str(total)
    return rows


@router.delete("/{invitation_id}", summary="Revoke an invitation", responses=errors(401, 403, 404))
def revoke_invitation(transaction: Transaction, admin: Admin, invitation_id: Id) -> Message:
    """Its link is refused from now on; an account that was made with it stays."""
    with transaction() as session:
        invitations.revoke(session, admin, invitation_id)
    return Message(message="Invitation revoked successfully")
