"""An account that is deleted leaves nothing behind, and what is old goes by itself."""

import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db.tables import Job, ModelVersion, PredictionHistory, utcnow
from app.services import retention
from tests.factories import CUSTOMER, PASSWORD
from tests.routes.tables import SMALL

MARK = "Zaphod-Quux-7731"
ANSWER = "/api/analyze"
RECORDS = [
    {"id": f"{MARK}-{number}", "age": 20 + number % 40, "income": 1000 * (number % 7)}
    for number in range(40)
]


@pytest.fixture
def resources(client):
    return client.app.state.resources


@pytest.fixture
def maria(trained, accounts):
    """An analyst with something of every kind, each with the mark in it."""
    maria = accounts.make("analyst", username=MARK.lower())
    headers = maria.headers
    trained.put("/users/me", json={"full_name": MARK}, headers=headers)
    trained.post("/predict", json=CUSTOMER, headers=headers)
    for number in range(20):
        form = {"name": f"{MARK} {number}", "notes": f"{MARK} " * 50}
        trained.post("/profiles/", json=form, headers=headers)
    file = {"file": (f"{MARK}.csv", SMALL + f"\n{MARK},1,2,3\n".encode())}
    trained.post("/api/v1/datasets/upload", files=file, headers=headers)
    trained.post("/users/me/keys", json={"name": MARK, "scopes": ["read"]}, headers=headers)
    assert trained.post(ANSWER, json={"customerData": RECORDS}, headers=headers).status_code == 200
    trained.post("/train", headers=headers)
    return maria


def bytes_of(resources) -> bytes:
    """Everything on the disks of this installation: database, its log, and files."""
    settings = resources.settings
    file = Path(str(resources.database.url.database))
    paths = [*file.parent.glob(f"{file.name}*")]
    for folder in (settings.datasets_dir, settings.models_dir):
        paths += [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in paths)


class TestErasure:
    def test_leaves_not_a_byte_on_the_disk(self, client, maria, resources):
        assert MARK.encode() in bytes_of(resources)
        assert client.delete("/users/me", headers=maria.headers).status_code == 200
        left = bytes_of(resources)
        assert MARK.encode() not in left
        assert MARK.lower().encode() not in left
        assert not resources.answers.get_by_body(
            maria.id, json.dumps({"customerData": RECORDS}).encode()
        )

    def test_by_an_administrator_does_the_same(self, client, accounts, maria, resources):
        boss = accounts.make("admin")
        answer = client.delete(f"/admin/users/{maria.id}", headers=boss.headers)
        assert answer.status_code == 200
        assert MARK.encode() not in bytes_of(resources)

    def test_leaves_what_it_trained_for_others_without_its_name(
        self, client, accounts, maria, resources
    ):
        def makers() -> set[str | None]:
            with resources.database.session(read_only=True) as session:
                return set(session.scalars(sa.select(ModelVersion.trained_by)))

        assert makers() == {None, maria.username}
        new = {"username": "another-name"}
        assert client.put("/users/me", json=new, headers=maria.headers).status_code == 200
        assert makers() == {None, "another-name"}
        assert client.delete("/users/me", headers=maria.headers).status_code == 200
        assert makers() == {None, "a deleted account"}
        # Whoever takes the name has not trained it.
        accounts.make("analyst", username="another-name")
        assert makers() == {None, "a deleted account"}

    def test_overwrites_what_a_row_held_when_it_goes(self, client, accounts, resources):
        headers = accounts.make().headers
        form = {"name": MARK, "notes": MARK * 100}
        made = client.post("/profiles/", json=form, headers=headers).json()
        client.delete(f"/profiles/{made['id']}", headers=headers)
        resources.tidy()
        with sqlite3.connect(str(resources.database.url.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        assert MARK.encode() not in bytes_of(resources)


class TestJobs:
    def test_what_was_posted_is_dropped_when_it_is_done(self, client, accounts, resources):
        headers = accounts.make().headers
        body = {"customerData": RECORDS}
        asked = client.post(ANSWER, json=body, headers=headers | {"Prefer": "respond-async"})
        job_id = asked.json()["id"]
        with client.stream("GET", f"/api/v1/jobs/{job_id}/events", headers=headers) as events:
            list(events.iter_lines())
        with resources.database.session(read_only=True) as session:
            job = session.get_one(Job, job_id)
            assert (job.state, job.arguments) == ("succeeded", {})
        assert client.get(f"/api/analyses/{job_id}", headers=headers).status_code == 200
        # Its answer repeats every record, and goes after the days that the settings say.
        later = utcnow() + timedelta(days=resources.settings.records_kept_days + 1)
        assert retention.sweep(resources.database, resources.settings, later)["records"] == 1
        assert client.get(f"/api/analyses/{job_id}", headers=headers).status_code == 404

    def test_and_when_it_is_cancelled(self, client, accounts, resources):
        account = accounts.make()
        with resources.database.session() as session:
            job = Job(user_id=account.id, kind="analyze", arguments={"a": MARK}, server="none")
            session.add(job)
        answer = client.delete(f"/api/v1/jobs/{job.id}", headers=account.headers)
        assert answer.status_code == 200
        with resources.database.session(read_only=True) as session:
            assert session.get_one(Job, job.id).arguments == {}


class TestRetention:
    @pytest.fixture
    def rows(self, client, accounts, resources):
        """Jobs and predictions of today and of long ago."""
        account = accounts.make()
        with resources.database.session() as session:
            for age in (0, 40, 100):
                at = utcnow() - timedelta(days=age)
                session.add(
                    Job(
                        user_id=account.id,
                        kind="analyze",
                        arguments={},
                        server="none",
                        state="succeeded",
                        result={"analysis": MARK},
                        finished_at=at,
                    )
                )
                session.add(
                    PredictionHistory(
                        user_id=account.id,
                        customer_data={},
                        cluster=0,
                        cluster_name="a",
                        confidence=1,
                        model_version=1,
                        created_at=at,
                    )
                )
            session.add(Job(user_id=account.id, kind="analyze", arguments={}, server="none"))

    @pytest.mark.usefixtures("rows")
    def test_is_as_the_settings_say_and_told(self, resources):
        settings = resources.settings.model_copy(update={"history_kept_days": 50})
        database = resources.database
        assert retention.sweep(database, settings, utcnow()) == {
            "jobs": 1,
            "records": 1,
            "history": 1,
        }
        assert retention.sweep(database, settings, utcnow()) == {}
        with database.session(read_only=True) as session:
            results = session.scalars(sa.select(Job.result).order_by(Job.id)).all()
            kept = session.scalar(sa.select(sa.func.count(PredictionHistory.id)))
        assert results == [{"analysis": MARK}, None, None]
        assert kept == 2

    @pytest.mark.usefixtures("rows")
    def test_of_0_days_is_without_an_end(self, resources):
        nothing = {"jobs_kept_days": 0, "records_kept_days": 0, "history_kept_days": 0}
        settings = resources.settings.model_copy(update=nothing)
        assert retention.sweep(resources.database, settings, utcnow()) == {}


class TestExport:
    def test_has_all_that_is_held_and_no_secret(self, client, accounts, maria):
        client.post("/auth/login", json={"username": maria.username, "password": PASSWORD})
        other = accounts.make()
        client.post("/profiles/", json={"name": "of another"}, headers=other.headers)
        answer = client.get("/users/me/export", headers=maria.headers)
        named = re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"])
        assert named is not None
        assert re.fullmatch(r"my-data-\d{4}-\d\d-\d\d\.json", named[1])
        held = answer.json()
        assert {name: len(rows) for name, rows in held.items()} | {"audit_events": 0} == {
            "account": 1,
            "known_addresses": 1,
            "identities": 0,
            "invitations": 0,
            "api_keys": 1,
            "saved_profiles": 20,
            "history": 1,
            "datasets": 1,
            "segmentations": 0,
            "segments": 0,
            "segmentation_uses": 0,
            "placements": 0,
            "runs": 0,
            "orders": 0,
            "order_files": 0,
            "snapshots": 0,
            "jobs": 0,
            "audit_events": 0,
        }
        assert held["account"][0]["full_name"] == MARK
        actions = {event["action"] for event in held["audit_events"]}
        assert {"account.changed", "key.created", "dataset.uploaded"} <= actions
        assert "$2b$" not in answer.text
        assert "of another" not in answer.text


def test_files_are_their_owner_s_alone(client, maria, resources):
    settings = resources.settings
    for folder in (settings.datasets_dir, settings.models_dir):
        for path in folder.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path
