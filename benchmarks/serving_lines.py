"""The lines of the bench that are asked over HTTP: predictions, history, a start, memory."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import OURS, Figures, Result, faster, within
from benchmarks.peers.serving import KEY
from benchmarks.serving.load import Load, request_of, run_for, run_many
from benchmarks.serving.servers import CUSTOMER, Server, free_port, measure, servers

HISTORY_ROWS = 500
PREDICT_AIMS = {1: faster(6, "tutorial"), 16: faster(0.8, "floor"), 64: faster(0.8, "floor")}
IDLE_MEGABYTES = 350


def measured(*, quick: bool) -> Iterator[Result]:
    """Measure every line that needs servers."""
    rounds, seconds = (2, 1.0) if quick else (5, 3.0)
    with servers() as (_, started):
        for clients in (1, 16) if quick else (1, 16, 64):
            yield _predictions(started, clients=clients, rounds=rounds, seconds=seconds)
        yield _history(started, rounds=rounds, seconds=seconds)
    yield _start()


def _predictions(started: list[Server], *, clients: int, rounds: int, seconds: float) -> Result:
    loads: dict[str, list[Load]] = {server.name: [] for server in started}
    for _ in range(rounds):
        for server in started:
            loads[server.name].append(measure(server, clients=clients, seconds=seconds))
    ours = loads[OURS]
    p99 = statistics.median(load.percentile_ms(99) for load in ours)
    errors = sum(load.errors for load in ours)
    return Result(
        "predict", "POST /predict, time for each at one worker", f"{clients} clients", clients,
        {name: _each(found) for name, found in loads.items()}, PREDICT_AIMS[clients],
        [f"p99 {p99:.0f} ms, slowest {max(load.slowest_ms for load in ours):.0f} ms, "
         f"{errors} errors"],
    )  # fmt: skip


def _history(started: list[Server], *, rounds: int, seconds: float) -> Result:
    asked = [server for server in started if server.name != "floor"]
    loads: dict[str, list[Load]] = {server.name: [] for server in asked}
    for server in asked:
        predict = request_of("POST", "/predict", server.token, CUSTOMER)
        run_many(server.port, lambda _, r=predict: r, clients=4, requests=HISTORY_ROWS)
    for _ in range(rounds):
        for server in asked:
            request = request_of("GET", f"/history?limit={HISTORY_ROWS}", server.token)
            loads[server.name].append(
                run_for(server.port, lambda _, r=request: r, clients=4, seconds=seconds)
            )
    return Result(
        "history", "a page of history", f"{HISTORY_ROWS} rows", HISTORY_ROWS,
        {name: _each(found) for name, found in loads.items()}, faster(4, "tutorial"),
    )  # fmt: skip


def _each(loads: list[Load]) -> Figures:
    """Give the seconds that an answer took, over all clients."""
    return Figures(tuple(1 / max(load.per_second, 1e-3) for load in loads))


def _start() -> Result:
    """Start the program as its README does, on an empty folder, and see what it holds idle."""
    took, held = [], 0.0
    for _ in range(3):
        with TemporaryDirectory() as name:
            folder, port = Path(name), free_port()
            environment = os.environ | {
                "DATABASE_URL": f"sqlite:///{folder / 'app.db'}",
                "MODELS_DIR": str(folder / "models"),
                "DATASETS_DIR": str(folder / "datasets"),
                "SECRET_KEY": KEY,
                "LOG_LEVEL": "ERROR",
            }
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "run.py", "--port", str(port)],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                _await(f"http://127.0.0.1:{port}/live")
                took.append(time.perf_counter() - began)
                time.sleep(2)
                held = _megabytes(process.pid)
            finally:
                process.terminate()
                process.wait()
    return Result(
        "start", "from the command to the first answer, and memory while idle", "1 server", 1,
        {OURS: Figures(tuple(took), megabytes=held)}, within(2, megabytes=IDLE_MEGABYTES),
    )  # fmt: skip


def _megabytes(pid: int) -> float:
    """Give what a process and its children hold."""
    entry = Path(f"/proc/{pid}")
    resident = int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    children = (entry / "task" / str(pid) / "children").read_text().split()
    return resident / 1e6 + sum(_megabytes(int(child)) for child in children)


def _await(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{url} did not answer")
