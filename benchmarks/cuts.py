"""Another number of segments from a kept tree, against growing it: over the API, on SQLite.

    python -m benchmarks.cuts [--rows 1000000]

A table of ten columns is uploaded and its first run grows the tree; then another number is asked
for as a preview, as points of the map and as a run that is stored, each several times.
"""

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.services.bootstrap import ADMIN, ensure_account

API = "/api/v1"
ACCEPTED = 202
NUMBERS = (3, 4, 5, 6, 8, 10)


def table(n_rows: int) -> bytes:
    """Five groups that overlap, in eight numbers and two categories, as Parquet."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 5, n_rows)
    columns: dict[str, Any] = {"customer_id": [f"C{i:08d}" for i in range(n_rows)]}
    for i in range(8):
        columns[f"measure_{i}"] = rng.normal(rng.normal(0, 2, 5)[group], 1)
    columns["region"] = rng.choice(["North", "South", "East", "West"], n_rows)
    columns["plan"] = np.where(rng.random(n_rows) < 0.2 + 0.15 * group, "gold", "basic")
    file = io.BytesIO()
    pd.DataFrame(columns).to_parquet(file)
    return file.getvalue()


class Server:
    """The application in this process, on a database in a temporary folder."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        form = {"username": ADMIN.username, "password": ADMIN.password}
        token = client.post("/auth/login", json=form).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"

    def upload(self, n_rows: int) -> int:
        answer = self._client.post(
            f"{API}/datasets/upload", files={"file": ("customers.parquet", table(n_rows))}
        )
        return int(self._made(answer, "dataset_id"))

    def train(self, dataset_id: int, n_clusters: int) -> tuple[int, bool]:
        """Make a run; return its id and whether it was answered in the request."""
        order = {"dataset_id": dataset_id, "n_clusters": n_clusters}
        answer = self._client.post(f"{API}/clustering/train", json=order)
        return int(self._made(answer, "run_id")), answer.status_code != ACCEPTED

    def preview(self, run_id: int, n_clusters: int) -> None:
        path = f"{API}/clustering/runs/{run_id}/cut"
        self._client.post(path, json={"n_clusters": n_clusters}).raise_for_status()

    def points(self, run_id: int, n_clusters: int) -> None:
        path = f"{API}/clustering/projection/{run_id}"
        self._client.get(path, params={"n_clusters": n_clusters}).raise_for_status()

    def _made(self, answer: Any, name: str) -> Any:
        """Return the id of what was made, at the job's end where the answer is one."""
        made = answer.raise_for_status().json()
        if answer.status_code != ACCEPTED:
            return made["id" if name == "dataset_id" else name]
        while True:
            job = self._client.get(answer.headers["Location"]).raise_for_status().json()
            if job["state"] == "succeeded":
                return job["result"][name]
            if job["state"] not in ("queued", "running"):
                raise RuntimeError(job["error"])
            time.sleep(0.05)


def timed(name: str, work: Callable[[int], object], against: float) -> None:
    seconds = []
    for k in NUMBERS:
        began = time.perf_counter()
        work(k)
        seconds.append(time.perf_counter() - began)
    first, usual = seconds[0], statistics.median(seconds[1:])
    print(
        f"  {name:28} {1000 * usual:8.0f} ms, the first time {1000 * first:6.0f} ms; "
        f"{against / usual:7.0f} times as fast as the first run"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    for n_rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), n_rows)


def measure(folder: Path, n_rows: int) -> None:
    settings = Settings(
        _env_file=None,
        secret_key="k" * 40,
        database_url=f"sqlite:///{folder / 'benchmark.db'}",
        models_dir=folder / "models",
        datasets_dir=folder / "datasets",
        customers_file=folder / "customers.csv",
    )
    with TestClient(create_app(settings)) as client:
        ensure_account(client.app.state.resources.database, settings, ADMIN, reset=True)
        server = Server(client)
        dataset_id = server.upload(n_rows)
        began = time.perf_counter()
        run_id, _ = server.train(dataset_id, 2)
        first = time.perf_counter() - began
        print(f"{n_rows:,} rows: the first run, which grows the tree, {first:.1f} s")
        timed("preview of another cut", lambda k: server.preview(run_id, k), first)
        timed("its points on the map", lambda k: server.points(run_id, k), first)
        here = []
        timed("another run, stored", lambda k: here.append(server.train(dataset_id, k)[1]), first)
        print(f"  answered in the request: {sum(here)} of {len(here)}")


if __name__ == "__main__":
    main()
