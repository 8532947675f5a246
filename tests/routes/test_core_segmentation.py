"""The core's model as a segmentation like any other: its customers, segments and owner's words."""

import io

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from app.db.tables import ModelVersion
from app.segmentation.recipe import FEATURES
from app.storage.customers import ROWS_FILE
from app.storage.models import CUSTOMERS_FILE
from tests.factories import CUSTOMER

CORE = "/api/v1/segmentations/core"
CENTERS = [(25, 20, 20, 5), (45, 60, 80, 30), (65, 110, 30, 50)]
"""Of age, income, score and frequency."""


def customers(
    step: int = 0, *, n: int = 60, centers: list[tuple[int, ...]] = CENTERS
) -> pd.DataFrame:
    """Customers of a few groups that move on together; each time a twentieth of them is new."""
    rng = np.random.default_rng(step)
    ids = np.arange(3 * step, 3 * step + n)
    values = np.array([centers[each % len(centers)] for each in ids]) + rng.normal(0, 1, (n, 4))
    values += np.array([0.2, 1, 0.5, 0.3]) * step
    frame = pd.DataFrame(
        np.abs(values).round(1),
        columns=["Age", "Annual Income (k$)", "Spending Score", "Frequency"],
    )
    frame.insert(0, "Customer ID", [f"C{each:03d}" for each in ids])
    frame.insert(1, "Gender", np.where(ids % 2, "F", "M"))
    return frame.assign(Town=np.where(ids % 3, "Rome", "Oslo"), Basket=ids * 10)


@pytest.fixture
def train(client, settings):
    def train(frame: pd.DataFrame, **form) -> int:
        settings.customers_file.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(settings.customers_file, index=False)
        answer = client.post("/train", json=form)
        assert answer.status_code == 200, answer.text
        return answer.json()["version"]

    return train


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture
def call(client, analyst):
    def call(method, path="", *, by=analyst, status=200, **sent):
        answer = client.request(method, f"{CORE}{path}", headers=by.headers, **sent)
        assert answer.status_code == status, answer.text
        return answer.json()

    return call


class TestCustomers:
    def test_are_listed_with_all_columns_of_their_file(self, client, analyst, train, call):
        frame = customers().astype({"Age": object})
        frame.loc[4, "Age"] = ""
        train(frame, n_clusters=3)
        page = call("GET", "/customers")
        assert (page["total"], page["identified_by"]) == (60, "customer_id")
        assert page["items"][1]["values"] == {
            "sex": "Female",
            "age": frame["Age"][1],
            "annual_income": frame["Annual Income (k$)"][1],
            "spending_score": frame["Spending Score"][1],
            "purchase_frequency": frame["Frequency"][1],
            "Town": "Rome",
            "Basket": 10,
        }
        assert [each["identifier"] for each in page["items"][3:6]] == ["C003", "C004", "C005"]
        assert page["items"][4]["values"]["age"] is None
        # As `/predict` places each of them.
        first = page["items"][0]
        sent = {name: first["values"][name] for name in ("sex", *FEATURES)}
        whole = {"age": 25, "spending_score": 20, "purchase_frequency": 5}
        told = client.post("/predict", headers=analyst.headers, json=sent | whole).json()
        assert first["segment_name"] == told["cluster_name"]
        where = ["Basket:ge:300", "Town:eq:Oslo", "age:present:"]
        found = call("GET", "/customers", params={"where": where, "sort": "-Basket", "limit": 3})
        expected = frame[(frame["Basket"] >= 300) & (frame["Town"] == "Oslo")]
        assert found["total"] == len(expected)
        ids = expected["Customer ID"][::-1].tolist()
        assert [each["identifier"] for each in found["items"]] == ids[:3]
        params = {"where": where, "sort": "-Basket", "cursor": found["next_cursor"]}
        rest = call("GET", "/customers", params=params)
        assert [each["identifier"] for each in rest["items"]] == ids[3:]
        answer = client.get(
            f"{CORE}/customers", params={"format": "parquet"}, headers=analyst.headers
        )
        kept = pq.read_table(io.BytesIO(answer.content)).to_pandas()
        assert kept["customer_id"].tolist() == frame["Customer ID"].tolist()
        assert kept["age"].isna().sum() == 1

    def test_are_explained_one_by_one(self, train, call):
        train(customers(), n_clusters=3)
        train(customers(1), n_clusters=3)
        found = call("GET", "/customers/C007")
        assert found["customer"]["identifier"] == "C007"
        assert [each["version"] for each in found["history"]] == [1, 2]
        assert len({each["segment"] for each in found["history"]}) == 1
        assert sum(each["probability"] for each in found["probabilities"]) == pytest.approx(1)
        assert found["smallest_change"]["segment"] != found["customer"]["segment"]
        call("GET", "/customers/nobody", status=404)
        assert call("GET", "/customers", params={"moved_since": 1})["total"] == 0
        found = call("GET", "/versions/2/compare", params={"against": 1})
        moved = found["customers_moved"]
        # Three customers left, and as many joined.
        assert (moved["n_customers"], moved["n_joined"], moved["n_left"]) == (57, 3, 3)
        assert (moved["n_moved"], found["borders_moved"]["n_moved"]) == (0, 0)
        assert found["adjusted_rand_index"] == 1

    def test_are_for_analysts(self, accounts, train, call):
        train(customers(), n_clusters=3)
        user = accounts.make("user")
        points = "/points?x=age&y=annual_income"
        assert call("GET", points)["identifiers"][1] == "C001"
        for path in ("/customers", "/customers/C001", "/segments/0", points):
            refused = call("GET", path, by=user, status=403)
            assert refused["code"] == "role_required"
        for path in ("/insights", "/form"):
            call("GET", path, by=user)

    def test_of_a_version_that_an_earlier_release_stored(self, client, settings, train, call):
        frame = customers()
        train(frame, n_clusters=3)
        expected = call("GET", "/customers")["items"]
        told = call("GET", "/segments/1")
        database = client.app.state.resources.database
        with database.session() as session:
            row = session.get_one(ModelVersion, 1)
            row.report = {name: each for name, each in row.report.items() if name != "identity"}
            directory = settings.models_dir / "versions" / row.directory
        (directory / CUSTOMERS_FILE).unlink()
        (directory / ROWS_FILE).unlink()
        found = call("GET", "/customers")["items"]
        for each, then in zip(found, expected, strict=True):
            # It remembers the four columns and who it was.
            assert each["values"].items() <= then["values"].items()
            assert len(each["values"]) == 4
            assert {**each, "values": None} == {**then, "values": None}
        again = call("GET", "/segments/1")
        assert {each["name"] for each in told["columns"]} > {
            each["name"] for each in again["columns"]
        }
        (directory / CUSTOMERS_FILE).unlink()
        (directory / "manifest.json").unlink()
        client.app.state.resources.opening.core._kept.clear()
        refused = call("GET", "/customers", status=503)
        assert (refused["code"], "train again" in refused["detail"]) == ("damaged_version", True)


class TestSegments:
    def test_have_a_page_of_their_own(self, train, call):
        train(customers(), n_clusters=3)
        (own,) = [each for each in call("GET")["active_version"]["segments"] if each["id"] == 2]
        call("PATCH", f"/segments/{own['lasting_id']}", json={"name": "Best", "note": "Since May"})
        page = call("GET", f"/segments/{own['lasting_id']}")
        assert (page["name"], page["automatic_name"]) == ("Best", own["name"])
        assert (page["note"], page["size"]) == ("Since May", own["size"])
        columns = {each["name"]: each["used"] for each in page["columns"]}
        assert columns["annual_income"]
        assert not columns["Town"]
        assert page["rule"]["precision"] == 1
        assert {each["segment_name"] for each in page["typical"]} == {"Best"}
        assert page["advice"]
        assert page["neighbours"]
        insights = call("GET", "/insights")
        assert sum(insights["feature_importance"].values()) == pytest.approx(1)
        assert "Best" in {each["segment_name"] for each in insights["rules"]}
        form = call("GET", "/form")
        assert [each["name"] for each in form["columns"]] == [
            "age", "annual_income", "spending_score", "purchase_frequency",
        ]  # fmt: skip

    def test_are_named_everywhere_but_where_the_contract_names_them(
        self, client, analyst, train, call
    ):
        train(customers(), n_clusters=3)
        for lasting_id in range(3):
            call("PATCH", f"/segments/{lasting_id}", json={"name": f"Own {lasting_id}"})
        taken = call("PATCH", "/segments/1", json={"name": "own 2"}, status=422)
        assert taken["detail"][0]["code"] == "name_taken"

        def shown(path: str, **sent) -> set[str]:
            found = client.request("POST" if sent else "GET", path, headers=analyst.headers, **sent)
            return {f"Own {i}" for i in range(3) if f"Own {i}" in found.text}

        row = {"rows": [CUSTOMER]}
        assert len(shown(f"{CORE}/predict", json=row)) == 1
        assert len(shown(f"{CORE}/history")) == 1
        for path in (CORE, f"{CORE}/versions", f"{CORE}/customers?limit=60", f"{CORE}/insights"):
            assert len(shown(path)) == 3, path
        assert len(shown(f"{CORE}/report?format=html")) == 3
        assert len(shown(f"{CORE}/versions/1/compare")) == 3
        assert shown("/predict", json=CUSTOMER) == set()
        for path in ("/clusters", "/history", "/api/v1/models/1"):
            assert shown(path) == set(), path

    def test_keep_a_name_through_ten_trainings_and_lose_it_aloud(self, train, call):
        train(customers(), n_clusters=3)
        words = {"name": "Our regulars", "note": "Since spring", "position": 0}
        call("PATCH", "/segments/1", json=words)
        for step in range(1, 11):
            train(customers(step), n_clusters=3)
            version = call("GET")["active_version"]
            first = version["segments"][0]
            assert words.items() <= first.items()
            assert first["lasting_id"] == 1
            assert first["lived_on_from"] > 0.9
            assert "segment_gone" not in {each["code"] for each in version["warnings"]}
        rng = np.random.default_rng(5)
        other = customers(11)
        other.iloc[:, 2:6] = rng.uniform(20, 90, (60, 4)).round(1)
        train(other, n_clusters=2)
        version = call("GET")["active_version"]
        assert "Our regulars" not in {each["name"] for each in version["segments"]}
        told = [each["message"] for each in version["warnings"] if each["code"] == "segment_gone"]
        assert "Our regulars" in told[0]
        # Its number lives on where the contract counts, and is another segment.
        assert [each["id"] for each in version["segments"]] == [0, 1]
        assert 1 not in {each["lasting_id"] for each in version["segments"]}
        call("GET", "/segments/1", status=404)
        # Back on the old customers, the segment is what it was.
        train(customers(10), n_clusters=3)
        assert call("GET")["active_version"]["segments"][0]["name"] == "Our regulars"
