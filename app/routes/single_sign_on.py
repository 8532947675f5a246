"""Signing in by a provider of OpenID Connect."""

import secrets
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.errors import AppError, BadRequest, NotFound
from app.routes.answers import errors
from app.routes.deps import ResourcesDep
from app.routes.turns import ProviderTurn
from app.schemas.users import SignInProvider, Token
from app.services import single_sign_on
from app.services.identity_provider import BegunSignIn, IdentityProvider
from app.services.resources import Resources

PREFIX = "/auth/provider"
router = APIRouter(prefix=PREFIX, tags=["auth"])

COOKIE = "sign_in"
COOKIE_SECONDS = 600
_Text = Annotated[str | None, Query(max_length=4_000)]


def _provider(resources: Resources) -> IdentityProvider:
    if resources.provider is None:
        raise NotFound("There is no sign-in provider; see the setting OIDC_ISSUER")
    return resources.provider


def _return_address(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{PREFIX}/return"


@router.get("", summary="Show the sign-in provider", responses=errors(404))
async def read_provider(resources: ResourcesDep) -> SignInProvider:
    """Whether people can sign in by a provider (404 if not), what it is called, and where."""
    _provider(resources)
    return described(resources)


def described(resources: Resources) -> SignInProvider:
    return SignInProvider(name=resources.settings.oidc_name, start=f"{PREFIX}/start")


@router.get(
    "/start",
    status_code=303,
    dependencies=[ProviderTurn],
    response_class=RedirectResponse,
    summary="Sign in by the provider",
    responses=errors(404),
)
def start(request: Request, resources: ResourcesDep) -> RedirectResponse:
    """Sends the browser to the provider, which sends it back."""
    asked = BegunSignIn(*(secrets.token_urlsafe(48) for _ in range(3)))
    address = _provider(resources).address(asked, _return_address(request))
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        COOKIE,
        ".".join((asked.state, asked.nonce, asked.verifier)),
        max_age=COOKIE_SECONDS,
        path=PREFIX,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )
    return answer


@router.get(
    "/return",
    dependencies=[ProviderTurn],
    response_model=Token,
    summary="Come back from the provider",
    responses=errors(400, 403, 404) | {303: {"description": "To the web app, with the token"}},
)
def come_back(
    request: Request,
    resources: ResourcesDep,
    state: _Text = None,
    code: _Text = None,
    error: _Text = None,
    sign_in: Annotated[str | None, Cookie(max_length=1_000, include_in_schema=False)] = None,
) -> Response | Token:
    """Answers with the token, or sends the browser to the web app with it behind the `#`.

    What is behind it is sent to no server and stays out of every log.
    """
    to_web_app = request.app.state.has_web_app
    try:
        token = _token(request, resources, state, code, error, sign_in)
    except AppError as refusal:
        if not to_web_app:
            raise
        return _to_web_app({"error": refusal.code})
    return _to_web_app({"access_token": token.access_token}) if to_web_app else token


def _token(
    request: Request,
    resources: Resources,
    state: str | None,
    code: str | None,
    error: str | None,
    cookie: str | None,
) -> Token:
    provider = _provider(resources)
    parts = (cookie or "").split(".")
    # Begun in another browser, it could be somebody else's account that one ends up in.
    if (
        len(parts) != 3
        or state is None
        or not secrets.compare_digest(state.encode(), parts[0].encode())
    ):
        raise BadRequest(
            "This sign-in did not begin in this browser, or took too long; begin again",
            code="sign_in_not_begun",
        )
    if error is not None or code is None:
        raise BadRequest("The provider did not sign you in", code="sign_in_not_confirmed")
    person = provider.person(BegunSignIn(*parts), code, _return_address(request))
    user = single_sign_on.sign_in(resources.database, resources.settings, person)
    token = resources.signer.issue(
        username=user.username, user_id=user.id, version=user.token_version
    )
    return Token.model_validate({"access_token": token, "token_type": "bearer", "user": user})


def _to_web_app(told: dict[str, str]) -> RedirectResponse:
    answer = RedirectResponse(f"/app/login#{urlencode(told)}", status_code=303)
    answer.delete_cookie(COOKIE, path=PREFIX)
    return answer
