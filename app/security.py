"""Passwords and access tokens. Pure: knows no session and no request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

from jose import jwt
from passlib.hash import bcrypt

MAX_PASSWORD_BYTES = 72
"""bcrypt reads no further; a longer password is refused rather than cut."""


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


@cache
def unknown_user_hash(*, rounds: int) -> str:
    """Return a hash to verify against where there is no account, so that both take as long."""
    return hash_password(uuid4().hex, rounds=rounds)


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Issues and reads signed access tokens with one key and one algorithm."""

    key: str
    algorithm: str
    lifetime: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

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
        return str(jwt.encode(claims, self.key, algorithm=self.algorithm))

    def read(self, token: str) -> Claims:
        """Return the token's claims, or raise `InvalidToken` whatever is wrong with it."""
        try:
            if "crit" in jwt.get_unverified_header(token):
                raise InvalidToken("critical extensions are not understood")
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[self.algorithm],
                options={f"require_{name}": True for name in ("exp", "iat", "sub", "jti")},
            )
            user_id, version = claims["uid"], claims["ver"]
            if type(user_id) is not int or type(version) is not int:
                raise InvalidToken("uid and ver must be integers")
            return Claims(
                username=claims["sub"],
                user_id=user_id,
                token_id=claims["jti"],
                version=version,
                issued_at=datetime.fromtimestamp(claims["iat"], UTC),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            )
        # python-jose lets OverflowError, TypeError, KeyError and more through besides JWTError.
        except Exception as error:
            raise InvalidToken(str(error)) from error
