"""Two servers behind a proxy, with one PostgreSQL and one folder, behave as one.

Not collected by itself: `make test-scale`.
"""

import io
import time
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.db.tables import User
from app.security import TokenSigner, hash_password
from app.segmentation.synthesis import generate_customers
from tests.factories import CUSTOMER
from tests.postgresql import empty_database
from tests.scale.proxy import Proxy
from tests.server.running import PATIENCE, SIGNING_KEY, Server

pytestmark = pytest.mark.timeout(4 * PATIENCE)

ROWS = 60_000
"""Whose first run takes far longer than it takes to look at it from elsewhere."""

SECONDS_UNTIL_GIVEN_UP = 60
FINISHED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass
class Pair:
    one: Server
    other: Server
    proxy: Proxy
    headers: dict[str, str]

    def ask(self, method: str, url: str, **request: Any) -> httpx.Response:
        return httpx.request(method, url, headers=self.headers, timeout=PATIENCE, **request)

    def upload(self) -> int:
        table = io.BytesIO(generate_customers(ROWS, seed=11).to_csv(index=False).encode())
        answer = self.ask(
            "POST",
            f"{self.proxy.url}/api/v1/datasets/upload",
            files={"file": ("customers.csv", table)},
        )
        return int(answer.raise_for_status().json()["id"])

    def start_job(self, server: Server, dataset: int) -> int:
        """Ask a server for a run of a large table, and return once it is running there."""
        order = {"dataset_id": dataset, "algorithm": "auto", "with_validation": True}
        answer = self.ask("POST", f"{server.url}/api/v1/clustering/train", json=order)
        assert answer.status_code == 202, answer.text
        job = int(answer.json()["id"])
        self.wait_for(server, job, {"running"})
        return job

    def wait_for(
        self,
        server: Server,
        job: int,
        states: Set[str],
        *,
        seconds: float = PATIENCE,
    ) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            seen = self.ask("GET", f"{server.url}/api/v1/jobs/{job}").raise_for_status().json()
            if seen["state"] in states:
                return dict(seen)
            assert time.monotonic() < deadline, seen
            time.sleep(0.1)


@pytest.fixture(scope="module")
def pair(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("shared")
    url = empty_database(postgresql_url, "two_servers")
    one, other = (Server(folder, database_url=url) for _ in range(2))
    generate_customers(2_000, seed=7).to_csv(one.customers, index=False)
    with one, other, Proxy([one.port, other.port]) as proxy:
        database = Database(url, pool_size=1)
        with database.session() as session:
            analyst = User(
                username="analyst",
                email="analyst@example.com",
                hashed_password=hash_password("correct horse", rounds=4),
                role="analyst",
            )
            session.add(analyst)
            session.flush()
            signer = TokenSigner(SIGNING_KEY, "HS256", timedelta(hours=2))
            token = signer.issue(username="analyst", user_id=analyst.id, version=1)
        database.dispose()
        yield Pair(one, other, proxy, {"Authorization": f"Bearer {token}"})


def test_a_model_trained_on_one_is_the_other_s_next_answer(pair: Pair) -> None:
    for trained_on, asked in ((pair.one, pair.other), (pair.other, pair.one)):
        trained = pair.ask("POST", f"{trained_on.url}/train", json={"n_clusters": 4})
        placed = pair.ask("POST", f"{asked.url}/predict", json=CUSTOMER)
        assert placed.json()["model_version"] == trained.json()["version"]


def test_failed_sign_ins_are_counted_over_both(pair: Pair) -> None:
    wrong = {"username": "analyst", "password": "not this one"}
    statuses = [
        httpx.post(f"{pair.proxy.url}/auth/login", json=wrong, timeout=PATIENCE).status_code
        for _ in range(22)
    ]
    assert statuses[:20] == [401] * 20
    assert statuses[21] == 429


def test_a_job_of_one_is_watched_and_cancelled_on_the_other(pair: Pair) -> None:
    dataset = pair.upload()
    job = pair.start_job(pair.one, dataset)
    assert pair.ask("GET", f"{pair.other.url}/api/v1/jobs/{job}").json()["state"] == "running"
    with httpx.stream(
        "GET", f"{pair.other.url}/api/v1/jobs/{job}/events", headers=pair.headers, timeout=PATIENCE
    ) as events:
        lines = events.iter_lines()
        assert any(line.startswith("data:") for line in lines)
        pair.ask("DELETE", f"{pair.other.url}/api/v1/jobs/{job}").raise_for_status()
        assert any('"cancelled"' in line for line in lines)
    assert pair.ask("GET", f"{pair.one.url}/api/v1/jobs/{job}").json()["state"] == "cancelled"
    runs = pair.ask("GET", f"{pair.one.url}/api/v1/clustering/runs/{dataset}").json()
    assert runs == []


def test_what_a_killed_server_was_doing_is_failed_by_the_other(pair: Pair) -> None:
    dataset = pair.upload()
    done = {"dataset_id": dataset, "n_clusters": 3, "algorithm": "kmeans"}
    answer = pair.ask("POST", f"{pair.one.url}/api/v1/clustering/train", json=done)
    kept = answer.json()["id"] if answer.status_code == 202 else None
    if kept is not None:
        assert pair.wait_for(pair.one, kept, FINISHED)["state"] == "succeeded"
    job = pair.start_job(pair.one, dataset)
    pair.one.kill()
    seen = pair.wait_for(pair.other, job, FINISHED, seconds=SECONDS_UNTIL_GIVEN_UP)
    assert seen["state"] == "failed"
    assert "stopped before it was done" in seen["error"]
    runs = pair.ask("GET", f"{pair.proxy.url}/api/v1/clustering/runs/{dataset}").json()
    assert len(runs) == 1
    assert pair.ask("POST", f"{pair.proxy.url}/predict", json=CUSTOMER).status_code == 200
    pair.one.start()
    again = pair.ask("GET", f"{pair.one.url}/api/v1/datasets/{dataset}")
    assert again.status_code == 200
