"""Invitations by link: who may make them, what they are good for, and when they end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db.account_tables import Invitation
from app.db.tables import utcnow

PATH = "/admin/invitations"


@pytest.fixture
def admin(accounts):
    return accounts.make("admin")


def invite(client, admin, **asked):
    answer = client.post(PATH, json=asked, headers=admin.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def register(client, number: int = 1, **given):
    form = {
        "email": f"new{number}@example.com",
        "username": f"new{number}",
        "password": "correct horse",
        **given,
    }
    return client.post("/auth/register", json=form)


class TestUsing:
    def test_gives_the_account_its_role_once(self, client, admin) -> None:
        made = invite(client, admin, role="analyst")
        assert made["link"].endswith(f"/app/register?invitation={made['invitation']}")
        answer = register(client, invitation=made["invitation"])
        assert (answer.status_code, answer.json()["role"]) == (201, "analyst")
        again = register(client, 2, invitation=made["invitation"])
        assert (again.status_code, again.json()["code"]) == (400, "invitation_unusable")
        listed = client.get(PATH, headers=admin.headers)
        assert listed.headers["X-Total-Count"] == "1"
        (told,) = listed.json()
        assert (told["created_by"], told["used_by"]) == (admin.username, "new1")
        assert "invitation" not in told
        assert made["invitation"] not in listed.text

    @pytest.mark.both_databases("a row that many lock")
    def test_lets_one_of_many_who_come_at_once_in(self, client, admin) -> None:
        secret = invite(client, admin)["invitation"]
        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(lambda n: register(client, n, invitation=secret), range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400, 400]

    def test_is_for_one_address_where_it_names_one(self, client, admin) -> None:
        secret = invite(client, admin, email="New1@Example.com")["invitation"]
        other = register(client, 2, invitation=secret)
        assert (other.status_code, other.json()["field"]) == (400, "email")
        assert register(client, 1, invitation=secret).status_code == 201

    def test_ends_in_time_and_when_it_is_revoked(self, client, admin) -> None:
        old, revoked = invite(client, admin), invite(client, admin)
        with client.app.state.resources.database.connect() as connection:
            past = utcnow() - timedelta(seconds=1)
            which = sa.update(Invitation).where(Invitation.id == old["id"])
            connection.execute(which.values(expires_at=past))
        path = f"{PATH}/{revoked['id']}"
        assert client.delete(path, headers=admin.headers).status_code == 200
        assert client.delete(path, headers=admin.headers).status_code == 404
        for made in (old, revoked, {"invitation": "guessed"}):
            assert register(client, invitation=made["invitation"]).status_code == 400

    def test_a_refused_registration_leaves_it_usable(self, client, admin) -> None:
        secret = invite(client, admin)["invitation"]
        taken = register(client, email=admin.email, invitation=secret)
        assert (taken.status_code, taken.json()["code"]) == (400, "email_taken")
        assert register(client, invitation=secret).status_code == 201

    def test_what_nobody_used_in_time_goes_with_its_address(self, client, admin) -> None:
        resources = client.app.state.resources
        kept, used = invite(client, admin), invite(client, admin)
        old = invite(client, admin, email="late@example.com")
        register(client, invitation=used["invitation"])
        with resources.database.connect() as connection:
            past = sa.update(Invitation).where(Invitation.id.in_([old["id"], used["id"]]))
            connection.execute(past.values(expires_at=utcnow() - timedelta(seconds=1)))
        resources.tidy()
        left = [each["id"] for each in client.get(PATH, headers=admin.headers).json()]
        assert left == [used["id"], kept["id"]]
        held = client.get("/users/me/export", headers=admin.headers).json()
        assert [each["id"] for each in held["invitations"]] == [kept["id"], used["id"]]
        assert used["invitation"] not in str(held)


class TestOnlyByInvitation:
    def test_registration_needs_one_where_the_setting_says_so(self, client, admin, monkeypatch):
        monkeypatch.setattr(client.app.state.resources.settings, "registration", "invitation")
        refused = register(client)
        assert (refused.status_code, refused.json()["code"]) == (403, "invitation_required")
        secret = invite(client, admin)["invitation"]
        assert register(client, invitation=secret).status_code == 201


class TestTheAuditLog:
    def test_tells_of_them_without_their_secret_or_address(self, client, admin) -> None:
        made = invite(client, admin, role="admin", email="new1@example.com")
        register(client, invitation=made["invitation"])
        log = client.get("/admin/audit", headers=admin.headers)
        actions = [event["action"] for event in log.json()["events"]]
        assert {"invitation.created", "invitation.used"} <= set(actions)
        assert made["invitation"] not in log.text
        assert "new1@example.com" not in log.text


@pytest.mark.parametrize("asked", [{"role": "owner"}, {"expires_in_days": 0}, {"email": "nobody"}])
def test_a_faulty_one_is_refused(client, admin, asked) -> None:
    assert client.post(PATH, json=asked, headers=admin.headers).status_code == 422


def test_an_api_key_makes_none(client, admin) -> None:
    key = {"name": "all", "scopes": ["read", "score", "manage"]}
    made = client.post("/users/me/keys", json=key, headers=admin.headers).json()["key"]
    assert client.post(PATH, json={}, headers={"X-API-Key": made}).status_code == 403
