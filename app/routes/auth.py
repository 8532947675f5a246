"""Signing up, in and out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.db.tables import User
from app.errors import BadRequest, Unauthorized, UnsupportedMediaType
from app.routes.answers import errors
from app.routes.deps import (
    Address,
    ResourcesDep,
    SignedIn,
    TokenClaims,
    Transaction,
)
from app.routes.turns import RegistrationTurn, TurnsDep
from app.schemas.base import Message
from app.schemas.users import Credentials, SavedUserOut, Token, UserCreate, UserOut
from app.services import accounts, registration, sign_in
from app.services.accounts import SavedUser
from app.services.sign_in import OpenSignIn

router = APIRouter(prefix="/auth", tags=["auth"])

MAX_FIELDS = 20
"""Of a form that signs in: two that count, and the others of OAuth2."""

_LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Credentials.model_json_schema()},
            "application/x-www-form-urlencoded": {"schema": Credentials.model_json_schema()},
        },
    }
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """An attempt that was let through, and the password that came with it."""

    attempt: OpenSignIn
    password: str = field(repr=False)


def as_saved(saved: SavedUser) -> SavedUserOut | UserOut:
    user = UserOut.model_validate(saved.user)
    if not saved.warnings:
        return user
    return SavedUserOut(**user.model_dump(), warnings=saved.warnings)


async def read_credentials(request: Request) -> Credentials:
    """Read username and password from JSON or from an OAuth2 form."""
    content_type = request.headers.get("content-type", "application/json").partition(";")[0]
    match content_type.strip().lower():
        case "application/x-www-form-urlencoded":
            body: Any = _read_form(await request.body())
        case "multipart/form-data":
            async with request.form(max_fields=MAX_FIELDS, max_files=1) as form:
                body = dict(form)
        case "application/json":
            try:
                body = await request.json()
            except (ValueError, RecursionError) as error:
                raise BadRequest(
                    f"The body is not valid JSON: {error}", code="invalid_json"
                ) from error
        case _:
            raise UnsupportedMediaType("Send username and password as JSON or as a form")
    try:
        return Credentials.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


def _read_form(body: bytes) -> dict[str, str]:
    """Read a form after a look at how many fields it has, which cost more than their bytes."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadRequest(f"The form is malformed: {error}", code="malformed_form") from error


def begin_sign_in(
    resources: ResourcesDep,
    address: Address,
    credentials: Annotated[Credentials, Depends(read_credentials)],
) -> SignIn:
    """Count the attempt, once the body has arrived, so that a slow sender delays no one."""
    attempt = sign_in.begin(resources.database, resources.settings, credentials.username, address)
    return SignIn(attempt, credentials.password)


async def _sign_in_turn(
    begun: Annotated[SignIn, Depends(begin_sign_in)], turns: TurnsDep
) -> AsyncIterator[SignIn]:
    """Wait for a turn: unknown names wait in a line of their own.

    A wrong password waits in that line as well, afterwards: under a flood the time would otherwise
    show which names exist.
    """
    known = begun.attempt.user is not None
    try:
        async with (turns.accounts if known else turns.strangers).turn():
            yield begun
    except Unauthorized:
        if known:
            async with turns.strangers.turn():
                raise
        raise


SignInTurn = Annotated[SignIn, Depends(_sign_in_turn, scope="function")]


@router.post(
    "/register",
    status_code=201,
    dependencies=[RegistrationTurn],
    summary="Create an account",
    responses=errors(403, 429, body=True),
)
def register(resources: ResourcesDep, address: Address, form: UserCreate) -> SavedUserOut | UserOut:
    """The new account has the role `user`; a role in the body is ignored.

    Open to everyone, unless the server asks for an `invitation`; one gives the role that it names.
    """
    saved = registration.register(resources.database, resources.settings, form, address)
    return as_saved(saved)


@router.post(
    "/login",
    summary="Sign in and get an access token",
    responses=errors(400, 401, 403, 413, 415, 422, 429),
    openapi_extra=_LOGIN_BODY,
)
def login(resources: ResourcesDep, begun: SignInTurn) -> Token:
    """Accepts JSON or an OAuth2 form; the username may be the email address.

    After a number of failures each next attempt has to wait, twice as long each time.
    """
    user = sign_in.finish(resources.database, resources.settings, begun.attempt, begun.password)
    token = resources.signer.issue(
        username=user.username, user_id=user.id, version=user.token_version
    )
    return Token.model_validate({"access_token": token, "token_type": "bearer", "user": user})


@router.get(
    "/me", response_model=UserOut, summary="Get the signed-in account", responses=errors(401)
)
def read_me(transaction: Transaction, caller: SignedIn) -> User:
    """Returns the account that the token belongs to."""
    with transaction() as session:
        return accounts.get(session, caller.id)


@router.post("/logout", summary="End this session", responses=errors(401))
def logout(transaction: Transaction, claims: TokenClaims, _caller: SignedIn) -> Message:
    """Revokes the token of this request; other sessions stay active."""
    with transaction() as session:
        accounts.log_out(session, claims)
    return Message(message="Logged out successfully")
