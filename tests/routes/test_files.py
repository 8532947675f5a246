"""Files of the role user: read, segmented and kept for a while, for their owner alone."""

import io
from datetime import timedelta

import openpyxl
import pytest

from app.db.tables import User, utcnow
from app.services.own_files import remove_expired
from tests.factories import PASSWORD
from tests.routes.tables import SMALL, files_left

FILES = "/api/v1/files"
ORDERS = "\n".join(
    ["order_id,customer_id,order_date,amount"]
    + [
        f"{row},C{row % 20:03},2026-0{1 + row % 6}-{1 + row % 27:02},{5 + row * 7 % 90}.50"
        for row in range(120)
    ]
).encode()


@pytest.fixture
def marketer(accounts):
    return accounts.make("user")


def send(client, account, content=SMALL, name="customers.csv"):
    return client.post(FILES, files={"file": (name, content)}, headers=account.headers)


def segmented(client, account, dataset_id):
    form = {"dataset_id": dataset_id, "n_clusters": 3}
    answer = client.post(f"{FILES}/train", json=form, headers=account.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestJourney:
    def test_leads_from_a_workbook_to_segments_and_a_workbook(self, client, marketer):
        book = openpyxl.Workbook()
        for line in SMALL.decode().splitlines():
            book.active.append([int(x) if x.isdigit() else x for x in line.split(",")])
        content = io.BytesIO()
        book.save(content)
        sent = send(client, marketer, content.getvalue(), "customers.xlsx")
        assert sent.status_code == 201, sent.text
        file = sent.json()
        assert (file["n_rows"], file["one_row_is"]) == (60, "customer")
        run = segmented(client, marketer, file["id"])
        address = f"/api/v1/segmentations/{run['segmentation_id']}"
        (listed,) = [
            each
            for each in client.get("/api/v1/segmentations", headers=marketer.headers).json()
            if each["kind"] == "table"
        ]
        assert (listed["visibility"], listed["is_owner"]) == ("private", True)
        customers = client.get(f"{address}/customers", headers=marketer.headers).json()
        assert customers["total"] == 60
        # Every column of one's own file, not those alone that the team would see.
        assert "region" in str(customers)
        report = client.get(f"{address}/report?format=xlsx", headers=marketer.headers)
        assert openpyxl.load_workbook(io.BytesIO(report.content)).sheetnames
        renamed = client.patch(address, json={"name": "Ours"}, headers=marketer.headers)
        assert renamed.json()["name"] == "Ours"
        assert client.delete(address, headers=marketer.headers).status_code == 200
        assert [each["id"] for each in client.get(FILES, headers=marketer.headers).json()] == [
            file["id"]
        ]

    def test_reads_a_file_again_as_told(self, client, marketer):
        file = send(client, marketer).json()
        form = {"kinds": {"age": "categorical"}}
        again = client.patch(f"{FILES}/{file['id']}", json=form, headers=marketer.headers).json()
        kinds = {each["name"]: each["kind"] for each in again["columns"]}
        assert kinds["age"] == "categorical"
        path = f"{FILES}/{file['id']}/download"
        assert client.get(path, headers=marketer.headers).content == SMALL

    def test_makes_customers_of_orders_and_leaves_nothing_else(self, client, marketer):
        file = send(client, marketer, ORDERS, "orders.csv").json()
        assert file["one_row_is"] == "order"
        way = file["way_on"]
        made = client.request(way["method"], way["href"], headers=marketer.headers)
        assert made.status_code == 201, made.text
        customers = made.json()
        assert (customers["n_rows"], customers["one_row_is"]) == (20, "customer")
        assert customers["kept_until"] == file["kept_until"]
        segmented(client, marketer, customers["id"])
        assert len(client.get(FILES, headers=marketer.headers).json()) == 2
        assert len(files_left(client)) == 2


class TestPrivacy:
    def test_hides_a_file_and_its_segments_from_everyone_else(self, client, accounts, marketer):
        file = send(client, marketer).json()
        run = segmented(client, marketer, file["id"])
        segmentation = f"/api/v1/segmentations/{run['segmentation_id']}"
        for role in ("user", "analyst"):
            other = accounts.make(role).headers
            assert client.get(FILES, headers=other).json() == []
            for path in (
                f"{FILES}/{file['id']}",
                segmentation,
                f"{segmentation}/customers",
                f"/api/v1/clustering/segments/{run['run_id']}",
            ):
                assert client.get(path, headers=other).status_code == 404, (role, path)
            form = {"dataset_id": file["id"], "n_clusters": 3}
            answer = client.post(f"{FILES}/train", json=form, headers=other)
            assert answer.status_code == 404

    def test_lets_no_user_share_with_the_team(self, client, marketer):
        run = segmented(client, marketer, send(client, marketer).json()["id"])
        path = f"/api/v1/segmentations/{run['segmentation_id']}"
        answer = client.patch(path, json={"visibility": "team"}, headers=marketer.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_required")

    def test_adds_no_version_to_what_was_shared_as_an_analyst(self, client, accounts):
        owner = accounts.make("analyst")
        file = send(client, owner).json()["id"]
        shared = segmented(client, owner, file)["segmentation_id"]
        path = f"/api/v1/segmentations/{shared}"
        assert client.patch(path, json={"visibility": "team"}, headers=owner.headers).is_success
        admin = accounts.make("admin")
        path = f"/admin/users/{owner.id}/role"
        assert client.put(path, json={"role": "user"}, headers=admin.headers).is_success
        form = {"username": owner.username, "password": PASSWORD}
        token = client.post("/auth/login", json=form).json()["access_token"]
        answer = client.post(
            f"{FILES}/train",
            json={"dataset_id": file, "n_clusters": 2, "segmentation_id": shared},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "role_required")

    def test_is_as_private_for_calls_without_a_token(self, client):
        assert client.get(FILES).status_code == 401


class TestLimits:
    def test_are_told_by_role(self, client, accounts, settings):
        def told(role):
            return client.get(f"{FILES}/limits", headers=accounts.make(role).headers).json()

        assert told("user") == {
            "max_bytes": settings.max_analysis_bytes,
            "max_rows": settings.max_analysis_records,
            "kept_days": settings.records_kept_days,
        }
        assert told("analyst") == {
            "max_bytes": settings.max_upload_bytes,
            "max_rows": None,
            "kept_days": None,
        }

    def test_bound_the_rows_and_bytes_of_a_user_alone(self, client, accounts, marketer):
        settings = client.app.state.resources.settings
        settings.max_analysis_records, before = 59, settings.max_analysis_records
        try:
            refused = send(client, marketer)
            assert (refused.status_code, refused.json()["code"]) == (413, "too_many_rows")
            assert "60 rows" in refused.json()["detail"]
            assert not files_left(client)
            assert send(client, accounts.make("analyst")).status_code == 201
        finally:
            settings.max_analysis_records = before


class TestTime:
    def test_ends_for_a_user_s_file_with_its_segments(self, client, accounts, marketer):
        service = client.app.state.resources.datasets
        days = client.app.state.resources.settings.records_kept_days
        file = send(client, marketer).json()
        segmented(client, marketer, file["id"])
        analyst = accounts.make("analyst")
        kept = send(client, analyst).json()
        assert (kept["kept_until"], file["kept_until"] is None) == (None, False)
        assert remove_expired(service, utcnow() + timedelta(days=days - 1)) == 0
        assert remove_expired(service, utcnow() + timedelta(days=days + 1)) == 1
        assert client.get(FILES, headers=marketer.headers).json() == []
        found = client.get("/api/v1/segmentations", headers=marketer.headers).json()
        assert [each["kind"] for each in found] == ["core"]
        assert len(files_left(client)) == 1
        assert client.get(f"{FILES}/{kept['id']}", headers=analyst.headers).status_code == 200

    def test_does_not_end_once_its_owner_may_keep_datasets(self, client, accounts, marketer):
        file = send(client, marketer).json()
        admin = accounts.make("admin").headers
        client.put(f"/admin/users/{marketer.id}/role", json={"role": "analyst"}, headers=admin)
        resources = client.app.state.resources
        with resources.database.session(read_only=True) as session:
            headers = accounts.headers(session.get_one(User, marketer.id))
        assert client.get(f"{FILES}/{file['id']}", headers=headers).json()["kept_until"] is None
        # And does not begin to end for those who may keep none any more.
        client.put(f"/admin/users/{marketer.id}/role", json={"role": "user"}, headers=admin)
        assert remove_expired(resources.datasets, utcnow() + timedelta(days=999)) == 0
