"""Workers are shared by those who ask, not by how much they ask."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db.tables import Job
from app.jobs.executor import ProcessExecutor
from app.jobs.fairness import FairLine, work_of


def note(file: str, name: str) -> None:
    with Path(file).open("a") as out:
        out.write(f"{name}\n")


def wait_for(gate: str, file: str, name: str) -> None:
    while not Path(gate).exists():
        time.sleep(0.01)
    note(file, name)


def test_another_s_call_comes_after_the_one_that_runs(tmp_path: Path) -> None:
    gate, order = tmp_path / "gate", tmp_path / "order"
    executor = ProcessExecutor(workers=1, memory_bytes=1 << 30)
    with work_of(1):
        calls = [executor.submit(wait_for, str(gate), str(order), "first 0")]
        calls += [executor.submit(note, str(order), f"first {number}") for number in range(1, 4)]
    with work_of(2):
        calls += [executor.submit(note, str(order), f"second {number}") for number in range(2)]
    gate.touch()
    for call in calls:
        call.result()
    executor.shutdown()
    assert order.read_text().splitlines() == [
        "first 0",
        "second 0",
        "first 1",
        "second 1",
        "first 2",
        "first 3",
    ]


def test_a_free_worker_goes_to_who_has_the_fewest_running() -> None:
    line: FairLine[str] = FairLine()
    for call in ("a1", "a2", "a3", "a4"):
        line.put(1, call)
    assert [line.take(), line.take()] == [(1, "a1"), (1, "a2")]
    line.put(2, "b1")
    line.put(3, "c1")
    line.put(2, "b2")
    assert [line.take()[1] for _ in range(2)] == ["b1", "c1"]
    line.done(2)
    assert line.take() == (2, "b2")
    line.done(1)
    line.done(1)
    assert line.take() == (1, "a3")


def test_what_nobody_owns_has_its_turns_too() -> None:
    line: FairLine[int] = FairLine()
    for owner, call in ((1, 1), (1, 2), (None, 3)):
        line.put(owner, call)
    taken = []
    for _ in range(3):
        owner, call = line.take()
        line.done(owner)
        taken.append(call)
    assert taken == [1, 3, 2]


@pytest.mark.both_databases("jobs that are counted at once")
def test_an_account_has_so_many_unfinished_jobs(client, accounts) -> None:
    resources = client.app.state.resources
    maria, paul = accounts.make(), accounts.make()
    most = resources.settings.max_jobs_per_user
    with resources.database.session() as session:
        for number in range(most - 2):
            state = "running" if number % 2 else "queued"
            session.add(
                Job(user_id=maria.id, kind="train", state=state, arguments={}, server="none")
            )
        session.add(
            Job(user_id=maria.id, kind="train", state="failed", arguments={}, server="none")
        )
    records = [{"id": number, "age": 20 + number % 40} for number in range(10)]
    asked = {"Prefer": "respond-async"}

    def ask(number: int, headers: dict[str, str]):
        body = {"customerData": [*records, {"id": 1000 + number, "age": 50}]}
        return client.post("/api/analyze", json=body, headers=headers | asked)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda number: ask(number, maria.headers), range(6)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 1
    assert all(answer.status_code in (202, 429) for answer in answers)
    assert refused[0].json()["code"] == "too_many_jobs"
    assert int(refused[0].headers["Retry-After"]) > 0
    assert ask(99, paul.headers).status_code == 202
    with resources.database.session() as session:
        session.execute(sa.update(Job).values(state="cancelled"))
