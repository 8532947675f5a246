"""Passwords that are guessed first: refused in production, a warning in development."""

import pytest

from app.config import Settings
from app.errors import BadRequest, InvalidField
from app.services.password_rules import check

KEY = "0123456789abcdef0123456789ABCDEF"
DEVELOPMENT = Settings(_env_file=None)
PRODUCTION = Settings(_env_file=None, environment="production", secret_key=KEY)
NAMES = {"username": "Maria.Keller", "email": "m.keller@example.com"}
WEAK = {
    "short": ("s7!kq2x", "password_too_short"),
    "one character": ("zzzzzzzzzzzz", "password_too_simple"),
    "two characters": ("xyxyxyxyxyxy", "password_too_simple"),
    "common": ("password1", "password_too_common"),
    "common in capitals": ("PassWord123", "password_too_common"),
    "keys in a row": ("1q2w3e4r5t", "password_too_common"),
    "a word": ("government", "password_too_common"),
    "a name": ("Elizabeth", "password_too_common"),
    "the username": ("maria.keller", "password_like_name"),
    "the username with a year": ("maria.keller1985!", "password_like_name"),
    "the address": ("m.keller@example.com", "password_like_name"),
    "the name of the address": ("2024m.keller", "password_like_name"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_password_is_refused_in_production_and_doubted_elsewhere(name):
    password, code = WEAK[name]
    with pytest.raises(InvalidField) as refused:
        check(PRODUCTION, password, **NAMES)
    assert refused.value.problems[0]["type"] == code
    assert refused.value.problems[0]["loc"] == ["body", "password"]
    (doubt,) = check(DEVELOPMENT, password, **NAMES)
    assert "production" in doubt
    assert password not in doubt


@pytest.mark.parametrize("password", ["correct horse", "Zürich im Mai", "🔑🦊🌧️ x7Qp", "k8#mVq2z"])
def test_any_other_is_taken_without_a_word(password):
    assert check(PRODUCTION, password, **NAMES) == []
    assert check(DEVELOPMENT, password, **NAMES) == []


@pytest.mark.parametrize("password", ["admin123", "test123"])
def test_a_published_one_is_refused_in_production(password):
    with pytest.raises(BadRequest, match="published"):
        check(PRODUCTION, password, **NAMES)
    assert check(DEVELOPMENT, password, **NAMES)


def test_the_list_has_the_ten_most_common_ones():
    for each in (
        *("password", "12345678", "123456789", "1234567890", "qwertyuiop"),
        *("iloveyou", "sunshine", "princess", "football", "baseball"),
    ):
        assert check(DEVELOPMENT, each, **NAMES)


def test_accounts_are_told(client, accounts):
    form = {"email": "a@example.com", "username": "maria", "password": "password1"}
    made = client.post("/auth/register", json=form)
    assert made.status_code == 201
    (doubt,) = made.json()["warnings"]
    assert "most common" in doubt
    account = accounts.make()
    change = {"username": "new.name", "password": "new.name1"}
    saved = client.put("/users/me", headers=account.headers, json=change).json()
    assert "username" in saved["warnings"][0]
    assert client.put("/users/me", headers=account.headers, json={}).json().get("warnings") is None


def test_production_answers_with_the_field_and_a_code(client, settings):
    settings.environment = "production"
    form = {"email": "a@example.com", "username": "maria", "password": "password1"}
    refused = client.post("/auth/register", json=form)
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "password"]
    assert refused.json()["detail"][0]["type"] == "password_too_common"
