"""Long work on a Dask cluster on this machine, of which a worker is killed in the middle.

Not collected by itself: `make test-scale`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.segmentation.synthesis import generate_customers
from tests import guardian
from tests.ports import free_port
from tests.postgresql import empty_database
from tests.scale.asking import FINISHED, Analyst
from tests.server.running import PATIENCE, Server, clean_environment

pytestmark = pytest.mark.timeout(4 * PATIENCE)

ROWS = 60_000
WORK = "app.services.segmentations.work"


@contextmanager
def running(folder: Path, *command: str) -> Iterator[int]:
    """Run a command of Dask's in a process of its own, and end it with the context."""
    with (folder / f"{command[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]),
            cwd=folder,
            env=clean_environment(OMP_NUM_THREADS="1"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    guardian.watch(-process.pid)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
        guardian.forget(-process.pid)


@dataclass(frozen=True)
class Cluster:
    address: str
    workers: tuple[int, int]
    """Their processes."""

    def busy(self) -> int:
        """Return the worker that is at work: that which took more of a core in a second."""
        before = [_ticks(each) for each in self.workers]
        time.sleep(1)
        taken = [_ticks(each) - old for each, old in zip(self.workers, before, strict=True)]
        assert max(taken) > 0, "no worker is at work"
        return self.workers[taken.index(max(taken))]


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    worker = (
        *("dask_worker", address, "--nworkers", "1", "--nthreads", "1", "--preload", WORK),
        *("--no-nanny", "--no-dashboard", "--host", "127.0.0.1"),
    )
    scheduler = ("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    with (
        running(folder, *scheduler),
        running(folder, *worker, "--local-directory", "one") as one,
        running(folder, *worker, "--local-directory", "other") as other,
    ):
        yield Cluster(address, (one, other))


@dataclass(frozen=True)
class Company:
    """A server that works by itself and one that uses the cluster, on one database and folder."""

    alone: Server
    clustered: Server
    cluster: Cluster
    analyst: Analyst
    dataset: int


@pytest.fixture(scope="module")
def company(
    postgresql_url: str, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("shared")
    url = empty_database(postgresql_url, "cluster")
    alone = Server(folder, database_url=url)
    clustered = Server(folder, database_url=url, settings={"COMPUTE_ADDRESS": cluster.address})
    generate_customers(2_000, seed=7).to_csv(alone.customers, index=False)
    with alone, clustered:
        analyst = Analyst.made(url)
        yield Company(alone, clustered, cluster, analyst, analyst.upload(alone.url, rows=ROWS))


def found_by(company: Company, server: Server, *, kill: bool = False) -> dict[str, object]:
    """Make the same run as a job of a server, and return its segments."""
    order = {"dataset_id": company.dataset, "algorithm": "auto", "validate": True}
    job = company.analyst.start_job(server.url, order)
    if kill:
        busy = company.cluster.busy()
        company.analyst.wait_for(server.url, job, {"running"}, seconds=0)
        os.kill(busy, signal.SIGKILL)
    done = company.analyst.wait_for(server.url, job, FINISHED)
    assert done["state"] == "succeeded", done
    run = done["result"]["run_id"]
    url = f"{server.url}/api/v1/clustering/segments/{run}"
    found = dict(company.analyst.ask("GET", url).raise_for_status().json())
    for changing in ("run_id", "created_at", "version", "segmentation_id"):
        found.pop(changing, None)
    return found


def test_a_run_on_the_cluster_is_the_run_here_though_its_worker_is_killed(
    company: Company,
) -> None:
    here = found_by(company, company.alone)
    there = found_by(company, company.clustered)
    after_a_death = found_by(company, company.clustered, kill=True)
    assert there == here
    assert after_a_death == here


def test_a_job_on_the_cluster_can_be_cancelled(company: Company) -> None:
    order = {"dataset_id": company.dataset, "algorithm": "auto", "validate": True}
    before = company.analyst.ask(
        "GET", f"{company.alone.url}/api/v1/clustering/runs/{company.dataset}"
    ).json()
    job = company.analyst.start_job(company.clustered.url, order)
    url = f"{company.clustered.url}/api/v1/jobs/{job}"
    company.analyst.ask("DELETE", url).raise_for_status()
    assert company.analyst.ask("GET", url).json()["state"] == "cancelled"
    quick = {"dataset_id": company.dataset, "algorithm": "kmeans", "n_clusters": 3}
    next_job = company.analyst.start_job(company.clustered.url, quick)
    done = company.analyst.wait_for(company.clustered.url, next_job, FINISHED)
    assert done["state"] == "succeeded"
    after = company.analyst.ask(
        "GET", f"{company.alone.url}/api/v1/clustering/runs/{company.dataset}"
    ).json()
    assert len(after) == len(before) + 1
