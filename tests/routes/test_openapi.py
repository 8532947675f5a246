"""Generated requests against the application's own schema: no 500, nothing undeclared."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.schemas.base import Incoming, Outgoing
from app.schemas.camel import Camel

ROLES = ("admin", "analyst", "user")
SHORT = 4
"""Requests for each route and each kind, those that follow the schema and those that do not; with
more of them, `make fuzz-api` has every role send its own."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ANSWERS_503_WITHOUT_A_MODEL = {"GET /ready"}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough: what is tested is what crosses the doors."""
    file = tmp_path / "test.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}"


def send_examples(
    operation, mode: GenerationMode, headers: dict[str, str], number: int
) -> Counter[int]:
    """Return how often each status was the answer."""
    statuses: Counter[int] = Counter()

    @bounds(
        max_examples=number,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case) -> None:
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        statuses[answer.status_code] += 1

    send()
    return statuses


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Send the short form as an administrator alone, who is let through everywhere."""
    if "role" in metafunc.fixturenames:
        number = metafunc.config.getoption("--generated-requests", default=SHORT)
        metafunc.parametrize("role", ROLES if number > SHORT else ROLES[:1])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_generated_requests_get_declared_answers(client, accounts, mode, role, request):
    number = request.config.getoption("--generated-requests", default=SHORT)
    schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
    failures, statuses = [], Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.label in ANSWERS_503_WITHOUT_A_MODEL:
            continue
        try:
            statuses += send_examples(operation, mode, accounts.make(role).headers, number)
        # Nothing to break where a request takes nothing.
        except Unsatisfiable:
            continue
        # A failure is a group of whatever the checks found.
        except Exception as error:  # noqa: BLE001
            found = getattr(error, "exceptions", [error])
            failures.append(f"{operation.label}: {'; '.join(str(each)[:500] for each in found)}")
    assert not failures, "\n\n".join(failures)
    expected = {200, 201} if mode is GenerationMode.POSITIVE else {422}
    assert expected <= set(statuses), statuses


def operations(client) -> list[tuple[str, str, dict]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (method, path, operation)
        for path, described in paths.items()
        for method, operation in described.items()
    ]


def has_example(schema: dict, schemas: dict) -> bool:
    """Whether a body shown by this schema is a written one; a list is, where its items are."""
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    parts = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    return "example" in schema or any(has_example(each, schemas) for each in parts)


def test_every_json_that_comes_or_goes_has_an_example(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    without = []
    for method, path, operation in operations(client):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [
            answer.get("content", {})
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        ]
        for content in contents:
            shown = content.get("application/json")
            if shown and "example" not in shown and not has_example(shown["schema"], schemas):
                without.append(f"{method} {path}: {shown['schema']}")
    assert without == []


def models_of(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models_of(model)


EXAMPLES_OF = {
    model: model.model_config["json_schema_extra"]["example"]
    for model in (*models_of(Incoming), *models_of(Outgoing))
    if "json_schema_extra" in model.model_config
    # What crosses a door in camel case is the schema derived from it.
    and not any(issubclass(derived, Camel) for derived in model.__subclasses__())
}


@pytest.mark.parametrize("model", EXAMPLES_OF, ids=lambda model: model.__name__)
def test_an_example_is_what_its_schema_says(model):
    model.model_validate(EXAMPLES_OF[model])
    if issubclass(model, Outgoing):
        names = {field.alias or name for name, field in model.model_fields.items()}
        assert set(EXAMPLES_OF[model]) == names


def test_operations_have_names_of_their_own_and_not_their_paths(client):
    names = [operation["operationId"] for *_, operation in operations(client)]
    assert len(set(names)) == len(names)
    assert {"auth_register", "segments_predict", "admin_change_role"} <= set(names)
    for method, _, operation in operations(client):
        noun = operation["tags"][0]
        # The framework's own names end with the path and the method.
        assert re.fullmatch(rf"{noun}(_[a-z]+)+", operation["operationId"])
        assert not operation["operationId"].endswith(f"_{method}")


WRONG = ([], {}, [{}], {"a": [1]}, True, -1.5, "\ud7ff wrong")


def bodies(document: dict) -> Iterator[tuple[str, str, list[str]]]:
    """Each JSON body that a route takes, as its method, its path and its fields."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            found = document["components"]["schemas"].get(name, schema)
            if found.get("properties"):
                yield method, re.sub(r"\{\w+\}", "1", path), list(found["properties"])


def test_no_problem_tells_of_the_program_s_insides(client, accounts):
    admin = accounts.make("admin")
    refused = 0
    for method, path, fields in bodies(client.app.openapi()):
        for wrong in WRONG:
            answer = client.request(
                method, path, json=dict.fromkeys(fields, wrong), headers=admin.headers
            )
            if answer.status_code != 422:
                continue
            refused += 1
            for problem in answer.json()["detail"]:
                told = str(problem["loc"])
                assert "0x" not in told, (path, wrong)
                assert "function-" not in told, (path, wrong)
    assert refused > 50
