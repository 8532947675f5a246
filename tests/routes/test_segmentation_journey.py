"""The whole journey of a table: segmented, named, placed with, trained again, rolled back."""

import csv
import io

import numpy as np
import pytest

from app.segmentation.synthesis import generate_customers
from tests.routes.matrices import head_of
from tests.routes.tables import ROWS, upload

SEGMENTATIONS = "/api/v1/segmentations"
ROWS_IN_SHORT = 400
GENERATED = "generated"
NO_IDENTIFIER = {"wholesale_customers.csv", "bank_additional_semicolon.csv"}
ORDERS = {"cdnow_sample.csv", "online_retail_semicolon_decimalcomma_bom.csv"}
"""Whose rows are no customers: their caller says that they are to be taken as such."""


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture
def call(client, analyst):
    def call(method, path="", *, by=analyst, status=200, headers=None, **sent):
        url = path if path.startswith("/api") else f"{SEGMENTATIONS}{path}"
        answer = client.request(method, url, headers={**by.headers, **(headers or {})}, **sent)
        assert answer.status_code == status, answer.text
        return answer

    return call


def changed(content: bytes) -> bytes:
    """The table a while later: the last tenth of its customers left."""
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: 1 + (len(lines) - 1) * 9 // 10])


@pytest.mark.parametrize("name", [GENERATED, *ROWS])
def test_a_table_goes_the_whole_way(request, client, analyst, call, whole_tables, name):
    if name == GENERATED:
        content = generate_customers(300, seed=4).to_csv(index=False).encode()
    else:
        shared = request.getfixturevalue("shared_data")
        content = head_of(shared / name, None if whole_tables else ROWS_IN_SHORT)
    file = name if name != GENERATED else "customers.csv"
    dataset = upload(client, analyst, content, file)
    asked = {"one_row_is": "customer", "n_clusters": 3, "algorithm": "kmeans"}

    # Segmented, and two segments renamed.
    body = {"name": "Journey", "dataset_id": dataset["id"], **asked}
    made = call("POST", json=body, status=201).json()
    url = f"/{made['id']}"
    first = made["active_version"]
    largest = sorted(first["segments"], key=lambda each: -each["size"])[:2]
    words = {"note": "Seen in spring", "advice": "Write to them", "position": 0}
    for segment, given in zip(largest, ({"name": "One", **words}, {"name": "Two"}), strict=True):
        changed_to = call("PATCH", f"{url}/segments/{segment['lasting_id']}", json=given).json()
        assert changed_to["name"] == given["name"]
        assert changed_to["automatic_name"] == segment["automatic_name"]
    shown = call("GET", url).json()["active_version"]["segments"]
    assert shown[0]["name"] == "One"
    assert {each["name"] for each in shown} > {"One", "Two"}

    # Looked into: the names are shown wherever the version is.
    run = first["run_id"]
    seen = call("GET", f"/api/v1/clustering/segments/{run}", params={"limit": 100}).json()
    names = {each["cluster"]: each["cluster_name"] for each in seen["profiles"]}
    assert set(names.values()) >= {"One", "Two"}
    assert {each["cluster_name"] for each in seen["assignments"]} <= set(names.values())

    # A file is placed, as JSON and as CSV, and its known customers are where they were.
    sent = {"content": content, "headers": {"Content-Type": "text/csv"}}
    placed = call("POST", f"{url}/predict", **sent).json()
    assert placed["version"] == 1
    agreed = [
        a["cluster"] == b["segment"]
        for a, b in zip(seen["assignments"], placed["placements"], strict=False)
    ]
    assert np.mean(agreed) == 1
    as_csv = {"Content-Type": "text/csv", "Accept": "text/csv"}
    told = call("POST", f"{url}/predict", content=content, headers=as_csv).text
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [row["segment_name"] for row in rows] == [
        each["segment_name"] for each in placed["placements"]
    ]
    history = call("GET", f"{url}/history", params={"limit": 5})
    assert history.headers["X-Total-Count"] == str(2 * len(rows))
    assert history.json()[0]["version"] == 1
    drift = call("GET", f"{url}/drift").json()
    assert (drift["verdict"], drift["n_predictions"]) == ("stable", 2 * len(rows))

    # A new version on changed data, compared, activated, and rolled back.
    later = upload(client, analyst, changed(content), file)
    body = {"dataset_id": later["id"], "one_row_is": "customer", "activate": False}
    second = call("POST", f"{url}/train", json=body, status=201).json()
    recognised = second["identified_by"] is not None
    named = {each["name"] for each in second["segments"]} & {"One", "Two"}
    codes = {each["code"] for each in second["warnings"]}
    if not recognised:
        assert not named
        assert {"customers_not_recognised", "segment_gone"} <= codes
    assert len(named) == 2 or "segment_gone" in codes
    compared = call("GET", f"{url}/versions/2/compare").json()
    assert (compared["version"], compared["against"]) == (2, 1)
    assert compared["training"]["n_customers"] == second["n_customers"]
    assert (compared["customers_moved"]["n_customers"] > 0) == recognised
    for version in (2, 1):
        call("POST", f"{url}/versions/{version}/activate")
        assert call("GET", url).json()["active_version"]["version"] == version

    # Taken away: the customers with the names that their owner gave.
    export = call("GET", f"/api/v1/clustering/segments/{run}", params={"format": "csv"}).text
    exported = list(csv.DictReader(io.StringIO(export.lstrip("\ufeff"))))
    assert len(exported) == first["n_customers"]
    assert {row.get("segment") or row["predicted_segment"] for row in exported} >= {"One", "Two"}
    record = [each["change"] for each in call("GET", f"{url}/record").json()]
    assert record == [
        "activated", "activated", "trained", "segment_changed", "segment_changed", "trained",
    ]  # fmt: skip
