"""A full disk is said as such, loses nothing that was there, and lets go when there is space."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.config import Settings
from app.db.session import Database
from app.errors import InsufficientStorage, is_disk_full
from app.services import health
from tests.routes.tables import SMALL


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode != 0:
        # Mounting needs root and the kernel's leave, which a container may not have.
        pytest.skip("A SMALL DISK COULD NOT BE MOUNTED: this test did not run")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


class TestFiles:
    @pytest.fixture
    def settings(self, settings: Settings, small_disk: Path) -> Settings:
        return settings.model_copy(update={"datasets_dir": small_disk / "datasets"})

    def test_an_upload_that_does_not_fit_is_507(self, client, accounts, small_disk):
        headers = accounts.make("analyst").headers
        large = b"a,b\n" + b"1,2\n" * 500_000

        def upload(content: bytes):
            files = {"file": ("a.csv", content)}
            return client.post("/api/v1/datasets/upload", files=files, headers=headers)

        refused = upload(large)
        assert refused.status_code == 507
        assert "disk is full" in refused.json()["detail"]
        assert client.get("/api/v1/datasets", headers=headers).json() == []
        # What did not fit is gone again.
        assert upload(SMALL).status_code == 201

    def test_readiness_says_so(self, client, monkeypatch):
        answer = client.get("/ready")
        assert answer.status_code == 503
        assert not answer.json()["disk"]
        assert "disk" in answer.json()["detail"]
        monkeypatch.setattr(health, "LEAST_FREE_BYTES", 1_000)
        assert client.get("/ready").json()["disk"]


def test_a_database_that_cannot_grow_is_507_and_works_again(client, accounts):
    headers = accounts.make().headers
    database: Database = client.app.state.resources.database
    profile = {"name": "x" * 200, "notes": "y" * 10_000}
    pages = 0
    with database.connect(read_only=True) as connection:
        pages = connection.scalar(sa.text("PRAGMA page_count"))

    def limit(number: int) -> None:
        database.engine.dispose()

        @sa.event.listens_for(database.engine, "connect")
        def configure(connection, _record) -> None:
            connection.execute(f"PRAGMA max_page_count={number}")

    limit(pages + 3)
    statuses = []
    for _ in range(20):
        statuses.append(client.post("/profiles/", json=profile, headers=headers).status_code)
    assert set(statuses) == {201, 507}
    assert client.get("/profiles/", headers=headers).json()
    limit(1_000_000)
    assert client.post("/profiles/", json=profile, headers=headers).status_code == 201
    kept = client.get("/profiles/", headers=headers).headers["X-Total-Count"]
    assert int(kept) == statuses.count(201) + 1


def test_want_of_space_is_found_behind_other_errors():
    wrapped = RuntimeError("writing failed")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert is_disk_full(wrapped)
    assert not is_disk_full(OSError(2, "No such file"))
    assert not is_disk_full(None)
    assert InsufficientStorage().status == 507
