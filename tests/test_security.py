"""Passwords and tokens: what is accepted, and that nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from jose import jwt
from jose.constants import ALGORITHMS
from jose.utils import base64url_encode

from app.security import (
    InvalidToken,
    TokenSigner,
    hash_password,
    unknown_user_hash,
    verify_password,
)
from tests.factories import CUSTOMER

KEY = "a key for the tests alone, long enough"
SIGNER = TokenSigner(key=KEY, algorithm="HS256", lifetime=timedelta(minutes=30))
NOW = int(datetime.now(UTC).timestamp())
CLAIMS = {
    "sub": "maria",
    "uid": 1,
    "jti": "0" * 32,
    "ver": 1,
    "iat": NOW,
    "exp": NOW + 86_400,
}
TOKENS = {
    "no exp": ({"exp": None}, {}),
    "no sub": ({"sub": None}, {}),
    "no jti": ({"jti": None}, {}),
    "no iat": ({"iat": None}, {}),
    "no uid": ({"uid": None}, {}),
    "no ver": ({"ver": None}, {}),
    "expired": ({"exp": NOW - 1}, {}),
    "exp beyond every calendar": ({"exp": 10**300}, {}),
    "exp no number": ({"exp": "tomorrow"}, {}),
    "exp infinite": ({"exp": float("inf")}, {}),
    "iat beyond every calendar": ({"iat": 10**300}, {}),
    "iat a list": ({"iat": []}, {}),
    "not yet valid": ({"nbf": NOW + 86_400}, {}),
    "sub a number": ({"sub": 1}, {}),
    "uid a bool": ({"uid": True}, {}),
    "uid a text": ({"uid": "1"}, {}),
    "uid a fraction": ({"uid": 1.0}, {}),
    "uid beyond 64 bits": ({"uid": 2**63}, {}),
    "uid huge": ({"uid": 10**400}, {}),
    "uid below 1": ({"uid": 0}, {}),
    "ver a bool": ({"ver": True}, {}),
    "ver beyond 64 bits": ({"ver": 2**64}, {}),
    "jti a number": ({"jti": 5}, {}),
    "jti with NUL": ({"jti": "\0" * 32}, {}),
    "jti half of a pair": ({"jti": "\ud800" * 32}, {}),
    "unknown crit": ({}, {"headers": {"crit": ["b64"], "b64": False}}),
    "empty crit": ({}, {"headers": {"crit": []}}),
    "HS512": ({}, {"algorithm": "HS512"}),
    "another key": ({}, {"key": "another key, just as long as the first"}),
    "an almost empty key": ({}, {"key": " "}),
}


def forged(changes: dict, how: dict) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode(
        claims,
        how.get("key", KEY),
        algorithm=how.get("algorithm", "HS256"),
        headers=how.get("headers"),
    )


def unsigned() -> str:
    header = base64url_encode(b'{"alg":"none","typ":"JWT"}').decode()
    return f"{header}.{forged({}, {}).split('.')[1]}."


def test_a_token_says_who_it_was_issued_to():
    token = SIGNER.issue(username="maria", user_id=7, version=3)
    claims = SIGNER.read(token)
    assert (claims.username, claims.user_id, claims.version) == ("maria", 7, 3)
    assert claims.expires_at - claims.issued_at == timedelta(minutes=30)
    assert abs(datetime.now(UTC) - claims.issued_at) < timedelta(seconds=10)
    public = jwt.get_unverified_claims(token)
    assert public["sub"] == "maria"
    assert {"iat", "exp"} <= set(public)
    assert jwt.get_unverified_header(token)["alg"] == ALGORITHMS.HS256


def test_the_reference_token_of_these_tests_is_good():
    assert SIGNER.read(forged({}, {})).user_id == 1


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_is_not_ours_is_refused(name):
    with pytest.raises(InvalidToken):
        SIGNER.read(forged(*TOKENS[name]))


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "\0", "\ud800", "é.é.é", "x" * 10_000])
def test_text_that_is_no_token_is_refused(token):
    with pytest.raises(InvalidToken):
        SIGNER.read(token)


def test_an_unsigned_token_is_refused():
    with pytest.raises(InvalidToken):
        SIGNER.read(unsigned())


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_each_algorithm_reads_its_own_tokens_alone(algorithm):
    signer = replace(SIGNER, algorithm=algorithm)
    token = signer.issue(username="maria", user_id=1, version=1)
    assert signer.read(token).user_id == 1
    for other in {"HS256", "HS384", "HS512"} - {algorithm}:
        with pytest.raises(InvalidToken):
            replace(SIGNER, algorithm=other).read(token)


@pytest.mark.parametrize("key", ["", "  \n"])
def test_an_empty_key_is_refused(key):
    with pytest.raises(ValueError, match="empty"):
        replace(SIGNER, key=key)


def test_a_token_ends_with_its_lifetime():
    past = datetime.now(UTC) - timedelta(minutes=31)
    token = replace(SIGNER, now=lambda: past).issue(username="maria", user_id=1, version=1)
    with pytest.raises(InvalidToken):
        SIGNER.read(token)


class TestChangeOfKey:
    NEW = "a newer key for the tests, long enough too"

    def test_tokens_of_the_key_before_are_read_and_none_is_signed_with_it(self):
        old = SIGNER.issue(username="maria", user_id=7, version=3)
        rotated = replace(SIGNER, key=self.NEW, previous_key=KEY)
        assert rotated.read(old).user_id == 7
        new = rotated.issue(username="maria", user_id=7, version=3)
        assert rotated.read(new).user_id == 7
        with pytest.raises(InvalidToken):
            SIGNER.read(new)

    def test_once_it_is_dropped_they_are_refused(self):
        old = SIGNER.issue(username="maria", user_id=7, version=3)
        for previous in (None, "", "yet another key for the tests, long enough"):
            with pytest.raises(InvalidToken):
                replace(SIGNER, key=self.NEW, previous_key=previous).read(old)

    @pytest.mark.parametrize("name", TOKENS)
    def test_what_is_refused_with_one_key_is_refused_with_two(self, name):
        with pytest.raises(InvalidToken):
            replace(SIGNER, key=self.NEW, previous_key=KEY).read(forged(*TOKENS[name]))


def test_a_server_whose_clock_is_a_little_behind_reads_the_token():
    ahead = datetime.now(UTC) + timedelta(seconds=30)
    token = replace(SIGNER, now=lambda: ahead).issue(username="maria", user_id=7, version=3)
    assert SIGNER.read(token).user_id == 7


def test_over_the_wire_each_of_them_is_one_and_the_same_401(client, accounts):
    maria = accounts.make()
    bearer = {"Authorization": f"Bearer {forged({'uid': maria.id}, {})}"}
    assert client.get("/auth/me", headers=bearer).json()["id"] == maria.id
    tokens = [forged({"uid": maria.id} | changes, how) for changes, how in TOKENS.values()]
    for token in [*tokens, unsigned(), forged({"uid": 10**9}, {}), forged({"uid": 2**62}, {})]:
        for method, path, body in (
            ("GET", "/auth/me", None),
            ("POST", "/predict", CUSTOMER),
            ("POST", "/train", None),
        ):
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.request(method, path, headers=headers, json=body)
            assert answer.status_code == 401
            assert answer.json()["detail"] == "Could not validate credentials"
            assert answer.headers["www-authenticate"] == "Bearer"


class TestPasswords:
    def test_only_the_same_password_matches(self):
        hashed = hash_password("correct horse", rounds=4)
        assert hashed.startswith("$2b$04$")
        assert verify_password("correct horse", hashed)
        assert not verify_password("Correct horse", hashed)
        assert not verify_password("", hashed)

    def test_the_same_password_has_many_hashes(self):
        assert hash_password("correct horse", rounds=4) != hash_password("correct horse", rounds=4)

    @pytest.mark.parametrize("password", ["x" * 73, "🔑" * 19, "x\0y"])
    def test_what_bcrypt_cannot_take_matches_nothing(self, password):
        assert not verify_password(password, hash_password("x" * 72, rounds=4))
        assert not verify_password(password, hash_password("x", rounds=4))

    def test_an_unknown_user_has_a_hash_that_nothing_matches(self):
        hashed = unknown_user_hash(rounds=4)
        assert hashed == unknown_user_hash(rounds=4)
        assert not verify_password("", hashed)


def test_a_token_ends_with_its_last_second():
    issued = datetime.now(UTC).replace(microsecond=0)
    token = replace(SIGNER, now=lambda: issued).issue(username="maria", user_id=1, version=1)
    lasts = replace(SIGNER, now=lambda: issued + timedelta(minutes=30, microseconds=-1))
    assert lasts.read(token).user_id == 1
    with pytest.raises(InvalidToken):
        replace(SIGNER, now=lambda: issued + timedelta(minutes=30)).read(token)


def test_the_longest_password_that_bcrypt_takes_is_the_whole_of_it():
    longest = "x" * 71 + "y"
    hashed = hash_password(longest, rounds=4)
    assert verify_password(longest, hashed)
    assert not verify_password("x" * 72, hashed)


def test_a_token_that_was_good_once_expires_all_the_same():
    signer = TokenSigner(key=KEY, algorithm="HS256", lifetime=timedelta(minutes=30))
    token = signer.issue(username="maria", user_id=1, version=1)
    signer.read(token)
    later = replace(signer, now=lambda: datetime.now(UTC) + timedelta(minutes=30))
    with pytest.raises(InvalidToken, match="expired"):
        later.read(token)
