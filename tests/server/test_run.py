"""`make run`: it prepares what is missing, changes nothing that is there, and says what it does."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app import startup
from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database
from app.services.bootstrap import ADMIN, TEST_USER, AddressTaken
from tests.ports import free_port
from tests.server.running import PATIENCE, ROOT, clean_environment

pytestmark = pytest.mark.timeout(4 * PATIENCE)

FILES_OF_A_MODEL = (".pkl", ".json", ".npz")


class Run:
    """`run.py` in a folder of its own, until it serves."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._output = folder / "output.txt"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                (sys.executable, str(ROOT / "run.py"), "--port", self.url.rsplit(":", 1)[1]),
                cwd=folder,
                env=clean_environment(BCRYPT_ROUNDS="4"),
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.output
            try:
                self.health = httpx.get(f"{self.url}/").raise_for_status().json()
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        self._process.kill()
        raise AssertionError(f"no answer:\n{self.output}")

    @property
    def output(self) -> str:
        return self._output.read_text()

    def sign_in(self, password: str) -> httpx.Response:
        form = {"username": "admin", "password": password}
        return httpx.post(f"{self.url}/auth/login", json=form, timeout=PATIENCE)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE)


def test_the_first_run_prepares_everything_and_the_second_changes_nothing(tmp_path: Path) -> None:
    first = Run(tmp_path)
    try:
        for line in (
            "customers: data/customers.csv written, 5000 example customers",
            "is at the newest revision",
            "accounts: admin and testuser made",
            "model: version 1 trained: 5 segments",
            f"{first.url}/docs",
            "admin / admin123",
        ):
            assert line in first.output
        token = first.sign_in("admin123").json()["access_token"]
        changed = httpx.put(
            f"{first.url}/users/me",
            json={"password": "a password of my own", "current_password": "admin123"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )
        assert changed.status_code == 200
    finally:
        first.stop()
    models = (file for file in tmp_path.glob("models/**/*") if file.suffix in FILES_OF_A_MODEL)
    prepared = [tmp_path / "data" / "customers.csv", *models]
    written = {file: file.stat().st_mtime_ns for file in prepared}
    assert len(written) == 5

    second = Run(tmp_path)
    try:
        for line in (
            "customers: data/customers.csv is there",
            "accounts: they are there",
            "model: version 1 is there",
        ):
            assert line in second.output
        assert second.health["model_version"] == 1
        assert second.sign_in("a password of my own").status_code == 200
        assert second.sign_in("admin123").status_code == 401
    finally:
        second.stop()
    assert {file: file.stat().st_mtime_ns for file in prepared} == written


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BCRYPT_ROUNDS", "4")
    return tmp_path


def failure(monkeypatch: pytest.MonkeyPatch, *, port: int | None = None) -> str:
    """Run it to the message with which it gives up."""
    monkeypatch.setattr(sys, "argv", ["run.py", "--port", str(port or free_port())])
    with pytest.raises(SystemExit) as end:
        startup.main()
    return str(end.value.code)


class TestFailure:
    def test_a_taken_port_is_named_before_anything_is_written(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            message = failure(monkeypatch, port=port)
        assert f"port {port}: it is taken" in message
        assert f"make run PORT={port + 1}" in message
        assert list(folder.iterdir()) == []

    def test_broken_customers_name_the_row_and_the_remedy(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "data").mkdir()
        (folder / "data" / "customers.csv").write_text(
            "customer_id,sex,age,annual_income,spending_score,purchase_frequency\n"
            "1,Male,34,50,60,10\n2,Male,young,50,60,10\n3,Male,35,51,61,11\n"
        )
        message = failure(monkeypatch)
        assert message.startswith("model: failed: data/customers.csv: ")
        assert "young" in message
        assert "what to do: mend the customers' file" in message

    def test_a_database_that_is_away_is_the_schema_step(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", f"postgresql://127.0.0.1:{free_port()}/customers")
        message = failure(monkeypatch)
        assert message.startswith("schema: failed: ")
        assert "what to do: check DATABASE_URL" in message

    def test_a_wrong_setting_is_named(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WORKER_THREADS", "many")
        message = failure(monkeypatch)
        assert message.startswith("settings: ")
        assert "WORKER_THREADS" in message

    def test_a_folder_that_cannot_be_written_is_the_customers_step(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "data").write_text("a file where the folder should be")
        message = failure(monkeypatch)
        assert message.startswith("customers: failed: ")
        assert "CUSTOMERS_FILE" in message


def production(folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        environment="production",
        secret_key="0123456789abcdef" * 4,
        bcrypt_rounds=12,
        database_url=f"sqlite:///{folder / 'customers.db'}",
    )


class TestProduction:
    def test_the_documented_password_is_refused_and_an_own_one_is_taken(self, folder: Path) -> None:
        settings = production(folder)
        database = Database(settings.database_url, pool_size=1)
        upgrade_schema(database)
        (accounts,) = [
            step for step in startup.steps(settings, database) if step.name == "accounts"
        ]
        with pytest.raises(Exception, match="refused in production"):
            accounts.prepare()
        assert "ADMIN_PASSWORD" in accounts.remedy

        own = Settings(_env_file=None, database_url=settings.database_url, bcrypt_rounds=4)
        startup.ensure_account(database, own, ADMIN, reset=False)
        assert accounts.prepare() == "they are there"
        database.dispose()


def test_a_taken_address_stops_the_start_where_it_is_the_administrators(folder: Path) -> None:
    settings = Settings(_env_file=None, bcrypt_rounds=4)
    database = Database(settings.database_url, pool_size=1)
    upgrade_schema(database)
    for account in (ADMIN, TEST_USER):
        taker = replace(account, username=f"other{account.username}", password="no-admin")
        startup.ensure_account(database, settings, taker, reset=False)
    (accounts,) = [step for step in startup.steps(settings, database) if step.name == "accounts"]
    with pytest.raises(AddressTaken, match="'otheradmin'"):
        accounts.prepare()
    startup.ensure_account(database, settings, replace(ADMIN, email="own@example.com"), reset=False)
    assert accounts.prepare() == "they are there"
    database.dispose()


def test_a_damaged_model_is_replaced_by_a_new_one(folder: Path) -> None:
    settings = Settings(_env_file=None, bcrypt_rounds=4)
    database = Database(settings.database_url, pool_size=1)
    steps = {step.name: step for step in startup.steps(settings, database)}
    for step in steps.values():
        step.prepare()
    (arrays,) = folder.glob("models/versions/*/arrays.npz")
    arrays.write_bytes(arrays.read_bytes()[:100])

    steps = {step.name: step for step in startup.steps(settings, database)}
    assert steps["model"].prepare().startswith("version 2 trained")
    database.dispose()
