"""How much of the real tables the routes are tested on."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--whole-tables",
        action="store_true",
        help="compare the longer tables whole, not their first rows: a quarter of an hour",
    )
    parser.addoption(
        "--generated-requests",
        type=int,
        default=4,
        help="for each route, each kind of request and each role (4, as an administrator alone)",
    )


@pytest.fixture
def whole_tables(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--whole-tables", default=False))
