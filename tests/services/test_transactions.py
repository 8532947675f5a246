"""A transaction stays in one thread, and none waits for another without end."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.migrations import current_revision, newest_revision, upgrade_schema
from app.db.session import Database, Limits, WrongThread
from app.db.tables import CustomerProfile, User
from app.services import profiles
from tests.factories import Accounts
from tests.postgresql import empty_database

pytestmark = pytest.mark.both_databases("locks, limits and turns of writers")

Call = Callable[..., httpx.Response]

SHORT = Limits(lock=0.2, statement=0.2, idle=0.2)
SELECT = sa.text("SELECT 1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, pool_size=2, limits=SHORT)
    yield database
    database.dispose()


class TestOneThread:
    def test_a_transaction_that_ends_in_another_thread_is_refused(self, database):
        with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
            opened = database.session()
            session = first.submit(opened.__enter__).result()
            user = User(email="a@example.com", username="a", hashed_password="none")
            session.add(user)
            with pytest.raises(WrongThread, match="another thread"):
                second.submit(opened.__exit__, None, None, None).result()
        with database.session(read_only=True) as session:
            assert session.scalars(sa.select(User)).all() == []

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_transaction_within_another_is_refused(self, database, read_only):
        with (
            database.session(read_only=read_only),
            pytest.raises(WrongThread, match="within"),
            database.connect(read_only=True),
        ):
            pass
        with database.connect() as connection:
            assert connection.scalar(SELECT) == 1

    def test_a_transaction_on_the_event_loop_is_refused(self, database):
        async def ask() -> None:
            with database.connect(read_only=True):
                pass

        with pytest.raises(WrongThread, match="event loop"):
            anyio.run(ask)


class TestSQLiteWriters:
    @pytest.fixture
    def database_url(self, sqlite_template, tmp_path) -> str:
        (tmp_path / "test.db").write_bytes(sqlite_template.read_bytes())
        return f"sqlite:///{tmp_path / 'test.db'}"

    @pytest.mark.parametrize("opened_as", ["session", "connect"])
    def test_one_that_waits_for_its_turn_holds_no_connection_and_gives_up(
        self, database, opened_as
    ):
        given_up = []

        def write() -> None:
            try:
                with getattr(database, opened_as)():
                    pass
            except sa.exc.TimeoutError:
                given_up.append(database.engine.pool.checkedout())

        with database.session():
            # More than the pool has connections, its overflow included.
            waiting = [threading.Thread(target=write) for _ in range(8)]
            for thread in waiting:
                thread.start()
            for thread in waiting:
                thread.join()
        assert given_up == [1] * 8

    def test_no_one_s_increment_is_lost(self, database):
        with database.connect() as connection:
            connection.execute(sa.text("CREATE TABLE counter (value INTEGER)"))
            connection.execute(sa.text("INSERT INTO counter VALUES (0)"))

        def increment() -> None:
            with database.session() as session:
                value = session.scalar(sa.text("SELECT value FROM counter"))
                session.execute(sa.text("UPDATE counter SET value = :value"), {"value": value + 1})

        with ThreadPoolExecutor(8) as pool:
            for each in [pool.submit(increment) for _ in range(80)]:
                each.result()
        with database.connect(read_only=True) as connection:
            assert connection.scalar(sa.text("SELECT value FROM counter")) == 80


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestLimits:
    """What PostgreSQL ends for the sake of others is a 503 that says when to try again."""

    @pytest.fixture
    def settings(self, settings: Settings, request: pytest.FixtureRequest) -> Settings:
        return settings.model_copy(update=request.param)

    @pytest.fixture
    def profile(self, client: TestClient, accounts: Accounts) -> Call:
        headers = accounts.make().headers
        made = client.post("/profiles/", json={"name": "Maria"}, headers=headers)
        return partial(client.put, f"/profiles/{made.json()['id']}", headers=headers)

    @pytest.mark.parametrize(
        "settings",
        [{"lock_timeout_seconds": 0.3}, {"statement_timeout_seconds": 0.3}],
        ids=["lock", "statement"],
        indirect=True,
    )
    def test_a_row_that_is_not_free_in_time(self, profile: Call, settings: Settings) -> None:
        other = Database(settings.database_url, pool_size=1)
        with other.connect() as connection:
            connection.execute(sa.text("SELECT 1 FROM customer_profiles FOR UPDATE"))
            refused = profile(json={"notes": "1"})
        other.dispose()
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "1"
        assert "busy" in refused.json()["detail"]
        assert profile(json={"notes": "2"}).json()["notes"] == "2"

    @pytest.mark.parametrize(
        "settings", [{"idle_in_transaction_timeout_seconds": 0.3}], ids=["idle"], indirect=True
    )
    def test_a_transaction_that_stands_idle(
        self, profile: Call, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update = profiles.update

        def slow(session: Session, *arguments: Any) -> CustomerProfile:
            session.execute(SELECT)
            time.sleep(1)
            return update(session, *arguments)

        monkeypatch.setattr(profiles, "update", slow)
        refused = profile(json={"notes": "1"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        monkeypatch.undo()
        assert profile(json={"notes": "2"}).json()["notes"] == "2"

    @pytest.mark.parametrize("settings", [{}], ids=["bare"], indirect=True)
    def test_the_operator_s_own_options_win(self, settings: Settings) -> None:
        url = f"{settings.database_url}&options=-c%20lock_timeout%3D7s"
        database = Database(url, pool_size=1, limits=SHORT)
        with database.connect() as connection:
            found = [connection.scalar(sa.text(f"SHOW {name}")) for name in SHORT.of_postgresql()]
        database.dispose()
        assert found == ["7s", "200ms", "200ms"]

    @pytest.mark.parametrize("settings", [{}], ids=["bare"], indirect=True)
    def test_do_not_end_a_migration(self, postgresql_url: str, settings: Settings) -> None:
        database = Database(
            empty_database(postgresql_url, "slow_migration"),
            pool_size=2,
            limits=Limits(lock=0.05, statement=0.15, idle=0.15),
        )
        upgrade_schema(database)
        with database.connect(read_only=True) as connection:
            assert current_revision(connection) == newest_revision()
        database.dispose()
