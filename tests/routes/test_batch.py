"""Many customers at once."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from app.segmentation.synthesis import generate_customers
from app.segmentation.tables import streaming
from app.services.models import ModelService
from tests.factories import CUSTOMER, Account, Accounts


@pytest.fixture
def analyst(accounts: Accounts) -> Account:
    return accounts.make("analyst")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def send_csv(client: TestClient, analyst: Account, text: str | bytes) -> list[dict[str, str]]:
    content = text.encode() if isinstance(text, str) else text
    headers = {**analyst.headers, "Content-Type": "text/csv"}
    answer = client.post("/predict/batch", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return rows_of(answer.text)


class TestPacked:
    def test_parquet_is_placed_as_csv_is(self, trained: TestClient, analyst: Account) -> None:
        customers = generate_customers(20, seed=1)
        packed = io.BytesIO()
        customers.to_parquet(packed)
        told = send_csv(trained, analyst, packed.getvalue())
        expected = send_csv(trained, analyst, customers.to_csv(index=False))
        assert [each["cluster"] for each in told] == [each["cluster"] for each in expected]

    def test_parquet_that_unpacks_to_too_much_is_refused(
        self, trained: TestClient, analyst: Account
    ) -> None:
        packed = io.BytesIO()
        pd.DataFrame({"age": ["9" * 1_000_000] * 120}).to_parquet(packed)
        for sent in (
            {"content": packed.getvalue(), "headers": {"Content-Type": "text/csv"}},
            {"files": {"file": ("customers.parquet", packed.getvalue())}},
        ):
            headers = {**analyst.headers, **sent.pop("headers", {})}
            answer = trained.post("/predict/batch", headers=headers, **sent)
            assert answer.status_code == 400
            assert "unpacks to" in answer.json()["detail"]

    def test_a_large_workbook_is_refused(
        self, trained: TestClient, analyst: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = io.BytesIO()
        generate_customers(20, seed=1).to_excel(book, index=False)
        assert len(send_csv(trained, analyst, book.getvalue())) == 20
        monkeypatch.setattr(streaming, "MAX_WHOLE_BYTES", 1_000)
        headers = {**analyst.headers, "Content-Type": "text/csv"}
        answer = trained.post("/predict/batch", content=book.getvalue(), headers=headers)
        assert answer.status_code == 400
        assert "save it as CSV" in answer.json()["detail"]


class TestRecords:
    def test_the_answers_are_those_of_one_by_one(
        self, trained: TestClient, analyst: Account
    ) -> None:
        customers = generate_customers(40, seed=1).drop(columns="customer_id").to_dict("records")
        batch = trained.post(
            "/predict/batch", json={"customers": customers}, headers=analyst.headers
        ).json()
        for customer, place in zip(customers, batch["predictions"], strict=True):
            single = trained.post("/predict", json=customer, headers=analyst.headers).json()
            assert {key: single[key] for key in place if key != "row"} == {
                key: value for key, value in place.items() if key != "row"
            }

    def test_rows_that_are_not_valid_are_reported_and_the_others_answered(
        self, trained: TestClient, analyst: Account
    ) -> None:
        customers = [CUSTOMER, {**CUSTOMER, "age": 17}, "nobody", {**CUSTOMER, "sex": None}]
        batch = trained.post("/predict/batch", json=customers, headers=analyst.headers).json()
        assert [each["row"] for each in batch["predictions"]] == [1]
        assert [each["row"] for each in batch["problems"]] == [2, 3, 4]
        assert "age" in batch["problems"][0]["reason"]
        assert "sex" in batch["problems"][2]["reason"]

    def test_a_batch_leaves_no_history(self, trained: TestClient, analyst: Account) -> None:
        trained.post("/predict/batch", json=[CUSTOMER], headers=analyst.headers)
        assert trained.get("/history", headers=analyst.headers).json()["total"] == 0

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"[]", 422),
            (b'{"customers": 3}', 422),
            (b"[" + b"1," * 10_000 + b"1]", 422),
            (b"[" + b" " * 10_000_001, 413),
        ],
    )
    def test_a_bad_body_is_refused(
        self, trained: TestClient, analyst: Account, body: bytes, status: int
    ) -> None:
        headers = {**analyst.headers, "Content-Type": "application/json"}
        answer = trained.post("/predict/batch", content=body, headers=headers)
        assert answer.status_code == status
        assert "detail" in answer.json()

    def test_it_needs_an_analyst_a_model_and_a_known_type(
        self, client: TestClient, accounts: Accounts
    ) -> None:
        user, analyst = accounts.make("user"), accounts.make("analyst")
        body = [CUSTOMER]
        assert client.post("/predict/batch", json=body).status_code == 401
        assert client.post("/predict/batch", json=body, headers=user.headers).status_code == 403
        assert client.post("/predict/batch", json=body, headers=analyst.headers).status_code == 400
        headers = {**analyst.headers, "Content-Type": "image/png"}
        assert client.post("/predict/batch", content=b"", headers=headers).status_code == 415


class TestFiles:
    def test_a_file_comes_back_with_the_segments_added(
        self, trained: TestClient, analyst: Account
    ) -> None:
        table = generate_customers(30, seed=2)
        rows = send_csv(trained, analyst, table.to_csv(index=False))
        assert [row["customer_id"] for row in rows] == list(table["customer_id"].astype(str))
        assert {row["error"] for row in rows} == {""}
        customer = table.drop(columns="customer_id").to_dict("records")[4]
        single = trained.post("/predict", json=customer, headers=analyst.headers).json()
        assert rows[4]["segment"] == single["cluster_name"]
        assert rows[4]["confidence"] == str(single["confidence"])

    def test_a_file_from_a_form_in_another_dialect_and_with_other_names_is_understood(
        self, trained: TestClient, analyst: Account
    ) -> None:
        text = (
            "Kunde;Gender;Age;Annual Income (k$);Spending Score (1-100);Frequency\r\n"
            'A;Female;34;"65,5";72;18\r\n'
            'B;Male;51;"40,25";12;3\r\n'
        )
        answer = trained.post(
            "/predict/batch",
            files={"file": ("kunden.csv", text.encode("utf-16"), "text/csv")},
            headers=analyst.headers,
        )
        rows = rows_of(answer.text)
        single = trained.post("/predict", json=CUSTOMER, headers=analyst.headers).json()
        assert rows[0]["segment"] == single["cluster_name"]
        assert rows[0]["confidence"] == str(single["confidence"])

    def test_faulty_rows_say_why_and_the_others_are_answered(
        self, trained: TestClient, analyst: Account
    ) -> None:
        rows = send_csv(
            trained,
            analyst,
            "age,income,spending,frequency,sex\n"
            "34,65.5,72,18,Female\n"
            "abc,65.5,72,18,Female\n"
            "34,,72,18,Female\n"
            "34,65.5,720,18,Female\n"
            "34,65.5,72,18,dog\n"
            "34,65.5,72,18,Female,more\n"
            "34,inf,72,18,Female\n"
            "35,65.5,72,18\n",
        )
        reasons = [row["error"] for row in rows]
        assert reasons[0] == reasons[7] == ""
        assert "age: 'abc' is not a number" in reasons[1]
        assert "annual_income: is missing" in reasons[2]
        assert "spending_score" in reasons[3]
        assert "dog" in reasons[4]
        assert "6 fields, the header has 5" in reasons[5]
        assert "annual_income" in reasons[6]
        assert rows[7]["segment"] != ""

    def test_cells_that_could_be_read_in_two_ways_are_refused(
        self, trained: TestClient, analyst: Account
    ) -> None:
        rows = send_csv(
            trained,
            analyst,
            "age;income;spending;frequency\n34;65.500;72;18\n35;40.250;12;3\n36;;12;3\n",
        )
        reasons = [row["error"] for row in rows]
        assert reasons[0] == "annual_income: '65.500' could be read in two ways"
        assert reasons[1] == "annual_income: '40.250' could be read in two ways"
        assert reasons[2] == "annual_income: is missing"

    def test_a_quote_that_never_closes_is_told_at_the_end(
        self, trained: TestClient, analyst: Account
    ) -> None:
        rows = send_csv(
            trained,
            analyst,
            'age,income,spending,frequency\n34,65.5,72,18\n34,"65.5,72,18\n34,65.5,72,18\n',
        )
        assert rows[0]["segment"] != ""
        assert "the rest was not read" in rows[-1]["error"]

    def test_columns_that_are_there_already_are_not_overwritten(
        self, trained: TestClient, analyst: Account
    ) -> None:
        text = "age,income,spending,frequency,segment\n34,65.5,72,18,mine\n"
        (row,) = send_csv(trained, analyst, text)
        assert row["segment"] == "mine"
        assert row["predicted_segment"] != ""

    def test_what_comes_back_is_safe_in_a_spreadsheet(
        self, trained: TestClient, analyst: Account
    ) -> None:
        text = "age,income,spending,frequency,note\n34,65.5,72,18,=1+1\n35,65.5,72,18,-5\n"
        rows = send_csv(trained, analyst, text)
        assert [row["note"] for row in rows] == ["'=1+1", "-5"]

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "empty"),
            (b"\x89PNG\r\n\x1a\n0000", "PNG"),
            (b"age,income\n1,2\n", "spending_score"),
            (b"age,age,income,spending,frequency\n1,1,1,1,1\n", "age"),
        ],
    )
    def test_a_file_that_is_no_such_table_is_refused_by_name(
        self, trained: TestClient, analyst: Account, content: bytes, word: str
    ) -> None:
        headers = {**analyst.headers, "Content-Type": "text/csv"}
        answer = trained.post("/predict/batch", content=content, headers=headers)
        assert answer.status_code == 400
        assert word in answer.json()["detail"]

    def test_a_form_without_a_file_is_told_what_it_lacks(
        self, trained: TestClient, analyst: Account
    ) -> None:
        answer = trained.post("/predict/batch", files={"other": b"x"}, headers=analyst.headers)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"] == ["body", "file"]

    def test_a_long_file_is_read_as_it_comes(self, trained: TestClient, analyst: Account) -> None:
        def lines() -> Iterator[bytes]:
            yield b"age,income,spending,frequency\n"
            for _ in range(30):
                yield b"34,65.5,72,18\n" * 1_000

        headers = {**analyst.headers, "Content-Type": "text/csv"}
        answer = trained.post("/predict/batch", content=lines(), headers=headers)
        assert len(rows_of(answer.text)) == 30_000


def test_batch_and_single_scoring_agree_on_a_hundred_thousand_customers(
    trained: TestClient,
) -> None:
    models: ModelService = trained.app.state.resources.models
    scorer = models.load(1).scorer
    rng = np.random.default_rng(0)
    customers = np.column_stack(
        [
            rng.integers(18, 101, 100_000),
            rng.uniform(0, 300, 100_000),
            rng.integers(1, 101, 100_000),
            rng.integers(0, 100, 100_000),
        ]
    ).astype(float)
    many = scorer.score_many(customers)
    rows = zip(
        customers.tolist(),
        many.clusters.tolist(),
        many.confidences.tolist(),
        many.distances.tolist(),
        many.outliers.tolist(),
        strict=True,
    )
    for values, *answer in rows:
        single = scorer.score_one(tuple(values))
        expected = [single.cluster, single.confidence, list(single.distances), single.outlier]
        assert answer == expected
