"""Signing in by OpenID Connect, at a real provider that runs beside the tests."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.db.account_tables import Identity
from app.db.tables import User
from app.main import create_app
from tests import guardian
from tests.ports import free_port

START = "/auth/provider/start"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    # In a process of its own: it warns of what its libraries will drop.
    port = free_port()
    command = (sys.executable, "-m", "oidc_provider_mock", "--port", str(port))
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        guardian.watch(process.pid)
        try:
            wait_for(address)
            yield address
        finally:
            process.kill()
            guardian.forget(process.pid)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{address}/jwks").raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def settings(settings, provider):
    return settings.model_copy(
        update={"oidc_issuer": provider, "oidc_client_id": "segments", "oidc_client_secret": "s3"}
    )


@pytest.fixture
def client(settings) -> Iterator[TestClient]:
    app = create_app(settings)
    app.state.has_web_app = False
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def person(provider: str, subject: str, **claims: object) -> None:
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()


def at_provider(client: TestClient, subject: str) -> str:
    """Begin a sign-in and let the person confirm it there; return where it sends the browser."""
    sent = client.get(START)
    assert sent.status_code == 303, sent.text
    confirmed = httpx.post(sent.headers["Location"], data={"sub": subject})
    assert confirmed.status_code == 302, confirmed.text
    address = urlsplit(confirmed.headers["Location"])
    return f"{address.path}?{address.query}"


def sign_in(client: TestClient, subject: str):
    return client.get(at_provider(client, subject))


class TestSigningIn:
    def test_makes_an_account_the_first_time_and_finds_it_afterwards(self, client, provider):
        person(
            provider,
            "maria-1",
            email="maria@example.com",
            email_verified=True,
            preferred_username="Maria K.",
            name="Maria Keller",
        )
        first = sign_in(client, "maria-1")
        assert first.status_code == 200, first.text
        user = first.json()["user"]
        assert (user["username"], user["role"]) == ("Maria-K", "user")
        headers = {"Authorization": f"Bearer {first.json()['access_token']}"}
        me = client.get("/auth/me", headers=headers).json()
        assert (me["email"], me["full_name"]) == ("maria@example.com", "Maria Keller")
        # Whoever they are called there now: the subject stays.
        person(provider, "maria-1", email="other@example.com", email_verified=True)
        assert sign_in(client, "maria-1").json()["user"]["id"] == user["id"]

    def test_takes_the_account_of_a_verified_address_from_whoever_made_it(
        self, client, accounts, provider
    ):
        squatter = accounts.make("analyst", username="paul")
        assert client.get("/auth/me", headers=squatter.headers).status_code == 200
        person(provider, "paul-1", email="PAUL@example.com", email_verified=True)
        user = sign_in(client, "paul-1").json()["user"]
        assert (user["id"], user["role"]) == (squatter.id, "analyst")
        assert client.get("/auth/me", headers=squatter.headers).status_code == 401
        form = {"username": "paul", "password": "correct horse"}
        assert client.post("/auth/login", json=form).status_code == 401

    @pytest.mark.parametrize("claims", [{}, {"email_verified": False}, {"email_verified": "true"}])
    def test_trusts_no_address_that_is_not_verified(self, client, accounts, provider, claims):
        victim = accounts.make(username="victim")
        person(provider, "thief", email=victim.email, **claims)
        refused = sign_in(client, "thief")
        assert (refused.status_code, refused.json()["code"]) == (400, "no_verified_email")
        assert client.get("/auth/me", headers=victim.headers).status_code == 200

    def test_refuses_a_deactivated_account(self, client, accounts, provider):
        gone = accounts.make(username="gone", is_active=False)
        person(provider, "gone-1", email=gone.email, email_verified=True)
        assert sign_in(client, "gone-1").status_code == 403

    def test_a_taken_name_gets_digits(self, client, accounts, provider):
        accounts.make(username="anna")
        person(
            provider, "a-2", email="anna@other.org", email_verified=True, preferred_username="anna"
        )
        name = sign_in(client, "a-2").json()["user"]["username"]
        assert re.fullmatch("anna-[0-9a-f]{8}", name)

    def test_the_identity_goes_with_its_account(self, client, accounts, provider):
        person(provider, "short", email="short@example.com", email_verified=True)
        answer = sign_in(client, "short").json()
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        assert client.delete("/users/me", headers=headers).status_code == 200
        with client.app.state.resources.database.session() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Identity)) == 0
        assert sign_in(client, "short").json()["user"]["id"] != answer["user"]["id"]


class TestForgeries:
    def test_a_sign_in_that_began_in_another_browser_is_refused(self, client, provider):
        person(provider, "x", email="x@example.com", email_verified=True)
        address = at_provider(client, "x")
        client.cookies.clear()
        refused = client.get(address)
        assert (refused.status_code, refused.json()["code"]) == (400, "sign_in_not_begun")

    def test_a_code_of_another_sign_in_is_refused(self, client, provider):
        person(provider, "y", email="y@example.com", email_verified=True)
        code = parse_qs(urlsplit(at_provider(client, "y")).query)["code"][0]
        state = parse_qs(urlsplit(at_provider(client, "y")).query)["state"][0]
        refused = client.get(f"/auth/provider/return?code={code}&state={state}")
        assert (refused.status_code, refused.json()["code"]) == (400, "sign_in_not_confirmed")

    def test_a_made_up_state_is_refused_in_any_letters(self, client, provider):
        client.get(START)
        refused = client.get("/auth/provider/return?code=guessed&state=%C3%A4")
        assert (refused.status_code, refused.json()["code"]) == (400, "sign_in_not_begun")

    def test_a_made_up_code_is_refused(self, client, provider):
        state = parse_qs(urlsplit(client.get(START).headers["Location"]).query)["state"][0]
        refused = client.get(f"/auth/provider/return?code=guessed&state={state}")
        assert (refused.status_code, refused.json()["code"]) == (400, "sign_in_not_confirmed")

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, client):
        cookie = client.get(START).headers["Set-Cookie"].lower()
        assert {"httponly", "samesite=lax", "path=/auth/provider"} <= set(cookie.split("; "))


class TestTheWebApp:
    def test_gets_the_token_where_no_server_sees_it(self, client, provider):
        client.app.state.has_web_app = True
        person(provider, "w", email="w@example.com", email_verified=True)
        sent = sign_in(client, "w")
        assert sent.status_code == 303
        address = urlsplit(sent.headers["Location"])
        assert (address.path, address.query) == ("/app/login", "")
        token = parse_qs(address.fragment)["access_token"][0]
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/auth/me", headers=headers).status_code == 200

    def test_hears_why_there_is_none(self, client, provider):
        client.app.state.has_web_app = True
        sent = client.get("/auth/provider/return?error=access_denied")
        assert parse_qs(urlsplit(sent.headers["Location"]).fragment) == {
            "error": ["sign_in_not_begun"]
        }


class TestAProvider:
    def test_is_described_where_there_is_one(self, client):
        assert client.get("/auth/provider").json() == {"name": "Single sign-on", "start": START}

    def test_that_is_away_is_503(self, client, monkeypatch):
        provider = client.app.state.resources.provider
        monkeypatch.setattr(provider, "_issuer", "http://127.0.0.1:9")
        away = client.get(START)
        assert (away.status_code, away.json()["code"]) == (503, "provider_unavailable")

    def test_that_calls_itself_otherwise_is_not_trusted(self, client, provider, monkeypatch):
        # Its description is found there, and names another issuer.
        other = f"{provider}/"
        monkeypatch.setattr(client.app.state.resources.provider, "_issuer", other)
        assert client.get(START).status_code == 503


def test_no_one_signs_in_with_the_password_of_such_an_account(client, provider) -> None:
    person(provider, "z", email="z@example.com", email_verified=True)
    sign_in(client, "z")
    with client.app.state.resources.database.session() as session:
        user = session.scalars(sa.select(User).where(User.email == "z@example.com")).one()
    form = {"username": user.username, "password": "!"}
    assert client.post("/auth/login", json=form).status_code == 401
