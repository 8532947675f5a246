"""Three times as many clients as threads at each writing door, all of them at one row.

`make soak-writes` measures them at length, with as many threads as a server has by default.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.segmentation.synthesis import generate_customers
from benchmarks.serving.load import NO_ANSWER, Load, good, run_many
from tests.server.doors import HEAVY, Door, Doors
from tests.server.running import PATIENCE, Server
from tests.server.signs import watched

pytestmark = pytest.mark.timeout(4 * PATIENCE)

FEW_THREADS = 4
EXPECTED_REFUSALS = {401, 404, 429}
"""Once the rows that were made to be deleted are; and where more sign in at once than may wait."""


@contextmanager
def serving(folder: Path, url: str, *, threads: int, rows: int) -> Iterator[tuple[Server, Doors]]:
    settings = {
        "WORKER_THREADS": str(threads),
        "MAX_DATASETS_PER_USER": "1000000",
        "MAX_UPLOADS_PER_USER": "0",
        "COMPUTE_SECONDS_PER_HOUR": "0",
        "REGISTRATIONS_PER_HOUR": "0",
        "ACCESS_TOKEN_EXPIRE_MINUTES": "600",
    }
    server = Server(folder, database_url=url, settings=settings)
    generate_customers(200, seed=7).to_csv(server.customers, index=False)
    with server:
        doors = Doors(server, rows=rows)
        try:
            yield server, doors
        finally:
            doors.close()


def assert_served(name: str, load: Load) -> None:
    bad = {status for status in load.statuses if status >= 500 or status == NO_ANSWER}
    assert not bad, (name, load.statuses)
    assert any(good(status) for status in load.statuses), (name, load.statuses)
    refused = {status for status in load.statuses if not good(status)}
    assert refused <= EXPECTED_REFUSALS, (name, load.statuses)


def assert_every_route(server: Server, doors: dict[str, Door]) -> None:
    paths = httpx.get(f"{server.url}/openapi.json", timeout=PATIENCE).json()["paths"]
    writing = {
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method in operations
        if method != "get"
    }
    assert set(doors) == writing, "give each writing route its request in tests/server/doors.py"


def seconds_to_ready(server: Server) -> float:
    began = time.monotonic()
    answer = httpx.get(f"{server.url}/ready", timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return time.monotonic() - began


def test_many_more_clients_than_threads_at_each_writing_door(
    tmp_path: Path, empty_url: str
) -> None:
    clients = 3 * FEW_THREADS
    with serving(tmp_path, empty_url, threads=FEW_THREADS, rows=2 * clients) as (server, made):
        doors = made()
        assert_every_route(server, doors)
        with watched(server.port) as signs:
            for name, door in doors.items():
                requests = clients if name in HEAVY else 2 * clients
                load = run_many(server.port, door, clients=clients, requests=requests)
                assert_served(name, load)
                assert sum(load.statuses.values()) == requests
        assert signs
        seconds_to_ready(server)
        assert "Traceback" not in server.log
