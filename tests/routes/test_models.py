"""Model versions through the API: candidates, comparison, roll-back, drift, the map."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.segmentation.synthesis import generate_customers
from tests.factories import CUSTOMER, Account, Accounts


@pytest.fixture
def analyst(accounts: Accounts) -> Account:
    return accounts.make("analyst")


def train_candidate(client: TestClient, analyst: Account) -> int:
    answer = client.post("/train", json={"activate": False}, headers=analyst.headers)
    assert answer.status_code == 200
    version: int = answer.json()["version"]
    return version


@pytest.mark.both_databases("which version is active")
class TestCandidates:
    def test_a_candidate_changes_nothing_until_it_is_activated(
        self, trained: TestClient, analyst: Account
    ) -> None:
        before = trained.post("/predict", json=CUSTOMER, headers=analyst.headers).json()
        candidate = train_candidate(trained, analyst)

        unchanged = trained.post("/predict", json=CUSTOMER, headers=analyst.headers).json()
        assert unchanged["model_version"] == before["model_version"] != candidate

        answer = trained.post(f"/api/v1/models/{candidate}/activate", headers=analyst.headers)
        assert answer.status_code == 200
        assert answer.json()["is_active"] is True
        changed = trained.post("/predict", json=CUSTOMER, headers=analyst.headers).json()
        assert changed["model_version"] == candidate

    def test_a_candidate_needs_an_analyst_though_training_is_public(
        self, client: TestClient, accounts: Accounts, customers_file: Path
    ) -> None:
        body = {"activate": False}
        assert client.post("/train", json=body).status_code == 401
        user = accounts.make("user")
        assert client.post("/train", json=body, headers=user.headers).status_code == 403

    def test_rolling_back_serves_the_older_version_and_publishes_its_files(
        self, trained: TestClient, analyst: Account, settings: Settings
    ) -> None:
        first = (settings.models_dir / "kmeans.pkl").read_bytes()
        assert trained.post("/train", json={"n_clusters": 3}).json()["version"] == 2
        assert (settings.models_dir / "kmeans.pkl").read_bytes() != first

        trained.post("/api/v1/models/1/activate", headers=analyst.headers)

        assert (settings.models_dir / "kmeans.pkl").read_bytes() == first
        listed = trained.get("/api/v1/models", headers=analyst.headers).json()
        assert [(row["version"], row["is_active"]) for row in listed["models"]] == [
            (2, False),
            (1, True),
        ]

    def test_history_rows_keep_the_version_that_made_them(
        self, trained: TestClient, analyst: Account
    ) -> None:
        trained.post("/predict", json=CUSTOMER, headers=analyst.headers)
        trained.post("/train", json={"n_clusters": 3})
        trained.post("/predict", json=CUSTOMER, headers=analyst.headers)
        rows = trained.get("/history", headers=analyst.headers).json()["history"]
        assert [row["model_version"] for row in rows] == [2, 1]

    def test_a_version_whose_files_are_damaged_is_not_activated(
        self, trained: TestClient, analyst: Account, settings: Settings
    ) -> None:
        kept = settings.models_dir / "versions"
        before = set(kept.iterdir())
        candidate = train_candidate(trained, analyst)
        (its_own,) = set(kept.iterdir()) - before
        (its_own / "manifest.json").write_bytes(b"something else")

        answer = trained.post(f"/api/v1/models/{candidate}/activate", headers=analyst.headers)

        assert answer.status_code == 400
        assert trained.post("/predict", json=CUSTOMER, headers=analyst.headers).status_code == 200

    def test_an_unknown_version_is_not_found(self, trained: TestClient, analyst: Account) -> None:
        for method, path in (
            ("GET", ""),
            ("POST", "/activate"),
            ("GET", "/compare"),
            ("GET", "/drift"),
            ("GET", "/points"),
        ):
            answer = trained.request(method, f"/api/v1/models/99{path}", headers=analyst.headers)
            assert answer.status_code == 404, path

    def test_a_version_shows_its_segments_sweep_and_successors(
        self, trained: TestClient, analyst: Account
    ) -> None:
        trained.post("/train")
        shown = trained.get("/api/v1/models/2", headers=analyst.headers).json()
        assert len(shown["segments"]) == shown["n_clusters"]
        assert shown["sweep"]["k_range"] == list(range(2, 11))
        assert [match["old_id"] for match in shown["matches"]] == [
            match["new_id"] for match in shown["matches"]
        ]


class TestCompare:
    def test_the_same_customers_again_move_nobody(
        self, trained: TestClient, analyst: Account
    ) -> None:
        candidate = train_candidate(trained, analyst)
        compared = trained.get(
            f"/api/v1/models/{candidate}/compare", headers=analyst.headers
        ).json()
        assert compared["training"]["n_moved"] == 0
        assert {segment["change"] for segment in compared["segments"]} == {"kept"}
        assert "every segment stays" in compared["summary"]

    def test_a_sixth_group_is_told_as_new_and_the_others_stay(
        self, trained: TestClient, analyst: Account, customers_file: Path
    ) -> None:
        grown = pd.concat([pd.read_csv(customers_file), sixth_group(150)])
        grown.to_csv(customers_file, index=False)
        answer = trained.post(
            "/train", json={"activate": False, "n_clusters": 6}, headers=analyst.headers
        )
        compared = trained.get(
            f"/api/v1/models/{answer.json()['version']}/compare", headers=analyst.headers
        ).json()

        changes = [segment["change"] for segment in compared["segments"]]
        assert changes.count("new") == 1
        assert "gone" not in changes
        assert compared["customers_moved"]["n_joined"] == 150
        assert compared["customers_moved"]["n_left"] == 0
        assert compared["customers_moved"]["n_moved"] == 0
        assert compared["borders_moved"]["n_customers"] == 500
        assert sum(map(sum, compared["training"]["matrix"])) == 650

    def test_a_group_that_shrinks_away_is_told_as_gone(
        self, client: TestClient, accounts: Accounts, settings: Settings
    ) -> None:
        analyst = accounts.make("analyst")
        settings.customers_file.parent.mkdir(parents=True)
        everyone = generate_customers(1000, seed=3)
        everyone.to_csv(settings.customers_file, index=False)
        assert client.post("/train").json()["n_clusters"] == 5
        clusters = client.get("/clusters", headers=analyst.headers).json()["clusters"]
        richest = max(clusters, key=lambda each: each["avg_income"])
        points = client.get("/api/v1/models/1/points", headers=analyst.headers).json()
        staying = np.array(points["cluster"]) != richest["cluster_id"]
        everyone[staying].to_csv(settings.customers_file, index=False)

        answer = client.post(
            "/train", json={"activate": False, "n_clusters": 4}, headers=analyst.headers
        )
        compared = client.get(
            f"/api/v1/models/{answer.json()['version']}/compare", headers=analyst.headers
        ).json()

        gone = [each["old_name"] for each in compared["segments"] if each["change"] == "gone"]
        assert gone == [richest["cluster_name"]]
        assert compared["customers_moved"]["n_left"] == richest["size"]

    def test_customers_who_changed_are_told_apart_from_borders_that_moved(
        self, trained: TestClient, analyst: Account, customers_file: Path
    ) -> None:
        table = pd.read_csv(customers_file)
        poorest = table.nsmallest(40, "annual_income").index
        richest = table.nlargest(40, "annual_income").index
        columns = ["age", "annual_income", "spending_score", "purchase_frequency"]
        table.loc[poorest, columns] = table.loc[richest, columns].to_numpy()
        table.to_csv(customers_file, index=False)

        candidate = train_candidate(trained, analyst)
        compared = trained.get(
            f"/api/v1/models/{candidate}/compare", headers=analyst.headers
        ).json()

        assert compared["customers_moved"]["n_moved"] >= 35
        assert compared["borders_moved"]["n_moved"] < 35
        assert "changed so much themselves" in compared["customers_moved"]["sentence"]

    def test_customers_without_ids_are_not_taken_for_others(
        self, trained: TestClient, analyst: Account, customers_file: Path
    ) -> None:
        table = pd.read_csv(customers_file).drop(columns="customer_id")
        table.to_csv(customers_file, index=False)
        trained.post("/train")
        table.sample(frac=1, random_state=0).to_csv(customers_file, index=False)
        candidate = train_candidate(trained, analyst)
        compared = trained.get(
            f"/api/v1/models/{candidate}/compare", headers=analyst.headers
        ).json()
        assert compared["customers_moved"]["n_moved"] == 0
        assert "customers cannot be matched" in compared["customers_moved"]["sentence"]

    def test_a_name_that_other_customers_bear_now_is_neither_new_nor_gone(
        self, trained: TestClient, analyst: Account
    ) -> None:
        answer = trained.post(
            "/train", json={"activate": False, "n_clusters": 15}, headers=analyst.headers
        )
        compared = trained.get(
            f"/api/v1/models/{answer.json()['version']}/compare", headers=analyst.headers
        ).json()
        told = dict(part.split(": ", 1) for part in compared["summary"].rstrip(".").split("; ")[1:])
        new, gone = (set(told.get(key, "").split(", ")) - {""} for key in ("new", "gone"))
        assert new
        assert not new & gone

    def test_recent_predictions_are_counted_too(
        self, trained: TestClient, analyst: Account
    ) -> None:
        for _ in range(3):
            trained.post("/predict", json=CUSTOMER, headers=analyst.headers)
        trained.post("/train", json={"n_clusters": 3})
        compared = trained.get(
            "/api/v1/models/2/compare", params={"against": 1}, headers=analyst.headers
        ).json()
        assert compared["history"]["n_customers"] == 3
        assert sum(map(sum, compared["history"]["matrix"])) == 3


@pytest.mark.both_databases("JSON that is read by the thousand")
class TestDrift:
    def predict_many(self, client: TestClient, account: Account, customers: pd.DataFrame) -> None:
        for customer in customers.drop(columns="customer_id").to_dict("records"):
            answer = client.post("/predict", json=customer, headers=account.headers)
            assert answer.status_code == 200

    def test_few_predictions_say_nothing(self, trained: TestClient, analyst: Account) -> None:
        drift = trained.get("/api/v1/models/1/drift", headers=analyst.headers).json()
        assert drift["verdict"] == "too few predictions"
        assert drift["features"] == []

    def test_customers_like_those_of_the_training_are_stable(
        self, trained: TestClient, analyst: Account
    ) -> None:
        self.predict_many(trained, analyst, generate_customers(250, seed=8))
        drift = trained.get("/api/v1/models/1/drift", headers=analyst.headers).json()
        assert drift["verdict"] == "stable"
        assert "no need to retrain" in drift["sentence"]

    def test_older_customers_call_for_retraining_and_name_the_feature(
        self, trained: TestClient, analyst: Account
    ) -> None:
        customers = generate_customers(120, seed=8)
        customers["age"] = (customers["age"] + 25).clip(upper=100)
        self.predict_many(trained, analyst, customers)
        drift = trained.get("/api/v1/models/1/drift", headers=analyst.headers).json()
        by_feature = {each["feature"]: each["drift"] for each in drift["features"]}
        assert drift["verdict"] == "retrain"
        assert by_feature["age"] == "large"
        assert by_feature["annual_income"] == "none"
        assert "age" in drift["sentence"]


class TestPoints:
    def test_only_analysts_see_the_customers_of_other_versions(
        self, trained: TestClient, accounts: Accounts
    ) -> None:
        trained.post("/train")
        user, analyst = accounts.make("user"), accounts.make("analyst")
        path = "/api/v1/models/1/points"
        assert trained.get(path, headers=user.headers).status_code == 403
        assert trained.get(path, headers=analyst.headers).status_code == 200

    def test_the_map_has_every_training_customer_with_the_segment_they_are_placed_in(
        self, trained: TestClient, accounts: Accounts
    ) -> None:
        user = accounts.make("user")
        points = trained.get("/api/v1/models/1/points", headers=user.headers).json()
        clusters = trained.get("/clusters", headers=user.headers).json()["clusters"]
        counted = np.bincount(points["cluster"])
        assert counted.tolist() == [cluster["size"] for cluster in clusters]
        assert len(points["age"]) == points["n_customers"] == 500


def sixth_group(rows: int) -> pd.DataFrame:
    """Return customers unlike every generated group: old, poor, and buying all the time."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "customer_id": [f"new-{row}" for row in range(rows)],
            "sex": "Female",
            "age": rng.integers(66, 71, rows),
            "annual_income": rng.normal(18, 2, rows).clip(15).round(1),
            "spending_score": rng.integers(94, 101, rows),
            "purchase_frequency": rng.integers(46, 51, rows),
        }
    )
