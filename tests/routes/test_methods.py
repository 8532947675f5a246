"""A method that a path lacks is 405 with all those it has, before anything else is looked at."""

import re
from collections import defaultdict

import pytest

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(params=["nobody", "admin"])
def headers(request, accounts):
    return {} if request.param == "nobody" else accounts.make("admin").headers


def test_every_path_says_what_it_takes(client, headers) -> None:
    paths: dict[str, set[str]] = defaultdict(set)
    for path, operations in client.app.openapi()["paths"].items():
        # Patterns that differ in the names of their ids alone are one path.
        paths[re.sub(r"\{\w+\}", "1", path)] |= {method.upper() for method in operations}
    faults = []
    for path, allowed in paths.items():
        for method in sorted(set(METHODS) - allowed):
            answer = client.request(method, path, headers=headers)
            told = set(answer.headers.get("Allow", "").split(", "))
            if answer.status_code != 405 or told != allowed:
                faults.append(f"{method} {path}: {answer.status_code}, Allow {sorted(told)}")
    assert faults == []


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/datasets/1/nothing"])
def test_an_unknown_path_is_404_whatever_the_method(client, path: str) -> None:
    assert {client.request(method, path).status_code for method in METHODS} == {404}


def test_the_answer_is_in_the_form_of_every_other_error(client) -> None:
    answer = client.put("/predict")
    assert answer.json() == {
        "detail": "Method Not Allowed",
        "code": "method_not_allowed",
        "field": None,
    }
