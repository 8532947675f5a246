import json
import re
import time

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.schemas.analysis import AnalysisOptions

EXAMPLE = [
    {"id": 1, "age": 35, "gender": "Male", "income": 75000, "purchases": 12, "region": "North"},
    {"id": 2, "age": 52, "gender": "Female", "income": 48000, "purchases": 4, "region": "South"},
    {"id": 3, "age": 29, "gender": "Female", "income": 71000, "purchases": 15, "region": "North"},
    {"id": 4, "age": 57, "gender": "Male", "income": 45500, "purchases": 3, "region": "South"},
]


def records(n: int = 120, seed: int = 0) -> list[dict[str, object]]:
    """Three groups far apart, of records of several shapes."""
    rng = np.random.default_rng(seed)
    found: list[dict[str, object]] = []
    for i in range(n):
        group = i % 3
        record: dict[str, object] = {
            "id": i if i % 2 else f"c-{i}",
            "age": round(float(rng.normal((25, 45, 65)[group], 2))),
            "income": f"{rng.normal((30_000, 90_000, 50_000)[group], 2_000):.0f}",
            "purchases": round(float(rng.normal((5, 20, 40)[group], 1))),
            "region": str(rng.choice(["North", "South"])),
        }
        if i % 10 == 0:
            del record["purchases"]
        if i % 10 == 5:
            record["age"] = None
        found.append(record)
    return found


@pytest.fixture
def headers(accounts) -> dict[str, str]:
    return accounts.make("user").headers


def analyze(client, headers, data, **options):
    body = {"customerData": data}
    if options:
        body["options"] = options
    return client.post("/api/analyze", json=body, headers=headers)


def advise(client, headers, analysis):
    return client.post("/api/recommendations", json={"analysis": analysis}, headers=headers)


def asking(**options):
    return {"customerData": EXAMPLE, "options": options}


def told(**figures):
    return {"feature": "income", "level": None, "value": 0.5, "rest": 0.2, "effect": 1.5, **figures}


def stable(*clusters):
    segments = [{"cluster": cluster, "jaccard": 0.9} for cluster in clusters]
    return lambda analysis: analysis.update(validation={"stability": {"segments": segments}})


def keys_of(value: object):
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from keys_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each)


class TestAnalyze:
    def test_refuses_a_caller_without_a_token(self, client) -> None:
        assert client.post("/api/analyze", json={"customerData": EXAMPLE}).status_code == 401

    def test_answers_with_every_record_in_one_named_segment(self, client, headers) -> None:
        posted = records()
        answer = analyze(client, headers, posted).json()
        assert answer["nClusters"] == 3
        for cluster in answer["clusters"]:
            groups = {posted.index(customer) % 3 for customer in cluster["customers"]}
            assert len(groups) == 1
            assert cluster["size"] == len(cluster["customers"]) == len(cluster["confidence"])
            assert 3 <= len(cluster["characteristics"]) <= 5
            assert -1 <= cluster["silhouette"] <= 1
        names = [cluster["clusterName"] for cluster in answer["clusters"]]
        assert len(set(names)) == 3
        assert sum(answer["featureImportance"].values()) == pytest.approx(1)
        assert 0.9 < answer["accuracy"] <= 1
        assert answer["structure"]["verdict"] == "strong"
        assert answer["validation"] is None

    def test_centroids_are_the_means_of_what_is_known(self, client, headers) -> None:
        for cluster in analyze(client, headers, records()).json()["clusters"]:
            known = [c["age"] for c in cluster["customers"] if c["age"] is not None]
            assert cluster["centroid"]["age"] == pytest.approx(np.mean(known))
            incomes = [float(c["income"]) for c in cluster["customers"]]
            assert cluster["centroid"]["income"] == pytest.approx(np.mean(incomes))
            assert "region" not in cluster["centroid"]

    def test_speaks_camel_case_outside_of_the_records(self, client, headers) -> None:
        answer = analyze(client, headers, records(), validate=True).json()
        for cluster in answer["clusters"]:
            cluster["customers"] = []
        assert not [key for key in keys_of(answer) if re.search(r"[a-z]_[a-z]", key)]
        assert answer["validation"]["stability"]["nResamples"] == 50
        assert answer["validation"]["certainty"]["bestNClusters"] == 3
        assert {rule["cluster"] for rule in answer["validation"]["rules"]} == {0, 1, 2}

    def test_takes_the_example_of_the_contract_with_each_option(self, client, headers) -> None:
        for algorithm in ("auto", "kmeans", "hierarchical", "dbscan"):
            answer = analyze(client, headers, EXAMPLE, algorithm=algorithm)
            assert answer.status_code == 200, answer.text
            assert advise(client, headers, answer.json()).status_code == 200
        answer = analyze(
            client, headers, EXAMPLE, nClusters=2, columns=["age", "income"], transform="none",
            seed=7, algorithm="kmeans",
        ).json()  # fmt: skip
        assert answer["columns"]["used"] == ["age", "income"]
        assert answer["algorithm"] == "kmeans"
        older = next(c for c in answer["clusters"] if c["centroid"]["age"] > 50)
        assert [customer["id"] for customer in older["customers"]] == [2, 4]

    def test_gives_the_customers_that_dbscan_finds_no_place_for_apart(
        self, client, headers
    ) -> None:
        posted = [
            *({"id": i, "x": i % 10, "y": i // 10 % 10} for i in range(100)),
            *({"id": i, "x": 50 + i % 10, "y": 50 + i // 10 % 10} for i in range(100)),
            {"id": "far", "x": 25, "y": -900},
        ]
        answer = analyze(client, headers, posted, algorithm="dbscan", transform="none").json()
        given = [c for cluster in answer["clusters"] for c in cluster["customers"]]
        assert {"id": "far", "x": 25, "y": -900} in answer["unassigned"]
        assert len(given) + len(answer["unassigned"]) == len(posted)
        assert advise(client, headers, answer).status_code == 200

    def test_takes_consecutive_ages_for_ages(self, client, headers) -> None:
        answer = analyze(client, headers, [{"age": age} for age in range(20, 40)])
        assert answer.status_code == 200, answer.text
        assert answer.json()["columns"]["used"] == ["age"]

    def test_leaves_out_fields_of_few_records_and_refuses_where_there_is_no_other(
        self, client, headers
    ) -> None:
        posted = [{**each, f"own {i}": i} for i, each in enumerate(records(90))]
        found = analyze(client, headers, posted).json()["columns"]
        assert found["leftOut"]["own 7"] == "rare: in only 1 of 90 records"
        assert not any(name.startswith("own") for name in found["used"])
        answer = analyze(client, headers, [{f"own {i}": i} for i in range(90)])
        assert answer.status_code == 400
        assert "no field is in more than a few of the records" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("body", "loc"),
        [
            ({}, ["body", "customerData"]),
            ({"customerData": []}, ["body", "customerData"]),
            ({"customerData": [{"id": 1, "age": 3}]}, ["body", "customerData"]),
            ({"customerData": [{"a": 1}, 5]}, ["body", "customerData", 1]),
            ({"customerData": [{"a": 1}, {"a": {"b": 1}}]}, ["body", "customerData", 1, "a"]),
            ({"customerData": [{"id": [1]}, {"id": 2}]}, ["body", "customerData", 0, "id"]),
            ({"customerData": [{"a": "\0"}, {"a": 1}]}, ["body", "customerData", 0, "a"]),
            ({"customerData": [{}, {}]}, ["body", "customerData"]),
            ({"customerData": [{"a": 1, " a": 2}, {"a": 2}]}, ["body", "customerData"]),
            (asking(nClusters=1), ["body", "options", "nClusters"]),
            (asking(nClusters="3"), ["body", "options", "nClusters"]),
            (asking(seed=True), ["body", "options", "seed"]),
            (asking(validate="yes"), ["body", "options", "validate"]),
            (asking(validate=1), ["body", "options", "validate"]),
            (asking(algorithm="x"), ["body", "options", "algorithm"]),
            (asking(algorithm="dbscan", nClusters=2), ["body", "options", "nClusters"]),
            (asking(columns=["no"]), ["body", "options", "columns"]),
            (asking(exclude=["no"]), ["body", "options", "exclude"]),
            (asking(columns=["age"], exclude=["age"]), ["body", "options", "exclude"]),
        ],
    )  # fmt: skip
    def test_names_the_path_of_what_is_wrong(self, client, headers, body, loc) -> None:
        answer = client.post("/api/analyze", json=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"][0]["loc"] == loc

    def test_ends_at_the_first_of_many_that_are_no_records(self, client, headers) -> None:
        answer = analyze(client, headers, [{"a": 1}] + [5] * 10_000)
        assert answer.status_code == 422
        assert [each["loc"] for each in answer.json()["detail"]] == [["body", "customerData", 1]]

    def test_bounds_records_and_fields_together(self, client, headers) -> None:
        sparse = [{f"f{i % 1_000}": i} for i in range(4_001)]
        answer = analyze(client, headers, sparse)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "customerData"]
        assert "at most 999" in answer.json()["detail"][0]["msg"]

    def test_remarks_on_options_that_it_does_not_know(self, client, headers) -> None:
        plain = analyze(client, headers, EXAMPLE).json()
        body = {**asking(nCluster=3, hue={"dark\0": 1}, n_clusters=2), "nClusters": 2, "by": "me"}
        answer = client.post("/api/analyze", json={**body, "option": {}}, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["X-Cache"] == "MISS"
        misspelt, unheard_of, outside, beside = answer.json()["warnings"][:4]
        assert "option 'nCluster' is not known" in misspelt
        assert "did you mean 'nClusters'" in misspelt
        assert "option 'hue' is not known" in unheard_of
        assert "known are" in unheard_of
        assert "algorithm, nClusters" in unheard_of
        assert "'nClusters' was ignored: options belong in 'options'" in outside
        assert "'option' is not known and was ignored: did you mean 'options'" in beside
        assert not any("is not known" in each for each in plain["warnings"])
        many = analyze(client, headers, EXAMPLE, **{f"o{i}": 1 for i in range(2_000)}).json()
        assert len([each for each in many["warnings"] if "is not known" in each]) == 20

    def test_says_that_a_column_asked_for_is_excluded(self, client, headers) -> None:
        answer = analyze(client, headers, EXAMPLE, columns=["age"], exclude=["age"])
        assert "requested and excluded: 'age'" in answer.json()["detail"][0]["msg"]

    def test_customers_all_alike_are_one_segment_however_many_are_asked_for(
        self, client, headers
    ) -> None:
        alike = [{**EXAMPLE[0], "id": i} for i in range(5)]
        answer = analyze(client, headers, alike, nClusters=2)
        assert answer.status_code == 200
        assert answer.json()["nClusters"] == 1
        assert answer.json()["warnings"]
        assert advise(client, headers, answer.json()).status_code == 200

    def test_refuses_numbers_that_json_does_not_have(self, client, headers) -> None:
        body = b'{"customerData": [{"a": NaN}, {"a": 1}]}'
        answer = client.post(
            "/api/analyze", content=body, headers={**headers, "Content-Type": "application/json"}
        )
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "customerData", 0, "a"]

    def test_says_what_cannot_be_analysed(self, client, headers) -> None:
        notes = [{"id": i, "note": f"the customer called about order {i}"} for i in range(30)]
        answer = analyze(client, headers, notes)
        assert answer.status_code == 400
        assert "'note' is free text" in answer.json()["detail"]
        answer = analyze(client, headers, EXAMPLE, nClusters=5)
        assert answer.status_code == 400
        assert "4 distinct customers" in answer.json()["detail"]

    def test_is_open_to_callers_without_a_token_where_they_have_a_role(self, settings) -> None:
        opened = settings.model_copy(update={"anonymous_role": "user"})
        with TestClient(create_app(opened)) as client:
            assert client.post("/api/analyze", json={"customerData": EXAMPLE}).status_code == 200

    def test_bounds_the_records_and_the_bytes_by_settings(self, settings, accounts) -> None:
        bounded = settings.model_copy(
            update={"max_analysis_records": 3, "max_analysis_bytes": 2_000}
        )
        account = accounts.make("user")
        with TestClient(create_app(bounded)) as client:
            answer = analyze(client, account.headers, EXAMPLE)
            assert answer.status_code == 422
            assert "at most 3" in answer.json()["detail"][0]["msg"]
            assert analyze(client, account.headers, EXAMPLE * 20).status_code == 413


class TestCache:
    def test_answers_the_same_question_at_once_whatever_the_order_of_its_keys(
        self, client, headers
    ) -> None:
        posted = records()
        first = analyze(client, headers, posted, seed=1)
        turned = [dict(reversed(record.items())) for record in posted]
        second = client.post(
            "/api/analyze",
            json={"options": {"seed": 1}, "customerData": turned},
            headers=headers,
        )
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
        assert first.content == second.content

    def test_knows_nothing_of_other_options_other_records_and_other_accounts(
        self, client, headers, accounts
    ) -> None:
        analyze(client, headers, EXAMPLE)
        assert analyze(client, headers, EXAMPLE, seed=2).headers["X-Cache"] == "MISS"
        assert analyze(client, headers, EXAMPLE[:3]).headers["X-Cache"] == "MISS"
        stranger = accounts.make("user").headers
        assert analyze(client, stranger, EXAMPLE).headers["X-Cache"] == "MISS"
        assert analyze(client, headers, EXAMPLE).headers["X-Cache"] == "HIT"
        # An option that is null is as if not given.
        nothing = dict.fromkeys(AnalysisOptions.names())
        assert analyze(client, headers, EXAMPLE, **nothing).headers["X-Cache"] == "HIT"

    def test_is_answered_without_analysing_again(self, client, headers, monkeypatch) -> None:
        first = analyze(client, headers, EXAMPLE, validate=True)
        assert first.headers["X-Cache"] == "MISS"
        monkeypatch.delattr("app.services.analysis.answer_order")
        again = analyze(client, headers, EXAMPLE, validate=True)
        assert again.headers["X-Cache"] == "HIT"
        assert again.content == first.content


@pytest.mark.both_databases("JSON that is kept")
class TestAsAJob:
    def finished(self, client, headers, location: str) -> dict[str, object]:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            job = client.get(location, headers=headers).json()
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.2)
        raise AssertionError("the job did not end")

    def test_an_analysis_can_be_asked_for_and_fetched_later(
        self, client, headers, accounts
    ) -> None:
        posted = records(60)
        asked = client.post(
            "/api/analyze",
            json={"customerData": posted},
            headers={**headers, "Prefer": "respond-async"},
        )
        assert asked.status_code == 202
        job = self.finished(client, headers, asked.headers["Location"])
        assert job["state"] == "succeeded", job
        assert job["result"] == {}
        answer = client.get(job["location"], headers=headers)
        assert answer.status_code == 200
        again = analyze(client, headers, posted)
        assert again.headers["X-Cache"] == "HIT"
        assert again.json() == answer.json()
        for stranger in ("user", "admin"):
            foreign = client.get(job["location"], headers=accounts.make(stranger).headers)
            assert foreign.status_code == 404

    def test_many_records_become_a_job_by_themselves(self, settings, accounts) -> None:
        small = settings.model_copy(update={"max_rows_in_request": 3})
        account = accounts.make("user")
        with TestClient(create_app(small)) as client:
            asked = analyze(client, account.headers, EXAMPLE)
            assert asked.status_code == 202
            job = self.finished(client, account.headers, asked.headers["Location"])
            assert job["state"] == "succeeded", job

    def test_one_that_cannot_be_done_says_why(self, client, headers) -> None:
        posted = [{"id": i, "note": f"the customer called about order {i}"} for i in range(30)]
        asked = client.post(
            "/api/analyze",
            json={"customerData": posted},
            headers={**headers, "Prefer": "respond-async"},
        )
        job = self.finished(client, headers, asked.headers["Location"])
        assert job["state"] == "failed"
        assert "'note' is free text" in job["error"]


class TestRecommendations:
    def test_refuses_a_caller_without_a_token(self, client) -> None:
        assert client.post("/api/recommendations", json={}).status_code == 401

    def test_names_segment_action_and_reason_of_the_analysis_as_answered(
        self, client, headers
    ) -> None:
        analysis = analyze(client, headers, records(), validate=True).json()
        answer = advise(client, headers, analysis).json()
        assert len(answer["recommendations"]) == len(answer["details"])
        for cluster in analysis["clusters"]:
            mine = [d for d in answer["details"] if d["clusterId"] == cluster["clusterId"]]
            assert 1 <= len(mine) <= 3
            for each in mine:
                assert cluster["clusterName"] in each["action"]
                assert f"{cluster['size']} customers" in each["reason"]
        assert any(each["clusterId"] is None for each in answer["details"])

    def test_rest_on_no_figures_that_are_the_same(self, client, headers) -> None:
        analysis = analyze(client, headers, EXAMPLE, nClusters=2).json()
        for cluster in analysis["clusters"]:
            cluster["evidence"] = [told(value=5.0, rest=5.0), told(feature="age", value=3, rest=2)]
        answer = advise(client, headers, analysis).json()
        reasons = [d["reason"] for d in answer["details"] if d["clusterId"] is not None]
        assert not any("ncome" in reason for reason in reasons)
        assert any("3 vs 2" in reason for reason in reasons)

    def test_are_bounded_in_records_and_fields_as_an_analysis_is(self, settings, accounts) -> None:
        bounded = settings.model_copy(update={"max_analysis_records": 5, "max_columns": 8})
        account = accounts.make("user")
        with TestClient(create_app(bounded)) as client:
            for n_records, n_fields, told in ((6, 1, "at most 5"), (2, 9, "maximum is 8")):
                customers = [
                    {f"f{i}-{field}": 1 for field in range(n_fields)} for i in range(n_records)
                ]
                analysis = {
                    "clusters": [
                        {
                            "clusterId": number,
                            "clusterName": f"Segment {number}",
                            "customers": customers[number::2],
                            "centroid": {},
                            "characteristics": [],
                        }
                        for number in range(2)
                    ],
                    "featureImportance": {},
                    "accuracy": 0.9,
                }
                answer = advise(client, account.headers, analysis)
                assert answer.status_code == 422
                assert answer.json()["detail"][0]["loc"] == ["body", "analysis", "clusters"]
                assert told in answer.json()["detail"][0]["msg"]
            for cluster in analysis["clusters"]:
                cluster["customers"] = [{"f": 1}]
                cluster["centroid"] = {f"f{field}": 1 for field in range(9)}
            answer = advise(client, account.headers, analysis)
            assert "9 different fields; the maximum is 8" in answer.json()["detail"][0]["msg"]

    def test_rest_on_what_customers_share_where_each_has_a_field_of_its_own(
        self, client, headers
    ) -> None:
        shared = [[{"age": 20 + i % 5 + 40 * number} for i in range(500)] for number in range(2)]
        analysis = {
            "clusters": [
                {
                    "clusterId": number,
                    "clusterName": f"Segment {number}",
                    "customers": [
                        {**each, f"own {number}-{i}": i} for i, each in enumerate(shared[number])
                    ],
                    "centroid": {},
                    "characteristics": [],
                }
                for number in range(2)
            ],
            "featureImportance": {},
            "accuracy": 0.9,
        }
        told = advise(client, headers, analysis)
        assert told.status_code == 200, told.text
        for cluster, customers in zip(analysis["clusters"], shared, strict=True):
            cluster["customers"] = customers
        assert told.json() == advise(client, headers, analysis).json()

    def test_are_the_same_each_time(self, client, headers) -> None:
        analysis = analyze(client, headers, records()).json()
        first, second = (advise(client, headers, analysis).content for _ in range(2))
        assert first == second

    def test_need_no_more_than_the_contract_says_of_an_analysis(self, client, headers) -> None:
        answered = analyze(client, headers, records()).json()
        kept = ("clusterId", "customers", "centroid", "clusterName", "characteristics")
        analysis = {
            "clusters": [{key: each[key] for key in kept} for each in answered["clusters"]],
            "featureImportance": answered["featureImportance"],
            "accuracy": answered["accuracy"],
        }
        answer = advise(client, headers, analysis)
        assert answer.status_code == 200, answer.text
        full = advise(client, headers, answered).json()["recommendations"]
        assert answer.json()["recommendations"][0] == full[0]

    def test_advise_care_where_there_is_no_structure(self, client, headers) -> None:
        rng = np.random.default_rng(0)
        cloud = [
            {"id": i, "x": a, "y": b} for i, (a, b) in enumerate(rng.normal(size=(200, 2)).tolist())
        ]
        analysis = analyze(client, headers, cloud, validate=True).json()
        assert analysis["structure"]["verdict"] == "none"
        assert "continuum" in analysis["structure"]["sentence"]
        answer = advise(client, headers, analysis).json()
        assert all(
            "careful" in d["action"] for d in answer["details"] if d["clusterId"] is not None
        )

    @pytest.mark.parametrize(
        ("n", "columns", "told"),
        [
            (9, ("id", "income"), "9 customers are too few to tell groups from chance"),
            (60, ("id", "region"), "o column of numbers has more than two values"),
        ],
    )
    def test_advise_what_to_collect_where_nothing_could_be_told(
        self, client, headers, n: int, columns: tuple[str, ...], told: str
    ) -> None:
        posted = [{name: each[name] for name in columns} for each in records(n)]
        analysis = analyze(client, headers, posted).json()
        assert told in analysis["structure"]["sentence"]
        *segments, whole = advise(client, headers, analysis).json()["details"]
        assert all(told in each["reason"] for each in (*segments, whole))

    @pytest.mark.parametrize(
        ("change", "loc"),
        [
            (lambda a: a.pop("clusters"), ["clusters"]),
            (lambda a: a.update(clusters=[]), ["clusters"]),
            (lambda a: a.update(accuracy=1.5), ["accuracy"]),
            (lambda a: a["featureImportance"].update(age="much"), ["featureImportance", "age"]),
            (lambda a: a["clusters"][1].pop("centroid"), ["clusters", 1, "centroid"]),
            (lambda a: a["clusters"][0].update(clusterName=""), ["clusters", 0, "clusterName"]),
            (
                lambda a: a["clusters"][0]["centroid"].update(age=[]),
                ["clusters", 0, "centroid", "age"],
            ),
            (
                lambda a: a["clusters"][0]["customers"][1].update(age={}),
                ["clusters", 0, "customers", 1, "age"],
            ),
            (lambda a: a["clusters"][0].update(clusterId=1), ["clusters", 1, "clusterId"]),
            (
                lambda a: a["clusters"][1].update(clusterName=" Segment 0 "),
                ["clusters", 1, "clusterName"],
            ),
            (lambda a: a["clusters"][1].update(size=3), ["clusters", 1, "size"]),
            (lambda a: a["clusters"][1].update(share=0.75), ["clusters", 1, "share"]),
            (lambda a: a.update(nCustomers=3), ["nCustomers"]),
            (lambda a: a.update(nClusters=3), ["nClusters"]),
            (lambda a: a["featureImportance"].update(income=0.8), ["featureImportance"]),
            (lambda a: a["featureImportance"].update(age=0.9), ["featureImportance"]),
            (stable(1, 2), ["validation", "stability", "segments", 1, "cluster"]),
            (stable(0, 1, 0), ["validation", "stability", "segments", 2, "cluster"]),
            (
                lambda a: a.update(
                    structure={"verdict": "none"}, validation={"structure": {"verdict": "strong"}}
                ),
                ["validation", "structure", "verdict"],
            ),
            (lambda a: a["clusters"][1].update(customers=[]), ["clusters", 1, "customers"]),
            (
                lambda a: a["clusters"][0].update(evidence=[told(level="North", value=1e300)]),
                ["clusters", 0, "evidence", 0, "value"],
            ),
            (
                lambda a: a["clusters"][0].update(evidence=[told(level="North", rest=1.5)]),
                ["clusters", 0, "evidence", 0, "rest"],
            ),
            (
                lambda a: a["clusters"][0].update(evidence=[told(rest=-1e16)]),
                ["clusters", 0, "evidence", 0, "rest"],
            ),
            (
                lambda a: a["clusters"][0].update(centroid={f"f{i}": "x" for i in range(10_001)}),
                ["clusters", 0, "centroid"],
            ),
            (lambda a: a.update(featureImportance={str(i): -1 for i in range(9_999)}),
             ["featureImportance", "0"]),
            (
                lambda a: a["clusters"][0].update(evidence=[told(effect=-1.5)]),
                ["clusters", 0, "evidence", 0],
            ),
            (
                lambda a: a["clusters"][0].update(evidence=[told()] * 101),
                ["clusters", 0, "evidence"],
            ),
        ],
    )  # fmt: skip
    def test_name_the_path_of_what_is_wrong(self, client, headers, change, loc) -> None:
        analysis = {
            "clusters": [
                {
                    "clusterId": number,
                    "clusterName": f"Segment {number}",
                    "customers": EXAMPLE[number::2],
                    "centroid": {"age": 30.0 + number},
                    "characteristics": [],
                }
                for number in range(2)
            ],
            "featureImportance": {"age": 0.99},
            "accuracy": 0.9,
            "structure": None,
        }
        assert advise(client, headers, analysis).status_code == 200
        change(analysis := json.loads(json.dumps(analysis)))
        answer = advise(client, headers, analysis)
        assert answer.status_code == 422, answer.text
        assert answer.json()["detail"][0]["loc"] == ["body", "analysis", *loc]
        assert len(answer.json()["detail"]) <= 100
