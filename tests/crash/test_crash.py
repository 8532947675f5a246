"""Kill the server at seeded moments: nothing it acknowledged may be lost, and no model."""

import random
import sys
import time
from dataclasses import dataclass

import httpx
import pytest

from tests.crash.installation import Installation, Load, Promises
from tests.server.running import PATIENCE

pytestmark = pytest.mark.timeout(4 * PATIENCE)

# The first of each come soonest: with eight moments, one inside of each part of a training.
STEPS_THAT_KEEP_THE_OLD_MODEL = (
    "before the model file is written",
    "during the write of the model file",
    "before the directory's rename",
    "after the rename, before the commit",
    "after the fsync, before the file's rename",
    "between the model's two files",
)
STEPS_THAT_SERVE_THE_NEW_MODEL = (
    "after the commit, before publishing",
    "between the two published files",
    "before the first published file",
    "after publishing, before the answer",
)
STEPS = (
    *STEPS_THAT_KEEP_THE_OLD_MODEL[:4],
    *STEPS_THAT_SERVE_THE_NEW_MODEL,
    *STEPS_THAT_KEEP_THE_OLD_MODEL[4:],
)


@dataclass(frozen=True)
class Moment:
    """When to kill: at a step of a training, or, where there is none, from outside."""

    seed: int
    step: str | None
    database: str

    def __str__(self) -> str:
        return f"{self.seed}-{self.database}-{(self.step or 'from outside').replace(' ', '_')}"


def moments(number: int) -> list[Moment]:
    """Return the moments: two in three inside a training, the third under load from outside."""
    in_training = iter(STEPS * (number // len(STEPS) + 1))
    return [
        Moment(
            seed=seed,
            step=None if seed % 3 == 2 else next(in_training),
            database="postgresql" if seed % 6 in (4, 5) else "sqlite",
        )
        for seed in range(number)
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # The moments of an installation run in one process, so that it is made once.
    chosen = [
        pytest.param(
            moment,
            moment.database,
            id=str(moment),
            marks=pytest.mark.xdist_group(f"crash-{moment.database}"),
        )
        for moment in moments(metafunc.config.getoption("crash_moments", 8))
    ]
    metafunc.parametrize(("moment", "database"), chosen)


def test_a_kill_loses_no_acknowledged_prediction_and_no_model(
    moment: Moment, installation: Installation
) -> None:
    if not installation.server.is_running:
        installation.server.start()
    before = installation.active_version()

    promises = kill_in_training(moment, installation) if moment.step else kill(moment, installation)
    installation.server.start()

    assert promises.refusals == []
    assert promises.predictions, "no prediction was acknowledged before the kill"
    history = installation.history()
    for income, answer in promises.predictions.items():
        row = history[income]
        assert row.customer_data == answer["customer_data"]
        assert (row.cluster, row.cluster_name) == (answer["cluster"], answer["cluster_name"])
        assert (row.confidence, row.model_version) == (
            answer["confidence"],
            answer["model_version"],
        )
    after = installation.active_version()
    check_version(moment, before, after, promises)
    installation.check_database()
    installation.check_model()

    following = installation.train(3 + moment.seed % 4)
    assert following > after
    installation.check_model()
    installation.check_files()
    report(
        f"moment {moment.seed:2} ({moment.database}): killed "
        f"{moment.step or 'from outside, under load'}; acknowledged "
        f"{len(promises.predictions)} predictions, versions {promises.trainings or 'none'}; found "
        f"all of them among {len(history)} rows, model {before} before and {after} after, whole; "
        f"the next training made {following} and left nothing over"
    )


def kill_in_training(moment: Moment, installation: Installation) -> Promises:
    """Predict, and train until the training's process kills itself at the step."""
    server = installation.server
    installation.change_customers(100 + moment.seed)
    with Load(server, installation.headers, clients=2, trains=False, seed=moment.seed) as load:
        wait_for_predictions(load, 10)
        installation.step_file.write_text(str(moment.step))
        with pytest.raises(httpx.TransportError):
            installation.train(random.Random(moment.seed).randint(2, 8))
        server.wait_for_death()
    assert not installation.step_file.exists(), "the training did not reach the step"
    return load.promises


def kill(moment: Moment, installation: Installation) -> Promises:
    """Predict and train over and over, and kill from outside after a seeded while."""
    chance = random.Random(moment.seed)
    server = installation.server
    with Load(server, installation.headers, clients=4, trains=True, seed=moment.seed) as load:
        wait_for_predictions(load, 10)
        time.sleep(chance.uniform(0.0, 1.5))
        server.kill()
    return load.promises


def wait_for_predictions(load: Load, number: int) -> None:
    deadline = time.monotonic() + 30
    while len(load.promises.predictions) < number and time.monotonic() < deadline:
        time.sleep(0.01)


def check_version(moment: Moment, before: int, after: int, promises: Promises) -> None:
    """The model is the one from before, or a new one whose row was committed."""
    if moment.step in STEPS_THAT_KEEP_THE_OLD_MODEL:
        assert after == before
    elif moment.step in STEPS_THAT_SERVE_THE_NEW_MODEL:
        assert after > before
    else:
        assert after >= max(promises.trainings, default=before)


def report(line: str) -> None:
    sys.stdout.write(f"\n  {line}\n")
