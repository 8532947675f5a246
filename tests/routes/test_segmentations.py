"""Segmentations last: they are named, shared, trained again, and their segments keep their ids."""

import os
import shutil

import numpy as np
import pytest

from tests.factories import CUSTOMER
from tests.routes.tables import SMALL, train, upload
from tests.routes.test_jobs import finished

SEGMENTATIONS = "/api/v1/segmentations"
RUNS = "/api/v1/clustering/runs"


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


def create(client, account, dataset_id, *, status=201, **fields):
    body = {"name": "Shop", "dataset_id": dataset_id, "algorithm": "kmeans", "n_clusters": 3}
    answer = client.post(SEGMENTATIONS, json=body | fields, headers=account.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def call(client, analyst):
    """Call below /api/v1/segmentations as the analyst, or as somebody else."""

    def call(method, path="", *, by=analyst, status=200, **sent):
        answer = client.request(method, f"{SEGMENTATIONS}{path}", headers=by.headers, **sent)
        assert answer.status_code == status, answer.text
        return answer.json()

    return call


@pytest.fixture
def shop(client, analyst):
    return create(client, analyst, upload(client, analyst)["id"])


def shuffled(content: bytes) -> bytes:
    """The same customers in another order, and a little older."""
    header, *lines = content.decode().split()
    older = []
    for line in lines:
        customer, age, *rest = line.split(",")
        older.append(",".join([customer, str(int(age) + 1), *rest]))
    return "\n".join([header, *older[::-1], ""]).encode()


class TestCreating:
    def test_it_has_the_first_version_active(self, shop, analyst):
        assert (shop["name"], shop["owner"], shop["kind"]) == ("Shop", analyst.username, "table")
        assert (shop["n_versions"], shop["visibility"], shop["is_owner"]) == (1, "private", True)
        version = shop["active_version"]
        assert (version["version"], version["is_active"], version["algorithm"]) == (
            1,
            True,
            "kmeans",
        )
        assert [each["lasting_id"] for each in version["segments"]] == [1, 2, 3]
        assert [each["id"] for each in version["segments"]] == [0, 1, 2]
        assert sum(each["size"] for each in version["segments"]) == version["n_customers"] == 60

    def test_it_is_automatic_unless_told_otherwise(self, client, call, analyst):
        dataset = upload(client, analyst)
        made = call("POST", json={"name": "A", "dataset_id": dataset["id"]}, status=201)
        assert made["recipe"]["name"] == "auto"

    def test_as_a_job(self, client, analyst, call):
        dataset = upload(client, analyst)
        prefer = {**analyst.headers, "Prefer": "respond-async"}
        body = {"name": "Later", "dataset_id": dataset["id"], "n_clusters": 3}
        answer = client.post(SEGMENTATIONS, json=body, headers=prefer)
        assert answer.status_code == 202
        job = finished(client, analyst, answer.headers["Location"])
        assert job["state"] == "succeeded", job
        assert client.get(job["location"], headers=analyst.headers).json()["version"] == 1

    @pytest.mark.parametrize("name", ["", "  ", "x" * 201, None])
    def test_a_name_is_needed(self, call, name):
        refused = call("POST", json={"name": name, "dataset_id": 1}, status=422)
        assert refused["field"] == "name"

    def test_somebody_else_s_dataset(self, client, accounts, analyst, call):
        other = accounts.make("analyst")
        dataset = upload(client, other)
        call("POST", json={"name": "A", "dataset_id": dataset["id"]}, status=404)


class TestRunsAreVersions:
    def test_runs_without_a_name_share_a_segmentation_named_after_the_table(
        self, client, analyst, call
    ):
        dataset = upload(client, analyst, SMALL, "spring customers.csv")
        first = train(client, analyst, dataset["id"])
        second = train(client, analyst, dataset["id"], n_clusters=4)
        assert first["segmentation_id"] == second["segmentation_id"]
        assert (first["version"], second["version"]) == (1, 2)
        found = call("GET", f"/{first['segmentation_id']}")
        assert (found["name"], found["n_versions"]) == ("spring customers", 2)
        assert found["active_version"]["run_id"] == second["run_id"]

    def test_a_name_makes_another(self, client, analyst, call):
        dataset = upload(client, analyst)
        train(client, analyst, dataset["id"])
        named = train(client, analyst, dataset["id"], name="Three groups")
        again = train(client, analyst, dataset["id"], segmentation_id=named["segmentation_id"])
        assert again["version"] == 2
        assert [each["name"] for each in call("GET", params={"sort": "name"})][1:] == [
            "table",
            "Three groups",
        ]
        both = {"segmentation_id": named["segmentation_id"], "name": "Both"}
        refused = train(client, analyst, dataset["id"], status=422, **both)
        assert refused["field"] == "name"

    def test_of_somebody_else_s(self, client, accounts, analyst, shop):
        other = accounts.make("analyst")
        dataset = upload(client, other)
        train(client, other, dataset["id"], status=404, segmentation_id=shop["id"])

    def test_the_last_one_deleted_takes_the_segmentation_along(self, client, analyst, shop, call):
        call("POST", f"/{shop['id']}/train", json={}, status=201)
        second, first = call("GET", f"/{shop['id']}/versions")
        client.delete(f"{RUNS}/{second['run_id']}", headers=analyst.headers)
        assert call("GET", f"/{shop['id']}")["active_version"]["version"] == first["version"]
        client.delete(f"{RUNS}/{first['run_id']}", headers=analyst.headers)
        call("GET", f"/{shop['id']}", status=404)

    def test_without_their_dataset(self, client, analyst, shop, call):
        other = upload(client, analyst, shuffled(SMALL))
        call("POST", f"/{shop['id']}/train", json={"dataset_id": other["id"]}, status=201)
        client.delete(f"/api/v1/datasets/{other['id']}", headers=analyst.headers)
        found = call("GET", f"/{shop['id']}")
        assert (found["n_versions"], found["dataset_id"]) == (1, shop["dataset_id"])
        assert found["active_version"]["version"] == 1


class TestVersions:
    def test_another_table_s_segments_live_on_by_their_customers(self, client, analyst, shop, call):
        other = upload(client, analyst, shuffled(SMALL))
        version = call("POST", f"/{shop['id']}/train", json={"dataset_id": other["id"]}, status=201)
        assert version["identified_by"] == "customer_id"
        assert version["is_active"] is True
        assert {each["lasting_id"] for each in version["segments"]} == {1, 2, 3}
        assert all(each["lived_on_from"] >= 0.5 for each in version["segments"])

    def test_a_candidate_waits_to_be_activated_and_goes_back(self, shop, call):
        body = {"n_clusters": 4, "activate": False}
        made = call("POST", f"/{shop['id']}/train", json=body, status=201)
        assert (made["version"], made["is_active"], made["n_segments"]) == (2, False, 4)
        assert call("GET", f"/{shop['id']}")["active_version"]["version"] == 1
        for version in (2, 1):
            call("POST", f"/{shop['id']}/versions/{version}/activate")
            assert call("GET", f"/{shop['id']}")["active_version"]["version"] == version

    def test_columns_that_are_missing(self, client, analyst, shop, call):
        narrow = "\n".join(line.rpartition(",")[0] for line in SMALL.decode().split()).encode()
        other = upload(client, analyst, narrow)
        refused = call("POST", f"/{shop['id']}/train", json={"dataset_id": other["id"]}, status=422)
        assert refused["field"] == "dataset_id"
        assert "region" in refused["detail"][0]["msg"]

    def test_a_version_that_is_not_there(self, shop, call):
        for method, rest in (("GET", ""), ("POST", "/activate")):
            refused = call(method, f"/{shop['id']}/versions/7{rest}", status=404)
            assert refused["code"] == "no_such_version"


def blobs(seed: int, centers: list[tuple[float, float]], *, customers: list[int]) -> bytes:
    """Customers of a few groups, whose values drift about while each stays in their own."""
    rng = np.random.default_rng(seed)
    lines = ["customer_id,spending,visits"]
    for customer in customers:
        spending, visits = centers[customer % len(centers)] + rng.normal(0, 1, 2)
        lines.append(f"C{customer:04d},{spending:.3f},{visits:.3f}")
    return "\n".join([*lines, ""]).encode()


class TestOwnersWords:
    def test_a_name_survives_ten_trainings_on_drifting_data_and_is_dropped_aloud(
        self, client, analyst, call
    ):
        def table(step: int, n_groups: int = 3) -> int:
            # Each time a twentieth of the customers is new, and the groups move on together.
            customers = list(range(3 * step, 3 * step + 60))
            centers = [(100 + 30 * i + 3 * step, 20 + 15 * (i % 2) - step) for i in range(3)]
            if n_groups == 1:
                # Nothing is left of the groups: all customers are alike but for chance.
                centers = [(500.0, 5.0)]
            return upload(client, analyst, blobs(step, centers, customers=customers))["id"]

        made = create(client, analyst, table(0))
        url = f"/{made['id']}"
        chosen = made["active_version"]["segments"][1]["lasting_id"]
        words = {"name": "Our regulars", "note": "Since spring", "advice": "Thank them"}
        call("PATCH", f"{url}/segments/{chosen}", json=words)
        for step in range(1, 11):
            version = call("POST", f"{url}/train", json={"dataset_id": table(step)}, status=201)
            found = {each["lasting_id"]: each for each in version["segments"]}[chosen]
            assert words.items() <= found.items()
            assert found["automatic_name"] != "Our regulars"
            assert "segment_gone" not in {each["code"] for each in version["warnings"]}
        version = call("POST", f"{url}/train", json={"dataset_id": table(11, 1)}, status=201)
        assert "Our regulars" not in {each["name"] for each in version["segments"]}
        told = [each["message"] for each in version["warnings"] if each["code"] == "segment_gone"]
        assert "Our regulars" in told[0]
        # Back on the old customers, the segment is what it was.
        version = call("POST", f"{url}/train", json={"dataset_id": table(10)}, status=201)
        assert "Our regulars" in {each["name"] for each in version["segments"]}

    def test_null_takes_a_word_back(self, shop, call):
        for name, shown in (
            ("Mine", "Mine"),
            (None, shop["active_version"]["segments"][0]["name"]),
        ):
            changed = call("PATCH", f"/{shop['id']}/segments/1", json={"name": name})
            assert changed["name"] == shown

    def test_two_segments_have_two_names(self, shop, call):
        taken = shop["active_version"]["segments"][1]["name"].upper()
        refused = call("PATCH", f"/{shop['id']}/segments/1", json={"name": taken}, status=422)
        assert (refused["field"], refused["detail"][0]["code"]) == ("name", "name_taken")

    def test_a_place_in_the_list(self, shop, call):
        call("PATCH", f"/{shop['id']}/segments/3", json={"position": 0})
        segments = call("GET", f"/{shop['id']}")["active_version"]["segments"]
        assert [each["lasting_id"] for each in segments] == [3, 1, 2]

    def test_a_segment_that_never_was(self, shop, call):
        call("PATCH", f"/{shop['id']}/segments/99", json={"name": "A"}, status=404)

    def test_are_the_owner_s_alone(self, accounts, shop, call):
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        other = accounts.make("analyst")
        call("PATCH", f"/{shop['id']}/segments/1", by=other, json={"name": "A"}, status=403)


ROW = {"age": 40, "annual_income": 55, "spending_score": 50, "gender": "F", "region": "N"}


class TestPlacing:
    def test_is_remembered_for_the_owner_and_whoever_asked(self, accounts, shop, call):
        user, other = accounts.make("user"), accounts.make("user")
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        placed = call("POST", f"/{shop['id']}/predict", by=user, json={"rows": [ROW, ROW]})
        assert (placed["version"], placed["n_rows"]) == (1, 2)
        assert placed["placements"][0]["lasting_id"] in (1, 2, 3)
        for somebody, n_seen in ((user, 2), (other, 0)):
            assert len(call("GET", f"/{shop['id']}/history", by=somebody)) == n_seen
        seen = call("GET", f"/{shop['id']}/history")
        assert [each["by"] for each in seen] == [user.username] * 2
        assert seen[0]["customer"]["age"] == 40

    def test_says_the_name_that_is_shown_now(self, shop, call):
        def names() -> set[str]:
            rows = call("POST", f"/{shop['id']}/predict", json={"rows": [ROW]})["placements"]
            return {each["segment_name"] for each in rows}

        names()
        for lasting_id, name in ((1, "One"), (2, "Two"), (3, "Three")):
            call("PATCH", f"/{shop['id']}/segments/{lasting_id}", json={"name": name})
        assert names() <= {"One", "Two", "Three"}

    def test_follows_the_active_version(self, shop, call):
        call("POST", f"/{shop['id']}/predict", json={"rows": [ROW]})
        call("POST", f"/{shop['id']}/train", json={"n_clusters": 2}, status=201)
        assert call("POST", f"/{shop['id']}/predict", json={"rows": [ROW]})["version"] == 2
        call("POST", f"/{shop['id']}/versions/1/activate")
        assert call("POST", f"/{shop['id']}/predict", json={"rows": [ROW]})["version"] == 1

    def test_a_row_that_needs_reading_is_placed_as_a_plain_one(self, shop, call):
        written = {**ROW, "age": "40", "annual_income": "55.0"}
        rows = [ROW, written]
        first, second = call("POST", f"/{shop['id']}/predict", json={"rows": rows})["placements"]
        (plain,) = call("POST", f"/{shop['id']}/predict", json={"rows": [ROW]})["placements"]
        assert {**second, "row": 1} == first == plain

    def test_who_may_not_any_more_is_refused_as_at_first(self, accounts, shop, call):
        user = accounts.make("user")
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        sent = {"json": {"rows": [ROW]}}
        first = call("POST", f"/{shop['id']}/predict", by=user, **sent)
        assert call("POST", f"/{shop['id']}/predict", by=user, **sent) == first
        call("PATCH", f"/{shop['id']}", json={"visibility": "private"})
        call("POST", f"/{shop['id']}/predict", **sent)
        call("POST", f"/{shop['id']}/predict", by=user, **sent, status=404)
        assert len(call("GET", f"/{shop['id']}/history")) == 3

    def test_columns_that_are_missing(self, shop, call):
        refused = call("POST", f"/{shop['id']}/predict", json={"rows": [{"age": 4}]}, status=422)
        assert refused["field"] == "rows"

    def test_drift_is_told(self, shop, call):
        few = call("GET", f"/{shop['id']}/drift")
        assert few["verdict"] == "too few predictions"
        rows = [{**ROW, "annual_income": 400 + i} for i in range(150)]
        call("POST", f"/{shop['id']}/predict", json={"rows": rows})
        found = call("GET", f"/{shop['id']}/drift")
        assert (found["verdict"], found["alarm"]) == ("retrain", True)
        by_name = {each["feature"]: each["drift"] for each in found["features"]}
        assert by_name["annual_income"] == "large"
        regions = {each["column"]: each["drift"] for each in found["categories"]}
        assert regions["region"] == "large"

    def test_in_the_core(self, trained, accounts, call):
        user = accounts.make("user")
        placed = call("POST", "/core/predict", by=user, json={"rows": [CUSTOMER]})
        told = trained.post("/predict", json=CUSTOMER, headers=user.headers).json()
        (found,) = placed["placements"]
        assert (found["segment"], found["segment_name"], found["confidence"]) == (
            told["cluster"],
            told["cluster_name"],
            told["confidence"],
        )
        assert len(call("GET", "/core/history", by=user)) == 2
        refused = call("POST", "/core/predict", json={"rows": [{"age": 4}]}, status=422)
        assert refused["field"] == "rows"


class TestComparing:
    def test_another_number_of_segments(self, shop, call):
        call("POST", f"/{shop['id']}/train", json={"n_clusters": 5}, status=201)
        found = call("GET", f"/{shop['id']}/versions/2/compare", params={"against": 1})
        assert (found["version"], found["against"]) == (2, 1)
        assert sum(map(sum, found["training"]["matrix"])) == 60
        assert found["customers_moved"]["n_moved"] == 0
        assert 0 < found["adjusted_rand_index"] < 1

    def test_a_version_with_itself(self, shop, call):
        found = call("GET", f"/{shop['id']}/versions/1/compare")
        assert (found["training"]["n_moved"], found["adjusted_rand_index"]) == (0, 1)

    def test_the_core_s_are_for_analysts(self, trained, accounts, call):
        user = accounts.make("user")
        call("GET", "/core/versions/1/compare", by=user, status=403)
        assert call("GET", "/core/versions/1/compare")["training"]["n_moved"] == 0


class TestSharing:
    def test_shares_the_description_of_columns_set_aside_and_not_their_values(
        self, client, accounts, analyst, call
    ):
        rng = np.random.default_rng(3)
        lines = ["customer_id,spending,visits,shoe"]
        for i in range(120):
            spending, visits = np.array([(20, 60), (90, 10)][i % 2]) + rng.normal(0, 2, 2)
            lines.append(f"C{i},{spending:.2f},{visits:.2f},{rng.uniform(36, 47):.1f}")
        dataset = upload(client, analyst, "\n".join([*lines, ""]).encode())
        options = {"relevance": "related", "visibility": "team"}
        made = create(client, analyst, dataset["id"], n_clusters=2, **options)
        user = accounts.make("user")
        run_id = made["active_version"]["run_id"]
        run = client.get(f"/api/v1/clustering/segments/{run_id}", headers=user.headers).json()
        assert "shoe" in run["profiles"][0]["means"]
        page = call("GET", f"/{made['id']}/customers", by=user)
        assert set(page["items"][0]["values"]) == {"spending", "visits"}
        columns = call("GET", f"/{made['id']}/segments/1", by=user)["columns"]
        assert {each["name"] for each in columns} == {"spending", "visits"}
        call("GET", f"/{made['id']}/customers", by=user, params={"where": "shoe:gt:40"}, status=422)

    def test_a_team_sees_it_and_does_not_change_it(self, accounts, shop, call):
        other, user = accounts.make("analyst"), accounts.make("user")
        for somebody in (other, user):
            call("GET", f"/{shop['id']}", by=somebody, status=404)
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        for somebody in (other, user):
            assert call("GET", f"/{shop['id']}", by=somebody)["is_owner"] is False
        refused = call("PATCH", f"/{shop['id']}", by=other, json={"name": "Mine"}, status=403)
        assert refused["code"] == "not_the_owner"
        call("DELETE", f"/{shop['id']}", by=other, status=403)

    def test_its_runs_are_shared_with_it(self, client, accounts, shop, call):
        user = accounts.make("user")
        url = f"/api/v1/clustering/segments/{shop['active_version']['run_id']}"
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        assert client.get(url, headers=user.headers).status_code == 200
        call("POST", f"/{shop['id']}/train", json={}, status=201)
        assert call("GET", f"/{shop['id']}/versions", by=user)[0]["version"] == 2
        call("PATCH", f"/{shop['id']}", json={"visibility": "private"})
        assert client.get(url, headers=user.headers).status_code == 404

    def share(self, client, account, run: int, visibility: str) -> None:
        url = f"/api/v1/clustering/runs/{run}/sharing"
        answer = client.put(url, json={"visibility": visibility}, headers=account.headers)
        assert answer.json()["visibility"] == visibility

    def test_a_run_that_is_private_again_is_so_everywhere(
        self, client, accounts, analyst, shop, call
    ):
        user, run = accounts.make("user"), shop["active_version"]["run_id"]
        call("PATCH", f"/{shop['id']}", json={"visibility": "team"})
        self.share(client, analyst, run, "private")
        call("GET", f"/{shop['id']}", by=user, status=404)
        call("GET", f"/{shop['id']}/customers", by=user, status=404)

    def test_making_it_private_takes_runs_that_were_shared_alone(
        self, client, accounts, analyst, shop, call
    ):
        user, run = accounts.make("user"), shop["active_version"]["run_id"]
        self.share(client, analyst, run, "team")
        url = f"/api/v1/clustering/segments/{run}"
        assert client.get(url, headers=user.headers).status_code == 200
        call("PATCH", f"/{shop['id']}", json={"visibility": "private"})
        assert client.get(url, headers=user.headers).status_code == 404

    def test_its_record_can_be_read_once_its_book_was_taken(self, client, analyst, shop, call):
        book = client.get(
            f"{SEGMENTATIONS}/{shop['id']}/report",
            params={"format": "html"},
            headers=analyst.headers,
        )
        assert book.status_code == 200
        assert [each["change"] for each in call("GET", f"/{shop['id']}/record")] == ["trained"]

    def test_an_administrator_sees_everyone_s(self, accounts, shop, call):
        boss = accounts.make("admin")
        assert call("GET", f"/{shop['id']}", by=boss)["is_owner"] is True


class TestChanging:
    def test_name_and_description(self, shop, call):
        changed = call("PATCH", f"/{shop['id']}", json={"name": " New ", "description": "Why"})
        assert (changed["name"], changed["description"]) == ("New", "Why")
        changed = call("PATCH", f"/{shop['id']}", json={"description": None})
        assert (changed["name"], changed["description"]) == ("New", None)

    def test_deleting(self, client, analyst, shop, call):
        call("DELETE", f"/{shop['id']}")
        call("GET", f"/{shop['id']}", status=404)
        runs = client.get(RUNS, headers=analyst.headers).json()
        assert runs == []
        assert client.get("/api/v1/datasets", headers=analyst.headers).json() != []


@pytest.mark.both_databases("searching and sorting")
class TestListing:
    def test_search_sort_and_page(self, client, analyst, call):
        dataset = upload(client, analyst, SMALL, "ÄRZTE.csv")["id"]
        beta = create(client, analyst, dataset, name="Beta", n_clusters=4)
        create(client, analyst, dataset, name="alpha", n_clusters=2, description="100%")

        def names(**wanted):
            return [each["name"] for each in call("GET", params=wanted) if each["kind"] == "table"]

        assert names() == ["alpha", "Beta"]
        assert names(sort="name") == ["alpha", "Beta"]
        assert names(sort="created_at") == ["Beta", "alpha"]
        assert names(sort="n_segments") == ["Beta", "alpha"]
        assert names(q="ärzte") == ["alpha", "Beta"]
        assert names(q="0%") == ["alpha"]
        assert names(q="%") == ["alpha"]
        assert names(visibility="team") == []
        call("GET", f"/{beta['id']}")
        assert names(sort="last_used") == ["Beta", "alpha"]
        answer = client.get(
            SEGMENTATIONS, params={"limit": 1, "skip": 1, "q": "a"}, headers=analyst.headers
        )
        assert answer.headers["X-Total-Count"] == "3"
        assert len(answer.json()) == 1


class TestTheCore:
    def test_is_a_segmentation_of_everyone_s(self, trained, accounts, call):
        user = accounts.make("user")
        core = call("GET", "/core", by=user)
        assert call("GET", f"/{core['id']}", by=user)["kind"] == "core"
        clusters = trained.get("/clusters", headers=user.headers).json()["clusters"]
        told = core["active_version"]["segments"]
        assert [each["name"] for each in told] == [each["cluster_name"] for each in clusters]

    def test_is_rolled_back_where_its_models_are(self, trained, accounts, call):
        trained.post("/train", json={"n_clusters": 3})
        assert [each["version"] for each in call("GET", "/core/versions")] == [2, 1]
        assert call("POST", "/core/versions/1/activate")["is_active"] is True
        assert trained.get("/api/v1/models/1", headers=accounts.make("analyst").headers).json()[
            "is_active"
        ]

    def test_cannot_be_deleted_or_hidden(self, accounts, call):
        boss = accounts.make("admin")
        call("DELETE", "/core", by=boss, status=400)
        refused = call("PATCH", "/core", by=boss, json={"visibility": "private"}, status=400)
        assert refused["field"] == "visibility"


def test_a_run_whose_worker_was_killed_before_its_row_is_swept_up(client, settings, shop, call):
    resources = client.app.state.resources
    (kept,) = settings.datasets_dir.glob("*/run-*")
    lost, new = kept.with_name("run-lost"), kept.with_name("run-new")
    for path in (lost, new):
        shutil.copytree(kept, path)
    for path in (lost, kept):
        os.utime(path, (0, 0))
    resources.tidy()
    assert not lost.exists()
    assert new.exists()
    assert call("GET", f"/{shop['id']}/customers")["total"] == 60
