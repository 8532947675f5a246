"""A real server in processes of its own, for tests that count its workers or kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx

from app.config import Settings
from tests import guardian
from tests.ports import free_port
from tests.prepared import PreparedProcess

ROOT = Path(__file__).parents[2]
SIGNING_KEY = "a key for the running servers alone"
PATIENCE = 150.0
"""Seconds: a start takes 3 on a quiet machine, and many times that on a crowded one."""


def clean_environment(**values: str) -> dict[str, str]:
    """Return the environment without this program's settings, but for those that are given."""
    names = {name.upper() for name in Settings.model_fields} | {"FASTMCP_LOG_LEVEL"}
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in names}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **values}


class Server:
    """The server in a folder of its own; leaving the context ends it."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str,
        target: str = "app.main:app",
        workers: int = 1,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.models = folder / "models"
        self.customers = folder / "data" / "customers.csv"
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.customers.parent.mkdir(exist_ok=True)
        self._log = folder / "server.log"
        self._command = (
            *("uvicorn", target, "--port", str(self.port)),
            *("--workers", str(workers), "--timeout-graceful-shutdown", "10"),
            *("--log-level", "warning", "--timeout-worker-healthcheck", str(int(PATIENCE))),
        )
        own = {
            "DATABASE_URL": database_url,
            "MODELS_DIR": str(self.models),
            "CUSTOMERS_FILE": str(self.customers),
            "SECRET_KEY": SIGNING_KEY,
            "BCRYPT_ROUNDS": "4",
        }
        self._environment = clean_environment(**{**own, **(settings or {})})
        self._is_deployment = workers > 1
        self._process: subprocess.Popen[bytes] | PreparedProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.is_running:
            self.kill()

    @property
    def process(self) -> subprocess.Popen[bytes] | PreparedProcess:
        assert self._process is not None, "the server was not started"
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def start(self) -> None:
        """Start, and wait for the first answer."""
        self._process = self._start_workers() if self._is_deployment else self._start_alone()
        guardian.watch(-self.process.pid)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.is_running, f"the server ended at its start:\n{self.log}"
            try:
                httpx.get(f"{self.url}/live", timeout=5).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        self.kill()
        raise AssertionError(f"no answer within {PATIENCE:.0f} s:\n{self.log}")

    def _start_workers(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                (sys.executable, "-m", *self._command),
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _start_alone(self) -> PreparedProcess:
        return PreparedProcess(
            self._command, folder=self.folder, environment=self._environment, log=self._log
        )

    def kill(self) -> None:
        """End every process of the server, as `kill -9` does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.wait_for_death()

    def wait_for_death(self) -> int:
        """Wait until the server has ended, and return how it did."""
        code = self.process.wait(PATIENCE)
        guardian.forget(-self.process.pid)
        return code

    def stop(self) -> int:
        """Ask the server to end, and return how it did."""
        self.process.terminate()
        return self.wait_for_death()

    def sign_in(self, username: str) -> dict[str, str]:
        """Register an account and return the header that signs its requests."""
        form = {
            "email": f"{username}@example.com",
            "username": username,
            "full_name": username.title(),
            "password": "correct horse",
        }
        httpx.post(f"{self.url}/auth/register", json=form, timeout=PATIENCE).raise_for_status()
        login = httpx.post(
            f"{self.url}/auth/login",
            json={"username": username, "password": form["password"]},
            timeout=PATIENCE,
        )
        return {"Authorization": f"Bearer {login.raise_for_status().json()['access_token']}"}
