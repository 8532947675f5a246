"""Ten minutes of what three roles do, with kills at random moments, on each database.

Not collected by itself: `make soak`. It reports p99 by route, memory, and what was lost.
"""

import io
import os
import random
import socket
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.config import Settings
from app.db.session import Database
from app.db.tables import Job, User
from app.segmentation.synthesis import generate_customers
from tests.crash.installation import a_customer
from tests.postgresql import empty_database
from tests.routes.tables import SMALL
from tests.server.running import PATIENCE, Server

KILL_EVERY = (20.0, 60.0)
"""Seconds between two kills, drawn at random each time."""
MOST_MEMORY_MB = 1.25 * Settings.model_fields["server_memory_mb"].default
"""Of one server process at any moment: the bound, and what it may take until it looks again.

What workers take comes on top, and goes with them.
"""
PLANNED = {429, 503}
"""Of 400 and more: a share that is used up, and a database that is busy or away."""
_numbers = count(1)


@dataclass
class Seen:
    """What was answered, and what was promised by it."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unplanned: list[str] = field(default_factory=list)
    kept: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))
    gone: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Person(threading.Thread):
    """Somebody who does one thing after the other, and waits while the server is down."""

    def __init__(self, server: Server, seen: Seen, role: str, number: int, stop: threading.Event):
        super().__init__(daemon=True)
        self.name = f"{role}{number}"
        self._server, self._seen, self._stopping = server, seen, stop
        self._chance = random.Random(f"{role} {number}")
        self._client = httpx.Client(base_url=server.url, timeout=PATIENCE)
        self._headers: dict[str, str] = {}
        self._datasets: list[int] = []
        self._runs: list[tuple[int, int]] = []
        self._acts: list[Callable[[], object]] = {
            "user": [self.predict] * 6 + [self.keep_profile, self.read_history, self.analyse],
            "analyst": [
                *[self.upload, self.train, self.train, self.delete, self.list_runs],
                *[self.look_into_a_run, self.write_the_book, self.bring_orders],
            ],
            "admin": [self.list_users, self.check_audit, self.read_statistics],
        }[role]

    def sign_in(self) -> None:
        self._headers = self._server.sign_in(self.name)

    def sign_in_again(self) -> None:
        """Take a token of the role that was given meanwhile."""
        form = {"username": self.name, "password": "correct horse"}
        token = self._client.post("/auth/login", json=form).raise_for_status().json()
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}

    def leave(self) -> None:
        self._client.close()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._chance.choice(self._acts)()
            except httpx.TransportError:
                self._stopping.wait(0.5)

    def _ask(
        self, method: str, route: str, path: str = "", *, format: str | None = None, **more: Any
    ) -> Any:
        began = time.perf_counter()
        more |= {} if format is None else {"params": {"format": format}}
        answer = self._client.request(method, path or route, headers=self._headers, **more)
        took = time.perf_counter() - began
        with self._seen.lock:
            self._seen.seconds[f"{method} {route}"].append(took)
            if answer.status_code >= 400 and answer.status_code not in PLANNED:
                told = f"{method} {route}: {answer.status_code} {answer.text[:200]}"
                self._seen.unplanned.append(told)
        if answer.status_code >= 400:
            return None
        is_json = answer.headers["content-type"] == "application/json"
        return answer.json() if is_json else answer.content

    def predict(self) -> None:
        customer = a_customer(float(next(_numbers)))
        if self._ask("POST", "/predict", json=customer):
            self._seen.kept["predictions"].add((self.name, customer["annual_income"]))

    def keep_profile(self) -> None:
        made = self._ask("POST", "/profiles/", json={"name": f"one of {self.name}"})
        if made:
            self._seen.kept["profiles"].add((self.name, made["id"]))

    def read_history(self) -> None:
        self._ask("GET", "/history")

    def analyse(self) -> None:
        first = next(_numbers)
        records = [{"age": 20 + n % 50, "income": first + 7 * n % 90} for n in range(60)]
        self._ask("POST", "/api/analyze", json={"customerData": records})

    def upload(self) -> None:
        files = {"file": ("table.csv", io.BytesIO(SMALL))}
        made = self._ask("POST", "/api/v1/datasets/upload", files=files)
        if made:
            self._seen.kept["datasets"].add((self.name, made["id"]))
            self._datasets.append(made["id"])

    def train(self) -> None:
        if not self._datasets:
            return
        dataset = self._chance.choice(self._datasets)
        form = {"dataset_id": dataset, "n_clusters": self._chance.randint(2, 6)}
        later = {"Prefer": "respond-async"} if self._chance.random() < 0.3 else {}
        headers = self._headers
        self._headers = headers | later
        try:
            made = self._ask("POST", "/api/v1/clustering/train", json=form)
        finally:
            self._headers = headers
        if made and "run_id" in made:
            self._seen.kept["runs"].add((self.name, made["run_id"], dataset))
            self._runs.append((made["run_id"], dataset))

    def look_into_a_run(self) -> None:
        runs = [run for run, dataset in self._runs if dataset in self._datasets]
        if runs:
            run = self._chance.choice(runs)
            self._ask(
                "GET", "/api/v1/clustering/dendrogram", f"/api/v1/clustering/dendrogram/{run}"
            )
            for form in ("json", "csv", "xlsx"):
                path = f"/api/v1/clustering/segments/{run}"
                self._ask("GET", f"/api/v1/clustering/segments {form}", path, format=form)

    def write_the_book(self) -> None:
        form = self._chance.choice(["pdf", "pptx", "html", "xlsx"])
        self._ask("GET", f"report {form}", "/api/v1/segmentations/core/report", format=form)

    def bring_orders(self) -> None:
        first = next(_numbers)
        lines = ["order_id,customer_id,date,amount"]
        lines += [
            f"{n},{n % 97},2026-{1 + n % 9:02}-{1 + n % 28:02},{first % 90 + 1}" for n in range(900)
        ]
        files = {"file": ("orders.csv", "\n".join(lines))}
        made = self._ask("POST", "/api/v1/orders/upload", files=files)
        if made:
            self._seen.kept["orders"].add((self.name, made["id"]))
            path = f"/api/v1/orders/{made['id']}/snapshots"
            snapshot = self._ask("POST", "/api/v1/orders/{orders_id}/snapshots", path, json={})
            if snapshot:
                self._ask("GET", "rfm", f"/api/v1/snapshots/{snapshot['id']}/rfm")

    def delete(self) -> None:
        if len(self._datasets) < 5:
            return
        dataset = self._datasets.pop(0)
        self._seen.doubtful.add(dataset)
        path = f"/api/v1/datasets/{dataset}"
        if self._ask("DELETE", "/api/v1/datasets/{dataset_id}", path):
            self._seen.gone.add(dataset)

    def list_runs(self) -> None:
        self._ask("GET", "/api/v1/clustering/runs")

    def list_users(self) -> None:
        self._ask("GET", "/admin/users")

    def check_audit(self) -> None:
        told = self._ask("GET", "/admin/audit/check")
        assert told is None or told["is_whole"], told

    def read_statistics(self) -> None:
        self._ask("GET", "/admin/stats")

    def ids(self, path: str, key: str) -> set[Any]:
        """Return what there is of this person's at the end, page by page."""
        found: set[Any] = set()
        while True:
            page = {"skip": len(found), "limit": 1000}
            told = self._client.get(path, params=page, headers=self._headers)
            answer = told.raise_for_status().json()
            rows = answer["history"] if path == "/history" else answer
            before = len(found)
            found |= {
                row["customer_data"]["annual_income"] if path == "/history" else row[key]
                for row in rows
            }
            if len(found) == before:
                return found


def memory_mb(server: Server) -> float:
    """Return what the largest process takes that answers requests; those of jobs are others."""
    largest = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) != server.process.pid:
                continue
            command = (process / "cmdline").read_bytes()
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"multiprocessing.spawn" in command:
            taken = status.partition("VmRSS:")[2].split()
            largest = max(largest, int(taken[0]) / 1024 if taken else 0.0)
    return largest


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_soak(
    kind: str,
    tmp_path: Path,
    soak_minutes: float,
    soak_kills: bool,
    request: pytest.FixtureRequest,
) -> None:
    url = f"sqlite:///{tmp_path / 'customers.db'}"
    if kind == "postgresql":
        url = empty_database(request.getfixturevalue("postgresql_url"), "soak")
    limits = {"MAX_DATASETS_PER_USER": "100000", "ACCESS_TOKEN_EXPIRE_MINUTES": "600"}
    server = Server(tmp_path, database_url=url, workers=2, settings=limits)
    generate_customers(500, seed=7).to_csv(server.customers, index=False)
    stop, seen, chance = threading.Event(), Seen(), random.Random(kind)
    database = Database(url, pool_size=1)
    kills, memory = 0, [0.0]
    with server:
        httpx.post(f"{server.url}/train", timeout=PATIENCE).raise_for_status()
        crew = [("user", 4), ("analyst", 3), ("admin", 1)]
        people = [
            Person(server, seen, role, number, stop)
            for role, size in crew
            for number in range(size)
        ]
        for person in people:
            person.sign_in()
        give_roles(database)
        for person in people:
            person.sign_in_again()
            person.start()
        ends = time.monotonic() + 60 * soak_minutes
        while (left := ends - time.monotonic()) > 0:
            wait_until = time.monotonic() + min(left, chance.uniform(*KILL_EVERY))
            while time.monotonic() < wait_until:
                memory.append(memory_mb(server))
                time.sleep(1)
            if not soak_kills:
                continue
            server.kill()
            kills += 1
            wait_until_free(server.port)
            server.start()
        stop.set()
        for person in people:
            person.join(PATIENCE)
        lost = losses(people, seen)
        running = unfinished(database)
        report(kind, seen, kills=kills, memory=memory, lost=lost)
        database.dispose()
        for person in people:
            person.leave()
    assert seen.unplanned == []
    for what in ("predictions", "profiles", "datasets", "runs", "orders"):
        assert seen.kept[what], f"no {what} were acknowledged"
    assert lost == []
    assert running == 0, "jobs run for ever"
    assert max(memory) < MOST_MEMORY_MB
    assert "Traceback" not in server.log


def wait_until_free(port: int) -> None:
    """Wait for the last of the killed processes, which all have the socket."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return
        assert time.monotonic() < deadline, "the port stays taken"
        time.sleep(0.1)


def give_roles(database: Database) -> None:
    with database.connect() as connection:
        for role in ("analyst", "admin"):
            named = sa.update(User).where(User.username.startswith(role))
            connection.execute(named.values(role=role))


def unfinished(database: Database) -> int:
    """Return how many jobs are left once those of killed servers have been given up."""
    query = sa.select(sa.func.count()).where(Job.state.in_(("queued", "running")))
    deadline = time.monotonic() + 120
    while True:
        with database.connect(read_only=True) as connection:
            left = connection.scalar(query) or 0
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(1)


def losses(people: list[Person], seen: Seen) -> list[str]:
    """Return what was acknowledged and is not there, or was deleted and is."""
    lost = []
    for person in people:
        for what, path, key in (
            ("predictions", "/history", ""),
            ("profiles", "/profiles/", "id"),
            ("datasets", "/api/v1/datasets", "id"),
            ("orders", "/api/v1/orders", "id"),
            ("runs", "/api/v1/clustering/runs", "run_id"),
        ):
            promised = {
                each[1]
                for each in seen.kept[what]
                if each[0] == person.name
                and not (what in ("datasets", "runs") and each[-1] in seen.doubtful)
            }
            if promised:
                missing = promised - person.ids(path, key)
                lost += [f"{what} of {person.name}: {each}" for each in sorted(missing)]
        if "analyst" in person.name:
            back = seen.gone & person.ids("/api/v1/datasets", "id")
            lost += [f"deleted, and there: {each}" for each in sorted(back)]
    return lost


def report(kind: str, seen: Seen, *, kills: int, memory: list[float], lost: list[str]) -> None:
    lines = [f"{'route':<44} {'answers':>8} {'p50 ms':>8} {'p99 ms':>8}"]
    for route, seconds in sorted(seen.seconds.items()):
        ordered = sorted(seconds)
        half, most = (ordered[(len(ordered) - 1) * share // 100] * 1000 for share in (50, 99))
        lines.append(f"{route:<44} {len(ordered):>8} {half:>8.0f} {most:>8.0f}")
    promised = ", ".join(f"{len(kept)} {what}" for what, kept in sorted(seen.kept.items()))
    lines.append(
        f"{kind}: {kills} kills; acknowledged {promised}; lost {len(lost)}; unplanned answers "
        f"{len(seen.unplanned)}"
    )
    quarters = [f"{memory[(len(memory) - 1) * part // 4]:.0f}" for part in range(1, 5)]
    lines.append(
        f"largest server process {max(memory):.0f} MB; after each quarter {', '.join(quarters)} MB"
    )
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    sys.stdout.flush()
