"""A server's memory: what was freed goes back, and past the bound what can be made again."""

import os

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.services import analysis
from app.services.memory import MemoryKeeper, resident_bytes, share_heaps
from tests.factories import Accounts
from tests.routes.tables import SMALL, send, train


def die(_order: object) -> None:
    os._exit(9)


RECORDS = {"customerData": [{"id": n, "age": 20 + n % 40, "income": n % 7} for n in range(60)]}
MEGABYTE = 1 << 20


def test_what_was_freed_between_things_that_stay_goes_back_to_the_system():
    share_heaps()
    keeper = MemoryKeeper(most_bytes=0)
    blocks = [bytearray(100_000) for _ in range(1_000)]
    largest = resident_bytes()
    stays = blocks[::50]
    del blocks
    keeper.tend()
    assert largest - resident_bytes() > 70 * MEGABYTE
    assert len(stays) == 20


def test_what_is_only_kept_for_speed_is_dropped_past_the_bound(client, accounts):
    user = accounts.make()
    memory = client.app.state.resources.memory

    def asked() -> str:
        return client.post("/api/analyze", json=RECORDS, headers=user.headers).headers["X-Cache"]

    def tended(most_bytes: int) -> str:
        keeper = MemoryKeeper(most_bytes=most_bytes)
        keeper.droppable = memory.droppable
        keeper.tend()
        return asked()

    assert (asked(), asked()) == ("MISS", "HIT")
    assert tended(1 << 50) == "HIT"
    assert tended(MEGABYTE) == "MISS"


class TestPastTheBound:
    @pytest.fixture
    def short(self, settings):
        """A server that has more in memory than it may from the beginning."""
        app = create_app(settings.model_copy(update={"server_memory_mb": 1, "metrics": True}))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    def test_work_is_done_in_processes_of_its_own_with_the_same_answers(
        self, short, settings, monkeypatch
    ):
        resources = short.app.state.resources
        account = Accounts(resources).make("analyst")
        apart = []
        submit = resources.jobs.executor.submit

        def counted(work, *args, **kwargs):
            apart.append(getattr(work, "__name__", "read"))
            return submit(work, *args, **kwargs)

        def done() -> list[object]:
            dataset = send(short, account, SMALL).json()
            run = train(short, account, dataset["id"])
            found = short.post("/api/analyze", json=RECORDS, headers=account.headers).json()
            return [dataset["columns"], run["cluster_sizes"], run["silhouette_score"], found]

        monkeypatch.setattr(resources.jobs.executor, "submit", counted)
        elsewhere = done()
        assert apart == ["read", "run_and_store", "answer_order"]
        resources.answers.clear()
        monkeypatch.setattr(resources.memory, "most_bytes", 0)
        assert done() == elsewhere
        assert len(apart) == 3

    def test_small_work_does_not_stand_behind_long_jobs(self, short, monkeypatch):
        resources = short.app.state.resources
        account = Accounts(resources).make()
        monkeypatch.setattr(type(resources.jobs.executor), "is_free", False)
        monkeypatch.setattr(resources.jobs.executor, "submit", None)
        answer = short.post("/api/analyze", json=RECORDS, headers=account.headers)
        assert answer.status_code == 200, answer.text

    def test_an_analysis_whose_worker_dies_is_refused(self, short, monkeypatch):
        account = Accounts(short.app.state.resources).make()
        monkeypatch.setattr(analysis, "answer_order", die)
        answer = short.post("/api/analyze", json=RECORDS, headers=account.headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_much_memory")

    def test_the_metrics_tell_of_it(self, short):
        lines = short.get("/metrics").text.splitlines()
        told = dict(line.split() for line in lines if line.startswith("server_memory"))
        assert float(told["server_memory_bound_bytes"]) == MEGABYTE
        assert float(told["server_memory_bytes"]) > MEGABYTE
