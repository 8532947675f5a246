"""Your own account, and the short forms of user administration."""

from collections.abc import Sequence

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.db.tables import User, utcnow
from app.errors import MustChangePassword
from app.routes.answers import errors
from app.routes.auth import as_saved
from app.routes.deps import (
    Admin,
    CurrentUser,
    Id,
    Person,
    PersonHere,
    ResourcesDep,
    Transaction,
    WholePage,
)
from app.routes.downloads import attachment
from app.routes.turns import PasswordTurn
from app.schemas.base import Message
from app.schemas.users import (
    AccountDeletion,
    RoleUpdate,
    SavedUserOut,
    UserOut,
    UserProfile,
    UserUpdate,
)
from app.services import accounts, administration, own_data

router = APIRouter(prefix="/users", tags=["users"])


@router.get("/me/profile", summary="Get your account", responses=errors(401))
def read_profile(transaction: Transaction, caller: CurrentUser) -> UserProfile:
    """Returns your account with its number of predictions and saved profiles."""
    with transaction() as session:
        user = accounts.get(session, caller.id)
        predictions, profiles = accounts.counts(session, caller.id)
    return UserProfile(
        id=user.id,
        username=user.username,
        email=user.email,
        full_name=user.full_name,
        role=caller.role,
        total_predictions=predictions,
        total_saved_profiles=profiles,
    )


@router.put(
    "/me",
    dependencies=[PasswordTurn],
    summary="Update your account",
    responses=errors(401, 429, body=True),
)
def update_me(resources: ResourcesDep, caller: Person, form: UserUpdate) -> SavedUserOut | UserOut:
    """A new password or email address needs a fresh token or `current_password`.

    A new password ends every other session.
    """
    if caller.must_change_password and form.password is None:
        raise MustChangePassword
    database, settings = resources.database, resources.settings
    accounts.confirm_change(database, settings, caller, form)
    return as_saved(accounts.update_own(database, settings, caller, form))


@router.delete(
    "/me",
    dependencies=[PasswordTurn],
    summary="Delete your account",
    responses=errors(401, 429, body=True),
)
def delete_me(
    resources: ResourcesDep, caller: PersonHere, form: AccountDeletion | None = None
) -> Message:
    """Also deletes your saved profiles, history, tables, files, jobs and keys, at once.

    Needs a fresh token or `current_password`. Administrators cannot delete their account.
    """
    given = form.current_password if form else None
    accounts.confirm_identity(
        resources.database, resources.settings, caller, given, to="delete the account"
    )
    resources.erasure.delete_own(caller)
    return Message(message="Account deleted successfully")


@router.get(
    "/me/export",
    response_class=StreamingResponse,
    summary="Download your data",
    responses=errors(401) | {200: {"content": {"application/json": {"example": {}}}}},
)
def export_own(resources: ResourcesDep, caller: PersonHere) -> StreamingResponse:
    """All that is held about you, as JSON: account, keys, profiles, history, tables, jobs, events.

    Uploaded files are listed by their ids, by which they can be downloaded.
    """
    return StreamingResponse(
        own_data.export(resources.database, caller.id),
        media_type="application/json",
        headers=attachment("my data", utcnow().date(), ending="json"),
    )


@router.get("/", response_model=list[UserOut], summary="List users", responses=errors(401, 403))
def list_users(
    response: Response, transaction: Transaction, _admin: Admin, page: WholePage
) -> Sequence[User]:
    """Returns users, newest first; `X-Total-Count` is the total number."""
    with transaction() as session:
        users, total = administration.list_users(session, page)
    response.headers["X-Total-Count"] = str(total)
    return users


@router.get(
    "/{user_id}", response_model=UserOut, summary="Show a user", responses=errors(401, 403, 404)
)
def read_user(transaction: Transaction, _admin: Admin, user_id: Id) -> User:
    """Returns the account with this id."""
    with transaction() as session:
        return administration.get_user(session, user_id)


@router.put(
    "/{user_id}/role",
    response_model=UserOut,
    summary="Change a user's role",
    responses=errors(401, 403, 404, body=True),
)
def change_role(transaction: Transaction, admin: Admin, user_id: Id, form: RoleUpdate) -> User:
    """Ends the user's sessions, so that they sign in again with the new role."""
    with transaction() as session:
        return administration.change_role(session, admin, user_id, form.role)


@router.delete("/{user_id}", summary="Delete a user", responses=errors(400, 401, 403, 404))
def delete_user(resources: ResourcesDep, admin: Admin, user_id: Id) -> Message:
    """Also deletes their saved profiles, history, tables, files, jobs and keys, at once."""
    resources.erasure.delete_user(admin, user_id)
    return Message(message="User deleted successfully")
