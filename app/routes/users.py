"""Your own account, and the short forms of user administration."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from app.db.tables import User
from app.errors import BadRequest, MustChangePassword
from app.routes.answers import errors
from app.routes.deps import (
    Admin,
    CurrentUser,
    Id,
    PasswordTurn,
    ResourcesDep,
    SignedIn,
    Transaction,
    WholePage,
)
from app.schemas.base import Message
from app.schemas.users import RoleUpdate, UserOut, UserProfile, UserUpdate
from app.services import accounts, administration

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
    response_model=UserOut,
    dependencies=[PasswordTurn],
    summary="Update your account",
    responses=errors(401, 429, body=True),
)
def update_me(resources: ResourcesDep, caller: SignedIn, form: UserUpdate) -> User:
    """A new password needs a fresh token or `current_password`, and ends every other session."""
    if caller.must_change_password and form.password is None:
        raise MustChangePassword
    attempt = ("current_password", str(caller.id))
    resources.failures.check(*attempt)
    try:
        accounts.confirm_identity(resources.database, resources.settings, caller, form)
    except BadRequest:
        if form.current_password is not None:
            resources.failures.record_failure(*attempt)
        raise
    return accounts.update_own(resources.database, resources.settings, caller, form)


@router.delete("/me", summary="Delete your account", responses=errors(400, 401))
def delete_me(transaction: Transaction, caller: CurrentUser) -> Message:
    """Also deletes your saved profiles and history. Administrators cannot delete their account."""
    with transaction() as session:
        administration.delete_own(session, caller)
    return Message(message="Account deleted successfully")


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
def delete_user(transaction: Transaction, admin: Admin, user_id: Id) -> Message:
    """Also deletes their saved profiles and history."""
    with transaction() as session:
        administration.delete_user(session, admin, user_id)
    return Message(message="User deleted successfully")
