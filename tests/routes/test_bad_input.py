"""What is not as it should be gets an answer of 4xx that says so, and changes nothing."""

import json
import re

import pytest
import sqlalchemy as sa

from app.db.tables import Base, ModelVersion
from tests.factories import CUSTOMER, PASSWORD

pytestmark = pytest.mark.both_databases("what a column cannot keep: NUL, large numbers, long texts")

JSON = {"Content-Type": "application/json"}
SECRET = "my-0wn-secret"
NEW = {"email": "maria@example.com", "username": "maria", "password": PASSWORD}
LIMIT = 1_000_000


def rows(client) -> dict[str, int]:
    """How many rows each table has, but for the log of what was tried."""
    with client.app.state.resources.database.connect(read_only=True) as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name != "audit_events"
        }


def assert_is_an_error(answer, *statuses: int) -> None:
    """One shape for every error: a code, and a sentence or a list of what is wrong by field."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"detail", "code", "field"}
    assert re.fullmatch(r"[a-z][a-z_]*", body["code"])
    if answer.status_code == 422:
        assert body["code"] == "invalid_fields"
        assert body["field"] == body["detail"][0]["field"]
        assert body["detail"]
        for problem in body["detail"]:
            assert set(problem) == {"type", "loc", "msg", "code", "field"}
            assert problem["code"] == problem["type"]
            assert (problem["field"] or "") == ".".join(map(str, problem["loc"][1:]))
            assert problem["loc"][0] in ("body", "query", "path")
            assert isinstance(problem["msg"], str)
    else:
        assert isinstance(body["detail"], str)
        assert body["detail"]
    assert "Traceback" not in answer.text
    assert SECRET not in answer.text


@pytest.fixture
def user(accounts):
    return accounts.make().headers


@pytest.fixture
def unchanged(client, user):
    """Nothing in the database is other than before, once the test is over."""
    before = rows(client)
    yield
    assert rows(client) == before


BODIES_THAT_ARE_NO_JSON = {
    "text": b"hello",
    "cut off": b'{"username": "my-0wn-secret", "pass',
    "a comma too many": b'{"age": 3,}',
    "not UTF-8": b'{"sex": "\xff\xfe"}',
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"age":' * 50_000 + b"1" + b"}" * 50_000,
    "an integer of 5000 digits": b'{"age": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/auth/register"),
        ("POST", "/auth/login"),
        ("POST", "/predict"),
        ("PUT", "/users/me"),
        ("POST", "/train"),
    ],
)
class TestBodies:
    def test_no_json_is_400(self, client, user, method, path):
        for name, body in BODIES_THAT_ARE_NO_JSON.items():
            answer = client.request(method, path, content=body, headers=user | JSON)
            assert answer.status_code == 400, name
            assert_is_an_error(answer, 400)

    def test_json_that_is_no_object_is_422(self, client, user, method, path):
        for body in (b"[]", b"[1]", b'"text"', b"1", b"true", b"NaN"):
            answer = client.request(method, path, content=body, headers=user | JSON)
            assert_is_an_error(answer, 422)
            undeclared = client.request(method, path, content=body, headers=user)
            assert_is_an_error(undeclared, 422)

    @pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "text/csv"])
    def test_another_type_is_415(self, client, user, method, path, content_type):
        headers = user | {"Content-Type": content_type}
        answer = client.request(method, path, content=b"<a>my-0wn-secret</a>", headers=headers)
        assert_is_an_error(answer, 415)

    def test_one_byte_over_the_limit_is_413(self, client, user, method, path):
        def chunks():
            for _ in range(10):
                yield b" " * (LIMIT // 10)
            yield b"{"

        for body in (b" " * LIMIT + b"{", chunks()):
            answer = client.request(method, path, content=body, headers=user | JSON)
            assert_is_an_error(answer, 413)

    def test_the_limit_itself_is_read(self, client, user, method, path):
        body = b'{"password": ""' + b" " * (LIMIT - 16) + b"}"
        assert len(body) == LIMIT
        answer = client.request(method, path, content=body, headers=user | JSON)
        assert answer.status_code in (400, 422)


@pytest.mark.usefixtures("unchanged")
class TestLogin:
    def test_a_form_over_the_limit_is_413(self, client):
        answer = client.post("/auth/login", data={"username": "a", "password": "b" * LIMIT})
        assert_is_an_error(answer, 413)

    def test_a_form_that_is_none_is_400(self, client):
        headers = {"Content-Type": "multipart/form-data"}
        assert_is_an_error(client.post("/auth/login", content=b"x", headers=headers), 400)
        many = {f"field{number}": "" for number in range(1001)}
        assert_is_an_error(client.post("/auth/login", data=many), 400)

    def test_a_file_is_no_password(self, client):
        answer = client.post("/auth/login", data={"username": "a"}, files={"password": b"b"})
        assert_is_an_error(answer, 422)

    @pytest.mark.parametrize("form", [{}, {"username": "a"}, {"password": "b"}, {"username": ""}])
    def test_a_missing_field_is_named(self, client, form):
        for answer in (
            client.post("/auth/login", json=form),
            client.post("/auth/login", data=form),
        ):
            assert_is_an_error(answer, 422, 400)


BAD_CUSTOMERS = [
    ("age", 17),
    ("age", 101),
    ("age", 34.5),
    ("age", "34"),
    ("age", True),
    ("age", None),
    ("age", [34]),
    ("age", 10**400),
    ("age", float("nan")),
    ("annual_income", -0.01),
    ("annual_income", "65"),
    ("annual_income", False),
    ("annual_income", float("nan")),
    ("annual_income", float("inf")),
    ("annual_income", float("-inf")),
    ("annual_income", 10**400),
    ("annual_income", 1e300),
    ("spending_score", 0),
    ("spending_score", 101),
    ("spending_score", {"a": 1}),
    ("purchase_frequency", -1),
    ("purchase_frequency", 2**31),
    ("purchase_frequency", 2**64),
    ("purchase_frequency", "twice"),
    ("sex", "male"),
    ("sex", ""),
    ("sex", 1),
    ("sex", "\ud800"),
]


@pytest.mark.usefixtures("unchanged")
class TestCustomers:
    @pytest.mark.parametrize("path", ["/predict", "/profiles/"])
    def test_a_bad_field_is_named(self, client, user, path):
        for field, value in BAD_CUSTOMERS:
            if path == "/profiles/" and value is None:
                continue
            body = json.dumps({"name": "one", **CUSTOMER, field: value}).encode()
            answer = client.post(path, content=body, headers=user | JSON)
            assert_is_an_error(answer, 422)
            assert answer.json()["detail"][0]["loc"] == ["body", field], (field, value)

    def test_each_missing_field_is_named(self, client, user):
        answer = client.post("/predict", json={}, headers=user)
        assert_is_an_error(answer, 422)
        assert [problem["loc"] for problem in answer.json()["detail"]] == [
            ["body", field] for field in CUSTOMER
        ]

    def test_unknown_fields_are_ignored(self, client, user):
        answer = client.post("/predict", json=CUSTOMER | {"colour": "\0", "x": [[]]}, headers=user)
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("Model not trained")

    @pytest.mark.parametrize("n_clusters", [1, 16, 0, -3, 2.5, "5", True, 10**30, [5]])
    def test_a_number_of_clusters_out_of_range_is_422(self, client, n_clusters):
        assert_is_an_error(client.post("/train", json={"n_clusters": n_clusters}), 422)


BAD_TEXTS = [
    ("username", "ab"),
    ("username", "a" * 51),
    ("username", "with space"),
    ("username", "nul\0inside"),
    ("username", "\ud800\ud800\ud800"),
    ("username", "maría"),
    ("username", "ma@ria"),
    ("username", 12345),
    ("username", True),
    ("full_name", "x" * 201),
    ("full_name", "nul\0inside"),
    ("full_name", "half \udfff"),
    ("full_name", ["a"]),
    ("email", "nobody"),
    ("email", "a@b"),
    ("email", "nul\0@example.com"),
    ("email", "\ud800@example.com"),
    ("email", "x" * 400 + "@example.com"),
    ("password", "short"),
    ("password", "x" * 73),
    ("password", "é" * 37),
    ("password", "🔑" * 19),
    ("password", "nul\0inside"),
    ("password", "half \ud83d of a pair"),
    ("password", SECRET * 100_00),
    ("password", 12345678),
]


@pytest.mark.usefixtures("unchanged")
class TestAccounts:
    @pytest.mark.parametrize(("method", "path"), [("POST", "/auth/register"), ("PUT", "/users/me")])
    def test_a_bad_field_is_named_and_never_repeated(self, client, user, method, path):
        for field, value in BAD_TEXTS:
            body = json.dumps(NEW | {field: value}).encode()
            answer = client.request(method, path, content=body, headers=user | JSON)
            assert_is_an_error(answer, 422)
            assert answer.json()["detail"][0]["loc"] == ["body", field], (field, value)

    @pytest.mark.parametrize("field", ["username", "email", "password"])
    def test_what_an_account_needs_cannot_be_removed(self, client, user, field):
        answer = client.put("/users/me", json={field: None}, headers=user)
        assert_is_an_error(answer, 422)
        assert field in answer.text

    @pytest.mark.parametrize("role", ["owner", "", None, 1, ["admin"], "Admin", "admin\0"])
    def test_a_role_that_does_not_exist_is_422(self, client, accounts, role):
        admin = accounts.make("admin")
        other = accounts.make()
        for path in (f"/users/{other.id}/role", f"/admin/users/{other.id}/role"):
            answer = client.put(path, json={"role": role}, headers=admin.headers)
            assert_is_an_error(answer, 422)
            assert answer.json()["detail"][0]["loc"] == ["body", "role"]
        client.delete(f"/users/{other.id}", headers=admin.headers)
        with client.app.state.resources.database.connect() as connection:
            connection.execute(sa.text(f"DELETE FROM users WHERE id = {admin.id}"))


class TestPasswords:
    def test_a_password_that_bcrypt_cannot_take_is_wrong_or_refused(self, client, accounts):
        account = accounts.make()
        for password, status in (
            ("x" * 73, 401),
            ("🔑" * 19, 401),
            ("x" * 1_001, 422),
            ("nul\0inside", 422),
        ):
            answer = client.post(
                "/auth/login", json={"username": account.username, "password": password}
            )
            assert_is_an_error(answer, status)

    def test_the_longest_that_bcrypt_reads_works(self, client):
        for name, password in (("one", "x" * 72), ("two", "🔑" * 18), ("three", "é" * 36)):
            form = {"email": f"{name}@example.com", "username": name, "password": password}
            assert client.post("/auth/register", json=form).status_code == 201
            login = {"username": name, "password": password}
            assert client.post("/auth/login", json=login).status_code == 200
            login["password"] = password[:-1]
            assert client.post("/auth/login", json=login).status_code == 401


IDS = ["0", "-1", str(2**63), str(2**64), "9" * 5_000, "one", "1.5", "%00", "true", "%ED%A0%80"]


@pytest.mark.usefixtures("unchanged")
class TestIdsAndQueries:
    def test_an_id_that_cannot_be_is_422(self, client, user):
        for each in IDS:
            answer = client.get(f"/profiles/{each}", headers=user)
            assert_is_an_error(answer, 422)
            assert answer.json()["detail"][0]["loc"] == ["path", "profile_id"]

    def test_an_id_beyond_32_bits_is_not_found(self, client, user):
        for each in (2**31, 2**32, 2**53, 2**63 - 1):
            assert_is_an_error(client.get(f"/profiles/{each}", headers=user), 404)
            assert client.get("/history", params={"cluster": each}, headers=user).status_code == 200
            assert client.get("/history", params={"skip": each}, headers=user).status_code == 200
            assert client.get("/profiles/", params={"skip": each}, headers=user).status_code == 200

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("skip", "-1"),
            ("skip", str(2**63)),
            ("skip", "many"),
            ("limit", "-1"),
            ("limit", "1.5"),
            ("limit", "\0"),
            ("cluster", str(2**64)),
            ("cluster", "-1"),
            ("min_confidence", "101"),
            ("max_confidence", "-1"),
            ("max_confidence", "NaN"),
            ("date_from", "yesterday"),
            ("date_from", "\0"),
            ("date_to", "2026-02-30"),
            ("date_to", "2026-13-01T00:00:00"),
            ("date_to", "0001-01-01T00:00:00+23:59"),
            ("date_to", "x" * 10_000),
        ],
    )
    def test_a_bad_query_is_named(self, client, user, name, value):
        answer = client.get("/history", params={name: value}, headers=user)
        assert_is_an_error(answer, 422)
        assert answer.json()["detail"][0]["loc"][:2] == ["query", name]

    def test_an_unknown_query_is_ignored(self, client, user):
        assert client.get("/history", params={"colour": "\0"}, headers=user).status_code == 200

    def test_unknown_paths_and_methods_have_the_one_shape(self, client):
        for path in ("/nowhere", "/%00", "/%ED%A0%80", "/api/nothing", "/predict/nothing"):
            assert_is_an_error(client.get(path), 404)
        assert_is_an_error(client.patch("/predict"), 405)

    def test_a_token_of_any_bytes_is_401(self, client):
        for token in (b"\xff\xfe", b"a.b.c", b"." * 1000, b"\x00", b"null"):
            headers = {b"Authorization": b"Bearer " + token}
            assert_is_an_error(client.get("/auth/me", headers=headers), 401)


class TestSearch:
    def test_any_text_finds_nothing_rather_than_fails(self, client, accounts):
        admin = accounts.make("admin").headers
        for text in ("'; DROP TABLE users; --", "\\", "%", "_", "🔑", "\ufffd"):
            answer = client.get("/admin/users", params={"search": text}, headers=admin)
            assert answer.status_code == 200
            assert answer.json()["total"] == 0
        for text in ("\0", "x" * 201):
            answer = client.get("/admin/users", params={"search": text}, headers=admin)
            assert_is_an_error(answer, 422)


class TestServerErrors:
    def test_say_nothing_of_their_cause(self, capsys, client, user, monkeypatch):
        def fail(*_args, **_kwargs):
            secret = SECRET
            raise RuntimeError(len(secret))

        monkeypatch.setattr("app.services.history.list_own", fail)
        assert_is_an_error(client.get("/history", headers=user), 500)
        log = capsys.readouterr().err
        assert "RuntimeError" in log
        assert SECRET not in log

    def test_a_database_that_is_away_is_503(self, client, user, monkeypatch):
        def fail(*_args, **_kwargs):
            raise sa.exc.OperationalError("SELECT 'my-0wn-secret'", {}, Exception("gone"))

        monkeypatch.setattr("app.services.history.list_own", fail)
        answer = client.get("/history", headers=user)
        assert_is_an_error(answer, 503)
        assert int(answer.headers["retry-after"]) >= 1

    def test_a_race_that_the_database_refuses_is_503(self, client, user, monkeypatch):
        def fail(*_args, **_kwargs):
            raise sa.exc.IntegrityError("INSERT 'my-0wn-secret'", {}, Exception("key"))

        monkeypatch.setattr("app.services.profiles.create", fail)
        answer = client.post("/profiles/", json={"name": "one"}, headers=user)
        assert_is_an_error(answer, 503)
        assert answer.headers["retry-after"] == "1"


HEADER = "customer_id,sex,age,annual_income,spending_score,purchase_frequency\n"
GOOD_ROWS = "".join(
    f"{number},Male,{20 + number},{30 + number % 3 * 40},{number % 3 * 40 + 5},{number}\n"
    for number in range(1, 31)
)
BAD_FILES = [
    ("empty", "", []),
    ("header alone", HEADER, []),
    ("a column missing", GOOD_ROWS.join(["customer_id,sex,age,income,spending,f\n", ""]), ["freq"]),
    ("text", HEADER + GOOD_ROWS + "31,Male,old,50,50,5\n", ["32", "age", "old"]),
    ("infinite", HEADER + "0,Male,30,1e400,50,5\n" + GOOD_ROWS, ["2", "annual_income"]),
    ("inf", HEADER + GOOD_ROWS + "31,Male,30,inf,50,5\n", ["32", "annual_income"]),
    ("one customer many times", HEADER + "1,Male,30,50,50,5\n" * 30, ["alike"]),
]


class TestCustomersFile:
    def test_a_bad_file_changes_nothing(self, trained, user, settings):
        before = rows(trained)
        clusters = trained.get("/clusters", headers=user).json()
        directories = sorted((settings.models_dir / "versions").iterdir())
        for name, text, named in BAD_FILES:
            settings.customers_file.write_text(text)
            answer = trained.post("/train")
            assert_is_an_error(answer, 400)
            for word in named:
                assert word in answer.json()["detail"], name
        settings.customers_file.unlink()
        answer = trained.post("/train")
        assert_is_an_error(answer, 400)
        assert "generate_dataset.py" in answer.json()["detail"]
        settings.customers_file.mkdir()
        assert_is_an_error(trained.post("/train"), 400)

        assert rows(trained) == before
        assert trained.get("/clusters", headers=user).json() == clusters
        assert sorted((settings.models_dir / "versions").iterdir()) == directories
        assert trained.post("/predict", json=CUSTOMER, headers=user).status_code == 200

    def test_blanks_are_filled_and_counted(self, client, settings):
        settings.customers_file.parent.mkdir(parents=True)
        settings.customers_file.write_text(HEADER + GOOD_ROWS + "31,Female,,50,50,5\n32,,,,50,NA\n")
        answer = client.post("/train")
        assert answer.status_code == 200
        assert answer.json()["imputed"] == {
            "age": 2,
            "annual_income": 1,
            "spending_score": 0,
            "purchase_frequency": 1,
        }
        assert answer.json()["n_customers"] == 32
        with client.app.state.resources.database.session(read_only=True) as session:
            assert session.scalars(sa.select(ModelVersion.version)).all() == [1]
