"""The model behind the core interface: its files, its figures and its life."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Event

import joblib
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

from app.db.tables import ModelVersion
from app.main import create_app
from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.customers import read_customers
from app.segmentation.preparation.fitting import fit_features
from app.segmentation.recipe import FEATURES
from app.segmentation.synthesis import generate_customers
from app.services import training
from tests.factories import CUSTOMER

IN_ANOTHER_PROGRAM = """
import json, sys
import joblib, pandas as pd

kmeans, scaler = joblib.load("kmeans.pkl"), joblib.load("scaler.pkl")
customers = pd.read_csv(sys.argv[1])[list(sys.argv[2:])].to_numpy()
assert not any(name == "app" or name.startswith("app.") for name in sys.modules)
print(json.dumps(kmeans.predict(scaler.transform(customers)).tolist()))
print(json.dumps(kmeans.labels_.tolist()))
"""


@pytest.fixture
def user(accounts):
    return accounts.make().headers


def versions(client) -> list[ModelVersion]:
    with client.app.state.resources.database.session(read_only=True) as session:
        return list(session.scalars(sa.select(ModelVersion).order_by(ModelVersion.version)))


def files_of(settings, row: ModelVersion) -> Path:
    return settings.models_dir / "versions" / row.directory


def write_customers(settings, n_customers: int, *, seed: int = 7) -> None:
    settings.customers_file.parent.mkdir(parents=True, exist_ok=True)
    generate_customers(n_customers, seed=seed).to_csv(settings.customers_file, index=False)


class TestFiles:
    def test_another_program_reads_them_and_gets_the_same_clusters(self, trained, user, settings):
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROGRAM, settings.customers_file, *FEATURES],
            cwd=settings.models_dir,
            capture_output=True,
            text=True,
            check=True,
        )
        predicted, labels = (np.array(json.loads(line)) for line in done.stdout.splitlines())
        np.testing.assert_array_equal(predicted, labels)
        clusters = trained.get("/clusters", headers=user).json()["clusters"]
        sizes = [cluster["size"] for cluster in clusters]
        assert np.bincount(labels).tolist() == sizes
        table = pd.read_csv(settings.customers_file)
        for cluster in clusters:
            own = table[labels == cluster["cluster_id"]]
            assert own["age"].mean() == pytest.approx(cluster["avg_age"])
            assert own["annual_income"].mean() == pytest.approx(cluster["avg_income"])
            assert own["spending_score"].mean() == pytest.approx(cluster["avg_spending_score"])
            assert own["purchase_frequency"].mean() == pytest.approx(
                cluster["avg_purchase_frequency"]
            )
        for row in table.head(25).to_dict("records"):
            answer = trained.post("/predict", json=row, headers=user).json()
            assert answer["cluster"] == labels[row["customer_id"] - 1]
            assert answer["cluster_name"] == clusters[answer["cluster"]]["cluster_name"]

    def test_confidence_follows_its_formula(self, trained, user, settings):
        kmeans = joblib.load(settings.models_dir / "kmeans.pkl")
        scaler = joblib.load(settings.models_dir / "scaler.pkl")
        for spending in range(1, 101, 9):
            customer = CUSTOMER | {"spending_score": spending}
            answer = trained.post("/predict", json=customer, headers=user).json()
            point = scaler.transform([[customer[feature] for feature in FEATURES]])
            own, other = np.sort(kmeans.transform(point)[0])[:2]
            assert answer["confidence"] == pytest.approx((1 - own / other) * 100, abs=0.5001)

    def test_figures_are_scikit_learns(self, client, user, settings, customers_file):
        body = client.post("/train").json()
        kmeans = joblib.load(settings.models_dir / "kmeans.pkl")
        X = StandardScaler().fit_transform(
            read_customers(BytesIO(customers_file.read_bytes())).features
        )
        assert body["inertia"] == pytest.approx(
            ((X - kmeans.cluster_centers_[kmeans.labels_]) ** 2).sum()
        )
        assert body["silhouette_score"] == pytest.approx(
            silhouette_score(X, kmeans.labels_), abs=1e-4
        )
        assert body["n_clusters"] == kmeans.n_clusters
        elbow = client.get("/elbow", headers=user).json()
        for k, inertia in zip(elbow["k_range"], elbow["inertias"], strict=True):
            # Beyond the five groups there are many local optima, all about as good.
            tolerance = 1.001 if k <= 5 else 1.005
            assert inertia <= KMeans(k, n_init=10, random_state=0).fit(X).inertia_ * tolerance


class TestPublishedFigures:
    """Through the sweep that /train calls."""

    def test_mall(self, shared_data):
        mall = pd.read_csv(shared_data / "mall_customers.csv")
        X = StandardScaler().fit_transform(mall.iloc[:, [3, 4]])
        sweep = sweep_kmeans(X)
        at = sweep.k_range.index(5)
        assert sweep.best_k == 5
        assert sweep.silhouettes[at] == pytest.approx(0.5547, abs=0.001)
        assert sweep.inertias[at] == pytest.approx(65.57, abs=0.01)
        assert sorted(np.bincount(sweep.clusterings[at].labels)) == [22, 23, 35, 39, 81]

    def test_wholesale(self, shared_data):
        wholesale = pd.read_csv(shared_data / "wholesale_customers.csv")
        spends = [name for name in wholesale if name not in ("Channel", "Region")]
        sweep = sweep_kmeans(fit_features(wholesale, numeric=spends, transform="log").matrix)
        assert sweep.best_k == 2
        assert max(sweep.silhouettes) == pytest.approx(0.290, abs=0.001)


@pytest.mark.both_databases("one active version")
class TestVersions:
    def test_retraining_numbers_versions_and_keeps_ids_and_names(self, trained, user, settings):
        first = trained.get("/clusters", headers=user).json()
        names = [cluster["cluster_name"] for cluster in first["clusters"]]
        assert len(set(names)) == len(names)
        table = pd.read_csv(settings.customers_file)
        table.sample(frac=1, random_state=1).to_csv(settings.customers_file, index=False)
        assert trained.post("/train").json()["version"] == 2
        second = trained.get("/clusters", headers=user).json()
        for before, after in zip(first["clusters"], second["clusters"], strict=True):
            assert after == pytest.approx(before)
        one, two = versions(trained)
        assert (one.version, one.is_active) == (1, False)
        assert (two.version, two.is_active) == (2, True)
        assert one.directory != two.directory
        assert len(two.checksum) == 64
        history = trained.post("/predict", json=CUSTOMER, headers=user).json()
        assert history["model_version"] == 2

    def test_names_who_trained(self, client, accounts, settings):
        write_customers(settings, 60)
        analyst = accounts.make("analyst")
        client.post("/train", headers=analyst.headers)
        client.post("/train")
        assert [row.trained_by for row in versions(client)] == [analyst.username, None]

    def test_a_version_that_fails_to_be_stored_leaves_the_old_one(
        self, trained, user, settings, monkeypatch
    ):
        def fail(*_args, **_kwargs):
            raise sa.exc.OperationalError("UPDATE", {}, Exception("gone"))

        monkeypatch.setattr("app.services.training.make_active", fail)
        assert trained.post("/train").status_code == 503
        monkeypatch.undo()
        [row] = versions(trained)
        assert row.is_active
        assert trained.post("/predict", json=CUSTOMER, headers=user).json()["model_version"] == 1
        assert trained.post("/train").status_code == 200
        known = {row.directory for row in versions(trained)}
        there = {path.name for path in (settings.models_dir / "versions").iterdir()}
        assert there == known

    def test_the_schema_knows_one_active_version(self, trained):
        [row] = versions(trained)
        columns = [column.name for column in ModelVersion.__table__.columns]
        second = {name: getattr(row, name) for name in columns}
        second |= {"version": 2, "directory": "another"}
        assert second["is_active"]
        database = trained.app.state.resources.database
        with pytest.raises(sa.exc.IntegrityError), database.connect() as connection:
            connection.execute(sa.insert(ModelVersion).values(second))


class TestDamage:
    @pytest.mark.parametrize("file", ["manifest.json", "arrays.npz"])
    def test_a_replaced_file_is_never_unpickled(self, trained, user, accounts, settings, file):
        class Evil:
            def __reduce__(self):
                return (Path.touch, (settings.models_dir / "unpickled",))

        [row] = versions(trained)
        joblib.dump(Evil(), files_of(settings, row) / file)
        with TestClient(create_app(settings), raise_server_exceptions=False) as restarted:
            answer = restarted.post("/predict", json=CUSTOMER, headers=user)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert "train again" in answer.json()["detail"]
            assert restarted.get("/ready").status_code == 503
            assert not restarted.get("/ready").json()["model"]
            assert not (settings.models_dir / "unpickled").exists()
            assert restarted.post("/train").status_code == 200
            assert restarted.post("/predict", json=CUSTOMER, headers=user).status_code == 200
            assert restarted.get("/ready").json()["status"] == "ready"

    def test_a_missing_folder_is_503_until_the_next_training(self, trained, user, settings):
        [row] = versions(trained)
        files_of(settings, row).rename(settings.models_dir / "away")
        with TestClient(create_app(settings), raise_server_exceptions=False) as restarted:
            assert restarted.post("/predict", json=CUSTOMER, headers=user).status_code == 503
        (settings.models_dir / "away").rename(files_of(settings, row))
        with TestClient(create_app(settings), raise_server_exceptions=False) as restarted:
            assert restarted.post("/predict", json=CUSTOMER, headers=user).status_code == 200

    def test_a_restart_serves_the_same_model_and_publishes_its_files_again(
        self, trained, user, settings
    ):
        before = trained.post("/predict", json=CUSTOMER, headers=user).json()
        published = settings.models_dir / "kmeans.pkl"
        content = published.read_bytes()
        published.unlink()
        with TestClient(create_app(settings)) as restarted:
            assert restarted.post("/predict", json=CUSTOMER, headers=user).json() == before
        assert published.read_bytes() == content


@pytest.mark.both_databases("turns of trainings")
class TestSimultaneousTrainings:
    def test_calls_for_the_same_number_share_a_result_and_others_wait(
        self, client, settings, monkeypatch
    ):
        write_customers(settings, 60)
        started, go_on, running = Event(), Event(), []
        fit = training._fit

        def slow_fit(models, settings, order, report):
            running.append(order.n_clusters)
            started.set()
            assert go_on.wait(20)
            assert len(running) == len(set(running))
            return fit(models, settings, order, report)

        monkeypatch.setattr(training, "_fit", slow_fit)

        def train(n_clusters):
            return client.post("/train", json={"n_clusters": n_clusters}).json()

        with ThreadPoolExecutor(6) as pool:
            first = pool.submit(train, 3)
            assert started.wait(20)
            same = [pool.submit(train, 3) for _ in range(3)]
            other = pool.submit(train, 4)
            # The waiting calls must have arrived before the first one ends.
            assert not any(each.done() for each in [*same, other])
            Event().wait(0.3)
            go_on.set()
            answers = [each.result(30) for each in [first, *same]]
            assert {answer["version"] for answer in answers} == {answers[0]["version"]}
            assert {answer["n_clusters"] for answer in answers} == {3}
            assert other.result(30)["n_clusters"] == 4
        assert sorted(running) == [3, 4]
        assert [row.n_clusters for row in versions(client)] == [3, 4]
        assert [row.is_active for row in versions(client)] == [False, True]

    def test_readers_are_served_by_the_old_model_meanwhile(self, trained, user, monkeypatch):
        started, go_on = Event(), Event()
        fit = training._fit

        def slow_fit(*args):
            started.set()
            assert go_on.wait(20)
            return fit(*args)

        monkeypatch.setattr(training, "_fit", slow_fit)
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(trained.post, "/train")
            assert started.wait(20)
            meanwhile = trained.post("/predict", json=CUSTOMER, headers=user).json()
            assert meanwhile["model_version"] == 1
            assert trained.get("/live").status_code == 200
            go_on.set()
            assert second.result(30).json()["version"] == 2
        assert trained.post("/predict", json=CUSTOMER, headers=user).json()["model_version"] == 2


ASYNC = {"Prefer": "respond-async"}


@pytest.mark.both_databases("states that several processes change at once")
class TestTrainingAsAJob:
    @pytest.fixture
    def analyst(self, accounts):
        return accounts.make("analyst").headers

    def follow(self, client, headers, location: str) -> list[dict]:
        """What the job's stream of events tells, to its end."""
        with client.stream("GET", f"{location}/events", headers=headers) as stream:
            lines = stream.read().decode().splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]

    def test_tells_how_far_it_is_and_shares_its_result(
        self, client, settings, analyst, monkeypatch
    ):
        write_customers(settings, 60)
        fit, at_step = training._fit, Event()

        def watched_fit(models, settings, order, report):
            def watched(phase, percent):
                report(phase, percent)
                told.append((phase, percent))
                # The second call must have arrived before the first one ends.
                if phase.startswith("measuring"):
                    at_step.set()
                    Event().wait(0.3)

            told = phases.setdefault(len(phases), [])
            return fit(models, settings, order, watched)

        phases: dict[int, list[tuple[str, int]]] = {}
        monkeypatch.setattr(training, "_fit", watched_fit)
        form = {"n_clusters": 3, "activate": False}
        headers = {**analyst, **ASYNC}
        first = client.post("/train", json=form, headers=headers)
        assert first.status_code == 202
        assert at_step.wait(20)
        second = client.post("/train", json=form, headers=headers)
        ends = [
            self.follow(client, analyst, each.headers["Location"])[-1] for each in (first, second)
        ]
        assert [each["state"] for each in ends] == ["succeeded", "succeeded"]
        assert [each["location"] for each in ends] == ["/api/v1/models/1"] * 2
        (told,) = phases.values()
        assert told[0] == ("reading the customers", 2)
        assert ("trying numbers of segments, 4 of 9", 38) in told
        assert [percent for _, percent in told] == sorted(percent for _, percent in told)
        shown = client.get(ends[0]["location"], headers=analyst).json()
        assert (shown["n_clusters"], shown["is_active"]) == (3, False)

    def test_what_is_wrong_with_the_file_is_the_job_s_error(self, client, analyst):
        location = client.post("/train", headers={**analyst, **ASYNC}).headers["Location"]
        end = self.follow(client, analyst, location)[-1]
        assert end["state"] == "failed"
        assert "python generate_dataset.py" in end["error"]

    def test_cancelled_it_ends_at_its_next_step_and_keeps_nothing(
        self, client, settings, analyst, monkeypatch
    ):
        write_customers(settings, 60)
        fit, started, go_on = training._fit, Event(), Event()

        def slow_fit(*arguments):
            started.set()
            assert go_on.wait(20)
            return fit(*arguments)

        monkeypatch.setattr(training, "_fit", slow_fit)
        location = client.post("/train", headers={**analyst, **ASYNC}).headers["Location"]
        assert started.wait(20)
        assert client.delete(location, headers=analyst).json()["state"] == "cancelled"
        go_on.set()
        monkeypatch.undo()
        # It takes turns with the one that was cancelled.
        assert client.post("/train").json()["version"] == 1
        assert client.get(location, headers=analyst).json()["state"] == "cancelled"

    def test_who_is_nobody_waits_for_the_answer(self, client, settings):
        write_customers(settings, 60)
        assert client.post("/train", headers=ASYNC).json()["is_active"] is True
