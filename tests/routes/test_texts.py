"""Texts in request bodies: what is refused is said in the words of a text."""

import pytest

from tests.factories import PASSWORD

FORM = {
    "email": "maria@example.com",
    "username": "maria",
    "full_name": "Maria Keller",
    "password": PASSWORD,
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "a" * 73),
        ("password", "short"),
        ("username", "a" * 51),
        ("username", "ab"),
        ("full_name", "a" * 201),
        ("email", f"{'a' * 320}@example.com"),
    ],
)
def test_a_length_is_counted_in_characters(client, field, value):
    answer = client.post("/auth/register", json=FORM | {field: value})
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["body", field]
    assert "character" in problem["msg"]
    assert "items" not in problem["msg"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/auth/login", {"username": "maria", "password": "a" * 1_001}),
        ("/auth/login", {"username": "a" * 321, "password": "a"}),
        ("/profiles/", {"name": ""}),
        ("/profiles/", {"name": "a" * 201}),
        ("/profiles/", {"name": "a", "notes": "a" * 10_001}),
    ],
)
def test_so_is_one_of_the_other_texts(client, accounts, path, form):
    answer = client.post(path, json=form, headers=accounts.make().headers)
    assert answer.status_code == 422
    assert [each["msg"] for each in answer.json()["detail"] if "character" in each["msg"]]
    assert "items" not in answer.text


@pytest.mark.parametrize("email", ["Bob <bob@example.com>", "<bob@example.com>", "bob"])
def test_an_address_is_an_address_alone(client, accounts, email):
    registered = client.post("/auth/register", json=FORM | {"email": email})
    changed = client.put("/users/me", json={"email": email}, headers=accounts.make().headers)
    for answer in (registered, changed):
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "email"]


def test_blanks_around_an_address_are_left_out(client):
    answer = client.post("/auth/register", json=FORM | {"email": " Bob@Example.com "})
    assert answer.status_code == 201
    assert answer.json()["email"] == "bob@example.com"
