"""Long work: asked for, watched, ended, and never left running for ever."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from app.db.tables import Job, User, utcnow
from app.errors import Unavailable
from app.jobs.executor import ProcessExecutor
from app.main import create_app
from app.services import datasets, job_queries
from app.services import jobs as service
from app.services.job_failures import INTERRUPTED
from app.storage.servers import ServerRegister
from tests.factories import Accounts
from tests.job_tasks import add, die, hog, raise_unexpectedly, sleep_long
from tests.routes.tables import SMALL, files_left, send, train, upload

pytestmark = pytest.mark.both_databases("states that several processes change at once")

JOBS = "/api/v1/jobs"
FINAL = {"succeeded", "failed", "cancelled"}
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


def finished(client, account, location: str, *, seconds: float = 60) -> dict:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = client.get(location, headers=account.headers).json()
        if job["state"] in FINAL:
            return job
        time.sleep(0.1)
    pytest.fail(f"the job did not end: {job}")


def eventually(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def until(client, account, location: str, state: str) -> None:
    eventually(lambda: client.get(location, headers=account.headers).json()["state"] == state)


def submit(client, account, work):
    """Give a job of this test's own to the service."""
    resources = client.app.state.resources
    with resources.database.session(read_only=True) as session:
        user = session.get_one(User, account.id)
    return resources.jobs.submit(user, "test", work, {})


def cancelled(*_: object) -> Future[None]:
    future: Future[None] = Future()
    future.cancel()
    return future


class TestAsking:
    def test_prefer_respond_async_answers_202_and_does_the_work(self, client, analyst):
        answer = send(client, analyst, SMALL, headers=ASYNC)
        assert answer.status_code == 202
        location = answer.headers["Location"]
        assert location == f"{JOBS}/{answer.json()['id']}"
        assert answer.json()["state"] == "queued"
        read = finished(client, analyst, location)
        assert (read["state"], read["percent"]) == ("succeeded", 100)
        dataset = client.get(read["location"], headers=analyst.headers).json()
        assert dataset["n_rows"] == 60

        body = {"dataset_id": dataset["id"], "n_clusters": 3}
        answer = client.post(
            "/api/v1/clustering/train", json=body, headers={**analyst.headers, **ASYNC}
        )
        assert answer.status_code == 202
        trained = finished(client, analyst, answer.headers["Location"])
        segments = client.get(trained["location"], headers=analyst.headers).json()
        here = train(client, analyst, dataset["id"])
        assert [each["size"] for each in segments["profiles"]] == here["cluster_sizes"]

    def test_a_run_over_the_set_size_is_a_job_by_itself(self, client, analyst, settings):
        settings.max_rows_in_request = 50
        dataset = upload(client, analyst)
        job = train(client, analyst, dataset["id"], status=202)
        assert finished(client, analyst, f"{JOBS}/{job['id']}")["state"] == "succeeded"
        settings.max_rows_in_request = 60
        wide = "\n".join(",".join([f"c{i}" if j < 0 else str((i * j) % 7) for i in range(90)])
                         for j in range(-1, 60))  # fmt: skip
        table = upload(client, analyst, wide.encode())
        assert train(client, analyst, table["id"], status=202, algorithm="kmeans")["state"]
        settings.max_rows_in_request = 50
        # With its tree at hand another cut is quick enough for the request.
        assert train(client, analyst, dataset["id"], n_clusters=4)["n_clusters"] == 4

    def test_what_is_wrong_with_the_table_is_the_job_s_error_and_leaves_nothing(
        self, client, analyst
    ):
        answer = send(client, analyst, b"a,b\n1,2\n3,4,5\n", headers=ASYNC)
        assert answer.status_code == 202
        job = finished(client, analyst, answer.headers["Location"])
        assert job["state"] == "failed"
        assert job["error"].startswith("Line 3 has 3 fields")
        assert files_left(client) == []

    def test_the_server_answers_while_jobs_run(self, client, analyst):
        for _ in range(3):
            submit(client, analyst, sleep_long)
        assert client.get("/").status_code == 200
        upload(client, analyst)
        jobs = client.get(JOBS, headers=analyst.headers).json()
        assert [job["state"] for job in jobs if job["state"] in FINAL] == []
        assert len(jobs) == 3

    def test_what_no_worker_takes_any_more_is_refused_and_failed(self, client, analyst):
        client.app.state.resources.jobs.executor.shutdown()
        with pytest.raises(Unavailable, match="stopping"):
            submit(client, analyst, add)
        (job,) = client.get(JOBS, headers=analyst.headers).json()
        assert job["state"] == "failed"
        assert "stopped" in job["error"]

    def test_what_a_request_waits_for_is_refused_alike_when_the_server_stops(
        self, client, analyst, monkeypatch
    ):
        dataset = upload(client, analyst)
        url = f"/api/v1/datasets/{dataset['id']}"
        monkeypatch.setattr("app.services.stored_reader.READ_IN_PROCESS_BYTES", 1)
        monkeypatch.setattr("app.services.segmentations.runs.DENSITY_ROWS_HERE", 1)
        order = {"dataset_id": dataset["id"], "algorithm": "dbscan"}

        def answers():
            yield client.post("/api/v1/clustering/train", json=order, headers=analyst.headers)
            yield client.patch(url, json={"delimiter": ","}, headers=analyst.headers)
            yield send(client, analyst, SMALL)

        executor = client.app.state.resources.jobs.executor
        with monkeypatch.context() as patch:
            # What waits when the executor stops is cancelled, and what comes later is not taken.
            patch.setattr(executor, "submit", cancelled)
            assert [answer.status_code for answer in answers()] == [503] * 3
        executor.shutdown()
        for answer in answers():
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "stopping" in answer.json()["detail"]


class TestWatching:
    def test_events_tell_each_change_to_the_last(self, client, analyst):
        location = send(client, analyst, SMALL, headers=ASYNC).headers["Location"]
        with client.stream("GET", f"{location}/events", headers=analyst.headers) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            text = stream.read().decode()
        told = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        percents = [each["percent"] for each in told]
        assert told[-1]["state"] == "succeeded"
        assert percents == sorted(percents)
        assert len({(each["state"], each["phase"], each["percent"]) for each in told}) == len(told)

    def test_is_404_for_others_but_administrators(self, client, accounts, analyst):
        job = submit(client, analyst, sleep_long)
        stranger, admin = accounts.make("analyst"), accounts.make("admin")
        url = f"{JOBS}/{job.id}"
        for path in (url, f"{url}/events"):
            assert client.get(path, headers=stranger.headers).status_code == 404
        assert client.delete(url, headers=stranger.headers).status_code == 404
        assert client.get(url, headers=admin.headers).status_code == 200
        assert client.get(JOBS, headers=stranger.headers).json() == []
        assert len(client.get(JOBS, headers=admin.headers).json()) == 1

    def test_what_is_left_is_estimated_from_what_is_done(self):
        start = utcnow()
        told = start + timedelta(seconds=10)
        job = Job(state="running", percent=25, started_at=start, progressed_at=told)
        assert job_queries.seconds_left(job, told) == 30
        assert job_queries.seconds_left(job, told + timedelta(seconds=12)) == 18
        assert job_queries.seconds_left(job, told + timedelta(seconds=31)) is None
        job.percent = 0
        assert job_queries.seconds_left(job, told) is None
        job.state = "queued"
        assert job_queries.seconds_left(job, told) is None


class TestEnding:
    def test_cancelling_ends_running_work_at_once(self, client, analyst):
        job = submit(client, analyst, sleep_long)
        url = f"{JOBS}/{job.id}"
        until(client, analyst, url, "running")
        answer = client.delete(url, headers=analyst.headers)
        assert answer.json()["state"] == "cancelled"
        resources = client.app.state.resources
        eventually(lambda: resources.jobs._futures == {})
        assert client.get(url, headers=analyst.headers).json()["state"] == "cancelled"
        assert client.delete(url, headers=analyst.headers).status_code == 400

    @pytest.mark.parametrize(
        ("work", "told"),
        [
            (die, "The worker died"),
            (hog, "more memory than a job may use"),
            (raise_unexpectedly, "Unexpected error: KeyError"),
        ],
    )
    def test_work_that_dies_is_failed_with_the_reason_and_the_next_runs(self, settings, work, told):
        settings.job_memory_mb = 1_024
        with TestClient(create_app(settings)) as client:
            analyst = Accounts(client.app.state.resources).make("analyst")
            url = f"{JOBS}/{submit(client, analyst, work).id}"
            job = finished(client, analyst, url)
            assert job["state"] == "failed"
            assert told in job["error"]
            assert "nobody outside" not in job["error"]
            location = send(client, analyst, SMALL, headers=ASYNC).headers["Location"]
            assert finished(client, analyst, location)["state"] == "succeeded"

    def test_the_least_memory_that_may_be_set_is_enough_for_a_small_table(self, settings):
        settings.job_memory_mb = 512
        with TestClient(create_app(settings)) as client:
            analyst = Accounts(client.app.state.resources).make("analyst")
            location = send(client, analyst, SMALL, headers=ASYNC).headers["Location"]
            read = finished(client, analyst, location)
            assert read["error"] is None
            body = {"dataset_id": read["result"]["dataset_id"], "n_clusters": 3}
            answer = client.post(
                "/api/v1/clustering/train", json=body, headers={**analyst.headers, **ASYNC}
            )
            trained = finished(client, analyst, answer.headers["Location"])
            assert (trained["state"], trained["error"]) == ("succeeded", None)

    def test_a_failure_that_the_database_did_not_take_is_written_once_it_is_back(
        self, settings, monkeypatch
    ):
        monkeypatch.setattr(service, "HEARTBEAT_SECONDS", 0.1)
        with TestClient(create_app(settings)) as client:
            analyst = Accounts(client.app.state.resources).make("analyst")
            jobs = client.app.state.resources.jobs
            write, refused = jobs._fail, []

            def away_at_first(which, reason):
                if len(refused) < 3:
                    refused.append(reason)
                    raise OperationalError("UPDATE", {}, Exception("connection refused"))
                write(which, reason)

            monkeypatch.setattr(jobs, "_fail", away_at_first)
            url = f"{JOBS}/{submit(client, analyst, die).id}"
            job = finished(client, analyst, url)
            assert len(refused) == 3
            assert job["state"] == "failed"
            assert "The worker died" in job["error"]

    def test_a_cancelled_upload_leaves_nothing_on_disk(self, client, analyst, monkeypatch):
        monkeypatch.setattr(datasets, "upload_work", sleep_long)
        location = send(client, analyst, SMALL, headers=ASYNC).headers["Location"]
        until(client, analyst, location, "running")
        assert len(files_left(client)) == 1
        client.delete(location, headers=analyst.headers)
        eventually(lambda: files_left(client) == [])

    def test_a_server_that_stops_says_so_in_its_jobs(self, settings):
        with TestClient(create_app(settings)) as client:
            analyst = Accounts(client.app.state.resources).make("analyst")
            url = f"{JOBS}/{submit(client, analyst, sleep_long).id}"
            until(client, analyst, url, "running")
        with TestClient(create_app(settings)) as client:
            job = client.get(url, headers=analyst.headers).json()
            assert (job["state"], job["error"]) == ("failed", INTERRUPTED)


def left_behind(client, account, server: str, *, silent_for: float = 0) -> int:
    """Write the row of a job that another server runs."""
    with client.app.state.resources.database.session() as session:
        job = Job(
            user_id=account.id,
            kind="train",
            state="running",
            arguments={},
            server=server,
            heartbeat_at=utcnow() - timedelta(seconds=silent_for),
        )
        session.add(job)
        session.flush()
        return job.id


class TestOtherServers:
    """What one server makes of the jobs of another, on the same folder or elsewhere."""

    @contextmanager
    def other_server(self, settings):
        register = ServerRegister(settings.datasets_dir / ".servers")
        yield register
        register._lock.release()

    def state(self, client, account, job_id: int) -> str:
        return client.get(f"{JOBS}/{job_id}", headers=account.headers).json()["state"]

    def test_a_living_server_keeps_its_jobs(self, client, settings, analyst):
        with self.other_server(settings) as other:
            job_id = left_behind(client, analyst, other.name)
            client.app.state.resources.jobs.give_up_lost()
            assert self.state(client, analyst, job_id) == "running"

    def test_a_killed_server_s_jobs_are_given_up_at_once(self, client, settings, analyst):
        with self.other_server(settings) as other:
            job_id = left_behind(client, analyst, other.name)
        client.app.state.resources.jobs.give_up_lost()
        job = client.get(f"{JOBS}/{job_id}", headers=analyst.headers).json()
        assert (job["state"], job["error"]) == ("failed", INTERRUPTED)

    def test_a_silent_server_elsewhere_is_given_up_after_a_while(self, client, analyst):
        jobs = client.app.state.resources.jobs
        quiet = left_behind(client, analyst, "elsewhere", silent_for=service.SILENCE_SECONDS - 10)
        mute = left_behind(client, analyst, "far away", silent_for=service.SILENCE_SECONDS + 10)
        jobs.give_up_lost()
        assert self.state(client, analyst, quiet) == "running"
        assert self.state(client, analyst, mute) == "failed"

    def test_a_job_cancelled_at_another_server_ends_here(self, client, analyst):
        resources = client.app.state.resources
        job = submit(client, analyst, sleep_long)
        until(client, analyst, f"{JOBS}/{job.id}", "running")
        with resources.database.connect() as connection:
            connection.execute(sa.update(Job).values(state="cancelled"))
        resources.jobs._end_cancelled_elsewhere()
        eventually(lambda: resources.jobs._futures == {})


class TestProcessExecutor:
    """The standard executor's promises, of one that runs each call in a process of its own."""

    def test_returns_results_and_raises_errors(self):
        with ProcessExecutor(workers=1, memory_bytes=1 << 30) as executor:
            assert executor.submit(add, 1, 2).result() == 3
            with pytest.raises(TypeError):
                executor.submit(add, 1, None).result()

    def test_a_call_that_waits_can_be_cancelled(self):
        with ProcessExecutor(workers=1, memory_bytes=1 << 30) as executor:
            running = executor.submit(time.sleep, 600)
            waiting: Future = executor.submit(add, 1, 2)
            assert waiting.cancel()
            assert waiting.cancelled()
            assert running.cancel()
