"""What handlers ask for: resources, a session, the caller, a page."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from app.config import ROLE_RANK, Role
from app.context import name_account
from app.errors import Forbidden, MustChangePassword, Unauthorized
from app.schemas.base import MAX_DATABASE_ID, STORABLE
from app.schemas.keys import Scope as KeyScope
from app.security import Claims, InvalidToken
from app.services import accounts, keys
from app.services.accounts import Caller
from app.services.anonymous import identify_anonymous
from app.services.attempts import network_of
from app.services.paging import Page
from app.services.resources import Resources

_bearer = OAuth2PasswordBearer(tokenUrl="auth/login", auto_error=False)
_api_key = APIKeyHeader(name="X-API-Key", auto_error=False)
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_SCORING = (
    "/predict",
    "/predict/batch",
    "/profiles/{profile_id}/predict",
    "/api/analyze",
    "/api/recommendations",
    "/api/v1/clustering/runs/{run_id}/cut",
    "/api/v1/clustering/runs/{run_id}/predict",
    "/api/v1/segmentations/{segmentation_id}/predict",
)
"""What places customers or analyses posted ones, and leaves the rest as it is."""


async def get_resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(get_resources)]


OpenTransaction = Callable[[], AbstractContextManager[Session]]


async def get_transaction(request: Request, resources: ResourcesDep) -> OpenTransaction:
    """Return how to open the request's one transaction, which the handler does itself.

    A session that a dependency yields would be committed in another thread than the handler's.
    One that waits for a lock keeps its thread; were all to wait, none would be left for the
    commit that frees them.
    """
    return partial(resources.database.session, read_only=request.method in _SAFE_METHODS)


Transaction = Annotated[OpenTransaction, Depends(get_transaction)]


BearerToken = Annotated[str | None, Security(_bearer)]
ApiKeyHeader = Annotated[str | None, Security(_api_key)]


async def get_claims(resources: ResourcesDep, token: BearerToken) -> Claims:
    if token is None:
        raise Unauthorized
    return _read(resources, token)


def _read(resources: Resources, token: str) -> Claims:
    try:
        return resources.signer.read(token)
    except InvalidToken as error:
        raise Unauthorized from error


TokenClaims = Annotated[Claims, Depends(get_claims)]


async def get_credentials(
    request: Request, resources: ResourcesDep, token: BearerToken, key: ApiKeyHeader
) -> Claims | Caller | None:
    """Return what a token says, or who calls with an API key; a token wins."""
    credentials: Claims | Caller | None = None
    if token is not None:
        credentials = _read(resources, token)
    elif key is not None:
        scope = scope_of(request.method, request.scope["route"].path)
        credentials = await run_in_threadpool(keys.identify, resources.database, key, scope)
        if credentials.must_change_password:
            raise MustChangePassword
    if isinstance(credentials, Caller):
        name_account(credentials.id, credentials.key_id)
    elif credentials is not None:
        name_account(credentials.user_id)
    return credentials


OptionalCredentials = Annotated[Claims | Caller | None, Depends(get_credentials)]


async def get_required_credentials(
    request: Request, resources: ResourcesDep, token: BearerToken, key: ApiKeyHeader
) -> Claims | Caller:
    """As a call, not as a dependency of its own, of which each costs the hot path."""
    credentials = await get_credentials(request, resources, token, key)
    if credentials is None:
        raise Unauthorized
    return credentials


Credentials = Annotated[Claims | Caller, Depends(get_required_credentials)]


def get_signed_in(resources: ResourcesDep, credentials: Credentials) -> Caller:
    return _identified(resources, credentials)


def _identified(resources: Resources, credentials: Claims | Caller) -> Caller:
    if isinstance(credentials, Caller):
        return credentials
    return accounts.identify(resources.database, credentials)


SignedIn = Annotated[Caller, Depends(get_signed_in)]
"""Also one who must change a one-time password first; may see and change that alone."""


async def get_person(caller: SignedIn) -> Caller:
    if caller.key_id is not None:
        raise Forbidden("An API key cannot do this; sign in", code="sign_in_required")
    return caller


Person = Annotated[Caller, Depends(get_person)]


async def get_current_user(caller: SignedIn) -> Caller:
    if caller.must_change_password:
        raise MustChangePassword
    return caller


CurrentUser = Annotated[Caller, Depends(get_current_user)]


async def get_person_here(person: Person, _caller: CurrentUser) -> Caller:
    return person


PersonHere = Annotated[Caller, Depends(get_person_here)]
"""Who signed in and may act; for what an API key must not do."""


def scope_of(method: str, route: str) -> KeyScope:
    """Return what an API key must be for to call a route."""
    if method in _SAFE_METHODS:
        return "read"
    return "score" if route in _SCORING else "manage"


def _at_least(caller: Caller, role: Role) -> Caller:
    if ROLE_RANK[caller.role] < ROLE_RANK[role]:
        raise Forbidden(
            f"This requires the role {role}; yours is {caller.role}", code="role_required"
        )
    return caller


def require_analyst(caller: Caller | None) -> Caller:
    if caller is None:
        raise Unauthorized
    return _at_least(caller, "analyst")


async def get_analyst(caller: CurrentUser) -> Caller:
    return require_analyst(caller)


async def get_admin(caller: CurrentUser) -> Caller:
    return _at_least(caller, "admin")


Analyst = Annotated[Caller, Depends(get_analyst)]
Admin = Annotated[Caller, Depends(get_admin)]


def get_api_user(resources: ResourcesDep, credentials: OptionalCredentials) -> Caller:
    """Return who calls below /api/, where a call without a token may have a role."""
    if credentials is None:
        anonymous = identify_anonymous(resources.database, resources.settings.anonymous_role)
        name_account(anonymous.id)
        return anonymous
    caller = _identified(resources, credentials)
    if caller.must_change_password:
        raise MustChangePassword
    return caller


ApiUser = Annotated[Caller, Depends(get_api_user)]


async def get_api_analyst(caller: ApiUser) -> Caller:
    return _at_least(caller, "analyst")


ApiAnalyst = Annotated[Caller, Depends(get_api_analyst)]


def get_trainer(resources: ResourcesDep, credentials: OptionalCredentials) -> Caller | None:
    """Return who trains; None where training is open to anyone."""
    access = resources.settings.effective_train_access
    if credentials is None:
        if access == "public":
            return None
        raise Unauthorized
    caller = _identified(resources, credentials)
    if caller.must_change_password:
        raise MustChangePassword
    return caller if access == "public" else _at_least(caller, access)


Trainer = Annotated[Caller | None, Depends(get_trainer)]


async def get_address(request: Request) -> str:
    """Return where a request comes from, as far as one subscriber goes."""
    return network_of(request.client.host if request.client else "")


Address = Annotated[str, Depends(get_address)]


def _page(default: int | None) -> Callable[..., Awaitable[Page]]:
    async def get_page(
        resources: ResourcesDep,
        skip: Annotated[
            int, Query(ge=0, le=MAX_DATABASE_ID, description="Number of rows to skip")
        ] = 0,
        limit: Annotated[
            int | None,
            Query(ge=0, description="Maximum number of rows; lowered to the server's limit"),
        ] = default,
    ) -> Page:
        return Page(skip, None if limit is None else min(limit, resources.settings.max_page_size))

    return get_page


ShortPage = Annotated[Page, Depends(_page(50))]
WholePage = Annotated[Page, Depends(_page(None))]


async def get_prefer_async(
    prefer: Annotated[
        str, Header(description="`respond-async` asks for 202 and a job", max_length=200)
    ] = "",
) -> bool:
    return "respond-async" in {each.strip().lower() for each in prefer.split(",")}


PreferAsync = Annotated[bool, Depends(get_prefer_async)]

Id = Annotated[int, Path(ge=1, le=MAX_DATABASE_ID)]
Search = Annotated[Annotated[str, StringConstraints(max_length=200), STORABLE] | None, Query()]
