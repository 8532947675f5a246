"""What handlers ask for: resources, a session, the caller, a page."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Security
from fastapi.security import OAuth2PasswordBearer
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from app.config import Role
from app.errors import Forbidden, MustChangePassword, Unauthorized
from app.schemas.base import MAX_DATABASE_ID, STORABLE
from app.security import Claims, InvalidToken
from app.services import accounts
from app.services.accounts import Caller
from app.services.anonymous import identify_anonymous
from app.services.attempts import network_of
from app.services.paging import Page
from app.services.resources import Resources

_RANK: dict[Role, int] = {"user": 0, "analyst": 1, "admin": 2}
_bearer = OAuth2PasswordBearer(tokenUrl="auth/login", auto_error=False)
_SAFE_METHODS = frozenset({"GET", "HEAD"})


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


async def get_optional_claims(
    resources: ResourcesDep, token: Annotated[str | None, Security(_bearer)]
) -> Claims | None:
    if token is None:
        return None
    try:
        return resources.signer.read(token)
    except InvalidToken as error:
        raise Unauthorized from error


async def get_claims(claims: Annotated[Claims | None, Depends(get_optional_claims)]) -> Claims:
    if claims is None:
        raise Unauthorized
    return claims


TokenClaims = Annotated[Claims, Depends(get_claims)]


def get_signed_in(resources: ResourcesDep, claims: TokenClaims) -> Caller:
    return accounts.identify(resources.database, claims)


SignedIn = Annotated[Caller, Depends(get_signed_in)]
"""Also one who must change a one-time password first; may see and change that alone."""


async def get_current_user(caller: SignedIn) -> Caller:
    if caller.must_change_password:
        raise MustChangePassword
    return caller


CurrentUser = Annotated[Caller, Depends(get_current_user)]


def _at_least(caller: Caller, role: Role) -> Caller:
    if _RANK[caller.role] < _RANK[role]:
        raise Forbidden(f"This needs the role {role}; yours is {caller.role}")
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


def get_api_user(
    resources: ResourcesDep, claims: Annotated[Claims | None, Depends(get_optional_claims)]
) -> Caller:
    """Return who calls below /api/, where a call without a token may have a role."""
    if claims is None:
        return identify_anonymous(resources.database, resources.settings.anonymous_role)
    caller = accounts.identify(resources.database, claims)
    if caller.must_change_password:
        raise MustChangePassword
    return caller


ApiUser = Annotated[Caller, Depends(get_api_user)]


async def get_api_analyst(caller: ApiUser) -> Caller:
    return _at_least(caller, "analyst")


ApiAnalyst = Annotated[Caller, Depends(get_api_analyst)]


def get_trainer(
    resources: ResourcesDep, claims: Annotated[Claims | None, Depends(get_optional_claims)]
) -> Caller | None:
    """Return who trains; None where training is open to anyone."""
    access = resources.settings.effective_train_access
    if claims is None:
        if access == "public":
            return None
        raise Unauthorized
    caller = accounts.identify(resources.database, claims)
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
