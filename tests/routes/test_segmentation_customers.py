"""Looking into segmentations over HTTP: who may, what comes, and that figures agree."""

import csv
import io
import sqlite3
from base64 import b64encode

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from app.services.segmentations import work
from app.storage.customers import ROWS_FILE
from tests.routes.tables import train, upload

SEGMENTATIONS = "/api/v1/segmentations"


def content_of(n: int = 60) -> bytes:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C/{i:03}" for i in range(n)],
            "age": (rng.normal(0, 3, n) + np.repeat([25, 45, 65], n // 3)).round(1),
            "income": (rng.normal(0, 4, n) + np.repeat([20, 60, 100], n // 3)).round(1),
            "region": rng.choice(["North", "South"], n),
            "churned": rng.choice(["yes", "no"], n),
        }
    )
    return frame.to_csv(index=False).encode()


@pytest.fixture
def owner(accounts):
    return accounts.make("analyst")


@pytest.fixture
def run(client, owner):
    dataset = upload(client, owner, content_of(), "shop.csv")
    columns = ["age", "income", "region"]
    return train(client, owner, dataset["id"], algorithm="kmeans", columns=columns)


def get(client, account, run, path, *, status=200, **params):
    answer = client.get(
        f"{SEGMENTATIONS}/{run['segmentation_id']}/{path}", params=params, headers=account.headers
    )
    assert answer.status_code == status, answer.text[:500]
    return answer


def test_one_segmentation_is_looked_into_from_its_list_to_one_customer(client, owner, run) -> None:
    page = get(client, owner, run, "customers", sort="-income", limit=7).json()
    assert (page["total"], len(page["items"]), page["identified_by"]) == (60, 7, "customer_id")
    assert list(page["items"][0]["values"]) == ["age", "income", "region", "churned"]
    rest = get(
        client, owner, run, "customers", sort="-income", cursor=page["next_cursor"], limit=100
    ).json()
    incomes = [each["values"]["income"] for each in page["items"] + rest["items"]]
    assert len(incomes) == 60
    assert incomes == sorted(incomes, reverse=True)

    first = page["items"][0]
    segment = get(client, owner, run, f"segments/{first['segment']}").json()
    inside = get(client, owner, run, "customers", segment=first["segment"], limit=100).json()
    assert inside["total"] == segment["size"] == len(inside["items"])
    for column in segment["columns"]:
        sides = [
            sum(side["counts"]) + side["other"] + side["missing"]
            for side in (column["this"], column["rest"])
        ]
        assert sides == [segment["size"], 60 - segment["size"]]
    names = [column["name"] for column in segment["columns"]]
    assert sorted(names) == ["age", "churned", "income", "region"]
    assert names[0] in ("age", "income")
    income = next(column for column in segment["columns"] if column["name"] == "income")
    values = [each["values"]["income"] for each in inside["items"]]
    assert income["difference"]["value"] == pytest.approx(np.mean(values))
    assert segment["rule"]["precision"] > 0.8
    ids = {each["identifier"] for each in inside["items"]}
    assert {each["identifier"] for each in segment["typical"]} <= ids
    assert [each["share"] for each in segment["shares"]] == [segment["share"]]
    assert sum(each["share_of_borderline"] for each in segment["neighbours"]) == pytest.approx(1)
    assert segment["advice"]
    assert {each["segment"] for each in segment["advice"]} == {first["segment"]}

    one = get(client, owner, run, f"customers/{first['identifier']}").json()
    assert one["customer"] | {"values": {}} == first | {"values": {}}
    assert sum(each["probability"] for each in one["probabilities"]) == pytest.approx(1)
    nearest = min(one["probabilities"], key=lambda each: each["distance"])
    assert nearest["segment"] == first["segment"]
    change = one["smallest_change"]
    changed = {**one["customer"]["values"], change["column"]: change["to"]}
    placed = client.post(
        f"/api/v1/clustering/runs/{run['run_id']}/predict",
        json={"rows": [changed]},
        headers=owner.headers,
    ).json()["placements"][0]
    assert placed["cluster_name"] == change["segment_name"]
    assert one["history"] == [
        {"version": 1, "segment": first["segment"], "segment_name": first["segment_name"]}
    ]


def test_a_large_table_is_measured_while_it_is_trained(client, owner, monkeypatch) -> None:
    monkeypatch.setattr(work, "BLOCK_ROWS", 50)
    dataset = upload(client, owner, content_of(), "shop.csv")
    train(client, owner, dataset["id"], algorithm="kmeans", n_clusters=2)
    root = client.app.state.resources.datasets.store.root
    assert len(list(root.glob(f"*/run-*/{ROWS_FILE}"))) == 1


def test_the_owner_s_words_are_shown_everywhere(client, owner, run) -> None:
    before = get(client, owner, run, "segments/2").json()
    answer = client.patch(
        f"{SEGMENTATIONS}/{run['segmentation_id']}/segments/2",
        json={"name": "=Our best", "note": "Call first", "advice": "Invite them"},
        headers=owner.headers,
    )
    assert answer.status_code == 200, answer.text
    view = get(client, owner, run, "segments/2").json()
    assert (view["name"], view["automatic_name"]) == ("=Our best", before["name"])
    assert (view["note"], view["owner_advice"]) == ("Call first", "Invite them")
    assert "=Our best" in view["advice"][0]["text"]
    page = get(client, owner, run, "customers", segment=2).json()
    assert {each["segment_name"] for each in page["items"]} == {"=Our best"}
    rows = get(client, owner, run, "customers", segment=2, format="csv").content.decode()
    assert rows.splitlines()[1].split(",")[2] == "'=Our best"
    rules = get(client, owner, run, "insights").json()["rules"]
    assert [each["segment_name"] for each in rules if each["segment"] == 2] == ["=Our best"]
    other = get(client, owner, run, "segments/1").json()["neighbours"]
    assert "=Our best" in {each["name"] for each in other}


def test_insights_are_those_of_an_analysis(client, owner, run) -> None:
    found = get(client, owner, run, "insights").json()
    assert sum(found["feature_importance"].values()) == pytest.approx(1)
    assert found["accuracy"] > 0.9
    assert found["accuracy_by_chance"] == pytest.approx(1 / 3)
    assert len(found["rules"]) == 3
    rows = get(client, owner, run, "customers", limit=100).json()["items"]
    frame = pd.DataFrame([{**each["values"], "segment": each["segment"]} for each in rows])
    with sqlite3.connect(":memory:") as connection:
        frame.to_sql("customers", connection)
        for rule in found["rules"]:
            sql = f"SELECT count(*) FROM customers WHERE {rule['sql']}"
            assert connection.execute(sql).fetchone() == (rule["size"],)
    assert found == get(client, owner, run, "insights").json()
    assert {each["segment"] for each in found["recommendations"]} <= {1, 2, 3, None}


def test_a_form_knows_ranges_and_choices(client, owner, run) -> None:
    form = get(client, owner, run, "form").json()
    age, income, region = form["columns"]
    frame = pd.read_csv(io.BytesIO(content_of()))
    assert (age["kind"], age["low"], age["high"]) == (
        "number", frame["age"].min(), frame["age"].max(),
    )  # fmt: skip
    assert income["typical"] == pytest.approx(frame["income"].median())
    assert region["kind"] == "category"
    assert region["choices"] == frame["region"].value_counts().index.tolist()
    assert form["identifier"] == "customer_id"


def test_files_hold_the_list(client, owner, run) -> None:
    asked = {"where": "income:gt:50", "sort": "age"}
    items = get(client, owner, run, "customers", limit=100, **asked).json()["items"]
    ids = [each["identifier"] for each in items]
    text = get(client, owner, run, "customers", format="csv", **asked)
    assert text.headers["content-disposition"].startswith('attachment; filename="shop')
    rows = csv.DictReader(io.StringIO(text.content.decode("utf-8-sig")))
    assert [row["customer_id"] for row in rows] == ids
    parquet = get(client, owner, run, "customers", format="parquet", **asked)
    assert pq.read_table(io.BytesIO(parquet.content))["customer_id"].to_pylist() == ids
    sheet = pd.read_excel(
        io.BytesIO(get(client, owner, run, "customers", format="xlsx", **asked).content)
    )
    assert sheet["customer_id"].tolist() == ids


class TestSharing:
    @pytest.fixture
    def reader(self, client, accounts, owner, run):
        client.put(
            f"/api/v1/clustering/runs/{run['run_id']}/sharing",
            json={"visibility": "team"},
            headers=owner.headers,
        )
        answer = client.patch(
            f"{SEGMENTATIONS}/{run['segmentation_id']}",
            json={"visibility": "team"},
            headers=owner.headers,
        )
        assert answer.status_code == 200, answer.text
        return accounts.make("user")

    def test_a_private_segmentation_is_not_there_for_others(self, client, accounts, run) -> None:
        for path in ("customers", "customers/C/001", "segments/1", "insights", "form"):
            get(client, accounts.make("analyst"), run, path, status=404)

    def test_readers_see_the_used_columns_alone(self, client, reader, run) -> None:
        item = get(client, reader, run, "customers").json()["items"][0]
        assert list(item["values"]) == ["age", "income", "region"]
        assert item["identifier"] == "C/000"
        segment = get(client, reader, run, "segments/1").json()
        assert "churned" not in {each["name"] for each in segment["columns"]}
        one = get(client, reader, run, "customers/C/001").json()
        assert "churned" not in one["customer"]["values"]

    @pytest.mark.parametrize(
        "asked", [{"where": "churned:eq:yes"}, {"sort": "churned"}, {"fields": "churned"}]
    )
    def test_readers_cannot_ask_for_the_others(self, client, reader, run, asked) -> None:
        answer = get(client, reader, run, "customers", status=422, **asked).json()
        assert answer["detail"][0]["code"] == "unknown_column"
        assert get(client, reader, run, "customers", q="yes").json()["total"] == 0


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("customers/nobody", {}, 404, "not_found"),
        ("segments/99", {}, 404, "not_found"),
        ("customers", {"version": 9}, 404, "no_such_version"),
        ("customers", {"moved_since": 9}, 404, "no_such_version"),
        ("customers", {"segment": 99}, 422, "invalid_fields"),
        ("customers", {"where": "age:above:3"}, 422, "invalid_fields"),
        ("customers", {"cursor": "W10="}, 422, "invalid_fields"),
        ("customers", {"cursor": b64encode(b"[" * 1_490).decode()}, 422, "invalid_fields"),
        ("customers", {"sort": "nothing"}, 422, "invalid_fields"),
        ("customers", {"q": "a\0"}, 422, "invalid_fields"),
    ],
)
def test_what_is_not_there_is_said(client, owner, run, path, params, status, code) -> None:
    answer = get(client, owner, run, path, status=status, **params).json()
    assert answer["code"] == code


def test_who_moved_is_known_between_versions(client, owner, run) -> None:
    answer = client.post(
        f"{SEGMENTATIONS}/{run['segmentation_id']}/train",
        json={"n_clusters": 2},
        headers=owner.headers,
    )
    assert answer.status_code == 201, answer.text
    moved = get(client, owner, run, "customers", moved_since=1, limit=100).json()
    before = get(client, owner, run, "customers", version=1, limit=100).json()["items"]
    now = get(client, owner, run, "customers", limit=100).json()["items"]
    expected = [
        new["identifier"]
        for old, new in zip(before, now, strict=True)
        if old["segment"] != new["segment"]
    ]
    assert [each["identifier"] for each in moved["items"]] == expected
    history = get(client, owner, run, "customers/C/000").json()["history"]
    assert [each["version"] for each in history] == [1, 2]
    assert [each["segment"] for each in history] == [before[0]["segment"], now[0]["segment"]]
