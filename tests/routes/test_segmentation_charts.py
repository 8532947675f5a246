"""What charts of a segmentation are drawn from, over HTTP."""

import numpy as np
import pandas as pd
import pytest

from tests.routes.tables import train, upload

SEGMENTATIONS = "/api/v1/segmentations"
N = 90


def frame_of() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    age = (rng.normal(0, 3, N) + np.repeat([25, 45, 65], N // 3)).round(1)
    spent = rng.exponential(50, N).round(2)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C/{i:03}" for i in range(N)],
            "age": age,
            "income": (age * 2 + rng.normal(0, 2, N)).round(1),
            "spent": spent,
            "since": pd.date_range("2020-01-01", periods=N, freq="11D").strftime("%Y-%m-%d"),
            "region": rng.choice(["North", "South"], N),
        }
    )
    frame.loc[frame.index % 10 == 0, "spent"] = np.nan
    return frame


@pytest.fixture(scope="module")
def frame():
    return frame_of()


@pytest.fixture
def owner(accounts):
    return accounts.make("analyst")


@pytest.fixture
def run(client, owner, frame):
    dataset = upload(client, owner, frame.to_csv(index=False).encode(), "shop.csv")
    return train(
        client, owner, dataset["id"], algorithm="kmeans", n_clusters=3, columns=["age", "income"]
    )


@pytest.fixture
def segments(client, owner, run, frame):
    page = ask(client, owner, run, "customers", limit=N)
    found = {each["identifier"]: each["segment"] for each in page["items"]}
    return frame["customer_id"].map(found)


def ask(client, account, run, path, *, status=200, **params):
    answer = client.get(
        f"{SEGMENTATIONS}/{run['segmentation_id']}/{path}", params=params, headers=account.headers
    )
    assert answer.status_code == status, answer.text[:500]
    return answer.json()


class TestColumns:
    def test_names_every_column_but_the_identifier(self, client, owner, run):
        columns = ask(client, owner, run, "columns")
        assert {each["name"]: (each["kind"], each["used"]) for each in columns} == {
            "age": ("number", True),
            "income": ("number", True),
            "spent": ("number", False),
            "since": ("date", False),
            "region": ("category", False),
        }

    def test_keeps_to_its_owner_what_a_shared_run_does_not_show(self, client, accounts, owner, run):
        client.patch(
            f"{SEGMENTATIONS}/{run['segmentation_id']}",
            json={"visibility": "team"},
            headers=owner.headers,
        )
        other = accounts.make("analyst")
        columns = ask(client, other, run, "columns")
        assert [each["name"] for each in columns] == ["age", "income"]
        ask(client, other, run, "distribution", column="spent", status=422)
        ask(client, other, run, "points", x="age", y="spent", status=422)


class TestDistribution:
    def test_counts_a_column_that_was_not_used_in_each_segment(
        self, client, owner, run, frame, segments
    ):
        found = ask(client, owner, run, "distribution", column="spent")
        assert [each["segment"] for each in found["segments"]] == [1, 2, 3]
        for each in found["segments"]:
            spent = frame["spent"][segments == each["segment"]]
            low, high = found["edges"][0], found["edges"][-1]
            inner = np.histogram(spent.dropna().clip(low, high), found["edges"])[0]
            assert each["counts"] == inner.tolist()
            assert each["size"] == len(spent)
            assert each["missing"] == spent.isna().sum()
            assert each["mean"] == pytest.approx(spent.mean())
            assert sum(each["shares"]) == pytest.approx(1)

    def test_counts_categories_and_dates(self, client, owner, run, frame, segments):
        regions = ask(client, owner, run, "distribution", column="region")
        for each in regions["segments"]:
            counted = frame["region"][segments == each["segment"]].value_counts()
            shown = dict(zip(regions["levels"], each["counts"], strict=True))
            assert shown == counted.reindex(regions["levels"], fill_value=0).to_dict()
            assert each["mean"] is None
        dates = ask(client, owner, run, "distribution", column="since")
        assert dates["edges"][0] <= "2020-01-01"
        assert sum(sum(each["counts"]) for each in dates["segments"]) == N

    def test_refuses_a_column_that_is_not_there(self, client, owner, run):
        ask(client, owner, run, "distribution", column="churn", status=422)


class TestPoints:
    def test_are_the_customers_with_both_values(self, client, owner, run, frame, segments):
        found = ask(client, owner, run, "points", x="since", y="spent")
        known = frame.dropna(subset=["spent"])
        assert (found["n_customers"], found["n_missing"]) == (len(known), N - len(known))
        assert found["identifiers"] == known["customer_id"].tolist()
        assert found["ys"] == known["spent"].tolist()
        assert [each[:10] for each in found["xs"]] == known["since"].tolist()
        assert found["segments"] == segments[known.index].tolist()

    def test_a_column_may_be_drawn_against_itself(self, client, owner, run, frame):
        found = ask(client, owner, run, "points", x="age", y="age")
        assert found["xs"] == found["ys"] == frame["age"].tolist()

    def test_refuses_categories(self, client, owner, run):
        answer = ask(client, owner, run, "points", x="age", y="region", status=400)
        assert (answer["code"], answer["field"]) == ("not_on_an_axis", "y")

    def test_come_compressed_to_those_who_take_that(self, client, owner, run):
        address = f"{SEGMENTATIONS}/{run['segmentation_id']}/points?x=age&y=income"
        plain = client.get(address, headers=owner.headers | {"Accept-Encoding": "identity"})
        packed = client.get(address, headers=owner.headers | {"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
        assert packed.json() == plain.json()
        assert "Accept-Encoding" in packed.headers["Vary"]
