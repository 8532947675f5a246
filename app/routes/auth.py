"""Signing up, in and out."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.db.tables import User
from app.errors import AppError, BadRequest, UnsupportedMediaType
from app.routes.answers import errors
from app.routes.deps import (
    PASSWORD_CONCURRENCY,
    PasswordTurn,
    ResourcesDep,
    SignedIn,
    TokenClaims,
    Transaction,
)
from app.schemas.base import Message
from app.schemas.users import Credentials, Token, UserCreate, UserOut
from app.services import accounts

router = APIRouter(prefix="/auth", tags=["auth"])

_LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Credentials.model_json_schema()},
            "application/x-www-form-urlencoded": {"schema": Credentials.model_json_schema()},
        },
    }
}


async def read_credentials(request: Request) -> Credentials:
    """Read username and password from JSON or from an OAuth2 form."""
    content_type = request.headers.get("content-type", "application/json").partition(";")[0]
    match content_type.strip().lower():
        case "application/x-www-form-urlencoded" | "multipart/form-data":
            async with request.form() as form:
                body: Any = dict(form)
        case "application/json":
            try:
                body = await request.json()
            except (ValueError, RecursionError) as error:
                raise BadRequest(f"The body is not valid JSON: {error}") from error
        case _:
            raise UnsupportedMediaType("Send username and password as JSON or as a form")
    try:
        return Credentials.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


async def _login_turn(
    credentials: Annotated[Credentials, Depends(read_credentials)],
) -> AsyncIterator[Credentials]:
    """Wait for a turn at bcrypt once the body has arrived, so that a slow sender delays no one."""
    yield credentials


LoginTurn = Annotated[
    Credentials,
    Depends(_login_turn, scope="function", max_concurrency=PASSWORD_CONCURRENCY),
]


@router.post(
    "/register",
    status_code=201,
    response_model=UserOut,
    dependencies=[PasswordTurn],
    summary="Create an account",
    responses=errors(body=True),
)
def register(resources: ResourcesDep, form: UserCreate) -> User:
    """Open to everyone; the new account has the role `user`, and a role in the body is ignored."""
    return accounts.register(resources.database, resources.settings, form)


@router.post(
    "/login",
    summary="Sign in and get an access token",
    responses=errors(400, 401, 403, 413, 415, 422, 429),
    openapi_extra=_LOGIN_BODY,
)
def login(request: Request, resources: ResourcesDep, credentials: LoginTurn) -> Token:
    """Accepts JSON or an OAuth2 form; the username may be the email address."""
    attempt = (request.client.host if request.client else "", credentials.username.lower())
    resources.failures.check(*attempt)
    try:
        user = accounts.authenticate(
            resources.database, resources.settings, credentials.username, credentials.password
        )
    except AppError:
        resources.failures.record_failure(*attempt)
        raise
    resources.failures.clear(*attempt)
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
