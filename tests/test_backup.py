"""A backup that is made while others write is whole, and is restored as it was."""

import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

import backup as script
from app.config import Settings
from app.db.session import Database
from app.services import backup
from app.storage.archives import DamagedArchive
from tests.conftest import app_of
from tests.factories import CUSTOMER, PASSWORD
from tests.postgresql import empty_database
from tests.routes.tables import SMALL

pytestmark = pytest.mark.both_databases("how the database is copied and put back")


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An empty place with a database of the same kind."""
    if settings.database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'new' / 'restored.db'}"
    else:
        name = f"restored_{abs(hash(request.node.name)) % 10**8}"
        url = empty_database(request.getfixturevalue("postgresql_url"), name)
    return settings.model_copy(
        update={
            "database_url": url,
            "datasets_dir": tmp_path / "new" / "datasets",
            "models_dir": tmp_path / "new" / "models",
            "customers_file": tmp_path / "new" / "customers.csv",
        }
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "one.tar"


def rows_of(settings: Settings) -> dict[str, list[tuple]]:
    database = Database(settings.database_url, pool_size=1)
    with database.connect(read_only=True) as connection:
        found = {
            name: sorted(map(str, connection.execute(sa.text(f"SELECT * FROM {name}"))))
            for name in sa.inspect(connection).get_table_names()
        }
    database.dispose()
    return found


def files_of(settings: Settings) -> dict[str, bytes]:
    return {
        f"{folder.name}/{path.relative_to(folder)}": path.read_bytes()
        for folder in (settings.datasets_dir, settings.models_dir)
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


Fill = Callable[[], tuple[dict[str, str], int]]


@pytest.fixture
def fill(trained: TestClient, accounts) -> Fill:
    """Store something of every kind; returns who did it, and their run."""

    def fill() -> tuple[dict[str, str], int]:
        headers = accounts.make("analyst", username="maria").headers
        trained.post("/predict", json=CUSTOMER, headers=headers)
        trained.post("/profiles/", json={"name": "Ärger; \\N\t\n'"}, headers=headers)
        files = {"file": ("a.csv", SMALL)}
        sent = trained.post("/api/v1/datasets/upload", files=files, headers=headers).json()
        body = {"dataset_id": sent["id"], "n_clusters": 3}
        run = trained.post("/api/v1/clustering/train", json=body, headers=headers).json()
        return headers, run["run_id"]

    return fill


def test_what_is_restored_is_what_was_there(trained, settings, elsewhere, target, fill):
    headers, run = fill()
    segments = f"/api/v1/clustering/segments/{run}"
    before = trained.get(segments, headers=headers).json()
    made = backup.create(settings, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert backup.check(settings, target) == made
    rows, files = rows_of(settings), files_of(settings)
    assert backup.restore(elsewhere, target) == made
    assert rows_of(elsewhere) == rows
    assert files_of(elsewhere) == files
    assert elsewhere.customers_file.read_bytes() == settings.customers_file.read_bytes()
    with TestClient(app_of(elsewhere)) as restored:
        assert restored.get(segments, headers=headers).json() == before
        login = {"username": "maria", "password": PASSWORD}
        assert restored.post("/auth/login", json=login).status_code == 200
        assert restored.post("/predict", json=CUSTOMER, headers=headers).status_code == 200
        # Ids go on after those that were there.
        made_now = restored.post("/profiles/", json={"name": "new"}, headers=headers)
        assert made_now.status_code == 201


def test_one_that_is_made_while_others_write_is_whole(
    trained, settings, elsewhere, target, fill, accounts
):
    fill()
    over = Event()

    def write(number: int) -> None:
        headers = accounts.make("analyst").headers
        while not over.is_set():
            files = {"file": (f"{number}.csv", SMALL)}
            sent = trained.post("/api/v1/datasets/upload", files=files, headers=headers)
            trained.post("/predict", json=CUSTOMER, headers=headers)
            if number % 2:
                trained.delete(f"/api/v1/datasets/{sent.json()['id']}", headers=headers)

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, number) for number in range(4)]
        try:
            for number in range(3):
                made = backup.create(settings, target.with_name(f"{number}.tar"))
        finally:
            over.set()
        for writer in writers:
            writer.result()
    last = target.with_name("2.tar")
    assert backup.check(settings, last) == made
    backup.restore(elsewhere, last)
    rows = rows_of(elsewhere)
    assert {name: len(each) for name, each in rows.items()} == made.rows
    with TestClient(app_of(elsewhere)) as restored:
        headers = accounts.make("admin").headers
        # The account is of after the backup; its rows are read by a new one.
        assert restored.get("/history", headers=headers).status_code in (200, 401)
        database = restored.app.state.resources.database
        with database.connect(read_only=True) as connection:
            named = connection.scalars(sa.text("SELECT directory FROM datasets")).all()
        assert named
        assert all((elsewhere.datasets_dir / each / "original").exists() for each in named)


class TestDamage:
    @pytest.fixture
    def made(self, settings, target, fill) -> Path:
        fill()
        backup.create(settings, target)
        return target

    @pytest.mark.parametrize("where", [0.05, 0.5, 0.95])
    def test_a_byte_that_changed_is_found(self, made, settings, elsewhere, where):
        content = bytearray(made.read_bytes())
        at = int(len(content) * where)
        while not content[at]:
            at -= 1
        content[at] ^= 1
        made.write_bytes(content)
        with pytest.raises(DamagedArchive):
            backup.restore(elsewhere, made)
        assert not elsewhere.models_dir.exists()

    def test_one_that_was_cut_off_is_found(self, made, settings):
        made.write_bytes(made.read_bytes()[:-20_000])
        with pytest.raises(DamagedArchive):
            backup.check(settings, made)

    def test_what_is_none_is_said(self, target, settings):
        target.parent.mkdir()
        target.write_text("not a backup")
        with pytest.raises(DamagedArchive, match="no backup"):
            backup.check(settings, target)

    def test_a_file_out_of_the_folder_is_not_written(self, target, settings, tmp_path):
        target.parent.mkdir()
        (tmp_path / "evil").write_text("x")
        with tarfile.open(target, "w") as tar:
            tar.add(tmp_path / "evil", "../../escaped")
        with pytest.raises(DamagedArchive):
            backup.check(settings, target)
        assert not list(tmp_path.rglob("escaped"))


class TestTheScript:
    @pytest.fixture
    def run(self, settings, monkeypatch):
        def run(*arguments: str, of: Settings = settings) -> int:
            monkeypatch.setattr(script, "load_settings", lambda: of)
            monkeypatch.setattr(sys, "argv", ["backup.py", *arguments])
            return script.main()

        return run

    def test_refuses_a_place_that_is_not_empty_and_a_name_that_is_taken(
        self, run, fill, target, elsewhere, capsys
    ):
        fill()
        assert run("create", str(target)) == 0
        assert run("check", str(target)) == 0
        assert "rows" in capsys.readouterr().out
        assert run("create", str(target)) == 1
        assert "exists already" in capsys.readouterr().err
        assert run("restore", str(target)) == 1
        assert "empty" in capsys.readouterr().err
        assert run("restore", str(target), of=elsewhere) == 0
        assert run("restore", str(target), of=elsewhere) == 1

    def test_says_that_a_file_is_not_there(self, run, tmp_path, capsys):
        assert run("check", str(tmp_path / "nothing.tar")) == 1
        assert "nothing.tar" in capsys.readouterr().err
