"""What was done can be told afterwards, and nobody can make it untold."""

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.audited import CALLS, LIMIT_REACHED
from app.db.audit_tables import AuditEvent
from app.services import audit
from tests.factories import PASSWORD
from tests.routes.tables import SMALL

STRANGERS = count(1)

pytestmark = pytest.mark.both_databases("triggers, and a chain that is added to at once")

AUDIT = "/admin/audit"


@pytest.fixture
def database(client):
    return client.app.state.resources.database


@pytest.fixture
def boss(accounts):
    return accounts.make("admin")


@pytest.fixture
def events(client, boss):
    """List events as an administrator, oldest first."""

    def events(**wanted) -> list[dict]:
        answer = client.get(AUDIT, params={"limit": 1000, **wanted}, headers=boss.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["events"][::-1]

    return events


def told(events: list[dict]) -> list[tuple]:
    return [
        (each["action"], each["actor_id"], each["object_type"], each["object_id"])
        for each in events
        if each["action"] != "settings.changed"
    ]


class TestWhatIsTold:
    def test_accounts_and_sign_ins(self, client, accounts, boss, events):
        form = {"email": "m@example.com", "username": "maria", "password": PASSWORD}
        maria = client.post("/auth/register", json=form).json()["id"]
        login = {"username": "maria", "password": PASSWORD}
        client.post("/auth/login", json={**login, "password": "wrong"})
        client.post("/auth/login", json={**login, "username": "nobody-there"})
        token = client.post("/auth/login", json=login).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        client.put(
            "/users/me", json={"full_name": "Maria", "email": "n@b.example"}, headers=headers
        )
        client.post("/auth/logout", headers=headers)
        of_maria = f"/admin/users/{maria}"
        client.put(f"{of_maria}/role", json={"role": "analyst"}, headers=boss.headers)
        client.put(f"{of_maria}/toggle-active", headers=boss.headers)
        client.post(f"{of_maria}/reset-password", headers=boss.headers)
        client.delete(of_maria, headers=boss.headers)
        found = events()
        assert told(found) == [
            ("account.registered", maria, "user", maria),
            ("sign_in.failed", None, "user", maria),
            ("sign_in.failed", None, None, None),
            ("sign_in.succeeded", maria, None, None),
            ("account.changed", maria, "user", maria),
            ("sign_in.ended", maria, None, None),
            ("account.role_changed", boss.id, "user", maria),
            ("account.deactivated", boss.id, "user", maria),
            ("account.password_reset", boss.id, "user", maria),
            ("account.deleted", boss.id, "user", maria),
        ]
        by_action = {each["action"]: each for each in found}
        assert by_action["account.changed"]["details"] == {"changed": ["email", "full_name"]}
        role = by_action["account.role_changed"]
        assert role["details"] == {"before": "user", "after": "analyst"}
        assert role["actor"] == boss.username
        assert role["address"] == "testclient"
        # Nothing that the account had is left in it.
        text = str(found).casefold()
        for personal in ("maria", "m@example.com", "n@b.example", "nobody-there", PASSWORD, token):
            assert personal.casefold() not in text

    def test_keys(self, client, accounts, boss, events):
        maria = accounts.make()
        form = {"name": "secret plan", "scopes": ["manage"]}
        made = client.post("/users/me/keys", json=form, headers=maria.headers).json()
        key = {"X-API-Key": made["key"]}
        client.delete("/history", headers=key)
        client.delete(f"/users/me/keys/{made['id']}", headers=maria.headers)
        found = events(actor_id=maria.id)
        assert told(found) == [
            ("key.created", maria.id, "key", made["id"]),
            ("history.deleted", maria.id, None, None),
            ("key.revoked", maria.id, "key", made["id"]),
        ]
        assert [each["key_id"] for each in found] == [None, made["id"], None]
        assert made["key"] not in str(found)
        assert "secret plan" not in str(found)

    def test_a_limit_that_was_reached_once_a_minute(self, client, accounts, events, monkeypatch):
        monkeypatch.setattr(client.app.state.resources.settings, "registrations_per_hour", 1)
        form = {"username": "new", "email": "new@example.com", "password": "correct horse"}
        # Of an address that reached no limit in the minute before.
        stranger = TestClient(client.app, client=(f"10.20.30.{next(STRANGERS)}", 50_000))
        answers = [stranger.post("/auth/register", json=form).status_code for _ in range(4)]
        assert answers == [201, 429, 429, 429]
        reached = [each for each in events() if each["action"] == "limit.reached"]
        assert [each["details"] for each in reached] == [{"route": "POST /auth/register"}]

    def test_tables_runs_and_downloads(self, client, accounts, events):
        ana = accounts.make("analyst")
        sent = client.post(
            "/api/v1/datasets/upload", files={"file": ("a.csv", SMALL)}, headers=ana.headers
        )
        dataset = sent.json()["id"]
        body = {"dataset_id": dataset, "n_clusters": 3}
        run = client.post("/api/v1/clustering/train", json=body, headers=ana.headers).json()
        runs = "/api/v1/clustering"
        share = f"{runs}/runs/{run['run_id']}/sharing"
        client.put(share, json={"visibility": "team"}, headers=ana.headers)
        segments = f"{runs}/segments/{run['run_id']}"
        client.get(segments, headers=ana.headers)
        client.get(segments, params={"format": "csv"}, headers=ana.headers)
        segmentation = f"/api/v1/segmentations/{run['segmentation_id']}"
        client.get(f"{segmentation}/report", params={"format": "xlsx"}, headers=ana.headers)
        client.get(f"{segmentation}/customers", headers=ana.headers)
        client.get(f"{segmentation}/customers", params={"format": "csv"}, headers=ana.headers)
        client.get(f"/api/v1/datasets/{dataset}/download", headers=ana.headers)
        client.get("/api/v1/datasets/1000000/download", headers=ana.headers)
        client.get("/history/export", headers=ana.headers)
        client.delete(f"/api/v1/datasets/{dataset}", headers=ana.headers)
        assert told(events(actor_id=ana.id)) == [
            ("dataset.uploaded", ana.id, "dataset", dataset),
            ("segmentation.trained", ana.id, "segmentation", run["segmentation_id"]),
            ("run.trained", ana.id, "run", run["run_id"]),
            ("run.shared", ana.id, "run", run["run_id"]),
            ("run.exported", ana.id, "run", run["run_id"]),
            ("book.exported", ana.id, "segmentation", run["segmentation_id"]),
            ("customers.exported", ana.id, "segmentation", run["segmentation_id"]),
            ("dataset.downloaded", ana.id, "dataset", dataset),
            ("history.exported", ana.id, None, None),
            ("dataset.deleted", ana.id, "dataset", dataset),
        ]

    def test_every_change_of_orders(self, client):
        changes = {
            (method.upper(), path)
            for path, operations in client.app.openapi()["paths"].items()
            for method in operations
            if path.startswith(("/api/v1/orders", "/api/v1/snapshots")) and method != "get"
        }
        assert len(changes) >= 7
        assert changes <= CALLS.keys()

    def test_trainings_and_activations(self, trained, accounts, events):
        ana = accounts.make("analyst")
        trained.post("/train", headers=ana.headers)
        trained.post("/api/v1/models/1/activate", headers=ana.headers)
        assert told(events(action="model")) == [
            ("model.trained", None, None, None),
            ("model.trained", ana.id, None, None),
            ("model.activated", ana.id, "model", 1),
        ]

    def test_settings_that_changed_and_no_secret(self, client, settings, events, database):
        (first,) = events(action="settings.changed")
        assert "bcrypt_rounds" in first["details"]["settings"]
        for secret in (settings.secret_key, settings.database_url):
            assert secret not in str(first)
        changed = settings.model_copy(update={"max_columns": 7, "secret_key": "another"})
        for _ in range(2):
            audit.record_settings(database, changed)
        second = events(action="settings.changed")[1:]
        assert [each["details"]["changed"] for each in second] == [{"max_columns": [2000, 7]}]

    def test_a_change_that_is_refused_is_not_told(self, client, boss, events):
        own = f"/admin/users/{boss.id}"
        assert client.delete(own, headers=boss.headers).status_code == 400
        assert told(events()) == []


class TestTheList:
    @pytest.fixture(autouse=True)
    def _some(self, database):
        with database.connect() as connection:
            for number in range(5):
                audit.record(connection, "a.b" if number % 2 else "ab.c", actor_id=number)
            audit.record(connection, "a.d", object_type="run", object_id=9)

    @pytest.mark.parametrize(
        ("wanted", "number"),
        [
            ({"actor_id": 3}, 1),
            ({"action": "a"}, 3),
            ({"action": "a.b"}, 2),
            ({"action": "a%"}, 0),
            ({"object_type": "run"}, 1),
            ({"object_id": 9}, 1),
            ({"date_from": "2000-01-01"}, 7),
            ({"date_to": "2000-01-01"}, 0),
            ({"date_from": "2999-01-01"}, 0),
        ],
    )
    def test_is_filtered(self, client, boss, wanted, number):
        answer = client.get(AUDIT, params=wanted, headers=boss.headers).json()
        assert (len(answer["events"]), answer["total"]) == (number, number)

    def test_has_pages_newest_first(self, client, boss):
        answer = client.get(AUDIT, params={"skip": 1, "limit": 2}, headers=boss.headers).json()
        assert answer["total"] == 7
        assert [each["actor_id"] for each in answer["events"]] == [4, 3]

    def test_is_exported_whole_and_that_is_told(self, client, boss, monkeypatch, events):
        monkeypatch.setattr(audit, "_BATCH", 2)
        answer = client.get(f"{AUDIT}/export", params={"action": "a"}, headers=boss.headers)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["action"] for row in rows] == ["a.b", "a.b", "a.d"]
        assert rows[-1]["object_id"] == "9"
        assert all(len(row["digest"]) == 64 for row in rows)
        assert events()[-1]["action"] == "audit.exported"


class TestTheChain:
    def test_holds_with_many_writers_at_once(self, client, boss, database):
        def write(number: int) -> None:
            with database.connect() as connection:
                audit.record(connection, "test.event", details={"number": number, "text": "é"})

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(40)))
        found = client.get(f"{AUDIT}/check", headers=boss.headers).json()
        assert (found["is_whole"], found["n_events"], found["first_broken"]) == (True, 41, None)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit_events SET actor_id = 1",
            "UPDATE audit_events SET details = '{}' WHERE id = 1",
            "DELETE FROM audit_events",
            "DELETE FROM audit_events WHERE id = 1",
        ],
    )
    def test_the_database_refuses_a_change(self, database, change):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.connect() as each:
            each.execute(sa.text(change))

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit_events SET actor_id = 8 WHERE id = 3",
            "UPDATE audit_events SET action = 'test.evenT' WHERE id = 3",
            "DELETE FROM audit_events WHERE id = 2",
        ],
    )
    def test_whoever_got_around_that_is_found_out(self, client, boss, database, change):
        with database.connect() as connection:
            for number in range(4):
                audit.record(connection, "test.event", actor_id=number)
        with database.connect() as connection:
            if database.is_sqlite:
                for event in ("update", "delete"):
                    connection.execute(sa.text(f"DROP TRIGGER audit_events_no_{event}"))
            else:
                connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.execute(sa.text(change))
        found = client.get(f"{AUDIT}/check", headers=boss.headers).json()
        assert (found["is_whole"], found["first_broken"]) == (False, 3)

    def test_an_event_that_is_not_kept_has_not_happened(self, database):
        with suppress(ZeroDivisionError), database.session() as session:
            audit.record(session, "test.event")
            1 / 0  # noqa: B018 what goes wrong after it
        with database.session(read_only=True) as session:
            actions = session.scalars(sa.select(AuditEvent.action)).all()
        assert "test.event" not in actions


def test_the_page_can_pick_each_kind_of_call_from_the_log():
    page = Path(__file__).parents[2] / "frontend/src/features/admin/components/audit-log.tsx"
    kinds = set(re.findall(r"^  (\w+): '[A-Z].*',$", page.read_text("utf-8"), re.MULTILINE))
    actions = [LIMIT_REACHED, *(each.action for each in CALLS.values())]
    assert {each.split(".")[0] for each in actions} <= kinds
