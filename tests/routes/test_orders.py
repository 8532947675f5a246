"""Orders: from a shop's file of lines to customers at a date, their RFM grid and what follows."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest

from app.services import order_appending
from tests.routes.tables import files_left
from tests.routes.tables import send as send_table
from tests.routes.test_jobs import finished
from tests.segmentation.orders.exports import EXPORTS

ORDERS = "/api/v1/orders"
LINES = """\
Order ID,Order Date,Customer ID,Category,Amount
1,2026-01-02,A,Tea,10.00
1,2026-01-02,A,Mugs,5.00
2,2026-02-03,A,Tea,20.00
3,2026-02-20,B,Mugs,7.50
4,2026-03-28,C,Tea,30.00
5,2026-03-29,,Tea,4.00
6,2026-03-30,B,Mugs,-7.50
"""
NO_PRODUCTS = ["POST", "DOT", "M", "D", "ADJUST", "TEST001", "C2", "BANK CHARGES", "S"]
LATE = """\
Order ID,Order Date,Customer ID,Category,Amount
7,2026-01-20,B,Tea,11.00
"""

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is no matter of the database is tried on one."""


@pytest.fixture
def analyst(accounts):
    return accounts.make("analyst")


def send(client, account, content: str | bytes | Path = LINES, path: str = "upload", **fields):
    name = "orders.csv"
    if isinstance(content, Path):
        name, content = content.name, content.read_bytes()
    return client.post(
        f"{ORDERS}/{path}",
        files={"file": (name, content)},
        data=fields,
        headers=account.headers,
    )


def upload(client, account, content: str | bytes | Path = LINES, **fields) -> Any:
    answer = send(client, account, content, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def snapshot(client, account, orders: Any, *, status: int = 201, **form: Any) -> Any:
    path = f"{ORDERS}/{orders['id']}/snapshots"
    answer = client.post(path, json=form, headers=account.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def fetch(client, account, path: str, *, status: int = 200) -> Any:
    answer = client.get(path, headers=account.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def patch(client, account, orders: Any, *, status: int = 200, **form: Any) -> Any:
    answer = client.patch(f"{ORDERS}/{orders['id']}", json=form, headers=account.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def states(orders: Any) -> dict[str, int]:
    return {each["state"]: each["lines"] for each in orders["ledger"]["entries"]}


@on_sqlite
class TestUpload:
    def test_answers_with_roles_and_a_ledger_of_every_line(self, client, analyst):
        orders = upload(client, analyst)
        assert {each["role"]: each["column"] for each in orders["roles"]} == {
            "customer": "Customer ID",
            "date": "Order Date",
            "order": "Order ID",
            "amount": "Amount",
            "category": "Category",
        }
        assert all(each["reason"] and each["confidence"] == "high" for each in orders["roles"])
        assert states(orders) == {"order": 5, "return": 1, "no_customer": 1}
        assert (orders["ledger"]["lines"], orders["ledger"]["customers"]) == (7, 3)
        assert orders["problems"] == []
        assert fetch(client, analyst, f"{ORDERS}/{orders['id']}") == orders

    def test_shows_the_first_lines_as_they_were_read(self, client, analyst):
        first, *others = upload(client, analyst)["preview"]
        assert (first["Customer ID"], first["Category"], first["Amount"]) == ("A", "Tea", 10.0)
        assert len(others) == 6
        assert others[4]["Customer ID"] is None

    def test_without_an_order_number_a_day_is_an_order_and_it_is_said(self, client, analyst):
        orders = upload(client, analyst, "who,date,paid\nA,2026-01-01,3.5\nB,2026-01-02,4.5\n")
        problem = orders["problems"][0]
        assert (problem["field"], problem["code"]) == ("roles.customer", "role_missing")
        answer = snapshot(client, analyst, orders, status=422)
        assert answer["detail"][0]["type"] == "role_missing"
        named = patch(client, analyst, orders, roles={"customer": "who", "amount": "paid"})
        assert named["problems"] == []
        assert "day_is_order" in {each["code"] for each in named["notes"]}

    def test_ids_of_digits_keep_the_cancellations_with_a_letter(self, client, analyst):
        rows = [f"{1000 + i},2026-01-{1 + i:02},K{i % 3},2,5.0" for i in range(20)]
        rows.append("C1005,2026-01-25,K1,-2,5.0")
        text = "\n".join(["Invoice,InvoiceDate,Customer ID,Quantity,Price", *rows])
        assert states(upload(client, analyst, text)) == {"order": 20, "return": 1}

    def test_a_file_that_is_no_table_leaves_nothing(self, client, analyst):
        assert send(client, analyst, b"\x89PNG\r\n\x1a\n" + bytes(50)).status_code == 415
        assert files_left(client) == []

    def test_only_so_many_are_kept(self, client, analyst):
        client.app.state.resources.settings.max_datasets_per_user = 1
        try:
            upload(client, analyst)
            assert send(client, analyst).status_code == 400
        finally:
            client.app.state.resources.settings.max_datasets_per_user = 100


@on_sqlite
class TestJobs:
    ASYNC: ClassVar = {"Prefer": "respond-async"}

    def test_lines_are_read_as_a_job(self, client, analyst):
        sent = client.post(
            f"{ORDERS}/upload",
            files={"file": ("orders.csv", LINES)},
            headers=analyst.headers | self.ASYNC,
        )
        assert sent.status_code == 202
        job = finished(client, analyst, sent.headers["Location"])
        assert job["state"] == "succeeded", job["error"]
        made, direct = fetch(client, analyst, job["location"]), upload(client, analyst)
        assert (made["roles"], made["ledger"]) == (direct["roles"], direct["ledger"])

    def test_lines_are_added_as_a_job(self, client, analyst):
        orders = upload(client, analyst)

        def sent(content: str | bytes) -> Any:
            return client.post(
                f"{ORDERS}/{orders['id']}/lines",
                files={"file": ("late.csv", content)},
                headers=analyst.headers | self.ASYNC,
            )

        failed = finished(client, analyst, sent("a,b\n1,2\n3,4\n").headers["Location"])
        assert (failed["state"], len(files_left(client))) == ("failed", 1)
        answer = sent(LATE)
        assert answer.status_code == 202
        job = finished(client, analyst, answer.headers["Location"])
        assert job["state"] == "succeeded", job["error"]
        made = fetch(client, analyst, job["location"])
        assert (made["id"], made["n_lines"], states(made)["order"]) == (orders["id"], 8, 6)
        assert sent(LATE).json()["appended"] is False

    def test_roles_are_corrected_and_a_dataset_taken_as_jobs_with_the_same_answers(
        self, client, analyst
    ):
        asked = analyst.headers | self.ASYNC
        orders, form = upload(client, analyst), {"roles": {"order": None}}
        path = f"{ORDERS}/{orders['id']}"
        sent = client.patch(path, json=form, headers=asked)
        assert sent.status_code == 202, sent.text
        job = finished(client, analyst, sent.headers["Location"])
        assert (job["state"], job["location"]) == ("succeeded", path), job["error"]
        later = fetch(client, analyst, path)
        now = client.patch(path, json=form, headers=analyst.headers).json()
        assert later == now | {"updated_at": later["updated_at"]}
        assert later["roles"] != orders["roles"]
        assert client.patch(f"{ORDERS}/9999", json=form, headers=asked).status_code == 404

        dataset = send_table(client, analyst, LINES.encode()).json()
        sent = client.post(f"{ORDERS}/from-dataset/{dataset['id']}", headers=asked)
        assert sent.status_code == 202, sent.text
        job = finished(client, analyst, sent.headers["Location"])
        assert fetch(client, analyst, job["location"])["ledger"] == orders["ledger"]

    def test_lines_whose_job_was_cancelled_are_not_added_by_a_worker_that_goes_on(
        self, client, analyst, monkeypatch
    ):
        """A cluster's worker does not die of a cancelled job, as a process here does."""
        orders = upload(client, analyst)
        append_work = order_appending.append_work

        def cancelled_at_its_end(bench, arguments, report):
            outcome = append_work(bench, arguments, report)
            [job] = client.get("/api/v1/jobs?limit=1", headers=analyst.headers).json()
            location = f"/api/v1/jobs/{job['id']}"
            assert client.delete(location, headers=analyst.headers).status_code == 200
            return outcome

        monkeypatch.setattr(order_appending, "append_work", cancelled_at_its_end)
        with ThreadPoolExecutor(1) as worker:
            monkeypatch.setattr(client.app.state.resources.jobs, "executor", worker)
            answer = client.post(
                f"{ORDERS}/{orders['id']}/lines",
                files={"file": ("late.csv", LATE)},
                headers=analyst.headers | self.ASYNC,
            )
            assert answer.status_code == 202
        monkeypatch.undo()
        assert client.get(answer.headers["Location"], headers=analyst.headers).json()["state"] == (
            "cancelled"
        )
        assert fetch(client, analyst, f"{ORDERS}/{orders['id']}")["n_lines"] == orders["n_lines"]
        assert len(files_left(client)) == 1
        again = send(client, analyst, LATE, f"{orders['id']}/lines").json()
        assert (again["appended"], again["orders"]["n_lines"]) == (True, 8)

    def test_a_file_that_is_no_table_is_the_jobs_error_and_leaves_nothing(self, client, analyst):
        sent = client.post(
            f"{ORDERS}/upload",
            files={"file": ("orders.csv", b"\x89PNG\r\n\x1a\n" + bytes(50))},
            headers=analyst.headers | self.ASYNC,
        )
        job = finished(client, analyst, sent.headers["Location"])
        assert (job["state"], job["location"]) == ("failed", None)
        assert "table" in job["error"]
        assert files_left(client) == []

    def test_customers_are_summarised_as_a_job(self, client, analyst):
        orders = upload(client, analyst)
        path = f"{ORDERS}/{orders['id']}/snapshots"

        def made(**form: str) -> Any:
            sent = client.post(path, json=form, headers=analyst.headers | self.ASYNC)
            assert sent.status_code == 202
            return finished(client, analyst, sent.headers["Location"])

        job = made(as_of="2026-03-31")
        shown = fetch(client, analyst, job["location"])
        assert shown["n_customers"] == 3
        assert fetch(client, analyst, f"/api/v1/datasets/{shown['dataset_id']}")["n_rows"] == 3
        failed = made(as_of="2025-01-01")
        assert (failed["state"], failed["error"]) == (
            "failed",
            "There is no order up to 2025-01-01 in the period that counts.",
        )

    def test_orders_have_a_limit_of_their_own(self, client, analyst, monkeypatch):
        settings = client.app.state.resources.settings
        monkeypatch.setattr(settings, "max_upload_bytes", 10)
        upload(client, analyst)
        monkeypatch.setattr(settings, "max_orders_bytes", 10)
        assert send(client, analyst).status_code == 413


class TestOwnership:
    def test_orders_are_their_owners_and_admins_see_all(self, client, analyst, accounts):
        orders = upload(client, analyst)
        made = snapshot(client, analyst, orders)
        other, admin = accounts.make("analyst"), accounts.make("admin")
        for path in (f"{ORDERS}/{orders['id']}", f"/api/v1/snapshots/{made['id']}/rfm"):
            fetch(client, other, path, status=404)
            fetch(client, admin, path)
        assert fetch(client, other, ORDERS) == []
        assert [each["id"] for each in fetch(client, admin, ORDERS)] == [orders["id"]]
        assert client.delete(f"{ORDERS}/{orders['id']}", headers=other.headers).status_code == 404

    def test_deleting_removes_the_lines_and_keeps_the_customers(self, client, analyst):
        orders = upload(client, analyst)
        made = snapshot(client, analyst, orders)
        gone = client.delete(f"{ORDERS}/{orders['id']}", headers=analyst.headers)
        assert gone.status_code == 200
        fetch(client, analyst, f"{ORDERS}/{orders['id']}", status=404)
        fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/rfm", status=404)
        fetch(client, analyst, f"/api/v1/datasets/{made['dataset_id']}")
        assert len(files_left(client)) == 1


class TestLines:
    def test_the_same_file_twice_is_once(self, client, analyst):
        orders = upload(client, analyst)
        path = f"{orders['id']}/lines"
        again = send(client, analyst, LINES, path).json()
        assert (again["appended"], again["orders"]["n_lines"]) == (False, 7)
        late = send(client, analyst, LATE, path).json()
        assert (late["appended"], late["orders"]["n_lines"]) == (True, 8)
        assert send(client, analyst, LATE, path).json()["appended"] is False
        assert states(late["orders"])["order"] == 6

    def test_a_late_order_marks_only_the_snapshots_that_it_changes(self, client, analyst):
        orders = upload(client, analyst)
        days = ("2026-02-25", "2026-03-31")
        early, late = (snapshot(client, analyst, orders, as_of=day) for day in days)
        window = snapshot(client, analyst, orders, as_of="2026-03-31", window="60d")
        content = LATE.replace("2026-01-20", "2026-03-01")
        send(client, analyst, content, f"{orders['id']}/lines")
        marked = {
            each: fetch(client, analyst, f"/api/v1/snapshots/{each}")["out_of_date"]
            for each in (early["id"], late["id"], window["id"])
        }
        assert marked == {early["id"]: False, late["id"]: True, window["id"]: True}

    def test_a_snapshot_is_made_again_in_its_place_from_all_lines(self, client, analyst):
        rows = [
            f"{i},2026-{1 + i % 12:02}-{1 + i % 28:02},K{i % (20 + i % 3)},Tea,{3 + i % 17}.5"
            for i in range(100, 300)
        ]
        orders = upload(client, analyst, "\n".join([LINES.split("\n")[0], *rows]))
        old = snapshot(client, analyst, orders, as_of="2026-12-31", returns="separate")
        form = {"dataset_id": old["dataset_id"], "n_clusters": 3}
        run = client.post("/api/v1/clustering/train", json=form, headers=analyst.headers).json()
        assert run["data_changed"] is False
        send(client, analyst, LATE.replace(",B,", ",New one,"), f"{orders['id']}/lines")
        path = f"/api/v1/snapshots/{old['id']}"
        assert fetch(client, analyst, path)["out_of_date"]
        made = client.post(f"{path}/remake", headers=analyst.headers)
        assert made.status_code == 201, made.text
        new = made.json()
        same = ("id", "dataset_id", "as_of", "returns")
        assert {name: new[name] for name in same} == {name: old[name] for name in same}
        assert new["out_of_date"] is False
        assert new["ledger"]["orders"] == old["ledger"]["orders"] + 1
        assert new["n_customers"] == old["n_customers"] + 1
        (dataset,) = fetch(client, analyst, "/api/v1/datasets")
        assert dataset["n_rows"] == new["n_customers"]
        members = fetch(client, analyst, f"{path}/rfm/customers?limit=100")["customers"]
        assert "New one" in {each["customer_id"] for each in members}
        # The run keeps the customers that it was made of, and says so.
        segments = fetch(client, analyst, f"/api/v1/clustering/segments/{run['run_id']}")
        assert len(segments["assignments"]) == old["n_customers"]
        (listed,) = fetch(client, analyst, f"/api/v1/clustering/runs/{old['dataset_id']}")
        assert listed["data_changed"] is True

    def test_a_file_of_other_columns_is_refused_by_name(self, client, analyst):
        orders = upload(client, analyst)
        answer = send(client, analyst, "a,b\n1,2\n2,3\n", f"{orders['id']}/lines")
        assert answer.status_code == 422
        assert len(files_left(client)) == 1


@on_sqlite
class TestPatch:
    def test_a_column_may_be_given_another_role_or_none(self, client, analyst):
        orders = upload(client, analyst)
        changed = patch(client, analyst, orders, roles={"category": None, "product": "Category"})
        assert {r["role"]: r["confidence"] for r in changed["roles"]}["product"] == "given"
        assert "category" not in {r["role"] for r in changed["roles"]}

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"roles": {"amount": "Nowhere"}}, "roles.amount"),
            ({"roles": {"amount": "Category"}}, "roles"),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ],
    )
    def test_what_cannot_be_is_refused_by_field(self, client, analyst, form, field):
        orders = upload(client, analyst)
        answer = patch(client, analyst, orders, status=422, **form)
        assert answer["detail"][0]["loc"] == ["body", field]
        assert fetch(client, analyst, f"{ORDERS}/{orders['id']}")["roles"] == orders["roles"]

    def test_dates_that_can_be_read_two_ways_are_asked_for(self, client, analyst):
        text = "customer,date,amount\nA,03/04/2026,5.5\nB,05/01/2026,6.5\nA,02/06/2026,2.5\n"
        orders = upload(client, analyst, text)
        assert orders["problems"][0]["code"] == "ambiguous_dates"
        assert snapshot(client, analyst, orders, status=422)["detail"][0]["loc"][1] == "date_order"
        days = {}
        for order in ("day_first", "month_first"):
            told = patch(client, analyst, orders, date_order=order)
            days[order] = told["ledger"]["last_day"]
        assert days == {"day_first": "2026-06-02", "month_first": "2026-05-01"}


@on_sqlite
class TestSnapshot:
    def test_is_a_dataset_that_knows_its_source(self, client, analyst):
        orders = upload(client, analyst)
        made = snapshot(client, analyst, orders, as_of="2026-03-31")
        assert made["n_customers"] == 3
        dataset = fetch(client, analyst, f"/api/v1/datasets/{made['dataset_id']}")
        assert dataset["source"] == {"orders_id": orders["id"], "as_of": "2026-03-31"}
        kinds = {each["name"]: each["kind"] for each in dataset["columns"]}
        assert kinds["customer_id"] == "identifier"
        assert (kinds["first_order"], kinds["recency_days"]) == ("date", "numeric")
        columns = {each["name"]: each for each in dataset["columns"]}
        assert columns["recency_days"]["unit"] == "days"
        assert columns["recency_days"]["meaning"] == "Days since the last order"
        rows = {each["customer_id"]: each for each in dataset["preview"]}
        assert (rows["A"]["orders"], rows["A"]["net_money"], rows["A"]["recency_days"]) == (
            2,
            35,
            56,
        )
        assert (rows["B"]["orders"], rows["B"]["net_money"]) == (1, 0)
        assert rows["A"]["favourite_category_share"] == pytest.approx(30 / 35, abs=1e-4)

    @pytest.mark.parametrize(
        ("form", "code", "field"),
        [
            ({"as_of": "2025-12-31"}, "before_first_order", "as_of"),
            ({"as_of": "2026-01-05"}, "single_customer", "as_of"),
            ({"currency": "USD"}, "unknown_currency", "currency"),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_code(self, client, analyst, form, code, field):
        detail = snapshot(client, analyst, upload(client, analyst), status=422, **form)["detail"]
        assert (detail[0]["type"], detail[0]["loc"]) == (code, ["body", field])
        assert fetch(client, analyst, "/api/v1/datasets") == []

    def test_mixed_currencies_need_a_choice(self, client, analyst):
        text = (
            "customer,date,amount,currency\nA,2026-01-01,5.5,EUR\nB,2026-01-02,6.5,usd\n"
            "C,2026-01-03,2.5,EUR\n"
        )
        orders = upload(client, analyst, text)
        refused = snapshot(client, analyst, orders, status=422)
        assert refused["detail"][0]["type"] == "mixed_currencies"
        made = snapshot(client, analyst, orders, currency="eur")
        assert made["n_customers"] == 2
        assert {e["state"]: e["lines"] for e in made["ledger"]["entries"]}["other_currency"] == 1


@on_sqlite
class TestRFM:
    def test_cells_hold_every_customer_and_lead_to_them(self, client, analyst):
        made = snapshot(client, analyst, upload(client, analyst))
        grid = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/rfm")
        assert len(grid["grid"]) == 25
        assert sum(each["customers"] for each in grid["grid"]) == 3
        assert sum(each["customers"] for each in grid["segments"]) == 3
        full = next(each for each in grid["grid"] if each["customers"])
        path = f"/api/v1/snapshots/{made['id']}/rfm/customers"
        query = f"recency={full['recency']}&frequency={full['frequency']}"
        assert fetch(client, analyst, f"{path}?{query}")["total"] == full["customers"]
        assert fetch(client, analyst, f"{path}?segment={full['segment']}")["total"] >= 1

    def test_cut_points_stay_those_of_the_first_snapshot(self, client, analyst):
        orders = upload(client, analyst)
        first = snapshot(client, analyst, orders, as_of="2026-02-28")
        second = snapshot(client, analyst, orders, as_of="2026-03-31")
        path = f"/api/v1/snapshots/{second['id']}/rfm"
        kept, own = fetch(client, analyst, path), fetch(client, analyst, path + "?cut_points=own")
        assert (kept["cut_points_of"], own["cut_points_of"]) == (first["id"], second["id"])
        assert kept["cut_points"] != own["cut_points"]

    def test_own_cut_points_and_names_hold_for_every_snapshot(self, client, analyst):
        orders = upload(client, analyst)
        made = snapshot(client, analyst, orders)
        path = f"/api/v1/snapshots/{made['id']}/rfm"
        rules = f"{ORDERS}/{orders['id']}/rfm-rules"
        assert fetch(client, analyst, rules)["segments_are"] == "default"
        form = {
            "cut_points": {
                "recency": [1, 2, 50, 90],
                "frequency": [1, 2, 3, 4],
                "monetary": [1, 2, 3, 4],
            },
            "segments": [
                {"name": "Fresh", "recency": [3, 5], "frequency": [1, 5]},
                {"name": "Stale", "recency": [1, 2], "frequency": [1, 5]},
            ],
        }
        kept = client.put(rules, json=form, headers=analyst.headers)
        assert kept.status_code == 200, kept.text
        named = [{**each, "monetary": [1, 5]} for each in form["segments"]]
        assert kept.json() == {**form, "segments": named, "segments_are": "given"}
        grid = fetch(client, analyst, path)
        assert grid["cut_points_of"] is None
        # Last orders 54, 37 and 0 days before the last day of orders.
        assert {each["name"]: each["customers"] for each in grid["segments"]} == {
            "Fresh": 2,
            "Stale": 1,
        }
        assert fetch(client, analyst, path + "?cut_points=first")["cut_points_of"] == made["id"]
        again = client.put(rules, json={"cut_points": None}, headers=analyst.headers).json()
        assert (again["cut_points"], again["segments_are"]) == (None, "given")

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            (
                {
                    "cut_points": {
                        "recency": [4, 3, 2, 1],
                        "frequency": [1, 2, 3, 4],
                        "monetary": [1, 2, 3, 4],
                    }
                },
                "cut_points.recency",
            ),
            (
                {"segments": [{"name": "A", "recency": [1, 4], "frequency": [1, 5]}]},
                "segments",
            ),
        ],
    )
    def test_rules_that_leave_a_doubt_are_refused_by_field(self, client, analyst, form, field):
        rules = f"{ORDERS}/{upload(client, analyst)['id']}/rfm-rules"
        refused = client.put(rules, json=form, headers=analyst.headers)
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["loc"] == ["body", field]
        assert fetch(client, analyst, rules)["segments_are"] == "default"

    def test_money_is_the_third_axis(self, client, analyst):
        made = snapshot(client, analyst, upload(client, analyst))
        grid = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/rfm")
        assert sum(each["customers"] for each in grid["cube"]) == 3
        for cell in grid["grid"]:
            inside = [
                each
                for each in grid["cube"]
                if (each["recency"], each["frequency"]) == (cell["recency"], cell["frequency"])
            ]
            assert sum(each["customers"] for each in inside) == cell["customers"]
        best = grid["cube"][0]
        query = "&".join(f"{name}={best[name]}" for name in ("recency", "frequency", "monetary"))
        path = f"/api/v1/snapshots/{made['id']}/rfm/customers?{query}"
        assert fetch(client, analyst, path)["total"] == best["customers"]


@on_sqlite
class TestConcentration:
    def test_of_cdnow_is_the_published_one(self, client, analyst, shared_data):
        orders = upload(client, analyst, shared_data / "orders" / "cdnow_master.txt")
        made = snapshot(client, analyst, orders)
        found = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/concentration")
        shares = {each["part"]: round(each["share_of_money"], 2) for each in found["top"]}
        assert (shares[0.1], shares[0.2]) == (0.51, 0.68)
        assert (found["customers"], found["curve"][0], found["curve"][-1]) == (
            23570,
            [0, 0],
            [1, 1],
        )

    def test_needs_amounts(self, client, analyst):
        text = "customer,date\nA,2026-01-01\nB,2026-01-02\nA,2026-02-03\n"
        made = snapshot(client, analyst, upload(client, analyst, text))
        path = f"/api/v1/snapshots/{made['id']}/concentration"
        assert fetch(client, analyst, path, status=422)["detail"][0]["type"] == "no_money"


@on_sqlite
class TestRhythm:
    LINES = "\n".join(
        [
            "order_id,date,customer,amount",
            *[f"{i},2026-01-{1 + 5 * i:02},A,10.0" for i in range(4)],
            *[f"{9 + i},2026-0{1 + i}-10,B,20.0" for i in range(4)],
        ]
    )

    def test_those_overdue_by_their_own_rhythm_are_listed_with_the_record(self, client, analyst):
        made = snapshot(client, analyst, upload(client, analyst, self.LINES))
        found = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/leaving")
        # A came every 5 days until January 16th, B comes every month, last on the date itself.
        assert [each["customer_id"] for each in found["customers"]] == ["A"]
        assert found["customers"][0]["overdue"] == (31 - 16 + 28 + 31 + 10) / 5
        assert (found["customers_with_rhythm"], found["likely_to_leave"]) == (2, 1)
        assert (found["money"], found["record"]["until"]) == (40, "2026-04-10")
        assert sum(each["customers"] for each in found["bands"]) == 2
        assert [each["code"] for each in found["notes"]] == ["overdue_says_little"]

    def test_time_to_the_next_order_is_estimated_by_order(self, client, analyst):
        made = snapshot(client, analyst, upload(client, analyst, self.LINES))
        steps = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/next-order")["steps"]
        first = steps[0]
        assert (first["after"], first["waits"], first["ordered_again"]) == (1, 2, 2)
        assert first["within"][0] == {"days": 7, "share": 0.5}
        assert steps[-1]["or_later"]


@on_sqlite
class TestFromDataset:
    def test_a_table_of_orders_is_recognised_and_taken_on_in_one_call(self, client, analyst):
        sent = client.post(
            "/api/v1/datasets/upload",
            files={"file": ("orders.csv", LINES)},
            headers=analyst.headers,
        ).json()
        way_on = sent["way_on"]
        assert (way_on["kind"], way_on["method"]) == ("orders", "POST")
        made = client.post(way_on["href"], headers=analyst.headers)
        assert made.status_code == 201, made.text
        direct = upload(client, analyst)
        for name in ("roles", "ledger", "filename", "n_lines"):
            assert made.json()[name] == direct[name]
        gone = client.delete(f"/api/v1/datasets/{sent['id']}", headers=analyst.headers)
        assert gone.status_code == 200
        snapshot(client, analyst, made.json())

    @pytest.mark.parametrize("name", ["French", "WooCommerce, the order's total on each line"])
    def test_exports_are_recognised_by_what_their_columns_are_called(self, client, analyst, name):
        sent = client.post(
            "/api/v1/datasets/upload",
            files={"file": ("orders.csv", EXPORTS[name].text().encode())},
            headers=analyst.headers,
        ).json()
        assert sent["way_on"]["kind"] == "orders"

    def test_customers_are_not_taken_for_orders(self, client, analyst):
        rows = "\n".join(f"K{i},{20 + i},{i * 100}" for i in range(30))
        sent = client.post(
            "/api/v1/datasets/upload",
            files={"file": ("c.csv", f"customer_id,age,income\n{rows}")},
            headers=analyst.headers,
        ).json()
        assert sent["way_on"] is None

    def test_is_for_the_datasets_owner(self, client, analyst, accounts):
        sent = client.post(
            "/api/v1/datasets/upload",
            files={"file": ("orders.csv", LINES)},
            headers=analyst.headers,
        ).json()
        other = accounts.make("analyst")
        assert client.post(sent["way_on"]["href"], headers=other.headers).status_code == 404
        assert len(files_left(client)) == 1


@on_sqlite
class TestValue:
    def test_is_refused_with_the_reason_where_there_is_too_little_history(self, client, analyst):
        made = snapshot(client, analyst, upload(client, analyst))
        path = f"/api/v1/snapshots/{made['id']}"
        problem = fetch(client, analyst, f"{path}/value", status=422)["detail"][0]
        assert (problem["type"], problem["loc"][-1]) == ("too_few_customers", "horizon")
        assert fetch(client, analyst, f"{path}/rfm")["n_customers"] == 3

    def test_comes_with_the_record_of_such_forecasts(self, client, analyst, shared_data):
        orders = upload(client, analyst, shared_data / "cdnow_sample.csv")
        made = snapshot(client, analyst, orders)
        value = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/value?horizon=273d")
        record = value["record"]
        assert (record["made_at"], record["until"]) == ("1997-09-30", "1998-06-30")
        assert record["n_customers"] == 2357
        names = [each["name"] for each in record["scores"]]
        assert names[0] == record["chosen"]
        assert {"Orders so far", "No further orders"} < set(names)
        # Days with orders after the date the record was made at, as pandas counts them.
        lines = pd.read_csv(
            shared_data / "cdnow_sample.csv", sep=r"\s+", header=None, names=list("abcde")
        ).drop_duplicates(["a", "c"])
        assert record["scores"][0]["actual"] == (lines["c"] > 19970930).sum()
        assert abs(record["scores"][0]["total_error"]) < 0.2
        assert value["total"] == sum(each["customers"] for each in value["segments"]) == 2357
        assert all(0 < each["alive"] <= 1 for each in value["customers"])
        assert value["expected_money"] % value["money_rounded_to"] == 0
        assert value["money_low"] < value["expected_money"] < value["money_high"]
        spent = record["money"]["scores"]
        assert [each["naive"] for each in spent] == [False, True, True]
        assert abs(spent[0]["total_error"]) < 0.25
        assert set(record["winners"]) == {"total_error", "decile_error", "top_found"}
        self.is_kept_and_made_as_a_job(client, analyst, made["id"], value)

    def is_kept_and_made_as_a_job(self, client, analyst, snapshot_id, value):
        path = f"/api/v1/snapshots/{snapshot_id}/value"
        asynchronous = analyst.headers | {"Prefer": "respond-async"}
        kept = client.get(f"{path}?horizon=273d", headers=asynchronous)
        assert (kept.status_code, kept.json()) == (200, value)
        sent = client.get(f"{path}?horizon=273d&margin=0.5", headers=asynchronous)
        assert sent.status_code == 202
        job = finished(client, analyst, sent.headers["Location"])
        assert job["state"] == "succeeded", job["error"]
        half = fetch(client, analyst, job["location"])
        assert half["margin"] == 0.5
        first, whole = half["customers"][0], value["customers"][0]
        assert first["expected_money"] == pytest.approx(whole["expected_money"] / 2, abs=0.01)


@on_sqlite
class TestCohorts:
    def test_follow_customers_from_their_first_order(self, client, analyst):
        orders = upload(client, analyst)
        path = f"{ORDERS}/{orders['id']}/cohorts"
        found = fetch(client, analyst, path)
        assert found["cohorts"] == ["2026-01", "2026-02", "2026-03"]
        assert found["sizes"] == [1, 1, 1]
        assert found["values"] == [[1, 1, 0], [1, 0, None], [1, None, None]]
        assert found["unfinished"][0] == [False, False, True]
        spent = fetch(client, analyst, f"{path}?measure=cumulative")["values"]
        assert spent[0] == [15, 35, 35]

    def test_money_of_mixed_currencies_is_not_summed(self, client, analyst):
        text = "customer,date,amount,currency\nA,2026-01-01,5.5,EUR\nB,2026-01-02,6.5,USD\n"
        path = f"{ORDERS}/{upload(client, analyst, text)['id']}/cohorts?measure=revenue"
        problem = fetch(client, analyst, path, status=422)["detail"][0]
        assert problem["type"] == "mixed_currencies"


@on_sqlite
class TestMigration:
    def test_every_customer_is_in_one_move(self, client, analyst):
        orders = upload(client, analyst)
        path = f"{ORDERS}/{orders['id']}/migration"
        moved = fetch(client, analyst, f"{path}?from=2026-02-28&to=2026-03-31")["moves"]
        members = [each for move in moved for each in move["members"]]
        assert sorted(members) == ["A", "B", "C"]
        new = [move for move in moved if move["source"] == "New customers"]
        assert [(move["members"], move["money_after"]) for move in new] == [(["C"], 30)]
        # B brought its order back in between.
        of_b = next(move for move in moved if "B" in move["members"])
        assert (of_b["money_before"], of_b["money_after"]) == (7.5, 0)

    def test_members_of_a_move_are_listed_by_page(self, client, analyst):
        orders = upload(client, analyst)
        path = f"{ORDERS}/{orders['id']}/migration/customers?from=2026-02-28&to=2026-03-31"
        everyone = fetch(client, analyst, path)
        assert everyone["total"] == 3
        new = fetch(client, analyst, f"{path}&source=New customers&limit=1")
        assert [each["customer_id"] for each in new["customers"]] == ["C"]
        assert (new["customers"][0]["money_before"], new["customers"][0]["money_after"]) == (0, 30)
        unknown = fetch(client, analyst, f"{path}&target=Nowhere", status=422)
        assert unknown["detail"][0]["type"] == "unknown_segment"

    def test_a_window_loses_those_who_no_longer_order(self, client, analyst):
        path = f"{ORDERS}/{upload(client, analyst)['id']}/migration?by=cells&window=60d"
        moved = fetch(client, analyst, f"{path}&from=2026-02-28&to=2026-04-05")
        lost = [each for each in moved["moves"] if each["target"] == "No longer there"]
        assert [each["members"] for each in lost] == [["A"]]
        assert moved["sources"][0] == "R5 F5"

    def test_customers_may_be_followed_between_the_segments_of_a_run(self, client, analyst):
        rows = [
            f"{i},2026-{1 + i % 12:02}-{1 + i % 28:02},K{i % (20 + i % 3)},{3 + i % 17}.5"
            for i in range(300)
        ]
        orders = upload(client, analyst, "\n".join(["order_id,date,customer,amount", *rows]))
        made = snapshot(client, analyst, orders, as_of="2026-11-30")
        form = {"dataset_id": made["dataset_id"], "n_clusters": 3}
        run = client.post("/api/v1/clustering/train", json=form, headers=analyst.headers).json()
        path = f"{ORDERS}/{orders['id']}/migration?from=2026-11-30&to=2026-12-31"
        moved = fetch(client, analyst, f"{path}&run_id={run['run_id']}")
        assert moved["by"] == "run"
        segments = fetch(client, analyst, f"/api/v1/clustering/segments/{run['run_id']}")
        counted = {}
        for each in segments["assignments"]:
            counted[each["cluster_name"]] = counted.get(each["cluster_name"], 0) + 1
        before = {}
        for move in moved["moves"]:
            if move["source"] != "New customers":
                before[move["source"]] = before.get(move["source"], 0) + move["customers"]
        assert before == counted
        others = upload(client, analyst)
        wrong = f"{ORDERS}/{others['id']}/migration?from=2026-02-28&to=2026-03-31"
        refused = fetch(client, analyst, f"{wrong}&run_id={run['run_id']}", status=422)
        assert refused["detail"][0]["type"] == "other_orders"

    def test_the_days_have_to_be_in_order(self, client, analyst):
        path = f"{ORDERS}/{upload(client, analyst)['id']}/migration"
        answer = fetch(client, analyst, f"{path}?from=2026-03-31&to=2026-02-28", status=422)
        assert answer["detail"][0]["type"] == "not_later"


@on_sqlite
class TestRealOrders:
    def test_go_from_file_to_grid(self, client, analyst, shared_data):
        uploaded = upload(client, analyst, shared_data / "orders" / "superstore.csv")
        assert (uploaded["ledger"]["customers"], uploaded["ledger"]["orders"]) == (793, 5009)
        assert states(uploaded) == {"order": 9994, "no_date": 806}
        made = snapshot(client, analyst, uploaded)
        grid = fetch(client, analyst, f"/api/v1/snapshots/{made['id']}/rfm")
        assert grid["n_customers"] == 793

    def test_a_retailers_cancellations_are_no_orders(self, client, analyst, shared_data, tmp_path):
        frame = pd.read_parquet(shared_data / "orders" / "online_retail_ii_2009_2010.parquet")
        part = frame.head(30_000)
        part.to_parquet(tmp_path / "part.parquet")
        orders = upload(client, analyst, tmp_path / "part.parquet")
        known = part.dropna(subset=["Customer ID"])
        assert sum(states(orders).values()) == len(part)
        assert states(orders)["no_customer"] == int(part["Customer ID"].isna().sum())
        # As pandas counts it: invoices of digits alone with a line that was sold.
        sold = known[~known["Invoice"].str.startswith("C") & (known["Price"] > 0)]
        sold = sold[~sold["StockCode"].isin(NO_PRODUCTS)]
        assert orders["ledger"]["orders"] == sold["Invoice"].nunique()
