"""What an API key opens, and that it opens nothing more, nor longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.db.key_tables import ApiKey
from app.db.tables import PredictionHistory, User
from app.services import keys
from tests.factories import CUSTOMER, PASSWORD
from tests.routes.test_roles import NO_SUCH_ID, ROLE_TABLE
from tests.routes.test_sessions import token_of_age

KEYS = "/users/me/keys"
OF_A_PERSON = {
    "GET /users/me/export": 403,
    "POST /auth/logout": 401,
    "PUT /users/me": 403,
    "DELETE /users/me": 403,
    "POST /users/me/keys": 403,
    "GET /users/me/keys": 403,
    "DELETE /users/me/keys/{key_id}": 403,
    "POST /admin/invitations": 403,
}


@pytest.fixture
def make(client):
    """Make a key for an account, and return the header that signs its requests."""

    def make(account, *scopes: str, **form) -> dict[str, str]:
        body = {"name": "a program", "scopes": list(scopes), **form}
        made = client.post(KEYS, json=body, headers=account.headers)
        assert made.status_code == 201, made.text
        return {"X-API-Key": made.json()["key"]}

    return make


@pytest.fixture
def database(client):
    return client.app.state.resources.database


class TestMaking:
    def test_shows_the_key_once_and_keeps_a_digest(self, client, accounts, database):
        maria = accounts.make()
        form = {"name": " nightly ", "scopes": ["score", "read", "read"]}
        made = client.post(KEYS, json=form, headers=maria.headers).json()
        secret = made.pop("key")
        assert len(secret) > 40
        assert made["name"] == "nightly"
        assert made["scopes"] == ["read", "score"]
        assert (made["role"], made["expires_at"], made["last_used_at"]) == ("user", None, None)
        assert secret.startswith(made["start"])
        listed = client.get(KEYS, headers=maria.headers)
        assert listed.json()["keys"] == [made]
        with database.connect(read_only=True) as connection:
            (row,) = connection.execute(sa.select(ApiKey.__table__)).all()
        assert secret not in map(str, row)
        assert secret[15:] not in str(row)

    def test_cannot_give_a_higher_role(self, client, accounts):
        form = {"name": "one", "scopes": ["read"], "role": "admin"}
        refused = client.post(KEYS, json=form, headers=accounts.make("analyst").headers)
        assert refused.status_code == 403

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 101),
            ("scopes", []),
            ("scopes", ["write"]),
            ("role", "owner"),
            ("expires_at", "2020-01-01T00:00:00Z"),
            ("expires_at", "2999-01-01T00:00:00"),
        ],
    )
    def test_names_a_field_that_is_wrong(self, client, accounts, field, value):
        form = {"name": "one", "scopes": ["read"], field: value}
        refused = client.post(KEYS, json=form, headers=accounts.make().headers)
        assert refused.status_code == 422
        assert refused.json()["detail"][0]["loc"][:2] == ["body", field]

    def test_needs_a_fresh_token_or_the_password(self, client, accounts):
        maria = accounts.make()
        stale = token_of_age(client, maria, timedelta(minutes=11))
        form = {"name": "one", "scopes": ["read"]}
        assert client.post(KEYS, json=form, headers=stale).status_code == 400
        form["current_password"] = PASSWORD
        assert client.post(KEYS, json=form, headers=stale).status_code == 201

    @pytest.mark.both_databases("the number of keys, counted at once")
    def test_ends_at_the_most_there_can_be(self, client, accounts, monkeypatch):
        monkeypatch.setattr(keys, "MOST_KEYS", 3)
        maria = accounts.make()
        form = {"name": "one", "scopes": ["read"]}
        with ThreadPoolExecutor(8) as pool:
            calls = [
                pool.submit(client.post, KEYS, json=form, headers=maria.headers) for _ in range(8)
            ]
        statuses = sorted(call.result().status_code for call in calls)
        assert statuses == [201] * 3 + [400] * 5


class TestCalling:
    def test_places_a_customer_as_its_owner_does(self, trained, accounts, make, database):
        maria = accounts.make()
        by_key = trained.post("/predict", json=CUSTOMER, headers=make(maria, "score"))
        by_token = trained.post("/predict", json=CUSTOMER, headers=maria.headers)
        assert by_key.status_code == 200
        assert by_key.json() == by_token.json()
        with database.connect(read_only=True) as connection:
            owners = connection.scalars(sa.select(PredictionHistory.user_id)).all()
        assert owners == [maria.id, maria.id]

    def test_notes_its_last_use(self, client, accounts, make):
        maria = accounts.make()
        key = make(maria, "read")
        before = datetime.now(UTC)
        assert client.get("/history", headers=key).status_code == 200
        (listed,) = client.get(KEYS, headers=maria.headers).json()["keys"]
        assert datetime.fromisoformat(listed["last_used_at"]) >= before

    @pytest.mark.parametrize("scopes", [["read"], ["score"], ["manage"], ["read", "score"]])
    def test_opens_what_its_scopes_say_and_no_more(self, client, accounts, make, scopes):
        scoring = {
            "POST /predict",
            "POST /predict/batch",
            "POST /profiles/{profile_id}/predict",
            "POST /api/analyze",
            "POST /api/recommendations",
            "POST /api/v1/clustering/runs/{run_id}/cut",
            "POST /api/v1/clustering/runs/{run_id}/predict",
            "POST /api/v1/segmentations/{segmentation_id}/predict",
        }
        key = make(accounts.make("admin"), *scopes)
        wrong = []
        for route, answers in ROLE_TABLE.items():
            if not answers.startswith("401") or route == "POST /auth/login":
                continue
            method, path = route.split()
            needed = "read" if method == "GET" else "score" if route in scoring else "manage"
            for part in [part for part in path.split("/") if part.startswith("{")]:
                path = path.replace(part, NO_SUCH_ID)
            json = None if method in ("GET", "DELETE") else {}
            status = client.request(method, path, headers=key, json=json).status_code
            if route in OF_A_PERSON and needed in scopes:
                expected = status == OF_A_PERSON[route]
            elif needed in scopes:
                expected = status not in (401, 403)
            else:
                expected = status in (401, 403)
            if not expected:
                wrong.append(f"{route}: {status}")
        assert not wrong, wrong

    def test_has_the_lower_of_its_role_and_its_owner_s(self, client, accounts, make, database):
        boss, maria = accounts.make("admin"), accounts.make("analyst")
        low, high = make(maria, "read", role="user"), make(maria, "read")
        path = "/api/v1/models"
        assert client.get(path, headers=low).status_code == 403
        assert client.get(path, headers=high).status_code == 200
        role = f"/users/{maria.id}/role"
        assert client.put(role, json={"role": "user"}, headers=boss.headers).status_code == 200
        assert client.get(path, headers=high).status_code == 403
        assert client.put(role, json={"role": "admin"}, headers=boss.headers).status_code == 200
        assert client.get(path, headers=high).status_code == 200
        assert client.get("/admin/stats", headers=high).status_code == 403

    def test_sends_a_large_body(self, client, accounts, make):
        headers = make(accounts.make(), "score") | {"Content-Type": "application/json"}
        large = b" " * 70_000
        assert client.post("/api/analyze", content=large, headers=headers).status_code == 400
        unknown = headers | {"X-API-Key": "csk_unknown"}
        assert client.post("/api/analyze", content=large, headers=unknown).status_code == 401


class TestTheEnd:
    @pytest.mark.parametrize(
        "key", ["", "csk_", "nonsense", "csk_" + "a" * 43, "\xe9", "x" * 10_000], ids=ascii
    )
    def test_what_is_no_key_is_401(self, client, key):
        answer = client.get("/history", headers={"X-API-Key": key.encode("latin-1")})
        assert answer.status_code == 401
        assert answer.json()["detail"] == "Could not validate credentials"

    def test_a_key_ends_at_its_time(self, client, accounts, make, database):
        ends_at = datetime.now(UTC) + timedelta(hours=1)
        key = make(accounts.make(), "read", expires_at=ends_at.isoformat())
        assert client.get("/history", headers=key).status_code == 200
        with database.session() as session:
            session.execute(sa.update(ApiKey).values(expires_at=datetime.now(UTC)))
        assert client.get("/history", headers=key).status_code == 401

    def test_its_owner_revokes_it(self, client, accounts, make):
        maria, paul = accounts.make(), accounts.make()
        key = make(maria, "read")
        (listed,) = client.get(KEYS, headers=maria.headers).json()["keys"]
        path = f"{KEYS}/{listed['id']}"
        assert client.delete(path, headers=paul.headers).status_code == 404
        assert client.get("/history", headers=key).status_code == 200
        assert client.delete(path, headers=maria.headers).status_code == 200
        assert client.get("/history", headers=key).status_code == 401
        assert client.delete(path, headers=maria.headers).status_code == 404

    def test_an_administrator_sees_and_revokes_it(self, client, accounts, make):
        boss, maria, paul = accounts.make("admin"), accounts.make(), accounts.make()
        key = make(maria, "read")
        of_maria = f"/admin/users/{maria.id}/keys"
        (listed,) = client.get(of_maria, headers=boss.headers).json()["keys"]
        assert "key" not in listed
        wrong = f"/admin/users/{paul.id}/keys/{listed['id']}"
        assert client.delete(wrong, headers=boss.headers).status_code == 404
        path = f"{of_maria}/{listed['id']}"
        assert client.delete(path, headers=boss.headers).status_code == 200
        assert client.get("/history", headers=key).status_code == 401

    def test_a_deactivated_owner_s_rests(self, client, accounts, make, database):
        maria = accounts.make()
        key = make(maria, "read", "score")
        for is_active, status in ((False, 401), (True, 200)):
            with database.session() as session:
                session.get_one(User, maria.id).is_active = is_active
            assert client.get("/history", headers=key).status_code == status

    def test_one_whose_owner_must_change_their_password_rests_too(
        self, client, accounts, make, database
    ):
        maria = accounts.make()
        key = make(maria, "read", "score")
        with database.session() as session:
            session.get_one(User, maria.id).must_change_password = True
        assert client.get("/auth/me", headers=key).status_code == 403
        assert client.post("/predict", json=CUSTOMER, headers=key).status_code == 403

    def test_a_deleted_account_s_is_gone(self, client, accounts, make, database):
        maria = accounts.make()
        key = make(maria, "read")
        assert client.delete("/users/me", headers=maria.headers).status_code == 200
        assert client.get("/history", headers=key).status_code == 401
        with database.connect(read_only=True) as connection:
            assert connection.scalar(sa.select(sa.func.count(ApiKey.id))) == 0
