"""What is done with predictions, profiles and passwords after the first day."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from app.errors import Unauthorized
from app.schemas.users import UserUpdate
from app.services import history
from app.services.accounts import identify, update_own
from tests.factories import CUSTOMER, PASSWORD, Account, Accounts

pytestmark = pytest.mark.both_databases("filters by time, deletions, answers read row by row")


@pytest.fixture
def user(accounts: Accounts) -> Account:
    return accounts.make("user")


class TestPredictProfile:
    def test_a_complete_profile_is_placed_like_any_customer(
        self, trained: TestClient, user: Account
    ) -> None:
        profile = trained.post("/profiles/", json={"name": "A", **CUSTOMER}, headers=user.headers)
        answer = trained.post(f"/profiles/{profile.json()['id']}/predict", headers=user.headers)
        single = trained.post("/predict", json=CUSTOMER, headers=user.headers)
        assert answer.status_code == 200
        assert answer.json() == single.json()
        assert trained.get("/history", headers=user.headers).json()["total"] == 2

    def test_an_incomplete_profile_is_told_what_it_lacks(
        self, trained: TestClient, user: Account
    ) -> None:
        profile = trained.post("/profiles/", json={"name": "A", "age": 30}, headers=user.headers)
        answer = trained.post(f"/profiles/{profile.json()['id']}/predict", headers=user.headers)
        assert answer.status_code == 422
        lacking = [problem["loc"][-1] for problem in answer.json()["detail"]]
        assert lacking == ["sex", "annual_income", "spending_score", "purchase_frequency"]

    def test_someone_elses_profile_is_not_found(
        self, trained: TestClient, user: Account, accounts: Accounts
    ) -> None:
        profile = trained.post("/profiles/", json={"name": "A", **CUSTOMER}, headers=user.headers)
        answer = trained.post(
            f"/profiles/{profile.json()['id']}/predict", headers=accounts.make("admin").headers
        )
        assert answer.status_code == 404


class TestHistory:
    def test_the_export_has_every_row_that_the_filter_leaves(
        self, trained: TestClient, user: Account
    ) -> None:
        for age in (20, 40, 60):
            trained.post("/predict", json={**CUSTOMER, "age": age}, headers=user.headers)
        answer = trained.get("/history/export", headers=user.headers)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert answer.headers["content-type"].startswith("text/csv")
        assert [row["age"] for row in rows] == ["60", "40", "20"]
        none = trained.get(
            "/history/export", params={"date_to": "2000-01-01"}, headers=user.headers
        )
        assert len(none.text.splitlines()) == 1

    def test_an_export_longer_than_a_block_has_each_row_once(
        self, trained: TestClient, user: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(history, "EXPORT_BLOCK", 2)
        for age in range(20, 25):
            trained.post("/predict", json={**CUSTOMER, "age": age}, headers=user.headers)
        answer = trained.get("/history/export", headers=user.headers)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["age"] for row in rows] == ["24", "23", "22", "21", "20"]

    def test_deleting_the_history_leaves_that_of_others(
        self, trained: TestClient, user: Account, accounts: Accounts
    ) -> None:
        other = accounts.make("user")
        for account in (user, user, other):
            trained.post("/predict", json=CUSTOMER, headers=account.headers)
        answer = trained.delete("/history", headers=user.headers)
        assert answer.json()["deleted"] == 2
        assert trained.get("/history", headers=user.headers).json()["total"] == 0
        assert trained.get("/history", headers=other.headers).json()["total"] == 1

    def test_one_row_is_deleted_by_its_owner_alone(
        self, trained: TestClient, user: Account, accounts: Accounts
    ) -> None:
        trained.post("/predict", json=CUSTOMER, headers=user.headers)
        row = trained.get("/history", headers=user.headers).json()["history"][0]["id"]
        stranger = accounts.make("admin")
        assert trained.delete(f"/history/{row}", headers=stranger.headers).status_code == 404
        assert trained.delete(f"/history/{row}", headers=user.headers).status_code == 200
        assert trained.delete(f"/history/{row}", headers=user.headers).status_code == 404


class TestResetPassword:
    def test_the_one_time_password_must_be_changed_before_anything_else(
        self, client: TestClient, user: Account, accounts: Accounts
    ) -> None:
        admin = accounts.make("admin")
        reset = client.post(f"/admin/users/{user.id}/reset-password", headers=admin.headers)
        assert reset.status_code == 200
        once = reset.json()["one_time_password"]

        assert client.get("/auth/me", headers=user.headers).status_code == 401
        old = client.post("/auth/login", json={"username": user.username, "password": PASSWORD})
        assert old.status_code == 401
        login = client.post("/auth/login", json={"username": user.username, "password": once})
        assert login.json()["user"]["must_change_password"] is True
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        for path in ("/history", "/clusters", "/profiles/", "/users/me/profile"):
            assert client.get(path, headers=headers).status_code == 403
        assert client.post("/predict", json=CUSTOMER, headers=headers).status_code == 403
        assert client.post("/train", headers=headers).status_code == 403
        assert client.get("/auth/me", headers=headers).status_code == 200

        changed = client.put("/users/me", json={"password": "a new one"}, headers=headers)
        assert changed.status_code == 200
        assert client.get("/history", headers=headers).status_code == 200

    def test_the_one_time_password_cannot_be_kept(
        self, client: TestClient, user: Account, accounts: Accounts
    ) -> None:
        admin = accounts.make("admin")
        reset = client.post(f"/admin/users/{user.id}/reset-password", headers=admin.headers)
        once = reset.json()["one_time_password"]
        login = client.post("/auth/login", json={"username": user.username, "password": once})
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        other = client.put("/users/me", json={"email": "new@example.com"}, headers=headers)
        assert other.status_code == 403
        assert client.get("/history", headers=headers).status_code == 403
        same = client.put("/users/me", json={"password": once}, headers=headers)
        assert same.status_code == 400

    def test_a_reset_is_not_undone_by_a_change_that_was_on_its_way(
        self, client: TestClient, user: Account, accounts: Accounts
    ) -> None:
        resources = client.app.state.resources
        claims = resources.signer.read(user.headers["Authorization"].split()[1])
        caller = identify(resources.database, claims)
        admin = accounts.make("admin")
        client.post(f"/admin/users/{user.id}/reset-password", headers=admin.headers)
        form = UserUpdate(password="too late for this")
        with pytest.raises(Unauthorized):
            update_own(resources.database, resources.settings, caller, form)

    def test_administrators_change_their_own_password_themselves(
        self, client: TestClient, accounts: Accounts
    ) -> None:
        admin = accounts.make("admin")
        answer = client.post(f"/admin/users/{admin.id}/reset-password", headers=admin.headers)
        assert answer.status_code == 400


class TestRevokedToken:
    def test_it_is_refused_before_the_body_is_complained_about(
        self, trained: TestClient, user: Account
    ) -> None:
        assert trained.post("/predict", json={}, headers=user.headers).status_code == 422
        trained.post("/auth/logout", headers=user.headers)
        answer = trained.post("/predict", json={}, headers=user.headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
