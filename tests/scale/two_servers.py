"""Two servers behind a proxy, with one PostgreSQL and one folder, behave as one.

Not collected by itself: `make test-scale`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from app.segmentation.synthesis import generate_customers
from tests.factories import CUSTOMER
from tests.postgresql import empty_database
from tests.scale.asking import FINISHED, Analyst
from tests.scale.proxy import Proxy
from tests.server.running import PATIENCE, Server

pytestmark = pytest.mark.timeout(4 * PATIENCE)

ROWS = 60_000
"""Whose first run takes far longer than it takes to look at it from elsewhere."""

SECONDS_UNTIL_GIVEN_UP = 60
LONG = {"algorithm": "auto", "validate": True}


@dataclass(frozen=True)
class Pair:
    one: Server
    other: Server
    proxy: Proxy
    analyst: Analyst


@pytest.fixture(scope="module")
def pair(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("shared")
    url = empty_database(postgresql_url, "two_servers")
    one, other = (Server(folder, database_url=url) for _ in range(2))
    generate_customers(2_000, seed=7).to_csv(one.customers, index=False)
    with one, other, Proxy([one.port, other.port]) as proxy:
        yield Pair(one, other, proxy, Analyst.made(url))


def test_a_model_trained_on_one_is_the_other_s_next_answer(pair: Pair) -> None:
    for trained_on, asked in ((pair.one, pair.other), (pair.other, pair.one)):
        trained = pair.analyst.ask("POST", f"{trained_on.url}/train", json={"n_clusters": 4})
        placed = pair.analyst.ask("POST", f"{asked.url}/predict", json=CUSTOMER)
        assert placed.json()["model_version"] == trained.json()["version"]


def test_failed_sign_ins_are_counted_over_both(pair: Pair) -> None:
    wrong = {"username": "analyst", "password": "not this one"}
    statuses = [
        httpx.post(f"{pair.proxy.url}/auth/login", json=wrong, timeout=PATIENCE).status_code
        for _ in range(22)
    ]
    # The first one too many still tells that the password is wrong, and that the next has to wait.
    assert statuses == [401] * 21 + [429]


def test_a_job_of_one_is_watched_and_cancelled_on_the_other(pair: Pair) -> None:
    dataset = pair.analyst.upload(pair.proxy.url, rows=ROWS)
    job = pair.analyst.start_job(pair.one.url, LONG | {"dataset_id": dataset})
    assert (
        pair.analyst.ask("GET", f"{pair.other.url}/api/v1/jobs/{job}").json()["state"] == "running"
    )
    with httpx.stream(
        "GET",
        f"{pair.other.url}/api/v1/jobs/{job}/events",
        headers=pair.analyst.headers,
        timeout=PATIENCE,
    ) as events:
        lines = events.iter_lines()
        assert any(line.startswith("data:") for line in lines)
        pair.analyst.ask("DELETE", f"{pair.other.url}/api/v1/jobs/{job}").raise_for_status()
        assert any('"cancelled"' in line for line in lines)
    assert (
        pair.analyst.ask("GET", f"{pair.one.url}/api/v1/jobs/{job}").json()["state"] == "cancelled"
    )
    runs = pair.analyst.ask("GET", f"{pair.one.url}/api/v1/clustering/runs/{dataset}").json()
    assert runs == []


def test_what_a_killed_server_was_doing_is_failed_by_the_other(pair: Pair) -> None:
    dataset = pair.analyst.upload(pair.proxy.url, rows=ROWS)
    done = {"dataset_id": dataset, "n_clusters": 3, "algorithm": "kmeans"}
    answer = pair.analyst.ask("POST", f"{pair.one.url}/api/v1/clustering/train", json=done)
    kept = answer.json()["id"] if answer.status_code == 202 else None
    if kept is not None:
        assert pair.analyst.wait_for(pair.one.url, kept, FINISHED)["state"] == "succeeded"
    job = pair.analyst.start_job(pair.one.url, LONG | {"dataset_id": dataset})
    pair.one.kill()
    seen = pair.analyst.wait_for(pair.other.url, job, FINISHED, seconds=SECONDS_UNTIL_GIVEN_UP)
    assert seen["state"] == "failed"
    assert "stopped before it was done" in seen["error"]
    runs = pair.analyst.ask("GET", f"{pair.proxy.url}/api/v1/clustering/runs/{dataset}").json()
    assert len(runs) == 1
    assert pair.analyst.ask("POST", f"{pair.proxy.url}/predict", json=CUSTOMER).status_code == 200
    pair.one.start()
    again = pair.analyst.ask("GET", f"{pair.one.url}/api/v1/datasets/{dataset}")
    assert again.status_code == 200
