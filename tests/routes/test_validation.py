"""Whether segments are real, asked of a dataset's run and of the core's model."""

import io

import numpy as np
import openpyxl
import pytest

from app.segmentation.synthesis import generate_customers
from app.services import validating
from tests.routes.test_jobs import finished

CSV = b"id,income,spending\n"


def three_groups() -> bytes:
    rng = np.random.default_rng(0)
    group = np.arange(150) % 3
    income = rng.normal(np.array([20, 55, 90])[group], 3)
    spending = rng.normal(np.array([80, 20, 75])[group], 3)
    rows = [f"{i},{a:.1f},{b:.1f}" for i, (a, b) in enumerate(zip(income, spending, strict=True))]
    return CSV + "\n".join(rows).encode()


class TestRunsOfDatasets:
    @pytest.mark.parametrize("algorithm", ["hierarchical", "kmeans", "dbscan", "hdbscan"])
    def test_are_validated_where_they_are_asked_to_be(self, client, accounts, algorithm) -> None:
        headers = accounts.make("analyst").headers
        uploaded = client.post(
            "/api/v1/datasets/upload", files={"file": ("c.csv", three_groups())}, headers=headers
        ).json()
        asked = {"dataset_id": uploaded["id"], "algorithm": algorithm, "n_clusters": "auto"}
        plain = client.post("/api/v1/clustering/train", json=asked, headers=headers)
        assert plain.json()["validation"] is None
        run = client.post(
            "/api/v1/clustering/train", json={**asked, "validate": True}, headers=headers
        )
        assert run.status_code == 201, run.text
        validation = run.json()["validation"]
        assert validation["structure"]["verdict"] == "strong"
        assert validation["stability"]["weakest"] > 0.85
        assert validation["certainty"]["best_n_clusters"] == 3
        assert all(rule["precision"] > 0.9 for rule in validation["rules"])
        listed = client.get(f"/api/v1/clustering/runs/{uploaded['id']}", headers=headers).json()
        assert listed[0]["validation"] == validation

    def test_of_projected_categories_are_judged_before_the_projection(
        self, client, accounts
    ) -> None:
        headers = accounts.make("analyst").headers
        rng = np.random.default_rng(1)
        rows = [
            f"{i},{x:.3f},{'abc'[i % 3]},{'xy'[i % 2]}" for i, x in enumerate(rng.normal(size=300))
        ]
        file = ("c.csv", b"id,size,plan,device\n" + "\n".join(rows).encode())
        dataset = client.post(
            "/api/v1/datasets/upload", files={"file": file}, headers=headers
        ).json()
        asked = {"dataset_id": dataset["id"], "n_clusters": 3, "use_pca": True, "validate": True}
        run = client.post("/api/v1/clustering/train", json=asked, headers=headers).json()
        assert run["validation"]["structure"]["verdict"] == "none"
        path = f"/api/v1/clustering/segments/{run['run_id']}?format=xlsx"
        book = openpyxl.load_workbook(io.BytesIO(client.get(path, headers=headers).content))
        told = dict(book["How"].iter_rows(values_only=True))
        assert told["Structure"] == f"none: {run['validation']['structure']['sentence']}"
        assert told["Principal components"] == 2


class TestTheModel:
    def test_is_validated_on_request(self, trained, accounts) -> None:
        headers = accounts.make("analyst").headers
        plain = trained.get("/api/v1/models/1", headers=headers).json()
        assert plain["validation"] is None
        first = trained.get("/api/v1/models/1?validate=true", headers=headers)
        assert first.status_code == 200, first.text
        model = first.json()
        validation = model["validation"]
        segments = validation["stability"]["segments"]
        assert len(segments) == len(validation["rules"]) == model["n_clusters"]
        assert validation["structure"]["n_samples"] == 500
        again = trained.get("/api/v1/models/1?validate=true", headers=headers)
        assert again.json() == model
        assert trained.get("/api/v1/models/9?validate=true", headers=headers).status_code == 404

    def test_with_many_customers_is_a_job_that_is_done_once(
        self, trained, accounts, monkeypatch
    ) -> None:
        monkeypatch.setattr(validating, "CUSTOMERS_HERE", 499)
        analyst = accounts.make("analyst")
        path = "/api/v1/models/1?validate=true"
        asked = [trained.get(path, headers=analyst.headers) for _ in range(2)]
        assert {answer.status_code for answer in asked} == {202}
        assert asked[0].json()["id"] == asked[1].json()["id"]
        job = finished(trained, analyst, asked[0].headers["Location"])
        assert (job["state"], job["location"]) == ("succeeded", "/api/v1/models/1")
        model = trained.get(path, headers=accounts.make("analyst").headers)
        assert model.status_code == 200
        assert model.json()["validation"]["structure"]["n_samples"] == 500

    def test_is_asked_again_by_another_release(self, trained, accounts, monkeypatch) -> None:
        headers = accounts.make("analyst").headers
        trained.get("/api/v1/models/1?validate=true", headers=headers)
        monkeypatch.setattr(validating, "VERSION", "another")
        monkeypatch.setattr(validating, "CUSTOMERS_HERE", 499)
        again = trained.get("/api/v1/models/1?validate=true", headers=headers)
        assert again.status_code == 202

    def test_has_rules_that_select_its_training_customers(
        self, trained, accounts, customers_file
    ) -> None:
        headers = accounts.make("analyst").headers
        model = trained.get("/api/v1/models/1?validate=true", headers=headers).json()
        customers = generate_customers(500, seed=7)
        for rule in model["validation"]["rules"]:
            if rule["text"] == "every customer":
                continue
            conditions = rule["text"].split(" and ")
            assert len(customers.query(" and ".join(conditions))) == pytest.approx(
                rule["size"], abs=0.05 * len(customers)
            )
