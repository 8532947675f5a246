"""What administrators see of many accounts, and change of several at once."""

import pytest

from app.db.tables import User
from tests.factories import PASSWORD

CHANGES = "/admin/users/changes"


@pytest.fixture
def admin(accounts):
    return accounts.make("admin")


def change(client, admin, ids, **changes):
    return client.post(CHANGES, json={"ids": ids, **changes}, headers=admin.headers)


def events(client, admin, action):
    found = client.get(f"/admin/audit?action={action}", headers=admin.headers).json()["events"]
    return sorted(event["object_id"] for event in found)


class TestChanges:
    def test_give_each_the_role_and_end_their_sessions(self, client, accounts, admin):
        people = [accounts.make("user") for _ in range(3)]
        ids = [each.id for each in people]
        answer = change(client, admin, [*ids, ids[0]], role="analyst")
        assert answer.status_code == 200, answer.text
        assert [(each["id"], each["role"]) for each in answer.json()["changed"]] == [
            (each, "analyst") for each in ids
        ]
        assert answer.json()["unchanged"] == []
        assert events(client, admin, "account.role_changed") == ids
        for each in people:
            assert client.get("/auth/me", headers=each.headers).status_code == 401

    def test_set_a_state_rather_than_turn_it(self, client, accounts, admin):
        active, inactive = accounts.make("user"), accounts.make("user", is_active=False)
        for _ in range(2):
            answer = change(client, admin, [active.id, inactive.id], is_active=False)
            assert [each["is_active"] for each in answer.json()["changed"]] == [False, False]
        assert events(client, admin, "account.deactivated") == [active.id]

    @pytest.mark.both_databases("savepoints and locks")
    def test_leave_whom_a_rule_protects_and_change_the_others(self, client, accounts, admin):
        other, person = accounts.make("admin"), accounts.make("user")
        answer = change(client, admin, [admin.id, other.id, person.id, 10**6], is_active=False)
        told = answer.json()
        assert [each["id"] for each in told["changed"]] == [other.id, person.id]
        assert [(each["id"], each["code"]) for each in told["unchanged"]] == [
            (admin.id, "own_account"),
            (10**6, "not_found"),
        ]
        with client.app.state.resources.database.session(read_only=True) as session:
            assert session.get_one(User, admin.id).is_active

    def test_do_both_or_nothing_to_one_user(self, client, admin):
        answer = change(client, admin, [admin.id], role="admin", is_active=False)
        assert answer.json()["changed"] == []
        assert not events(client, admin, "account")

    @pytest.mark.parametrize("form", [{"ids": []}, {"ids": [1]}, {"ids": [0], "role": "user"}])
    def test_have_to_say_what_and_whom(self, client, admin, form):
        assert client.post(CHANGES, json=form, headers=admin.headers).status_code == 422


class TestLastSignIn:
    @pytest.mark.both_databases("the largest of times, and the order of missing ones")
    def test_is_told_and_sorted_by(self, client, accounts, admin):
        one, two = accounts.make("user"), accounts.make("user")
        for each in (two, one):
            form = {"username": each.username, "password": PASSWORD}
            assert client.post("/auth/login", json=form).status_code == 200
        query = "/admin/users?sort=last_sign_in_at&descending=true"
        users = client.get(query, headers=admin.headers).json()["users"]
        assert [each["id"] for each in users][:2] == [one.id, two.id]
        assert users[0]["last_sign_in_at"] > users[1]["last_sign_in_at"]
        assert users[2]["last_sign_in_at"] is None
        single = client.get(f"/admin/users/{one.id}", headers=admin.headers).json()
        assert single["last_sign_in_at"] == users[0]["last_sign_in_at"]
