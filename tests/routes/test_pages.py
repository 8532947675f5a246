"""What pages in a browser need of the server: readable refusals, and no other host."""

import re

import pytest

from tests.factories import CUSTOMER

pytestmark = pytest.mark.both_databases("order, pages and totals")

ORIGIN = "http://localhost:5173"
LOADING = re.compile(
    r"""(?:\bsrc|\bhref)\s*=\s*["']?(?:https?:)?//[^"'>\s]+      # an element of a page
    |(?:\bsrc)\s*:\s*["'`](?:https?:)?//[^"'`]+                  # one that a script makes
    |\burl\(\s*["']?(?:https?:)?//[^)]+                          # a picture or font of a style
    |@import\s+["'](?:https?:)?//[^"']+
    |\b(?:fetch|importScripts|import)\(\s*["'`](?:https?:)?//[^"'`]+""",
    re.VERBOSE,
)


class TestOtherOrigins:
    """A page that may call gets to read what went wrong, and not only that something did."""

    @pytest.mark.parametrize("declared", [True, False])
    def test_may_read_that_a_body_is_too_large(self, client, declared):
        headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
        body = b" " * 1_000_001
        sent = body if declared else iter([body])
        answer = client.post("/auth/register", content=sent, headers=headers)
        assert answer.status_code == 413
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["content-type"] == "application/json"

    def test_may_read_an_unexpected_error(self, client, accounts, monkeypatch):
        def fail(*_args, **_kwargs):
            raise RuntimeError

        monkeypatch.setattr("app.services.history.list_own", fail)
        headers = accounts.make().headers | {"Origin": ORIGIN}
        answer = client.get("/history", headers=headers)
        assert answer.status_code == 500
        assert answer.json() == {
            "detail": "Internal server error",
            "code": "internal_server_error",
            "field": None,
        }
        assert answer.headers["access-control-allow-origin"] == ORIGIN

    def test_may_ask_before_they_call(self, client):
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        answer = client.options("/predict", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == ORIGIN

    def test_are_not_let_in_by_a_refusal(self, client):
        headers = {"Origin": "http://evil.example"}
        answer = client.post("/predict", json=CUSTOMER, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_documentation_and_all_it_loads_name_no_other_host(client, page):
    text = client.get(page).text
    assets = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    assert any(asset.endswith(".js") for asset in assets)
    assert LOADING.findall(text) == []
    for asset in assets:
        answer = client.get(asset)
        assert answer.status_code == 200
        if not asset.endswith(".png"):
            assert LOADING.findall(answer.text) == [], asset
    # Swagger UI would show a picture that another host makes of the schema.
    assert page == "/redoc" or '"validatorUrl": null' in text
