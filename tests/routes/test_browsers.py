"""What browsers are told, and what pages of other sites cannot do through them."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.browsers import AnswerHeaders
from app.web_app import mount_web_app
from tests.conftest import app_of
from tests.factories import CUSTOMER

APP = "http://testserver"
PAGES = ["/docs", "/redoc", "/docs/oauth2-redirect", "/app/anything"]
EVIL = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://evil.example/testserver"},
    {"Origin": "http://testserver:8001", "Host": "testserver:8000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
]
OWN = [
    {},
    {"Origin": APP},
    {"Origin": "https://testserver"},
    {"Origin": "http://TestServer:8443"},
    {"Origin": "http://testserver:8000", "Host": "testserver:8000"},
    {"Origin": "http://[::1]:8000", "Host": "[::1]:8000"},
    {"Origin": "http://localhost:5173"},
    {"Origin": "https://segments.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]


def policy_of(answer) -> dict[str, set[str]]:
    directives = answer.headers["Content-Security-Policy"].split(";")
    return {name: set(sources) for name, *sources in (each.split() for each in directives)}


class TestAnswers:
    @pytest.mark.parametrize("path", [*PAGES, "/", "/history", "/openapi.json", "/nothing"])
    def test_each_says_what_a_browser_must_not_do(self, client, path):
        answer = client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert policy_of(answer)["frame-ancestors"] == {"'none'"}

    @pytest.mark.parametrize("path", PAGES)
    def test_a_page_runs_no_script_but_the_server_s_own(self, client, path):
        answer = client.get(path)
        sources = policy_of(answer)["script-src"]
        inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
        hashes = {
            f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in inline
        }
        assert sources == {"'self'"} | hashes
        assert not re.search(r"\son[a-z]+\s*=", answer.text)

    def test_a_page_that_has_not_changed_keeps_its_policy(self, tmp_path):
        (tmp_path / "index.html").write_text("<title>The page</title>")
        app = FastAPI()
        app.add_middleware(AnswerHeaders)
        mount_web_app(app, tmp_path)
        client = TestClient(app)
        page = client.get("/app/", headers={"Accept": "text/html"})
        again = {"Accept": "text/html", "If-None-Match": page.headers["ETag"]}
        unchanged = client.get("/app/", headers=again)
        assert unchanged.status_code == 304
        assert "Content-Security-Policy" not in unchanged.headers

    def test_a_page_below_a_proxy_s_path_runs_too(self, settings):
        with TestClient(app_of(settings), root_path="/segments") as client:
            answer = client.get("/segments/docs")
            assert "/segments/openapi.json" in answer.text
            assert any(each.startswith("'sha256-") for each in policy_of(answer)["script-src"])

    def test_what_is_personal_is_kept_by_no_cache(self, client, accounts):
        headers = accounts.make("analyst").headers
        for path in ("/auth/me", "/history", "/history/export", "/api/v1/datasets"):
            assert client.get(path, headers=headers).headers["Cache-Control"] == "no-store"
        refused = client.get("/auth/me")
        assert refused.headers["Cache-Control"] == "no-store"
        script = client.get("/static-offline-docs/swagger-ui-bundle.js")
        assert "no-store" not in script.headers.get("Cache-Control", "")

    def test_a_connection_over_tls_stays_there(self, client):
        assert "Strict-Transport-Security" not in client.get("/").headers
        secure = client.get("https://testserver/")
        assert "max-age=" in secure.headers["Strict-Transport-Security"]


class TestForeignPages:
    @pytest.mark.parametrize("headers", EVIL, ids=str)
    def test_change_nothing_whatever_is_open(self, client, accounts, headers):
        signed_in = accounts.make().headers | headers
        for method, path, sent in (
            ("POST", "/train", {"content": b'{"n_clusters": 3}'}),
            ("POST", "/predict", {"json": CUSTOMER, "headers": signed_in}),
            ("POST", "/auth/login", {"data": {"username": "a", "password": "b"}}),
            ("DELETE", "/users/me", {"headers": signed_in}),
        ):
            answer = client.request(method, path, **{"headers": headers, **sent})
            assert answer.status_code == 403, path
            assert "CORS_ORIGINS" in answer.json()["detail"]
        assert client.get("/auth/me", headers=signed_in).status_code == 200

    @pytest.mark.parametrize("headers", OWN, ids=str)
    def test_the_own_ones_and_programs_may(self, client, headers):
        login = {"username": "a", "password": "b"}
        assert client.post("/auth/login", json=login, headers=headers).status_code == 401

    def test_any_may_where_the_settings_say_so(self, client, settings):
        settings.cors_origins = ["*"]
        login = {"username": "a", "password": "b"}
        answer = client.post("/auth/login", json=login, headers=EVIL[0])
        assert answer.status_code == 401

    def test_a_model_does_not_change_through_a_visitor_s_browser(self, trained):
        before = trained.get("/").json()
        body = b'{"n_clusters": 2}'
        for headers in EVIL:
            assert trained.post("/train", content=body, headers=headers).status_code == 403
        assert trained.get("/").json() == before


class TestHosts:
    @pytest.fixture(autouse=True)
    def _named(self, settings):
        settings.allowed_hosts = ["segments.example", "*.shop.example"]

    @pytest.mark.parametrize(
        "host", ["segments.example", "Segments.Example:8443", "a.shop.example", "a.b.shop.example"]
    )
    def test_the_own_names_are_answered(self, client, host):
        assert client.get("/api/v1/", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host",
        ["evil.example", "testserver", "segments.example.evil", "shop.example", "", "127.0.0.1"],
    )
    def test_any_other_is_refused(self, client, host):
        answer = client.get("/api/v1/", headers={"Host": host})
        assert answer.status_code == 400
        assert "ALLOWED_HOSTS" in answer.json()["detail"]

    def test_a_health_check_may_use_the_name_it_has(self, client):
        assert client.get("/live", headers={"Host": "127.0.0.1:8000"}).status_code == 200
