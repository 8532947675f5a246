"""What deleted rows leave in SQLite's file goes back to the disk by night."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.db.session import Database
from app.db.tables import Job
from app.services import free_pages
from app.services.free_pages import vacuum_by_night

NIGHT = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)


@pytest.fixture
def database(client) -> Database:
    return client.app.state.resources.database


@pytest.fixture
def owner(accounts) -> int:
    return accounts.make().id


def fill_and_empty(database: Database, owner: int) -> int:
    """Leave a megabyte of free pages; return how large the file is."""
    with database.session() as session:
        job = Job(user_id=owner, kind="test", arguments={"text": "x" * 1_000_000}, server="none")
        session.add(job)
        session.flush()
        session.delete(job)
    free_pages.fold_log(database)
    return size_of(database)


def size_of(database: Database) -> int:
    return Path(str(database.url.database)).stat().st_size


def test_the_file_is_small_again_and_the_log_says_so(
    database, owner, monkeypatch, accounts, client
):
    monkeypatch.setattr(free_pages, "LEAST_BYTES", 500_000)
    before = fill_and_empty(database, owner)
    freed = vacuum_by_night(database, NIGHT)
    assert freed > 500_000
    assert size_of(database) <= before - 500_000
    admin = accounts.make("admin")
    log = client.get("/admin/audit", headers=admin.headers).json()["events"]
    assert {"bytes": freed} in [each["details"] for each in log]
    assert vacuum_by_night(database, NIGHT) == 0


def test_not_by_day_nor_for_a_little_nor_while_jobs_run(database, owner, monkeypatch):
    before = fill_and_empty(database, owner)
    assert vacuum_by_night(database, NIGHT) == 0
    monkeypatch.setattr(free_pages, "LEAST_BYTES", 500_000)
    assert vacuum_by_night(database, NIGHT.replace(hour=12)) == 0
    with database.session() as session:
        session.add(Job(user_id=owner, kind="test", state="running", arguments={}, server="none"))
    assert vacuum_by_night(database, NIGHT) == 0
    assert size_of(database) >= before
