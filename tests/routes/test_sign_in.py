"""Guessing comes to an end, whoever guesses, and keeps nobody else out."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread

import pytest
from fastapi.testclient import TestClient

from app.db.tables import User, utcnow
from app.security import hash_password
from app.services import attempts, registration, sign_in
from tests.conftest import app_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.both_databases("rows that are counted up at once")

FREE = 20


def at(client: TestClient, host: str) -> TestClient:
    """The same running app, called from another address."""
    other = TestClient(client.app, client=(host, 50_000), raise_server_exceptions=False)
    other.portal = client.portal
    return other


def sign_in_as(client: TestClient, name: str, password: str = "wrong"):
    return client.post("/auth/login", json={"username": name, "password": password})


def fail(client: TestClient, name: str, times: int) -> list[int]:
    return [sign_in_as(client, name).status_code for _ in range(times)]


@pytest.fixture
def later(monkeypatch):
    """Move the clock of sign-ins ahead."""
    ahead = timedelta()

    def move(by: timedelta) -> None:
        nonlocal ahead
        ahead += by

    for module in (sign_in, registration):
        monkeypatch.setattr(module, "utcnow", lambda: utcnow() + ahead)
    return move


class TestOneAccountFromOneAddress:
    def test_fifty_tries_at_once_are_counted_exactly(self, client, accounts):
        accounts.make(username="maria")
        names = ["maria", "MARIA", "maria@example.com", "Maria@Example.com", " maria "] * 10
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda name: sign_in_as(client, name), names))
        assert Counter(each.status_code for each in answers) == {401: FREE, 429: 50 - FREE}
        waits = [int(each.headers["Retry-After"]) for each in answers if each.status_code == 429]
        assert all(0 < wait <= 31 for wait in waits)

    def test_a_restart_forgets_nothing(self, client, accounts, settings):
        accounts.make(username="maria")
        assert fail(client, "maria", FREE) == [401] * FREE
        client.__exit__()
        with TestClient(app_of(settings)) as again:
            assert sign_in_as(again, "maria", PASSWORD).status_code == 429
        client.__enter__()

    def test_each_wait_is_twice_as_long_up_to_an_hour(self, client, accounts, later):
        accounts.make(username="maria")
        fail(client, "maria", FREE)
        waits = []
        for _ in range(9):
            refused = sign_in_as(client, "maria", PASSWORD)
            assert refused.status_code == 429
            waits.append(int(refused.headers["Retry-After"]) // 10 * 10)
            later(timedelta(seconds=waits[-1] + 5))
            assert sign_in_as(client, "maria").status_code == 401
        assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
        later(timedelta(hours=1, seconds=5))
        assert sign_in_as(client, "maria", PASSWORD).status_code == 200

    def test_a_right_password_forgets_the_wrong_ones_before(self, client, accounts):
        accounts.make(username="maria")
        for _ in range(3):
            assert fail(client, "maria", FREE - 1) == [401] * (FREE - 1)
            assert sign_in_as(client, "maria@example.com", PASSWORD).status_code == 200

    def test_after_a_day_the_count_begins_again(self, client, accounts, later):
        accounts.make(username="maria")
        fail(client, "maria", FREE)
        later(timedelta(days=1, seconds=1))
        assert fail(client, "maria", FREE) == [401] * FREE
        assert sign_in_as(client, "maria").status_code == 429

    def test_a_name_of_nobody_is_counted_just_the_same(self, client):
        assert fail(client, "nobody", FREE + 1) == [401] * FREE + [429]
        assert sign_in_as(client, "Nobody").status_code == 429
        assert sign_in_as(client, "somebody").status_code == 401

    def test_the_neighbours_of_an_ipv6_address_are_one_subscriber(self, client, accounts):
        accounts.make(username="maria")
        for number in range(FREE):
            fail(at(client, f"2001:db8:1:2::{number:x}"), "maria", 1)
        assert sign_in_as(at(client, "2001:db8:1:2:ffff::1"), "maria").status_code == 429
        assert sign_in_as(at(client, "2001:db8:1:3::1"), "maria").status_code == 401


class TestOthers:
    def test_a_stranger_does_not_lock_the_owner_out(self, client, accounts):
        accounts.make(username="maria")
        assert sign_in_as(at(client, "10.0.0.1"), "maria", PASSWORD).status_code == 200
        for number in range(6):
            fail(at(client, f"203.0.113.{number}"), "maria", FREE)
        new = at(client, "203.0.113.77")
        assert sign_in_as(new, "maria").status_code == 429
        assert sign_in_as(at(client, "10.0.0.1"), "maria", PASSWORD).status_code == 200

    def test_who_registered_is_known_where_they_did(self, client):
        home = at(client, "10.0.0.1")
        form = {"email": "maria@example.com", "username": "maria", "password": PASSWORD}
        assert home.post("/auth/register", json=form).status_code == 201
        for number in range(6):
            fail(at(client, f"203.0.113.{number}"), "maria", FREE)
        assert sign_in_as(home, "maria", PASSWORD).status_code == 200

    def test_a_colleague_s_failures_are_theirs_alone(self, client, accounts):
        accounts.make(username="maria")
        accounts.make(username="paul")
        fail(client, "paul", 5 * FREE)
        assert sign_in_as(client, "maria", PASSWORD).status_code == 200

    def test_one_password_tried_at_many_accounts_comes_to_an_end(self, client, accounts, settings):
        settings.login_names_per_address = 5
        accounts.make(username="maria")
        accounts.make(username="paul")
        office = at(client, "10.0.0.1")
        assert sign_in_as(office, "maria", PASSWORD).status_code == 200
        names = [f"nobody{number}" for number in range(7)]
        statuses = [sign_in_as(office, name).status_code for name in names]
        assert statuses == [401] * 5 + [429] * 2
        assert sign_in_as(office, "paul", PASSWORD).status_code == 429
        assert sign_in_as(office, "maria", PASSWORD).status_code == 200
        assert sign_in_as(at(client, "10.0.0.2"), "paul", PASSWORD).status_code == 200

    def test_right_sign_ins_use_up_nothing(self, client, accounts, settings):
        settings.login_names_per_address = 2
        for number in range(4):
            accounts.make(username=f"user-{number}")
            assert sign_in_as(client, f"user-{number}", PASSWORD).status_code == 200

    def test_a_flood_of_unknown_names_does_not_keep_an_account_waiting(
        self, client, accounts, monkeypatch
    ):
        accounts.make(username="maria")
        accounts.make(username="paul")
        flood_ends, verify = Event(), sign_in.verify_password
        unknown = sign_in.unknown_user_hash(rounds=4)

        def slowly(password: str, hashed: str) -> bool:
            if hashed == unknown:
                flood_ends.wait(60)
            return verify(password, hashed)

        monkeypatch.setattr(sign_in, "verify_password", slowly)
        answers = []
        flood = [
            Thread(target=lambda n=n: answers.append(sign_in_as(client, f"nobody{n}")))
            for n in range(20)
        ]
        for thread in flood:
            thread.start()
        try:
            for _ in range(5):
                assert sign_in_as(client, "maria", PASSWORD).status_code == 200
            # A wrong one waits with them: what comes at once would tell which names exist.
            wrong = Thread(target=lambda: answers.append(sign_in_as(client, "paul")))
            wrong.start()
            assert sign_in_as(client, "paul", PASSWORD).status_code == 200
            assert not answers
        finally:
            flood_ends.set()
            for thread in flood:
                thread.join()
        wrong.join()
        assert {each.status_code for each in answers} == {401}


class TestHashes:
    @pytest.mark.parametrize("ident", ["2b", "2a"])
    def test_an_older_hash_is_renewed_at_sign_in(self, client, accounts, settings, ident):
        maria = accounts.make(username="maria")
        database = client.app.state.resources.database
        settings.bcrypt_rounds = 5
        old = hash_password(PASSWORD, rounds=5 if ident == "2a" else 4).replace(
            "$2b$", f"${ident}$"
        )
        with database.session() as session:
            session.get_one(User, maria.id).hashed_password = old
        assert sign_in_as(client, "maria").status_code == 401
        for _ in range(2):
            assert sign_in_as(client, "maria", PASSWORD).status_code == 200
            with database.session(read_only=True) as session:
                found = session.get_one(User, maria.id).hashed_password
            assert found.startswith("$2b$05$")
        assert client.get("/auth/me", headers=maria.headers).status_code == 200


class TestRegistering:
    def test_an_address_may_try_so_many_each_hour(self, client, settings, later):
        settings.registrations_per_hour = 3

        def register(name: str, host: str = "10.0.0.1") -> int:
            form = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
            return at(client, host).post("/auth/register", json=form).status_code

        assert [register("one"), register("one"), register("two")] == [201, 400, 201]
        assert register("three") == 429
        assert register("three", host="10.0.0.2") == 201
        later(timedelta(hours=1, seconds=1))
        assert register("four") == 201


class TestNetworks:
    @pytest.mark.parametrize(
        ("host", "network"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("testclient", "testclient"),
            ("", ""),
        ],
    )
    def test_an_address_stands_for_its_subscriber(self, host, network):
        assert attempts.network_of(host) == network


def test_what_no_window_reaches_is_dropped(client, accounts):
    resources = client.app.state.resources
    accounts.make(username="maria")
    fail(client, "maria", 1)
    resources.tidy()
    with resources.database.session(read_only=True) as session:
        assert session.query(attempts.CountedAttempts).count() == 3
    with resources.database.session() as session:
        attempts.drop_old(session, utcnow() + timedelta(days=1, seconds=1))
        assert session.query(attempts.CountedAttempts).count() == 0
