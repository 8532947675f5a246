"""Four workers behind one port behave as one server."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from app.db.migrations import current_revision, newest_revision
from app.db.session import Database
from app.storage.models import ModelStore
from tests.factories import CUSTOMER
from tests.server.conftest import Deployment
from tests.server.running import PATIENCE

pytestmark = pytest.mark.timeout(4 * PATIENCE)


@dataclass(frozen=True)
class Seen:
    """An answer to `/predict`: when it was asked for, by which process it was given, and how."""

    asked_at: float
    process: str
    status: int
    version: int | None


def predict(deployment: Deployment) -> Seen:
    """Ask over a connection of its own, which any of the workers may take."""
    asked_at = time.monotonic()
    answer = httpx.post(
        f"{deployment.server.url}/predict",
        json=CUSTOMER,
        headers=deployment.headers,
        timeout=PATIENCE,
    )
    return Seen(
        asked_at,
        answer.headers["x-process"],
        answer.status_code,
        answer.json().get("model_version"),
    )


def watch(deployment: Deployment, until: Callable[[list[Seen]], bool]) -> list[Seen]:
    """Predict over many connections at once until what was seen is enough."""
    seen: list[Seen] = []
    deadline = time.monotonic() + PATIENCE

    def ask() -> None:
        while not until(seen) and time.monotonic() < deadline:
            seen.append(predict(deployment))

    with ThreadPoolExecutor(8) as pool:
        for asked in [pool.submit(ask) for _ in range(8)]:
            asked.result()
    return seen


def processes(seen: list[Seen], *, version: int | None = None) -> set[str]:
    return {each.process for each in seen if version is None or each.version == version}


def train(deployment: Deployment, n_clusters: int) -> int:
    answer = httpx.post(
        f"{deployment.server.url}/train", json={"n_clusters": n_clusters}, timeout=PATIENCE
    )
    version: int = answer.raise_for_status().json()["version"]
    return version


def test_workers_that_start_together_on_an_empty_database_migrate_it_once(
    four_workers: Deployment,
) -> None:
    answering = watch(four_workers, lambda seen: len(processes(seen)) == 4)
    assert len(processes(answering)) == 4
    database = Database(four_workers.server.database_url, pool_size=1)
    with database.connect(read_only=True) as connection:
        assert current_revision(connection) == newest_revision()
    database.dispose()
    assert "Traceback" not in four_workers.server.log


def test_every_worker_serves_a_new_model_from_the_first_request_after_its_activation(
    four_workers: Deployment,
) -> None:
    train(four_workers, 3)
    new: list[tuple[float, int]] = []

    def train_later() -> None:
        version = train(four_workers, 6)
        new.append((time.monotonic(), version))

    training = threading.Thread(target=train_later)
    training.start()
    seen = watch(
        four_workers, lambda seen: bool(new) and len(processes(seen, version=new[0][1])) == 4
    )
    training.join()
    activated_at, version = new[0]
    assert {each.status for each in seen} == {200}
    assert len(processes(seen, version=version)) == 4
    late = [each for each in seen if each.asked_at > activated_at and each.version != version]
    assert late == []


def test_simultaneous_trainings_for_the_same_k_share_one_version(four_workers: Deployment) -> None:
    before = train(four_workers, 3)
    arrived = four_workers.arrivals()
    turn = ModelStore(four_workers.server.models).training_turn()
    with ThreadPoolExecutor(8) as pool:
        # Nobody's training begins before all eight have asked for theirs.
        with turn:
            trainings = [pool.submit(train, four_workers, 4) for _ in range(8)]
            deadline = time.monotonic() + PATIENCE
            while four_workers.arrivals() < arrived + 8:
                assert time.monotonic() < deadline, "the calls did not arrive"
                time.sleep(0.02)
        versions = [each.result() for each in trainings]
    assert versions == [before + 1] * 8


def test_a_killed_training_worker_leaves_the_old_model_serving(four_workers: Deployment) -> None:
    version = train(four_workers, 5)
    four_workers.step_file.write_text("after the rename, before the commit")
    with pytest.raises(httpx.TransportError):
        train(four_workers, 7)
    assert not four_workers.step_file.exists()

    # The dead worker's place is taken by a new one, which serves the same model.
    seen = watch(four_workers, lambda seen: len(processes(seen)) >= 4)
    assert {(each.status, each.version) for each in seen} == {(200, version)}
    assert train(four_workers, 7) > version
