"""`GET /api/v1/clustering/segments/{run_id}/usefulness`."""

import pytest

from tests.routes.tables import train, upload

SEGMENTS = "/api/v1/clustering/segments"


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture
def run(client, analyst):
    dataset = upload(client, analyst)
    return train(client, analyst, dataset["id"], columns=["annual_income", "spending_score"])


def ask(client, account, run, *, status=200, **params):
    answer = client.get(
        f"{SEGMENTS}/{run['run_id']}/usefulness", params=params, headers=account.headers
    )
    assert answer.status_code == status, answer.text
    return answer.json()


class TestUsefulness:
    def test_compares_a_column_that_was_not_clustered_on(self, client, analyst, run):
        told = ask(client, analyst, run, column="gender")
        assert (told["kind"], told["measure"]) == ("category", "cramers_v")
        assert [each["cluster_name"] for each in told["segments"]] == run["cluster_names"]
        assert [each["size"] for each in told["segments"]] == run["cluster_sizes"]
        assert told["n_customers"] == 60
        assert "gender" in told["sentence"]
        ages = ask(client, analyst, run, column="age")
        assert (ages["kind"], ages["measure"], ages["value"]) == ("number", "eta_squared", None)

    def test_a_version_of_the_segmentation_tells_the_same(self, client, analyst, run):
        told = ask(client, analyst, run, column="gender")
        answer = client.get(
            f"/api/v1/segmentations/{run['segmentation_id']}/usefulness",
            params={"column": "gender"},
            headers=analyst.headers,
        )
        assert answer.json() == told
        assert [each["lasting_id"] for each in told["segments"]] == [1, 2, 3]

    def test_compares_the_category_that_is_named(self, client, analyst, run):
        told = ask(client, analyst, run, column="region", value="W")
        assert (told["value"], told["overall"]) == ("W", 0.25)
        answer = ask(client, analyst, run, column="region", value="X", status=400)
        assert answer["field"] == "value"

    @pytest.mark.parametrize(
        ("column", "code"),
        [
            ("annual_income", "clustered_on"),
            ("customer_id", "unusable_column"),
            ("churn", "unknown_column"),
        ],
    )
    def test_refuses_what_says_nothing(self, client, analyst, run, column, code):
        answer = ask(client, analyst, run, column=column, status=400)
        assert (answer["code"], answer["field"]) == (code, "column")

    def test_a_column_must_be_named(self, client, analyst, run):
        ask(client, analyst, run, status=422)

    def test_columns_that_a_shared_run_does_not_show_stay_their_owners(
        self, client, accounts, analyst, run
    ):
        client.put(
            f"/api/v1/clustering/runs/{run['run_id']}/sharing",
            json={"visibility": "team"},
            headers=analyst.headers,
        )
        other = accounts.make("analyst")
        absent = ask(client, other, run, column="churn", status=400)
        hidden = ask(client, other, run, column="gender", status=400)
        assert hidden["code"] == absent["code"] == "unknown_column"

    def test_someone_elses_run_is_not_found(self, client, accounts, run):
        ask(client, accounts.make("analyst"), run, column="gender", status=404)
