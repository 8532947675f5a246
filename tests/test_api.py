"""The contract's core interface, row by row, from outside; finer rules are in tests/routes."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from app.db.tables import PredictionHistory
from tests.factories import CUSTOMER, PASSWORD, Account

pytestmark = pytest.mark.both_databases("uniqueness, letter case, filters, order and cascades")

MARIA = {
    "email": "maria@example.com",
    "username": "maria",
    "full_name": "Maria Keller",
    "password": PASSWORD,
}
SAVED_PROFILE = {"name": "Corner shop", **CUSTOMER, "notes": "pays in cash"}
NOT_TRAINED = {"detail": "Model not trained. Please train the model first"}


def bearer(login) -> dict[str, str]:
    assert login.status_code == 200
    return {"Authorization": f"Bearer {login.json()['access_token']}"}


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> dict[str, str]:
    return bearer(client.post("/auth/login", json={"username": name, "password": password}))


def add_history(client: TestClient, account: Account, **values) -> None:
    row = {
        "user_id": account.id,
        "customer_data": CUSTOMER,
        "cluster": 0,
        "cluster_name": "Loyal Customers",
        "confidence": 50,
        "model_version": 1,
    }
    with client.app.state.resources.database.session() as session:
        session.add(PredictionHistory(**row | values))


class TestJourney:
    def test_a_newcomer_registers_signs_in_trains_predicts_and_sees_the_history(
        self, client, customers_file
    ):
        registered = client.post("/auth/register", json=MARIA)
        assert registered.status_code == 201
        headers = sign_in(client, "maria")

        trained = client.post("/train")
        assert trained.status_code == 200
        assert trained.json()["message"] == "Model trained successfully"

        predicted = client.post("/predict", json=CUSTOMER, headers=headers)
        assert predicted.status_code == 200

        history = client.get("/history", headers=headers).json()
        assert history["total"] == 1
        [row] = history["history"]
        answer = predicted.json()
        for field in ("customer_data", "cluster", "cluster_name", "confidence", "model_version"):
            assert row[field] == answer[field]


class TestHealth:
    def test_says_healthy_to_anyone(self, client):
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.json()["status"] == "healthy"

    def test_sends_a_browser_to_a_page(self, client):
        answer = client.get("/", headers={"Accept": "text/html,*/*"}, follow_redirects=False)
        assert answer.status_code == 307
        expected = "/app/" if client.app.state.has_web_app else "/docs"
        assert answer.headers["location"] == expected

    def test_sends_a_browser_to_the_documentation_where_there_is_no_web_app(
        self, client, monkeypatch
    ):
        monkeypatch.setattr(client.app.state, "has_web_app", False)
        answer = client.get("/", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert answer.url.path == "/docs"
        assert "swagger" in answer.text.lower()

    @pytest.mark.parametrize("page", ["/docs", "/redoc"])
    def test_documentation_needs_no_other_host(self, client, page):
        text = client.get(page).text
        assert 'src="http' not in text
        assert 'href="http' not in text

    def test_authorize_button_logs_in_with_a_password(self, client):
        schemes = client.get("/openapi.json").json()["components"]["securitySchemes"]
        flows = [scheme["flows"] for scheme in schemes.values() if scheme["type"] == "oauth2"]
        assert [flow["password"]["tokenUrl"] for flow in flows] == ["auth/login"]

    def test_a_page_of_another_origin_may_read_the_exposed_headers(self, client):
        answer = client.get("/", headers={"Origin": "http://localhost:5173"})
        assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"X-Total-Count", "Retry-After", "Location", "X-Cache"} <= set(exposed)
        stranger = client.get("/", headers={"Origin": "http://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers


class TestRegister:
    def test_answers_with_the_new_account(self, client):
        answer = client.post("/auth/register", json=MARIA | {"email": "Maria@Example.com"})
        assert answer.status_code == 201
        body = answer.json()
        assert body["id"] == 1
        assert body["email"] == "maria@example.com"
        assert (body["username"], body["full_name"]) == ("maria", "Maria Keller")
        assert (body["role"], body["is_active"]) == ("user", True)
        created = datetime.fromisoformat(body["created_at"])
        assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)
        assert created.utcoffset() == timedelta(0)
        assert not {"password", "hashed_password"} & set(body)

    def test_ignores_a_role_and_a_state_in_the_body(self, client):
        extra = {"role": "admin", "is_active": False, "id": 77, "must_change_password": True}
        body = client.post("/auth/register", json=MARIA | extra).json()
        assert body["role"] == "user"
        assert body["is_active"]
        assert body["id"] == 1
        assert client.get("/admin/stats", headers=sign_in(client, "maria")).status_code == 403

    @pytest.mark.parametrize(
        "taken",
        [
            {"username": "someone"},
            {"email": "someone@example.com"},
            {"email": "MARIA@example.COM", "username": "someone"},
            {"username": "MaRia", "email": "someone@example.com"},
        ],
        ids=["email", "username", "email in capitals", "username in capitals"],
    )
    def test_refuses_a_taken_name_without_regard_to_case(self, client, taken):
        assert client.post("/auth/register", json=MARIA).status_code == 201
        answer = client.post("/auth/register", json=MARIA | taken)
        assert answer.status_code == 400
        assert "already" in answer.json()["detail"]


class TestLogin:
    def test_answers_with_a_bearer_token_and_the_user(self, client, accounts):
        analyst = accounts.make("analyst")
        answer = client.post(
            "/auth/login", json={"username": analyst.username, "password": PASSWORD}
        )
        assert answer.status_code == 200
        body = answer.json()
        assert body["token_type"] == "bearer"
        expected = {
            "id": analyst.id,
            "username": analyst.username,
            "email": analyst.email,
            "role": "analyst",
        }
        assert expected.items() <= body["user"].items()
        assert client.get("/auth/me", headers=bearer(answer)).json()["id"] == analyst.id

    @pytest.mark.parametrize("name", ["maria", "MARIA", "maria@example.com", "Maria@Example.com"])
    def test_takes_username_or_email_as_json_or_as_a_form(self, client, accounts, name):
        accounts.make(username="maria")
        form = {"username": name, "password": PASSWORD, "grant_type": "password"}
        assert client.post("/auth/login", json=form).status_code == 200
        assert client.post("/auth/login", data=form).status_code == 200
        assert client.post("/auth/login", data=form, files={"x": b""}).status_code == 200

    def test_answers_alike_for_an_unknown_name_and_a_wrong_password(self, client, accounts):
        accounts.make(username="maria")
        accounts.make(username="idle", is_active=False)
        answers = [
            client.post("/auth/login", json={"username": name, "password": "not this one"})
            for name in ("maria", "nobody", "idle", "nobody@example.com")
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1
        assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}

    def test_refuses_an_inactive_account_with_the_right_password(self, client, accounts):
        accounts.make(username="idle", is_active=False)
        answer = client.post("/auth/login", json={"username": "idle", "password": PASSWORD})
        assert answer.status_code == 403


class TestMe:
    def test_shows_who_is_signed_in(self, client, accounts):
        user = accounts.make()
        body = client.get("/auth/me", headers=user.headers).json()
        expected = {
            "id": user.id,
            "username": user.username,
            "email": user.email,
            "full_name": user.username.title(),
            "role": "user",
            "is_active": True,
        }
        assert expected.items() <= body.items()

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer nonsense"},
            {"Authorization": "Bearer "},
            {"Authorization": "Basic bWFyaWE6cGFzcw=="},
        ],
        ids=["no token", "nonsense", "empty", "basic"],
    )
    def test_refuses_a_caller_without_a_token(self, client, headers):
        answer = client.get("/auth/me", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["detail"] == "Could not validate credentials"
        assert answer.headers["www-authenticate"] == "Bearer"


class TestLogout:
    def test_denies_that_token_alone(self, client, accounts):
        accounts.make(username="maria")
        here, elsewhere = sign_in(client, "maria"), sign_in(client, "maria")
        answer = client.post("/auth/logout", headers=here)
        assert answer.status_code == 200
        assert "message" in answer.json()
        assert client.get("/auth/me", headers=here).status_code == 401
        assert client.post("/auth/logout", headers=here).status_code == 401
        assert client.get("/auth/me", headers=elsewhere).status_code == 200


class TestTrain:
    def test_answers_with_the_figures_of_the_model(self, client, customers_file):
        answer = client.post("/train")
        assert answer.status_code == 200
        body = answer.json()
        assert body["message"] == "Model trained successfully"
        assert 4 <= body["n_clusters"] <= 6
        assert 0.45 <= body["silhouette_score"] <= 0.65
        assert body["inertia"] > 0
        assert body["n_customers"] == 500

    def test_takes_a_number_of_clusters_and_still_sweeps(self, client, accounts, customers_file):
        headers = accounts.make().headers
        assert client.post("/train", json={"n_clusters": 12}).json()["n_clusters"] == 12
        elbow = client.get("/elbow", headers=headers).json()
        assert elbow["k_range"] == list(range(2, 11))
        assert all(elbow["inertias"])
        assert elbow["optimal_k"] != 12
        assert client.get("/clusters", headers=headers).json()["n_clusters"] == 12


class TestModelAnswers:
    def test_say_so_where_there_is_no_model(self, client, accounts):
        headers = accounts.make().headers
        for answer in (
            client.post("/predict", json=CUSTOMER, headers=headers),
            client.get("/clusters", headers=headers),
            client.get("/elbow", headers=headers),
        ):
            assert answer.status_code == 400
            assert answer.json()["detail"] == NOT_TRAINED["detail"]
        assert client.get("/history", headers=headers).json() == {"history": [], "total": 0}

    def test_describe_prediction_clusters_and_elbow(self, trained, accounts):
        headers = accounts.make().headers
        predicted = trained.post("/predict", json=CUSTOMER, headers=headers).json()
        clusters = trained.get("/clusters", headers=headers).json()
        elbow = trained.get("/elbow", headers=headers).json()

        assert predicted["customer_data"] == CUSTOMER
        assert type(predicted["confidence"]) is int
        assert 0 <= predicted["confidence"] <= 100

        assert clusters["total_customers"] == 500
        assert [each["cluster_id"] for each in clusters["clusters"]] == list(
            range(clusters["n_clusters"])
        )
        assert sum(each["size"] for each in clusters["clusters"]) == 500
        own = clusters["clusters"][predicted["cluster"]]
        assert own["cluster_name"] == predicted["cluster_name"]
        averages = {"avg_age", "avg_income", "avg_spending_score", "avg_purchase_frequency"}
        assert averages <= set(own)

        assert elbow["k_range"] == list(range(2, 11))
        assert elbow["inertias"] == sorted(elbow["inertias"], reverse=True)
        best = max(range(9), key=elbow["silhouette_scores"].__getitem__)
        assert elbow["optimal_k"] == elbow["k_range"][best] == clusters["n_clusters"]

    @pytest.mark.parametrize(
        "change",
        [
            {"age": 18, "annual_income": 0, "spending_score": 1, "purchase_frequency": 0},
            {"age": 100, "annual_income": 999.75, "spending_score": 100, "sex": "Male"},
        ],
        ids=["lowest", "highest"],
    )
    def test_take_the_bounds_of_every_field(self, client, accounts, change):
        answer = client.post("/predict", json=CUSTOMER | change, headers=accounts.make().headers)
        assert answer.json()["detail"] == NOT_TRAINED["detail"]


class TestHistory:
    def test_is_the_callers_own_newest_first(self, client, accounts):
        maria, other = accounts.make(), accounts.make()
        now = datetime.now(UTC)
        for hours in (3, 1, 2):
            add_history(client, maria, cluster=hours, created_at=now - timedelta(hours=hours))
        add_history(client, other, cluster=9)
        body = client.get("/history", headers=maria.headers).json()
        assert [row["cluster"] for row in body["history"]] == [1, 2, 3]
        assert body["total"] == 3
        assert set(body["history"][0]) == {
            "id",
            "customer_data",
            "cluster",
            "cluster_name",
            "confidence",
            "created_at",
            "model_version",
        }

    def test_gives_fifty_by_default_and_lowers_a_limit_that_is_too_large(self, client, accounts):
        maria = accounts.make()
        client.app.state.settings.max_page_size = 55
        with client.app.state.resources.database.session() as session:
            session.add_all(
                PredictionHistory(
                    user_id=maria.id,
                    customer_data={},
                    cluster=number,
                    cluster_name="",
                    confidence=0,
                    model_version=1,
                )
                for number in range(60)
            )

        def page(**params) -> list[int]:
            body = client.get("/history", headers=maria.headers, params=params).json()
            assert body["total"] == 60
            return [row["cluster"] for row in body["history"]]

        assert page() == list(range(59, 9, -1))
        assert page(skip=58) == [1, 0]
        assert page(skip=1, limit=2) == [58, 57]
        assert page(limit=0) == []
        assert page(skip=60) == []
        assert len(page(limit=10**30)) == 55

    def test_filters_by_cluster_and_confidence(self, client, accounts):
        maria = accounts.make()
        for confidence in (10, 50, 90):
            add_history(client, maria, cluster=confidence // 50, confidence=confidence)

        def found(**params) -> list[int]:
            body = client.get("/history", headers=maria.headers, params=params).json()
            assert body["total"] == len(body["history"])
            return [row["confidence"] for row in body["history"]]

        assert found(cluster=0) == [10]
        assert found(cluster=7) == []
        assert found(min_confidence=50) == [90, 50]
        assert found(max_confidence=50) == [50, 10]
        assert found(min_confidence=50, max_confidence=50, cluster=1) == [50]
        assert found(sort="confidence") == [10, 50, 90]
        assert found(sort="confidence", descending=True, max_confidence=50) == [50, 10]
        assert client.get("/history?sort=user_id", headers=maria.headers).status_code == 422

    @pytest.mark.parametrize("day", ["2026-01-31", "20260131", "2026-W05-6"])
    def test_a_bare_upper_date_includes_its_day(self, client, accounts, day):
        maria = accounts.make()
        for moment in ("2026-01-30T23:59:59", "2026-01-31T00:00", "2026-01-31T23:59:59.999999"):
            add_history(
                client, maria, created_at=datetime.fromisoformat(moment).replace(tzinfo=UTC)
            )
        add_history(client, maria, created_at=datetime(2026, 2, 1, tzinfo=UTC))

        def total(**params) -> int:
            return client.get("/history", headers=maria.headers, params=params).json()["total"]

        assert total(date_to=day) == 3
        assert total(date_from=day) == 3
        assert total(date_from=day, date_to=day) == 2
        assert total(date_to="2026-01-31T00:00:00Z") == 2
        assert total(date_to="2026-01-31T02:00:00+02:00") == 2
        assert total(date_from="2026-01-31T00:00:01") == 2
        assert total(date_from="0001-01-01", date_to="9999-12-31") == 4


class TestOwnAccount:
    def test_profile_counts_predictions_and_saved_profiles(self, client, accounts):
        maria = accounts.make()
        add_history(client, maria)
        add_history(client, accounts.make())
        for name in ("one", "two"):
            client.post("/profiles/", json={"name": name}, headers=maria.headers)
        assert client.get("/users/me/profile", headers=maria.headers).json() == {
            "id": maria.id,
            "username": maria.username,
            "email": maria.email,
            "full_name": maria.username.title(),
            "role": "user",
            "total_predictions": 1,
            "total_saved_profiles": 2,
        }

    def test_changes_what_is_sent_and_the_token_outlives_the_username(self, client, accounts):
        maria = accounts.make(username="maria")
        answer = client.put(
            "/users/me",
            headers=maria.headers,
            json={"username": "mk", "email": "MK@example.com", "role": "admin"},
        )
        assert answer.status_code == 422
        answer = client.put(
            "/users/me",
            headers=maria.headers,
            json={"username": "mkeller", "email": "MK@example.com", "role": "admin"},
        )
        assert answer.status_code == 200
        body = answer.json()
        assert (body["username"], body["email"]) == ("mkeller", "mk@example.com")
        assert (body["full_name"], body["role"]) == ("Maria", "user")
        assert client.get("/auth/me", headers=maria.headers).json() == body
        assert sign_in(client, "mkeller")

    def test_refuses_the_name_of_another_and_keeps_ones_own(self, client, accounts):
        maria, other = accounts.make(username="maria"), accounts.make(username="other")
        for taken in ({"username": "OTHER"}, {"email": "Other@example.com"}):
            answer = client.put("/users/me", headers=maria.headers, json=taken)
            assert answer.status_code == 400
        own = {"username": "Maria", "email": "MARIA@example.com"}
        assert client.put("/users/me", headers=maria.headers, json=own).status_code == 200
        assert client.get("/auth/me", headers=other.headers).json()["username"] == "other"

    def test_deleting_it_takes_profiles_and_history_along(self, client, accounts):
        maria, admin = accounts.make(), accounts.make("admin")
        add_history(client, maria)
        client.post("/profiles/", json={"name": "one"}, headers=maria.headers)
        answer = client.delete("/users/me", headers=maria.headers)
        assert answer.status_code == 200
        assert answer.json() == {"message": "Account deleted successfully"}
        assert client.get("/auth/me", headers=maria.headers).status_code == 401
        stats = client.get("/admin/stats", headers=admin.headers).json()
        assert (stats["total_users"], stats["total_predictions"], stats["total_profiles"]) == (
            1,
            0,
            0,
        )


class TestUsers:
    def test_lists_all_newest_first(self, client, accounts):
        admin = accounts.make("admin")
        ids = [admin.id, *(accounts.make().id for _ in range(55))]
        answer = client.get("/users/", headers=admin.headers)
        assert [user["id"] for user in answer.json()] == ids[::-1]
        assert answer.headers["x-total-count"] == "56"
        page = client.get("/users/", headers=admin.headers, params={"skip": 54, "limit": 1})
        assert [user["id"] for user in page.json()] == [ids[1]]
        assert page.headers["x-total-count"] == "56"
        client.app.state.settings.max_page_size = 3
        lowered = client.get("/users/", headers=admin.headers, params={"limit": 1000})
        assert len(lowered.json()) == 3

    def test_shows_changes_and_deletes_one(self, client, accounts):
        admin, maria = accounts.make("admin"), accounts.make()
        path = f"/users/{maria.id}"
        shown = client.get(path, headers=admin.headers)
        assert shown.status_code == 200
        assert shown.json()["username"] == maria.username
        changed = client.put(f"{path}/role", headers=admin.headers, json={"role": "analyst"})
        assert changed.status_code == 200
        assert changed.json()["role"] == "analyst"
        deleted = client.delete(path, headers=admin.headers)
        assert deleted.status_code == 200
        assert "message" in deleted.json()
        for answer in (
            client.get(path, headers=admin.headers),
            client.put(f"{path}/role", headers=admin.headers, json={"role": "user"}),
            client.delete(path, headers=admin.headers),
        ):
            assert answer.status_code == 404


class TestProfiles:
    def test_only_the_name_is_required(self, client, accounts):
        maria = accounts.make()
        full = client.post("/profiles/", json=SAVED_PROFILE, headers=maria.headers)
        assert full.status_code == 201
        assert SAVED_PROFILE.items() <= full.json().items()
        assert full.json()["user_id"] == maria.id
        assert {"id", "created_at", "updated_at"} <= set(full.json())
        bare = client.post("/profiles/", json={"name": "bare"}, headers=maria.headers)
        assert bare.status_code == 201
        assert bare.json()["age"] is None
        assert client.post("/profiles/", json=CUSTOMER, headers=maria.headers).status_code == 422

    def test_lists_ones_own_newest_first_fifty_by_default(self, client, accounts):
        maria, other = accounts.make(), accounts.make()
        client.post("/profiles/", json={"name": "not mine"}, headers=other.headers)
        for number in range(52):
            client.post("/profiles/", json={"name": str(number)}, headers=maria.headers)
        answer = client.get("/profiles/", headers=maria.headers)
        assert [row["name"] for row in answer.json()] == [str(n) for n in range(51, 1, -1)]
        assert answer.headers["x-total-count"] == "52"
        page = client.get("/profiles/", headers=maria.headers, params={"skip": 51, "limit": 9})
        assert [row["name"] for row in page.json()] == ["0"]

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("CORNER", ["The corner shop"]),
            ("élodie", ["ÉLODIE"]),
            ("Ring", ["50% off"]),
            ("%", ["50% off"]),
            ("_", ["under_score"]),
            ("nobody", []),
            ("", ["under_score", "50% off", "ÉLODIE", "The corner shop"]),
        ],
    )
    def test_finds_text_in_names_and_notes_as_it_is_written(self, client, accounts, search, found):
        maria, other = accounts.make(), accounts.make()
        client.post("/profiles/", json={"name": "Corner, not mine"}, headers=other.headers)
        for name, notes in (
            ("The corner shop", None),
            ("ÉLODIE", ""),
            ("50% off", "ring in May"),
            ("under_score", None),
        ):
            client.post("/profiles/", json={"name": name, "notes": notes}, headers=maria.headers)
        params = {"search": search, "limit": 10}
        answer = client.get("/profiles/", headers=maria.headers, params=params)
        assert [row["name"] for row in answer.json()] == found
        assert answer.headers["x-total-count"] == str(len(found))

    @pytest.mark.parametrize(
        ("order", "names"),
        [
            ({}, ["ada", "Zoe", "bob"]),
            ({"sort": "name"}, ["ada", "bob", "Zoe"]),
            ({"sort": "name", "descending": True}, ["Zoe", "bob", "ada"]),
            ({"sort": "age"}, ["Zoe", "bob", "ada"]),
            ({"sort": "age", "descending": True}, ["bob", "Zoe", "ada"]),
            ({"sort": "updated_at"}, ["bob", "Zoe", "ada"]),
        ],
    )
    def test_orders_by_a_field_with_the_unknown_last(self, client, accounts, order, names):
        headers = accounts.make().headers
        for name, age in (("bob", 60), ("Zoe", 20), ("ada", None)):
            client.post("/profiles/", json={"name": name, "age": age}, headers=headers)
        answer = client.get("/profiles/", headers=headers, params=order)
        assert [row["name"] for row in answer.json()] == names

    def test_orders_by_no_other_field(self, client, accounts):
        answer = client.get("/profiles/", headers=accounts.make().headers, params={"sort": "id"})
        assert answer.status_code == 422

    def test_changes_only_what_is_sent(self, client, accounts):
        headers = accounts.make().headers
        made = client.post("/profiles/", json=SAVED_PROFILE, headers=headers).json()
        path = f"/profiles/{made['id']}"
        answer = client.put(path, json={"spending_score": 80, "notes": None}, headers=headers)
        assert answer.status_code == 200
        changed = made | {"spending_score": 80, "notes": None}
        assert answer.json() == changed | {"updated_at": answer.json()["updated_at"]}
        assert answer.json()["updated_at"] > made["updated_at"]
        assert client.get(path, headers=headers).json() == answer.json()
        assert client.put(path, json={"name": None}, headers=headers).status_code == 422

    def test_deletes_for_good(self, client, accounts):
        headers = accounts.make().headers
        made = client.post("/profiles/", json=SAVED_PROFILE, headers=headers).json()
        path = f"/profiles/{made['id']}"
        answer = client.delete(path, headers=headers)
        assert answer.status_code == 200
        assert "message" in answer.json()
        assert client.get(path, headers=headers).status_code == 404

    @pytest.mark.parametrize("role", ["user", "analyst", "admin"])
    def test_someone_elses_is_not_found(self, client, accounts, role):
        owner, stranger = accounts.make(), accounts.make(role)
        made = client.post("/profiles/", json=SAVED_PROFILE, headers=owner.headers).json()
        path = f"/profiles/{made['id']}"
        for answer in (
            client.get(path, headers=stranger.headers),
            client.put(path, json={"name": "mine now"}, headers=stranger.headers),
            client.delete(path, headers=stranger.headers),
        ):
            assert answer.status_code == 404
        assert client.get(path, headers=owner.headers).json() == made
        assert client.get("/profiles/", headers=stranger.headers).json() == []


class TestAdmin:
    def test_lists_users_with_counts_and_filters(self, client, accounts):
        admin = accounts.make("admin", username="boss")
        maria = accounts.make(username="maria")
        idle = accounts.make("analyst", username="idle_100", is_active=False)
        add_history(client, maria)
        add_history(client, maria)
        client.post("/profiles/", json={"name": "one"}, headers=maria.headers)

        def found(**params) -> dict:
            answer = client.get("/admin/users", headers=admin.headers, params=params)
            assert answer.status_code == 200
            return answer.json()

        body = found()
        assert [user["id"] for user in body["users"]] == [idle.id, maria.id, admin.id]
        assert [user["total_predictions"] for user in body["users"]] == [0, 2, 0]
        assert [user["total_profiles"] for user in body["users"]] == [0, 1, 0]
        totals = (body["total"], body["total_predictions"], body["total_profiles"])
        assert totals == (3, 2, 1)

        def names(**params) -> list[str]:
            body = found(**params)
            assert body["total"] == len(body["users"])
            return [user["username"] for user in body["users"]]

        assert names(search="MARIA@EX") == ["maria"]
        assert names(search="e_1") == ["idle_100"]
        assert names(search="%") == []
        client.put("/users/me", json={"full_name": "Maria Öztürk"}, headers=maria.headers)
        assert names(search="öZTÜRK") == ["maria"]
        assert names(role="admin") == ["boss"]
        assert names(is_active="false") == ["idle_100"]
        assert names(is_active="true", role="user", search="a") == ["maria"]
        assert names(sort="username") == ["boss", "idle_100", "maria"]
        assert names(sort="role", descending=True) == ["maria", "idle_100", "boss"]
        assert found(skip=1, limit=1)["total"] == 3

    def test_shows_one_with_counts_and_nothing_of_what_they_hold(self, client, accounts):
        admin, maria = accounts.make("admin"), accounts.make()
        add_history(client, maria, cluster_name="Budget Conscious")
        client.post("/profiles/", json={"name": "Secret Shop"}, headers=maria.headers)
        answer = client.get(f"/admin/users/{maria.id}", headers=admin.headers)
        assert answer.status_code == 200
        assert (answer.json()["total_predictions"], answer.json()["total_profiles"]) == (1, 1)
        for path in (f"/admin/users/{maria.id}", "/admin/users", "/history", "/profiles/"):
            text = client.get(path, headers=admin.headers).text
            assert "Secret Shop" not in text
            assert "Budget Conscious" not in text
            assert "hashed_password" not in text

    def test_changes_role_and_state_and_deletes(self, client, accounts):
        admin, maria = accounts.make("admin"), accounts.make(username="maria")
        path = f"/admin/users/{maria.id}"
        role = client.put(f"{path}/role", headers=admin.headers, json={"role": "analyst"})
        assert (role.status_code, role.json()["role"]) == (200, "analyst")
        assert client.get("/auth/me", headers=maria.headers).status_code == 401

        headers = sign_in(client, "maria")
        off = client.put(f"{path}/toggle-active", headers=admin.headers)
        assert (off.status_code, off.json()["is_active"]) == (200, False)
        assert client.get("/auth/me", headers=headers).status_code == 401
        on = client.put(f"{path}/toggle-active", headers=admin.headers)
        assert (on.status_code, on.json()["is_active"]) == (200, True)
        assert client.get("/auth/me", headers=headers).status_code == 401

        deleted = client.delete(path, headers=admin.headers)
        assert deleted.status_code == 200
        assert "message" in deleted.json()
        for answer in (
            client.get(path, headers=admin.headers),
            client.delete(path, headers=admin.headers),
            client.put(f"{path}/toggle-active", headers=admin.headers),
            client.put(f"{path}/role", headers=admin.headers, json={"role": "user"}),
        ):
            assert answer.status_code == 404

    def test_statistics_count_everything(self, client, accounts):
        admin, maria = accounts.make("admin"), accounts.make()
        accounts.make("analyst", is_active=False)
        empty = client.get("/admin/stats", headers=admin.headers).json()
        assert empty["segments"] == []
        now = datetime.now(UTC)
        for name, age in (("Loyal Customers", 0), ("Budget Conscious", 0), ("Loyal Customers", 2)):
            add_history(client, maria, cluster_name=name, created_at=now - timedelta(days=age))
        add_history(client, maria, created_at=now - timedelta(days=90))
        client.post("/profiles/", json={"name": "one"}, headers=maria.headers)

        stats = client.get("/admin/stats", headers=admin.headers).json()
        assert stats["users_by_role"] == {"user": 1, "analyst": 1, "admin": 1}
        counted = ("total_users", "active_users", "inactive_users")
        assert [stats[name] for name in counted] == [3, 2, 1]
        assert (stats["total_predictions"], stats["total_profiles"]) == (4, 1)
        assert stats["segments"] == [
            {"cluster_name": "Loyal Customers", "predictions": 3, "share": 0.75},
            {"cluster_name": "Budget Conscious", "predictions": 1, "share": 0.25},
        ]
        per_day = {day["date"]: day["predictions"] for day in stats["predictions_per_day"]}
        assert len(per_day) == 30
        assert max(per_day) == now.date().isoformat()
        assert per_day[now.date().isoformat()] == 2
        assert per_day[(now - timedelta(days=2)).date().isoformat()] == 1
        assert sum(per_day.values()) == 3
