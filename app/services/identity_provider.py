"""OpenID Connect: where a provider signs people in, and what it says of them."""

import threading
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import BadRequest, Unavailable

log = structlog.get_logger(__name__)

DESCRIPTION = "/.well-known/openid-configuration"
SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Of public keys: those who verify a token with a shared secret could also sign one."""
SECONDS = 10.0
"""A provider that takes longer to answer is away."""
CLOCK_SKEW_SECONDS = 60


class Endpoints(BaseModel):
    """What of a provider's description is used."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class BegunSignIn:
    """What a sign-in that has begun is recognised by when its browser comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider signed in; an address counts only where it says that it is verified."""

    issuer: str
    subject: str
    email: str | None
    username: str | None
    full_name: str | None


class IdentityProvider:
    """One provider, whose description and keys are kept once they are known."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._lock = threading.Lock()
        self._endpoints: Endpoints | None = None
        self._keys: KeySet | None = None

    def address(self, asked: BegunSignIn, redirect_uri: str) -> str:
        """Return where to send a browser."""
        challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        return str(
            httpx.URL(self._known_endpoints().authorization_endpoint).copy_merge_params(query)
        )

    def person(self, asked: BegunSignIn, code: str, redirect_uri: str) -> Person:
        """Exchange the code that a browser brought back for whom it stands for.

        Raises
        ------
        BadRequest
            The provider does not take the code, or its answer is not to be trusted.
        Unavailable
            It does not answer.
        """
        try:
            claims = self._claims(asked, code, redirect_uri)
        except httpx.HTTPStatusError as error:
            if error.response.is_server_error:
                raise _away(error) from error
            raise _refused(error) from error
        except (JoseError, ValueError) as error:
            raise _refused(error) from error
        except httpx.HTTPError as error:
            raise _away(error) from error
        return Person(
            issuer=self._issuer,
            subject=str(claims["sub"])[:255],
            email=_text(claims, "email") if claims.get("email_verified") is True else None,
            username=_text(claims, "preferred_username"),
            full_name=_text(claims, "name"),
        )

    def _claims(self, asked: BegunSignIn, code: str, redirect_uri: str) -> dict[str, Any]:
        endpoints, form = (
            self._known_endpoints(),
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": asked.verifier,
                "client_id": self._client_id,
            },
        )
        secret = self._client_secret
        # As the standard has it, both are escaped before they are joined.
        login = (
            httpx.BasicAuth(quote(self._client_id, safe=""), quote(secret, safe=""))
            if secret
            else httpx.USE_CLIENT_DEFAULT
        )
        with httpx.Client(timeout=SECONDS) as client:
            token = _json(client.post(endpoints.token_endpoint, data=form, auth=login))
            claims = self._verified(str(token.get("id_token", "")), asked)
            if "email" not in claims and endpoints.userinfo_endpoint is not None:
                bearer = {"Authorization": f"Bearer {token.get('access_token', '')}"}
                told = _json(client.get(endpoints.userinfo_endpoint, headers=bearer))
                # What is said without a signature is of the same person, or of no use.
                if told.get("sub") == claims["sub"]:
                    claims = {**told, **claims}
        return claims

    def _verified(self, id_token: str, asked: BegunSignIn) -> dict[str, Any]:
        registry = JWTClaimsRegistry(
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            nonce={"essential": True, "value": asked.nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            read = jwt.decode(id_token, self._known_keys(), algorithms=ALGORITHMS)
        except JoseError:
            # It may have been signed with a key that is newer than those that are known.
            self._keys = None
            read = jwt.decode(id_token, self._known_keys(), algorithms=ALGORITHMS)
        registry.validate(read.claims)
        if read.claims.get("azp", self._client_id) != self._client_id:
            raise ValueError("the token was issued to another client")
        return read.claims

    def _known_endpoints(self) -> Endpoints:
        with self._lock:
            if self._endpoints is None:
                described = self._fetch(self._issuer.rstrip("/") + DESCRIPTION)
                try:
                    endpoints = Endpoints.model_validate(described)
                except ValidationError as error:
                    raise _away(error) from error
                if endpoints.issuer != self._issuer:
                    raise _away(ValueError(f"it calls itself {endpoints.issuer}"))
                self._endpoints = endpoints
            return self._endpoints

    def _known_keys(self) -> KeySet:
        endpoints = self._known_endpoints()
        with self._lock:
            if self._keys is None:
                described = self._fetch(endpoints.jwks_uri)
                self._keys = KeySet.import_key_set({"keys": described.get("keys", [])})
            return self._keys

    def _fetch(self, address: str) -> dict[str, Any]:
        try:
            return _json(httpx.get(address, timeout=SECONDS))
        except (httpx.HTTPError, ValueError) as error:
            raise _away(error) from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    told = answer.raise_for_status().json()
    if not isinstance(told, dict):
        raise ValueError("the provider's answer is no object")
    return told


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _refused(error: Exception) -> BadRequest:
    log.warning("sign-in refused", reason=str(error))
    return BadRequest("The sign-in could not be confirmed; try again", code="sign_in_not_confirmed")


def _away(error: Exception) -> Unavailable:
    log.error("provider away", reason=str(error))
    return Unavailable(
        "The sign-in provider does not answer; try again shortly, or sign in with a password",
        code="provider_unavailable",
    )
