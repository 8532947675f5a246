"""What one account may have: each limit refuses what is over it, and nobody else."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.context import RequestContext, enter_request
from app.db.account_tables import CountedAttempts
from app.db.tables import Job, User, utcnow
from app.errors import BadRequest, TooManyRequests
from app.jobs.executor import ProcessExecutor
from app.jobs.fairness import FairLine, work_of
from app.services import quotas
from app.storage.slots import Slots
from tests.job_tasks import sleep_long, sleep_so_long
from tests.routes.tables import SMALL, send

RECORDS = {"customerData": [{"id": number, "age": 20 + number % 40} for number in range(30)]}


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@contextmanager
def limited(client, **limits: int):
    """Give the running services other limits."""
    resources = client.app.state.resources
    before = {name: getattr(resources.settings, name) for name in limits}
    shares = resources.jobs.shares
    for name, value in limits.items():
        setattr(resources.settings, name, value)
    resources.jobs.shares = quotas.Shares.of(resources.settings)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(resources.settings, name, value)
        resources.jobs.shares = shares


class TestStoredBytes:
    @pytest.mark.both_databases("sums of long integers")
    def test_files_past_an_account_s_bytes_are_refused_with_the_setting(self, client, accounts):
        maria, paul = accounts.make("analyst"), accounts.make("analyst")
        size = len(SMALL)
        with limited(client, max_stored_bytes_per_user=2 * size + 10):
            kept = [send(client, maria, SMALL).json()["id"] for _ in range(2)]
            refused = send(client, maria, SMALL)
            assert refused.status_code == 413
            assert refused.json()["code"] == "storage_full"
            assert "MAX_STORED_BYTES_PER_USER" in refused.json()["detail"]
            assert send(client, paul, SMALL).status_code == 201
            client.delete(f"/api/v1/datasets/{kept[0]}", headers=maria.headers)
            assert send(client, maria, SMALL).status_code == 201

    def test_uploads_at_once_are_counted_one_after_the_other(self, client, analyst):
        with (
            limited(client, max_stored_bytes_per_user=3 * len(SMALL) + 10),
            ThreadPoolExecutor(6) as pool,
        ):
            answers = list(pool.map(lambda _: send(client, analyst, SMALL), range(6)))
        codes = sorted(answer.status_code for answer in answers)
        assert codes.count(201) == 3
        assert set(codes) <= {201, 413, 429}

    def test_orders_count_too(self, client, analyst):
        lines = b"order_id,customer_id,date,amount\n" + b"".join(
            b"%d,%d,2026-01-%02d,10\n" % (number, number % 7, 1 + number % 28)
            for number in range(50)
        )
        with limited(client, max_stored_bytes_per_user=len(lines) + 10):
            path = "/api/v1/orders/upload"
            first = upload_to(client, analyst, path, lines)
            assert first.status_code == 201, first.text
            assert send(client, analyst, SMALL).status_code == 413
            more = f"/api/v1/orders/{first.json()['id']}/lines"
            assert (
                upload_to(client, analyst, more, lines + b"51,1,2026-02-01,9\n").status_code == 413
            )

    def test_what_is_declared_to_be_too_large_is_refused_before_it_comes(self, client, analyst):
        with limited(client, max_stored_bytes_per_user=1_000):
            answer = client.post(
                "/api/v1/datasets/upload",
                headers={
                    **analyst.headers,
                    "Content-Type": "multipart/form-data; boundary=b",
                    "Content-Length": "150000000",
                },
                content=b"--b--",
            )
        assert answer.json()["code"] == "storage_full"


def upload_to(client, account, path: str, content: bytes):
    return client.post(path, headers=account.headers, files={"file": ("lines.csv", content)})


class TestUploadsInFlight:
    def test_an_account_sends_so_many_at_once(self, client, accounts):
        maria, paul = accounts.make("analyst"), accounts.make("analyst")
        slots = client.app.state.resources.upload_slots
        taken = [slots.take(maria.id, 4) for _ in range(4)]
        refused = send(client, maria, SMALL)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
        assert int(refused.headers["Retry-After"]) > 0
        assert send(client, paul, SMALL).status_code == 201
        taken[0].release()
        assert send(client, maria, SMALL).status_code == 201
        assert send(client, maria, SMALL).status_code == 201
        for slot in taken[1:]:
            slot.release()

    def test_slots_are_shared_by_all_processes(self, tmp_path):
        held = Slots(tmp_path, "upload").take(1, 1)
        executor = ProcessExecutor(workers=1, memory_bytes=1 << 30)
        try:
            assert executor.submit(can_take, str(tmp_path)).result() is False
            held.release()
            assert executor.submit(can_take, str(tmp_path)).result() is True
            # It ended without giving it back.
            assert executor.submit(can_take, str(tmp_path)).result() is True
        finally:
            executor.shutdown()


def can_take(folder: str) -> bool:
    from pathlib import Path

    return Slots(Path(folder), "upload").take(1, 1) is not None


def analyse(client, account, **headers: str):
    return client.post("/api/analyze", json=RECORDS, headers=account.headers | headers)


class TestComputing:
    @pytest.mark.both_databases("a counter that many write")
    def test_an_account_has_so_many_seconds_each_hour(self, client, accounts):
        maria, paul = accounts.make("analyst"), accounts.make("analyst")
        database = client.app.state.resources.database
        with database.connect() as connection:
            quotas.charge(connection, maria.id, 3.5)
            quotas.charge(connection, maria.id, 3.6)
        with limited(client, compute_seconds_per_hour=7):
            for headers in ({}, {"Prefer": "respond-async"}):
                refused = analyse(client, maria, **headers)
                assert refused.status_code == 429
                assert refused.json()["code"] == "too_much_computing"
                assert 3_500 < int(refused.headers["Retry-After"]) <= 3_601
            assert analyse(client, paul).status_code == 200
            with database.connect() as connection:
                an_hour_ago = utcnow() - timedelta(hours=1)
                connection.execute(sa.update(CountedAttempts).values(since=an_hour_ago))
            assert analyse(client, maria).status_code == 200

    def test_what_a_request_computes_is_counted(self, client, analyst):
        database, jobs = client.app.state.resources.database, client.app.state.resources.jobs

        def asked() -> None:
            enter_request(RequestContext("a request", "", account_id=analyst.id))
            with quotas.computing(database, jobs.shares):
                time.sleep(0.06)
            with suppress(KeyError), quotas.computing(database, jobs.shares):
                time.sleep(0.06)
                raise KeyError

        copy_context().run(asked)
        with database.session() as session:
            assert 0.12 <= session.scalar(sa.select(CountedAttempts.number)) / 1000 < 10

    def test_a_job_counts_while_it_runs_and_once_it_has_ended(self, client, analyst):
        resources = client.app.state.resources
        with resources.database.session() as session:
            user = session.get_one(User, analyst.id)
            started = utcnow() - timedelta(seconds=50)
            job = Job(user_id=user.id, kind="test", state="running", arguments={}, server="none")
            job.started_at = started
            session.add(job)
        with resources.database.session() as session:
            quotas.check_compute(session, analyst.id, 60)
            with pytest.raises(TooManyRequests):
                quotas.check_compute(session, analyst.id, 40)
        with resources.database.connect() as connection:
            connection.execute(sa.update(Job).values(state="failed"))
            quotas.charge_job(connection, job.id)
        with resources.database.session() as session, pytest.raises(TooManyRequests):
            quotas.check_compute(session, analyst.id, 40)

    def test_reading_from_the_cache_costs_nothing(self, client, analyst):
        assert analyse(client, analyst).status_code == 200
        with limited(client, compute_seconds_per_hour=1):
            with client.app.state.resources.database.connect() as connection:
                quotas.charge(connection, analyst.id, 5)
            again = analyse(client, analyst)
        assert (again.status_code, again.headers["X-Cache"]) == (200, "HIT")


class TestDeadline:
    def test_a_job_that_takes_too_long_fails_and_says_why(self, client, analyst):
        resources = client.app.state.resources
        with limited(client, job_timeout_seconds=1):
            with resources.database.session(read_only=True) as session:
                user = session.get_one(User, analyst.id)
            job = resources.jobs.submit(user, "test", sleep_long, {})
            path = f"/api/v1/jobs/{job.id}"
            deadline = time.monotonic() + 60
            while (seen := client.get(path, headers=analyst.headers).json())["state"] != "failed":
                assert time.monotonic() < deadline, seen
                time.sleep(0.1)
                resources.jobs.end_overdue()
        assert "JOB_TIMEOUT_SECONDS" in seen["error"]
        assert "1 seconds" in seen["error"]

    def test_so_does_work_that_a_request_waits_for(self, client):
        jobs = client.app.state.resources.jobs
        with limited(client, job_timeout_seconds=1), pytest.raises(BadRequest) as refused:
            jobs.wait_for(sleep_so_long, 60)
        assert refused.value.code == "too_long"

    def test_neither_it_nor_the_seconds_of_an_hour_count_the_wait_for_a_worker(
        self, client, analyst, monkeypatch
    ):
        jobs, began = client.app.state.resources.jobs, threading.Event()

        def ask() -> int:
            enter_request(RequestContext("a request", "an address", analyst.id))
            with quotas.computing(jobs.database, jobs.shares):
                return jobs.wait_for(len, "done in no time")

        with ThreadPoolExecutor(1) as only, limited(client, job_timeout_seconds=1):
            monkeypatch.setattr(jobs, "executor", only)
            only.submit(lambda: (began.set(), time.sleep(1.5)))
            began.wait()
            assert copy_context().run(ask) == len("done in no time")
            monkeypatch.undo()
        with jobs.database.session(read_only=True) as session:
            charged = session.scalars(sa.select(CountedAttempts.number)).all()
        assert sum(charged) < 1000


class TestRunningJobs:
    def test_one_owner_runs_so_many_while_workers_are_free(self) -> None:
        line: FairLine[str] = FairLine(most_running=1)
        for call in ("a1", "a2"):
            line.put(1, call)
        assert line.take() == (1, "a1")
        taken = []
        waiting = threading.Thread(target=lambda: taken.append(line.take()))
        waiting.start()
        line.put(2, "b1")
        waiting.join(timeout=30)
        assert taken == [(2, "b1")]
        waiting = threading.Thread(target=lambda: taken.append(line.take()))
        waiting.start()
        line.done(1)
        waiting.join(timeout=30)
        assert taken[1:] == [(1, "a2")]

    def test_an_executor_that_stops_leaves_no_thread_waiting(self) -> None:
        executor = ProcessExecutor(workers=2, memory_bytes=1 << 30, most_per_owner=1)
        with work_of(1):
            calls = [executor.submit(sleep_so_long, 600) for _ in range(3)]
        executor.shutdown(cancel_futures=True)
        assert all(call.done() for call in calls)


def test_shares_are_those_of_the_settings(settings) -> None:
    changed = settings.model_copy(update={"max_jobs_per_user": 3, "job_timeout_seconds": 5})
    shares = quotas.Shares.of(changed)
    assert shares == replace(quotas.Shares.of(settings), jobs=3, job_seconds=5)
