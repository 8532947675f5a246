"""Errors have codes for programs; no code reads their sentences."""

import re

import pytest

from app.errors import AppError
from app.segmentation.errors import SegmentationError
from tests.factories import PASSWORD


def subclasses(error: type) -> list[type]:
    return [error, *(each for child in error.__subclasses__() for each in subclasses(child))]


@pytest.mark.parametrize("error", [*subclasses(AppError), *subclasses(SegmentationError)])
def test_every_error_has_a_code_in_snake_case(error):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)


class TestRegister:
    @pytest.mark.parametrize(
        ("taken", "code"), [("email", "email_taken"), ("username", "username_taken")]
    )
    def test_the_field_that_is_taken_is_named(self, client, taken, code):
        first = {"email": "maria@example.com", "username": "maria", "password": PASSWORD}
        other = {"email": "lena@example.com", "username": "lena", "password": PASSWORD}
        client.post("/auth/register", json=first)
        answer = client.post("/auth/register", json={**other, taken: first[taken]})
        assert answer.status_code == 400
        assert (answer.json()["field"], answer.json()["code"]) == (taken, code)


def test_a_path_that_is_not_there_has_a_code(client):
    answer = client.get("/no/such/path", headers={"Accept": "application/json"})
    assert answer.json() == {"detail": "Not Found", "code": "not_found", "field": None}


def test_a_method_that_is_not_taken_has_a_code(client):
    answer = client.put("/auth/login", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
