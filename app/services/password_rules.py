"""What a password must be, beyond what its schema asks: refused in production, else a warning."""

import re
from functools import cache
from pathlib import Path

from app.config import PUBLISHED_PASSWORDS, Settings
from app.errors import BadRequest, InvalidField

MIN_LENGTH = 8
MIN_DIFFERENT_CHARACTERS = 3
_COMMON = Path(__file__).with_name("common_passwords.txt")
"""Those of eight characters or more among the 30,000 most common ones, with names and the words
that are most frequent in English; from the lists of zxcvbn 4.5 (MIT licence)."""
_AROUND_A_WORD = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def check(settings: Settings, password: str, *, username: str, email: str) -> list[str]:
    """Return what is wrong with a new password.

    Raises
    ------
    BadRequest
        In production: it is published in the documentation.
    InvalidField
        In production: it breaks a rule.
    """
    if settings.in_production and password in PUBLISHED_PASSWORDS:
        raise BadRequest(
            "This password is published in the documentation; choose another",
            code="published_password",
            field="password",
        )
    fault = _fault(password, username=username, email=email)
    if fault is None:
        return []
    code, sentence = fault
    if settings.in_production:
        raise InvalidField("password", f"The password {sentence}", code=code)
    return [f"The password {sentence}; in production it would be refused"]


def _fault(password: str, *, username: str, email: str) -> tuple[str, str] | None:
    if len(password) < MIN_LENGTH:
        return "password_too_short", f"has fewer than {MIN_LENGTH} characters"
    lowered = password.casefold()
    if len(set(lowered)) < MIN_DIFFERENT_CHARACTERS:
        return "password_too_simple", "repeats one or two characters"
    if lowered in _common() or password in PUBLISHED_PASSWORDS:
        return "password_too_common", "is one of the most common ones"
    names = {username.casefold(), email.casefold(), email.partition("@")[0].casefold()}
    if {lowered, _word_of(lowered)} & (names | {_word_of(name) for name in names} - {""}):
        return "password_like_name", "is the username or the email address"
    return None


def _word_of(text: str) -> str:
    """Return the text without the digits and signs at its ends, as in `maria1985!`."""
    return _AROUND_A_WORD.sub("", text)


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("ascii").split())
