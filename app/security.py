"""Passwords and access tokens. Pure: knows no session and no request."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry
from passlib.hash import bcrypt

MAX_PASSWORD_BYTES = 72
"""bcrypt reads no further; a longer password is refused rather than cut."""


_TOKEN_ID = re.compile("[0-9a-f]{32}")
_CLOCK_SKEW_SECONDS = 60
"""Another server's clock may be ahead; whether a token has expired is looked at without it."""
_REQUIRED = JWTClaimsRegistry(
    leeway=_CLOCK_SKEW_SECONDS,
    exp={"essential": True},
    iat={"essential": True},
    sub={"essential": True},
    jti={"essential": True},
)


class InvalidToken(Exception):
    """The token is malformed, forged, expired, or lacks a claim."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says of its bearer."""

    username: str
    user_id: int
    token_id: str
    version: int
    issued_at: datetime
    expires_at: datetime


def hash_password(password: str, *, rounds: int) -> str:
    return str(bcrypt.using(rounds=rounds).hash(password))


def verify_password(password: str, hashed: str) -> bool:
    """Whether the password matches; one that bcrypt cannot take matches nothing."""
    if len(password.encode()) > MAX_PASSWORD_BYTES or "\0" in password:
        return False
    return bool(bcrypt.verify(password, hashed))


def is_outdated(hashed: str, *, rounds: int) -> bool:
    """Whether a hash costs less than new ones do, or was made by an older way of bcrypt."""
    made = bcrypt.from_string(hashed)
    return made.rounds < rounds or made.ident != bcrypt.default_ident


@cache
def unknown_user_hash(*, rounds: int) -> str:
    """Return a hash to verify against where there is no account, so that both take as long."""
    return hash_password(uuid4().hex, rounds=rounds)


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Issues and reads signed access tokens.

    With a `previous_key`, tokens that were signed with it before the key changed are read too.
    """

    key: str
    algorithm: str
    lifetime: timedelta
    previous_key: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        # Anybody can sign with an empty key.
        if not self.key.strip():
            raise ValueError("the signing key is empty; set SECRET_KEY, or remove SECRET_KEY_FILE")

    def issue(self, *, username: str, user_id: int, version: int) -> str:
        issued_at = self.now()
        claims = {
            "sub": username,
            "uid": user_id,
            "jti": uuid4().hex,
            "ver": version,
            "iat": int(issued_at.timestamp()),
            "exp": int((issued_at + self.lifetime).timestamp()),
        }
        return jwt.encode(
            {"alg": self.algorithm}, claims, OctKey.import_key(self.key), [self.algorithm]
        )

    def read(self, token: str) -> Claims:
        """Return the token's claims, or raise `InvalidToken` whatever is wrong with it."""
        try:
            claims = _verified(token, self.key, self.algorithm)
        except InvalidToken:
            if not self.previous_key:
                raise
            claims = _verified(token, self.previous_key, self.algorithm)
        # What was verified before may have expired since.
        if claims.expires_at <= self.now():
            raise InvalidToken("the token has expired")
        return claims


@lru_cache(maxsize=4096)
def _verified(token: str, key: str, algorithm: str) -> Claims:
    """Verify a token; the same one comes with each request of a session, and costs it once."""
    try:
        read = jwt.decode(token, OctKey.import_key(key), algorithms=[algorithm])
        if "crit" in read.header:
            raise InvalidToken("critical extensions are not understood")
        claims = read.claims
        _REQUIRED.validate(claims)
        user_id, version = claims["uid"], claims["ver"]
        if not all(type(each) is int and 0 < each < 2**63 for each in (user_id, version)):
            raise InvalidToken("uid and ver must be positive integers of 64 bits")
        if not _TOKEN_ID.fullmatch(claims["jti"]):
            raise InvalidToken("jti must be 32 hexadecimal digits")
        return Claims(
            username=claims["sub"],
            user_id=user_id,
            token_id=claims["jti"],
            version=version,
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    # A time beyond every calendar, or text that is no UTF-8, is not among the library's own errors.
    except Exception as error:
        raise InvalidToken(str(error)) from error
