"""Uploading a table and keeping it."""

import io
import threading
import zipfile
from contextlib import contextmanager

import openpyxl
import pandas as pd
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.db.segmentation_tables import ClusteringRun
from app.db.tables import Dataset, Job
from app.main import create_app
from app.schemas.clustering import RunRequest
from app.services import datasets
from app.services.segmentations.asking import RunOrder, Target
from tests.factories import Accounts, caller_of
from tests.routes.tables import ROWS, SMALL, files_left, send, train, upload
from tests.segmentation import damaging

DATASETS = "/api/v1/datasets"


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


@pytest.fixture
def accounts_of():
    """Start an app of one's own settings."""

    @contextmanager
    def start(settings):
        with TestClient(create_app(settings)) as client:
            yield client, Accounts(client.app.state.resources)

    return start


class TestUpload:
    def test_answers_with_what_was_recognised(self, client, analyst):
        answer = send(client, analyst, SMALL, "../folder/customers.csv")
        dataset = answer.json()
        assert answer.status_code == 201
        assert answer.headers["Location"] == f"{DATASETS}/{dataset['id']}"
        assert (dataset["filename"], dataset["n_rows"], dataset["n_columns"]) == (
            "customers.csv",
            60,
            6,
        )
        kinds = {column["name"]: column["kind"] for column in dataset["columns"]}
        assert kinds == {
            "customer_id": "identifier",
            "age": "numeric",
            "annual_income": "numeric",
            "spending_score": "numeric",
            "gender": "categorical",
            "region": "categorical",
        }
        assert dataset["preview"][0]["customer_id"] == "C000"
        assert len(dataset["preview"]) == 10

    @pytest.mark.parametrize("name", ROWS)
    def test_real_tables_load_right_without_an_override(self, client, analyst, shared_data, name):
        dataset = upload(client, analyst, shared_data / name)
        assert (dataset["n_rows"], dataset["n_columns"]) == ROWS[name]
        assert dataset["overrides"] == {}

    def test_workbook_and_parquet_read_like_the_text(self, client, analyst):
        frame = pd.read_csv(io.BytesIO(SMALL))
        book, parquet = io.BytesIO(), io.BytesIO()
        with pd.ExcelWriter(book) as writer:
            pd.DataFrame({"nothing": ["here"]}).to_excel(writer, sheet_name="Notes", index=False)
            frame.to_excel(writer, sheet_name="Customers", index=False)
        frame.to_parquet(parquet)
        expected = upload(client, analyst)["columns"]
        from_book = send(client, analyst, book.getvalue(), "c.xlsx", sheet="Customers").json()
        from_parquet = upload(client, analyst, parquet.getvalue(), "c.parquet")
        assert from_book["dialect"]["sheets"] == ["Notes", "Customers"]
        for dataset in (from_book, from_parquet):
            assert [each["kind"] for each in dataset["columns"]] == [
                each["kind"] for each in expected
            ]

    def test_form_fields_override_the_recognition(self, client, analyst):
        answer = send(
            client,
            analyst,
            b"1;2,5;x\n2;3,5;y\n3;4,5;x\n",
            has_header="false",
            decimal=",",
            kinds='{"column_1": "numeric"}',
        )
        dataset = answer.json()
        assert [column["name"] for column in dataset["columns"]] == [
            "column_1",
            "column_2",
            "column_3",
        ]
        assert dataset["columns"][0]["kind"] == "numeric"
        assert dataset["preview"][0]["column_2"] == 2.5
        assert dataset["overrides"]["kinds"] == {"column_1": "numeric"}

    @pytest.mark.parametrize(
        ("content", "name", "status", "told"),
        [
            (b"", "empty.csv", 400, "empty"),
            (b"a,b,c\n", "header.csv", 400, "no rows"),
            (b"a,b\n1,2\n3,4,5\n", "long.csv", 400, "Line 3"),
            (b"<!doctype html><html></html>", "page.csv", 415, "HTML page"),
            (b"\x89PNG\r\n\x1a\n" + bytes(100), "image.csv", 415, "PNG image"),
        ],
    )
    def test_a_faulty_file_is_refused_by_name_and_leaves_nothing(
        self, client, analyst, content, name, status, told
    ):
        answer = send(client, analyst, content, name)
        assert answer.status_code == status
        assert told in answer.json()["detail"]
        assert client.get(DATASETS, headers=analyst.headers).json() == []
        assert files_left(client) == []

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"decimal": "x"}, "decimal"),
            ({"encoding": "klingon"}, "encoding"),
            ({"kinds": "numeric"}, "kinds"),
            ({"kinds": '{"age": "number"}'}, "kinds"),
            ({"has_header": "maybe"}, "has_header"),
        ],
    )
    def test_a_wrong_override_is_named(self, client, analyst, fields, field):
        answer = send(client, analyst, **fields)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["loc"][:2] == ["body", field]
        assert files_left(client) == []

    def test_a_form_without_the_file_or_with_two_is_refused(self, client, analyst):
        one = [("file", ("a.csv", SMALL)), ("file", ("b.csv", SMALL))]
        url = f"{DATASETS}/upload"
        assert client.post(url, files=one, headers=analyst.headers).status_code == 400
        other = client.post(url, files={"table": ("a.csv", SMALL)}, headers=analyst.headers)
        none = client.post(url, files={"sheet": (None, "x")}, headers=analyst.headers)
        assert other.json()["detail"][0]["loc"] == ["body", "file"]
        assert none.json()["detail"][0]["loc"] == ["body", "file"]
        assert files_left(client) == []

    def test_an_upload_that_lacks_its_end_is_refused_and_leaves_nothing(self, client, analyst):
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        answer = client.post(
            f"{DATASETS}/upload",
            content=body + SMALL,
            headers={**analyst.headers, "Content-Type": "multipart/form-data; boundary=x"},
        )
        assert answer.status_code == 400
        assert "cut off" in answer.json()["detail"]
        assert files_left(client) == []

    def test_a_sender_that_goes_away_leaves_nothing(self, client, analyst):
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        messages = [
            {"type": "http.request", "body": head + SMALL * 1_000, "more_body": True},
            {"type": "http.request", "body": SMALL * 1_000, "more_body": True},
            {"type": "http.disconnect"},
        ]
        seen: list[list[str]] = []

        async def receive():
            seen.append(files_left(client))
            return messages.pop(0)

        async def send_nothing(_message):
            pass

        headers = [
            (b"authorization", analyst.headers["Authorization"].encode()),
            (b"content-type", b"multipart/form-data; boundary=x"),
        ]
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"{DATASETS}/upload",
            "query_string": b"",
            "headers": headers,
        }
        client.portal.call(client.app, scope, receive, send_nothing)
        assert messages == []
        assert any(name.startswith(".incoming-") for name in seen[-1])
        assert files_left(client) == []

    @pytest.mark.parametrize(
        ("content_type", "body", "status"),
        [
            ("multipart/form-data", b"--x", 400),
            ("multipart/form-data; boundary=x", b"no boundary here", 400),
            ("multipart/form-data; boundary=x", b"--x\r\nbroken header\r\n\r\n", 400),
            ("application/json", b"{}", 415),
        ],
    )
    def test_a_malformed_form_is_refused(self, client, analyst, content_type, body, status):
        headers = {**analyst.headers, "Content-Type": content_type}
        answer = client.post(f"{DATASETS}/upload", content=body, headers=headers)
        assert answer.status_code == status, answer.text
        assert files_left(client) == []

    def test_fields_beside_the_file_are_limited(self, client, analyst):
        answer = send(client, analyst, sheet="x" * 1_100_000)
        assert answer.status_code == 413
        assert files_left(client) == []

    def test_bytes_are_counted_as_they_come(self, client, analyst, settings):
        settings.max_upload_bytes = 5_000
        large = SMALL + b"C,1,1,1,M,N\n" * 1_000
        answer = send(client, analyst, large)
        assert answer.status_code == 413
        assert "5,000 bytes" in answer.json()["detail"]
        assert files_left(client) == []

    def test_columns_are_limited(self, client, analyst, settings):
        settings.max_columns = 3
        answer = send(client, analyst)
        assert answer.status_code == 400
        assert "at most 3" in answer.json()["detail"]

    @pytest.mark.both_databases("a count that several change at once")
    def test_datasets_are_limited_also_for_uploads_at_one_time(self, client, analyst, settings):
        settings.max_datasets_per_user, settings.max_uploads_per_user = 2, 0
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(send(client, analyst).status_code))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [201, 201, 400, 400, 400]
        assert len(files_left(client)) == 2
        refused = send(client, analyst)
        assert refused.json()["detail"].startswith("You have 2 datasets")


@pytest.mark.both_databases("cascades")
class TestOwnership:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("GET", "/rows"),
            ("GET", "/download"),
        ],
    )
    def test_is_404_for_other_analysts(self, client, accounts, analyst, method, path):
        dataset = upload(client, analyst)
        stranger = accounts.make("analyst")
        url = f"{DATASETS}/{dataset['id']}{path}"
        body = {"json": {}} if method == "PATCH" else {}
        assert client.request(method, url, headers=stranger.headers, **body).status_code == 404
        assert client.get(f"{DATASETS}/{dataset['id']}", headers=analyst.headers).status_code == 200

    def test_administrators_see_everyone_s(self, client, accounts, analyst):
        first = upload(client, analyst)
        second = upload(client, accounts.make("analyst"))
        admin = accounts.make("admin")
        listed = client.get(DATASETS, headers=admin.headers)
        assert [each["id"] for each in listed.json()] == [second["id"], first["id"]]
        assert listed.headers["X-Total-Count"] == "2"
        own = client.get(DATASETS, headers=analyst.headers).json()
        assert [each["id"] for each in own] == [first["id"]]

    def test_goes_with_its_owner_s_account(self, client, accounts, analyst):
        upload(client, analyst)
        assert client.delete("/users/me", headers=analyst.headers).status_code == 200
        resources = client.app.state.resources
        with resources.database.session() as session:
            assert session.scalars(sa.select(Dataset)).all() == []
        resources.datasets.store.remove_strays(set(), older_than_seconds=-1)
        assert files_left(client) == []


class TestRows:
    def test_pages_through_the_table(self, client, analyst, shared_data):
        dataset = upload(client, analyst, shared_data / "mall_customers.csv")
        page = client.get(
            f"{DATASETS}/{dataset['id']}/rows?skip=198&limit=50", headers=analyst.headers
        ).json()
        assert page["total"] == 200
        assert [row["CustomerID"] for row in page["rows"]] == ["199", "200"]
        assert page["rows"][1]["Annual Income (k$)"] == 137
        assert page["columns"][0] == "CustomerID"
        far = f"{DATASETS}/{dataset['id']}/rows?skip={2**62}"
        assert client.get(far, headers=analyst.headers).json()["rows"] == []

    def test_a_page_across_blocks_is_whole(self, client, analyst):
        lines = "".join(f"{i},{i % 7}\n" for i in range(25_000))
        dataset = upload(client, analyst, f"key,value\n{lines}".encode())
        page = client.get(
            f"{DATASETS}/{dataset['id']}/rows?skip=9990&limit=20", headers=analyst.headers
        ).json()
        assert [int(row["key"]) for row in page["rows"]] == list(range(9990, 10010))

    def test_what_is_missing_is_null(self, client, analyst, shared_data):
        dataset = upload(client, analyst, shared_data / "telco_churn.csv")
        row = client.get(
            f"{DATASETS}/{dataset['id']}/rows?skip=488&limit=1", headers=analyst.headers
        ).json()["rows"][0]
        assert row["TotalCharges"] is None
        assert "11 blanks where a number is expected" in str(dataset["warnings"])


class TestUpdate:
    def test_reads_the_file_again_as_told(self, client, analyst):
        dataset = upload(client, analyst)
        url = f"{DATASETS}/{dataset['id']}"
        changed = client.patch(
            url, json={"kinds": {"age": "categorical"}}, headers=analyst.headers
        ).json()
        assert changed["columns"][1]["kind"] == "categorical"
        assert changed["preview"][0]["age"] == "20"
        back = client.patch(url, json={"kinds": {"age": None}}, headers=analyst.headers).json()
        assert back["columns"] == dataset["columns"]
        assert back["overrides"] == {}

    def test_a_kind_that_was_chosen_does_not_stand_in_the_way_of_another_header(
        self, client, analyst
    ):
        url = f"{DATASETS}/{upload(client, analyst)['id']}"
        client.patch(url, json={"kinds": {"age": "categorical"}}, headers=analyst.headers)
        changed = client.patch(url, json={"has_header": False}, headers=analyst.headers)
        assert changed.status_code == 200, changed.text
        assert changed.json()["columns"][1]["name"] == "column_2"

    def test_an_override_that_does_not_fit_changes_nothing(self, client, analyst):
        dataset = upload(client, analyst)
        url = f"{DATASETS}/{dataset['id']}"
        for body, status in (
            ({"kinds": {"gender": "numeric"}}, 400),
            ({"kinds": {"shoe_size": "numeric"}}, 422),
            ({"decimal": ";"}, 422),
        ):
            assert client.patch(url, json=body, headers=analyst.headers).status_code == status
        assert client.get(url, headers=analyst.headers).json() == dataset

    def test_a_reading_is_removed_once_nothing_names_it_and_it_is_old(
        self, client, analyst, monkeypatch
    ):
        service = client.app.state.resources.datasets
        dataset = upload(client, analyst)
        kept = train(client, analyst, dataset["id"])
        dropped = train(client, analyst, dataset["id"], linkage="average")
        url = f"{DATASETS}/{dataset['id']}"

        def read_anew(kind):
            client.patch(url, json={"kinds": {"age": kind}}, headers=analyst.headers)

        def files(pattern):
            return len(list(service.store.root.glob(f"*/{pattern}")))

        read_anew("categorical")
        for _ in range(2):
            read_anew("numeric")
        service.tidy()
        assert files("reading-*") == 4
        run = f"/api/v1/clustering/runs/{dropped['run_id']}"
        assert client.delete(run, headers=analyst.headers).status_code == 200
        assert files("tree-*") == 2
        monkeypatch.setattr(datasets, "STRAY_SECONDS", -1.0)
        service.tidy()
        assert files("reading-*") == 2
        assert files("tree-*") == 1
        segments = f"/api/v1/clustering/segments/{kept['run_id']}"
        assert client.get(segments, headers=analyst.headers).status_code == 200
        assert client.get(f"{url}/rows", headers=analyst.headers).status_code == 200
        read_anew("categorical")
        assert train(client, analyst, dataset["id"], linkage="average")["n_clusters"] == 3

    def test_a_table_is_read_anew_under_a_run_without_harm(self, client, analyst, monkeypatch):
        resources = client.app.state.resources
        dataset = upload(client, analyst)
        url = f"{DATASETS}/{dataset['id']}"
        with resources.database.session(read_only=True) as session:
            kept = session.get_one(Dataset, dataset["id"])
            form = RunRequest(dataset_id=dataset["id"], n_clusters=3)
            order = RunOrder.of(kept, form.recipe(), caller_of(analyst), Target())
        with resources.database.session() as session:
            job = Job(
                user_id=analyst.id,
                kind="train",
                arguments=order.model_dump(mode="json"),
                server="elsewhere",
            )
            session.add(job)
        client.patch(url, json={"kinds": {"age": "categorical"}}, headers=analyst.headers)
        monkeypatch.setattr(datasets, "STRAY_SECONDS", -1.0)
        resources.datasets.tidy()
        # What was asked for before runs on the reading it was asked of.
        run = resources.runs._train_now(order, apart=False)
        assert run.report["numeric"].count("age") == 1
        with resources.database.session() as session:
            session.delete(session.get_one(ClusteringRun, run.id))
            session.get_one(Job, job.id).state = "cancelled"
        resources.datasets.tidy()
        assert len(list(resources.datasets.store.root.glob("*/reading-*"))) == 1


class TestDownload:
    def test_gives_the_file_back_byte_for_byte(self, client, analyst, shared_data):
        file = shared_data / "mall_customers.csv"
        dataset = upload(client, analyst, file)
        answer = client.get(f"{DATASETS}/{dataset['id']}/download", headers=analyst.headers)
        assert answer.content == file.read_bytes()
        assert 'filename="mall_customers.csv"' in answer.headers["Content-Disposition"]


@pytest.mark.both_databases("cascades")
class TestDelete:
    def test_removes_the_file_the_runs_and_all(self, client, analyst):
        dataset = upload(client, analyst)
        url = f"{DATASETS}/{dataset['id']}"
        body = {"dataset_id": dataset["id"], "n_clusters": 2}
        run = client.post("/api/v1/clustering/train", json=body, headers=analyst.headers).json()
        assert client.delete(url, headers=analyst.headers).status_code == 200
        assert client.get(url, headers=analyst.headers).status_code == 404
        segments = f"/api/v1/clustering/segments/{run['run_id']}"
        assert client.get(segments, headers=analyst.headers).status_code == 404
        assert files_left(client) == []

    def test_a_table_whose_file_is_gone_can_still_be_removed(self, client, analyst):
        dataset = upload(client, analyst)
        store = client.app.state.resources.datasets.store
        store.remove(files_left(client)[0])
        url = f"{DATASETS}/{dataset['id']}"
        assert client.get(f"{url}/download", headers=analyst.headers).status_code == 404
        assert client.get(f"{url}/rows", headers=analyst.headers).status_code == 404
        assert client.delete(url, headers=analyst.headers).status_code == 200


class TestAnonymousRole:
    def test_without_it_a_call_without_a_token_is_refused(self, client):
        assert client.get(DATASETS).status_code == 401

    def test_with_it_calls_act_as_the_built_in_account(self, settings, accounts_of):
        settings.anonymous_role = "analyst"
        with accounts_of(settings) as (client, accounts):
            answer = client.post(f"{DATASETS}/upload", files={"file": ("a.csv", SMALL)})
            assert answer.status_code == 201
            assert len(client.get(DATASETS).json()) == 1
            assert client.get("/auth/me").status_code == 401
            assert client.get("/history").status_code == 401
            other = accounts.make("analyst")
            assert client.get(DATASETS, headers=other.headers).json() == []
            wrong = {"Authorization": "Bearer forged"}
            assert client.get(DATASETS, headers=wrong).status_code == 401

    def test_nobody_can_log_in_as_it_or_take_its_name(self, settings, accounts_of):
        settings.anonymous_role = "user"
        with accounts_of(settings) as (client, _):
            for password in ("", "!", "anonymous", "admin123"):
                form = {"username": "anonymous", "password": password}
                assert client.post("/auth/login", json=form).status_code in (401, 422)
            form = {
                "username": "Anonymous",
                "email": "a@example.com",
                "password": "correct horse",
                "full_name": "A",
            }
            assert client.post("/auth/register", json=form).status_code == 400
            assert client.get(DATASETS).status_code == 403
            assert client.get("/api/v1/jobs").status_code == 200

    def test_a_person_of_that_name_stops_the_start(self, settings, accounts_of):
        with accounts_of(settings) as (_, accounts):
            accounts.make("user", username="anonymous")
        settings.anonymous_role = "user"
        with pytest.raises(Exception, match="rename that account"), accounts_of(settings):
            pass


def test_the_interface_says_that_it_is_healthy(client):
    answer = client.get("/api/v1/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "healthy"


def test_a_workbook_of_a_gigabyte_is_refused_before_it_unpacks(client, analyst):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/large.bin", bytes(600 << 20))
    answer = send(client, analyst, buffer.getvalue(), "bomb.xlsx")
    assert answer.status_code == 400
    assert "unpacks to" in answer.json()["detail"]


class TestParquet:
    """Its reader is no Python, and a kilobyte can unpack to gigabytes: a worker tries it first."""

    @pytest.fixture
    def apart(self, client, monkeypatch):
        executor, names = client.app.state.resources.jobs.executor, []
        submit = executor.submit

        def noted(work, *args, **kwargs):
            names.append(getattr(work, "__name__", "read_upload"))
            return submit(work, *args, **kwargs)

        monkeypatch.setattr(executor, "submit", noted)
        return names

    def test_an_upload_is_read_by_a_worker(self, client, analyst, apart):
        answer = send(client, analyst, damaging.parquet("zstd"), "table.parquet")
        assert answer.status_code == 201, answer.text
        assert apart == ["read_upload"]

    def test_new_customers_are_tried_by_a_worker_before_they_are_read(self, client, analyst, apart):
        dataset = send(client, analyst, damaging.parquet("none"), "table.parquet").json()
        run = train(client, analyst, dataset["id"])
        path = f"/api/v1/clustering/runs/{run['run_id']}/predict"

        def placed(content: bytes):
            files = {"file": ("new.parquet", content)}
            return client.post(path, files=files, headers=analyst.headers)

        apart.clear()
        assert placed(damaging.parquet("snappy")).json()["n_rows"] == len(damaging.TABLE)
        refused = placed(damaging.bomb(110, 1 << 20))
        assert (refused.status_code, apart) == (400, ["try_parquet", "try_parquet"])
        assert "unpacks to over 100,000,000 bytes" in refused.json()["detail"]
        half = placed(damaging.parquet("snappy")[:-40] + b"PAR1")
        assert (half.status_code, "damaged" in half.json()["detail"]) == (400, True)
