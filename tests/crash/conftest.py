"""How many moments to kill at, and the two long-lived installations that are killed."""

from collections.abc import Iterator

import pytest

from tests.crash.installation import Installation
from tests.postgresql import empty_database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crash-moments", type=int, default=8, help="how many seeded moments to kill at (8)"
    )
    parser.addoption(
        "--soak-minutes", type=float, default=10, help="how long to soak each database (10)"
    )
    parser.addoption("--soak-without-kills", action="store_true", help="let the processes grow old")


@pytest.fixture
def soak_kills(request: pytest.FixtureRequest) -> bool:
    return not request.config.getoption("--soak-without-kills")


@pytest.fixture
def soak_minutes(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--soak-minutes"))


@pytest.fixture(scope="module")
def sqlite_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("crash-sqlite")
    with Installation(folder, f"sqlite:///{folder / 'customers.db'}") as installation:
        yield installation


@pytest.fixture(scope="module")
def postgresql_installation(
    tmp_path_factory: pytest.TempPathFactory, postgresql_url: str
) -> Iterator[Installation]:
    url = empty_database(postgresql_url, "crash")
    with Installation(tmp_path_factory.mktemp("crash-postgresql"), url) as installation:
        yield installation


@pytest.fixture
def installation(request: pytest.FixtureRequest, database: str) -> Installation:
    found: Installation = request.getfixturevalue(f"{database}_installation")
    return found
