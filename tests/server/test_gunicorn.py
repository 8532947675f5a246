"""The published command for several workers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.segmentation.synthesis import generate_customers
from tests import guardian
from tests.ports import free_port
from tests.server.running import PATIENCE, SIGNING_KEY, clean_environment

pytestmark = pytest.mark.timeout(2 * PATIENCE)


@pytest.mark.parametrize("worker", ["uvicorn.workers", "uvicorn_worker"])
def test_gunicorn_serves_with_uvicorn_s_workers(tmp_path: Path, worker: str) -> None:
    port = free_port()
    generate_customers(200, seed=7).to_csv(tmp_path / "customers.csv", index=False)
    log = tmp_path / "server.log"
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'customers.db'}",
        "CUSTOMERS_FILE": str(tmp_path / "customers.csv"),
        "SECRET_KEY": SIGNING_KEY,
        "HOME": str(tmp_path),
    }
    command = (
        *(sys.executable, "-m", "gunicorn", "app.main:app", "-w", "2"),
        *("-k", f"{worker}.UvicornWorker", "--bind", f"127.0.0.1:{port}"),
        *("--timeout", str(int(PATIENCE))),
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=clean_environment(**settings),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    guardian.watch(-process.pid)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            wait_for_answer(client, process, log)
            assert client.post("/train").status_code == 200
            assert client.get("/ready").status_code == 200
        process.terminate()
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)
        guardian.forget(-process.pid)


def wait_for_answer(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            client.get("/live").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
