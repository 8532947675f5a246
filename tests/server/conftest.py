"""A server of four workers on an empty database, of each kind in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.segmentation.synthesis import generate_customers
from tests.postgresql import empty_database
from tests.server.running import Server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak-seconds", type=float, default=3, help="how long to measure each writing door (3)"
    )


@pytest.fixture
def soak_seconds(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--soak-seconds"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'customers.db'}"
    return empty_database(request.getfixturevalue("postgresql_url"), tmp_path.name)


@dataclass
class Deployment:
    """A running server, and the file that names the step at which a training kills its process."""

    server: Server
    step_file: Path
    headers: dict[str, str]

    def arrivals(self) -> int:
        """Count the calls that asked for a training so far."""
        return len(self.step_file.with_name("arrivals").read_text().splitlines())


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(kind, marks=pytest.mark.xdist_group(f"workers-{kind}"))
        for kind in ("sqlite", "postgresql")
    ],
)
def four_workers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp(f"workers-{request.param}")
    url = (
        f"sqlite:///{folder / 'customers.db'}"
        if request.param == "sqlite"
        else empty_database(request.getfixturevalue("postgresql_url"), "workers")
    )
    step_file = folder / "step"
    server = Server(
        folder,
        database_url=url,
        target="tests.crash.armed:app",
        workers=4,
        settings={"CRASH_STEP_FILE": str(step_file)},
    )
    generate_customers(2000, seed=7).to_csv(server.customers, index=False)
    with server:
        yield Deployment(server, step_file, server.sign_in("operator"))
        assert server.stop() == 0, server.log
