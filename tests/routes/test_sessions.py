"""How long a session lives, and what ends it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from app.db.tables import User
from app.services import accounts as account_service
from tests.factories import CUSTOMER, PASSWORD

pytestmark = pytest.mark.both_databases("times and accounts that change at once")

NEW_PASSWORD = "another horse"


def sign_in(client, name: str, password: str = PASSWORD) -> dict[str, str]:
    login = client.post("/auth/login", json={"username": name, "password": password})
    assert login.status_code == 200
    return {"Authorization": f"Bearer {login.json()['access_token']}"}


def is_signed_in(client, headers: dict[str, str]) -> bool:
    return client.get("/auth/me", headers=headers).status_code == 200


def token_of_age(client, account, age: timedelta) -> dict[str, str]:
    signer = replace(client.app.state.resources.signer, now=lambda: datetime.now(UTC) - age)
    token = signer.issue(username=account.username, user_id=account.id, version=1)
    return {"Authorization": f"Bearer {token}"}


def both_at_once(*calls) -> list[int]:
    """Start the calls together in threads; return their statuses."""
    barrier, statuses = Barrier(len(calls)), []

    def run(call) -> None:
        barrier.wait()
        statuses.append(call().status_code)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


class TestPasswordChange:
    def test_ends_every_other_session_and_keeps_this_one(self, client, accounts):
        accounts.make(username="maria")
        here, elsewhere = sign_in(client, "maria"), sign_in(client, "maria")
        answer = client.put("/users/me", headers=here, json={"password": NEW_PASSWORD})
        assert answer.status_code == 200
        assert is_signed_in(client, here)
        assert not is_signed_in(client, elsewhere)
        old = client.post("/auth/login", json={"username": "maria", "password": PASSWORD})
        assert old.status_code == 401

        later = sign_in(client, "maria", NEW_PASSWORD)
        assert is_signed_in(client, here)
        again = {"password": "a third horse"}
        assert client.put("/users/me", headers=later, json=again).status_code == 200
        assert is_signed_in(client, later)
        assert not is_signed_in(client, here)
        assert client.post("/auth/logout", headers=later).status_code == 200
        assert not is_signed_in(client, later)

    def test_needs_a_fresh_token_or_the_current_password(self, client, accounts):
        maria = accounts.make()
        fresh = token_of_age(client, maria, timedelta(minutes=9))
        stale = token_of_age(client, maria, timedelta(minutes=11))
        change = {"password": NEW_PASSWORD}
        refused = client.put("/users/me", headers=stale, json=change)
        assert refused.status_code == 400
        assert "current_password" in refused.json()["detail"]
        wrong = change | {"current_password": "wrong"}
        assert client.put("/users/me", headers=stale, json=wrong).status_code == 400
        assert client.put("/users/me", headers=fresh, json=wrong).status_code == 400
        assert client.put("/users/me", headers=stale, json={"full_name": "M"}).status_code == 200
        assert is_signed_in(client, fresh)
        right = change | {"current_password": PASSWORD}
        assert client.put("/users/me", headers=stale, json=right).status_code == 200
        assert not is_signed_in(client, fresh)
        assert is_signed_in(client, stale)

    def test_a_fresh_token_is_enough(self, client, accounts):
        fresh = token_of_age(client, accounts.make(), timedelta(minutes=9))
        change = {"password": NEW_PASSWORD}
        assert client.put("/users/me", headers=fresh, json=change).status_code == 200

    def test_a_wrong_current_password_changes_nothing_else_either(self, client, accounts):
        maria = accounts.make()
        form = {"full_name": "Someone", "current_password": "wrong"}
        assert client.put("/users/me", headers=maria.headers, json=form).status_code == 400
        me = client.get("/auth/me", headers=maria.headers).json()
        assert me["full_name"] == maria.username.title()

    def test_guessing_the_current_password_comes_to_an_end(self, client, accounts):
        maria = accounts.make()
        form = {"current_password": "wrong"}

        def guess() -> int:
            return client.put("/users/me", headers=maria.headers, json=form).status_code

        with ThreadPoolExecutor(30) as pool:
            statuses = list(pool.map(lambda _: guess(), range(30)))
        assert Counter(statuses) == {400: 20, 429: 10}
        form = {"current_password": PASSWORD}
        answer = client.put("/users/me", headers=maria.headers, json=form)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0

    def test_a_right_one_forgets_the_wrong_ones(self, client, accounts):
        maria = accounts.make()
        for _ in range(3):
            for _ in range(19):
                form = {"current_password": "wrong"}
                assert client.put("/users/me", headers=maria.headers, json=form).status_code == 400
            form = {"current_password": PASSWORD}
            assert client.put("/users/me", headers=maria.headers, json=form).status_code == 200


class TestGraveChanges:
    """What a stolen token must not do: take the account over, or end it."""

    @pytest.fixture
    def maria(self, accounts):
        return accounts.make()

    def test_another_address_needs_a_fresh_token_or_the_password(self, client, maria):
        stale = token_of_age(client, maria, timedelta(minutes=11))
        change = {"email": "new@example.com"}
        refused = client.put("/users/me", headers=stale, json=change)
        assert refused.status_code == 400
        assert "current_password" in refused.json()["detail"]
        wrong = change | {"current_password": "wrong"}
        assert client.put("/users/me", headers=stale, json=wrong).status_code == 400
        assert client.get("/auth/me", headers=stale).json()["email"] == maria.email
        right = change | {"current_password": PASSWORD}
        assert client.put("/users/me", headers=stale, json=right).status_code == 200
        fresh = token_of_age(client, maria, timedelta(minutes=9))
        change = {"email": "newer@example.com"}
        assert client.put("/users/me", headers=fresh, json=change).status_code == 200

    def test_the_same_address_sent_along_needs_nothing(self, client, maria):
        stale = token_of_age(client, maria, timedelta(minutes=11))
        form = {"email": maria.email.upper(), "full_name": "Maria"}
        assert client.put("/users/me", headers=stale, json=form).status_code == 200

    @pytest.mark.parametrize("form", [None, {}, {"current_password": "wrong"}])
    def test_deleting_the_account_too(self, client, maria, form):
        stale = token_of_age(client, maria, timedelta(minutes=11))
        answer = client.request("DELETE", "/users/me", headers=stale, json=form)
        assert answer.status_code == 400
        assert answer.json()["field"] == "current_password"
        form = {"current_password": PASSWORD}
        assert client.request("DELETE", "/users/me", headers=stale, json=form).status_code == 200
        assert not is_signed_in(client, stale)

    def test_a_wrong_password_keeps_the_account_whatever_the_token_s_age(self, client, maria):
        form = {"current_password": "wrong"}
        answer = client.request("DELETE", "/users/me", headers=maria.headers, json=form)
        assert answer.status_code == 400
        assert is_signed_in(client, maria.headers)


class TestSessions:
    @pytest.mark.parametrize("end", ["role", "toggle-active", "delete"])
    def test_what_an_administrator_changes_ends_them(self, client, accounts, end):
        admin, maria = accounts.make("admin"), accounts.make()
        path = f"/admin/users/{maria.id}"
        if end == "delete":
            answer = client.delete(path, headers=admin.headers)
        else:
            answer = client.put(f"{path}/{end}", headers=admin.headers, json={"role": "analyst"})
        assert answer.status_code == 200
        assert not is_signed_in(client, maria.headers)
        assert client.post("/predict", json=CUSTOMER, headers=maria.headers).status_code == 401
        assert client.delete("/users/me", headers=maria.headers).status_code == 401

    def test_a_deleted_id_never_comes_back_to_life(self, client, accounts):
        maria = accounts.make()
        assert client.delete("/users/me", headers=maria.headers).status_code == 200
        new = accounts.make()
        assert new.id != maria.id
        assert not is_signed_in(client, maria.headers)

    def test_one_token_signed_out_twice_at_once_is_denied_once(self, client, accounts):
        for _ in range(5):
            headers = accounts.make().headers

            def call(headers=headers):
                return client.post("/auth/logout", headers=headers)

            assert set(both_at_once(call, call, call)) <= {200, 401}
            assert not is_signed_in(client, headers)

    def test_denials_of_expired_tokens_are_forgotten(self, client, accounts):
        resources = client.app.state.resources
        old = replace(
            resources.signer.read(accounts.make().headers["Authorization"].split()[1]),
            expires_at=datetime.now(UTC) - timedelta(minutes=1),
        )
        with resources.database.session() as session:
            account_service.log_out(session, old)
        assert client.post("/auth/logout", headers=accounts.make().headers).status_code == 200
        with resources.database.session(read_only=True) as session:
            denied = session.get(account_service.RevokedToken, old.token_id)
        assert denied is None

    def test_the_same_name_registered_twice_at_once_is_taken_once(self, client):
        forms = [
            {"email": f"{number}@example.com", "username": "maria", "password": PASSWORD}
            for number in range(4)
        ]
        statuses = both_at_once(
            *(lambda form=form: client.post("/auth/register", json=form) for form in forms)
        )
        assert statuses == [201, 400, 400, 400]


class TestProduction:
    def test_refuses_the_published_passwords(self, client, accounts):
        settings = client.app.state.settings
        form = {"email": "maria@example.com", "username": "maria", "password": "admin123"}
        assert client.post("/auth/register", json=form).status_code == 201
        headers = sign_in(client, "maria", "admin123")
        settings.environment = "production"
        login = {"username": "maria", "password": "admin123"}
        assert client.post("/auth/login", json=login).status_code == 403
        assert client.put("/users/me", headers=headers, json=login).status_code == 400
        form = {"email": "m2@example.com", "username": "maria2", "password": "test123"}
        assert client.post("/auth/register", json=form).status_code == 400


class TestAdministrators:
    def test_cannot_remove_themselves(self, client, accounts):
        boss, _other = accounts.make("admin"), accounts.make("admin")
        own = f"/admin/users/{boss.id}"
        for method, path, form in (
            ("DELETE", "/users/me", None),
            ("DELETE", f"/users/{boss.id}", None),
            ("DELETE", own, None),
            ("PUT", f"{own}/toggle-active", None),
            ("PUT", f"{own}/role", {"role": "analyst"}),
            ("PUT", f"/users/{boss.id}/role", {"role": "user"}),
        ):
            answer = client.request(method, path, headers=boss.headers, json=form)
            assert answer.status_code == 400, path
        same = client.put(f"{own}/role", headers=boss.headers, json={"role": "admin"})
        assert same.status_code == 200
        assert is_signed_in(client, boss.headers)

    def test_may_remove_each_other_while_one_is_left(self, client, accounts):
        boss = accounts.make("admin")
        for method, path, form in (
            ("DELETE", "/users/{}", None),
            ("DELETE", "/admin/users/{}", None),
            ("PUT", "/admin/users/{}/toggle-active", None),
            ("PUT", "/admin/users/{}/role", {"role": "user"}),
        ):
            other = path.format(accounts.make("admin").id)
            answer = client.request(method, other, headers=boss.headers, json=form)
            assert answer.status_code == 200, path

    @pytest.mark.parametrize(
        ("method", "path", "form"),
        [
            ("DELETE", "/users/{}", None),
            ("PUT", "/admin/users/{}/toggle-active", None),
            ("PUT", "/users/{}/role", {"role": "user"}),
        ],
        ids=["delete", "deactivate", "demote"],
    )
    def test_who_remove_each_other_at_once_leave_one(self, client, accounts, method, path, form):
        resources = client.app.state.resources
        for _ in range(3):
            one, two = accounts.make("admin"), accounts.make("admin")
            statuses = both_at_once(
                lambda one=one, two=two: client.request(
                    method, path.format(two.id), headers=one.headers, json=form
                ),
                lambda one=one, two=two: client.request(
                    method, path.format(one.id), headers=two.headers, json=form
                ),
            )
            assert statuses[0] == 200
            assert statuses[1] in (400, 401, 403, 404)
            with resources.database.session() as session:
                left = [
                    user
                    for user in (session.get(User, one.id), session.get(User, two.id))
                    if user is not None and user.is_active and user.role == "admin"
                ]
                assert len(left) == 1
                session.delete(left[0])
