"""No route can be added whose transaction is opened in one thread and committed in another.

`Database` itself refuses a transaction that changes threads, is opened on the event loop, or within
another (`tests/services/test_transactions.py`); here every route is looked at, whether or not a
test calls it.
"""

import inspect
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, get_args, get_type_hints

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.session import Database
from app.db.tables import CustomerProfile
from app.routes import ROUTERS, health, large_body_routers
from app.services import health as health_service
from tests.factories import Accounts

pytestmark = pytest.mark.both_databases("locks and turns of writers")

OPEN = (Session, Connection)
PATIENCE = 30.0


def routes() -> Iterator[APIRoute]:
    large: list[APIRouter] = [router for router, _ in large_body_routers(Settings(_env_file=None))]
    for router in (*ROUTERS, *large):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)


def faults(call: Any) -> Iterator[str]:
    if inspect.isgeneratorfunction(call):
        yield "a dependency that yields is `async def`: a plain one ends in another thread"
    hints = get_type_hints(call)
    if any(kind in (hint, *get_args(hint)) for hint in hints.values() for kind in OPEN):
        yield "open the transaction in the handler: `with transaction() as session`"


def test_every_handler_opens_its_transaction_itself() -> None:
    found = {
        f"{route.path}: {call.__qualname__}: {fault}"
        for route in routes()
        for call in calls(route.dependant)
        if inspect.isfunction(call)
        for fault in faults(call)
    }
    assert found == set()


def test_what_the_rule_forbids_is_found() -> None:
    def session() -> Iterator[Session]:
        yield Session()

    def handler(session: Annotated[Session, Depends(session)]) -> None: ...

    assert list(faults(session)) != []
    assert list(faults(handler)) != []


def test_no_route_is_left_out(client: TestClient) -> None:
    described = {
        f"{method} {path}"
        for path, operations in client.get("/openapi.json").json()["paths"].items()
        for method in operations
    }
    seen = {f"{method.lower()} {route.path}" for route in routes() for method in route.methods}
    assert {re.sub(r"\{\w+\}", "{}", each) for each in described} == {
        re.sub(r"\{\w+(:path)?\}", "{}", each) for each in seen
    }


class TestReadiness:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"worker_threads": 2})

    def test_it_answers_while_every_thread_waits_for_a_lock(
        self,
        client: TestClient,
        accounts: Accounts,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(health, "THREADS_SECONDS", 0.3)
        headers = accounts.make().headers
        made = client.post("/profiles/", json={"name": "Maria"}, headers=headers).json()
        other = Database(settings.database_url, pool_size=1)

        def change(number: int) -> int:
            form = {"notes": str(number)}
            return client.put(f"/profiles/{made['id']}", json=form, headers=headers).status_code

        with ThreadPoolExecutor(2) as clients:
            with other.connect() as connection:
                connection.execute(sa.update(CustomerProfile).values(notes="held"))
                waiting = [clients.submit(change, number) for number in range(2)]
                while client.get("/ready").json()["threads"]:
                    assert not any(each.done() for each in waiting)
                stuck = client.get("/ready")
                assert stuck.status_code == 503
                assert "threads" in stuck.json()["detail"]
                assert stuck.json()["database"] is True
                assert client.get("/live").status_code == 200
            other.dispose()
            assert [each.result() for each in waiting] == [200, 200]
        assert client.get("/ready").json()["threads"] is True

    def test_it_answers_while_the_database_hangs(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "DATABASE_SECONDS", 0.2)
        hangs = threading.Event()

        def hang(*_arguments: object) -> None:
            hangs.wait(PATIENCE)

        monkeypatch.setattr(health_service, "current_revision", hang)
        answers = [client.get("/ready") for _ in range(4)]
        hangs.set()
        assert [(each.status_code, each.json()["database"]) for each in answers] == [
            (503, False)
        ] * 4
        # They hold connections until they are through.
        deadline = time.monotonic() + PATIENCE
        while client.app.state.resources.database.engine.pool.checkedout():
            assert time.monotonic() < deadline
            time.sleep(0.01)
