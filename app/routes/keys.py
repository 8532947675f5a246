"""Keys by which your programs call."""

from fastapi import APIRouter

from app.routes.answers import errors
from app.routes.deps import Admin, Id, PersonHere, ResourcesDep, Transaction
from app.routes.turns import PasswordTurn
from app.schemas.base import Message
from app.schemas.keys import KeyCreate, KeyList, KeyOut, NewKey
from app.services import accounts, keys

router = APIRouter(tags=["keys"])


@router.post(
    "/users/me/keys",
    status_code=201,
    dependencies=[PasswordTurn],
    summary="Create an API key",
    responses=errors(401, 403, 429, body=True),
)
def create_key(resources: ResourcesDep, caller: PersonHere, form: KeyCreate) -> NewKey:
    """Returns the key, which is shown only once; send it as `X-API-Key`.

    `read` allows all that only reads, `score` placing customers and analyses of posted records,
    `manage` every other change. Needs a fresh token or `current_password`.
    """
    database = resources.database
    accounts.confirm_identity(
        database, resources.settings, caller, form.current_password, to="create an API key"
    )
    with database.session() as session:
        key, secret = keys.create(session, caller, form)
    return NewKey(**KeyOut.model_validate(key).model_dump(), key=secret)


@router.get("/users/me/keys", summary="List your API keys", responses=errors(401))
def list_keys(transaction: Transaction, caller: PersonHere) -> KeyList:
    """Returns your keys, newest first, without their secrets."""
    with transaction() as session:
        return KeyList.model_validate({"keys": keys.list_of(session, caller.id)})


@router.delete("/users/me/keys/{key_id}", summary="Revoke an API key", responses=errors(401, 404))
def revoke_key(transaction: Transaction, caller: PersonHere, key_id: Id) -> Message:
    """Calls with this key are refused from now on."""
    with transaction() as session:
        keys.revoke(session, caller, caller.id, key_id)
    return Message(message="API key revoked successfully")


@router.get(
    "/admin/users/{user_id}/keys", summary="List a user's API keys", responses=errors(401, 403, 404)
)
def list_keys_of(transaction: Transaction, _admin: Admin, user_id: Id) -> KeyList:
    """Returns the user's keys, newest first, without their secrets."""
    with transaction() as session:
        return KeyList.model_validate({"keys": keys.list_of_user(session, user_id)})


@router.delete(
    "/admin/users/{user_id}/keys/{key_id}",
    summary="Revoke a user's API key",
    responses=errors(401, 403, 404),
)
def revoke_key_of(transaction: Transaction, admin: Admin, user_id: Id, key_id: Id) -> Message:
    """Calls with this key are refused from now on."""
    with transaction() as session:
        keys.revoke(session, admin, user_id, key_id)
    return Message(message="API key revoked successfully")
