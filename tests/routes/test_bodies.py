"""How much a stranger may send, before anything of it is read."""

import pytest

from tests.factories import CUSTOMER

LARGE = b" " * 64_001
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SENT = [LARGE, "as it comes"]


def content_of(sent):
    return sent if isinstance(sent, bytes) else iter([LARGE[:40_000], LARGE[40_000:]])


@pytest.mark.parametrize("sent", SENT, ids=["declared", "chunked"])
class TestStrangers:
    @pytest.mark.parametrize("token", [None, "nonsense", "Basic YTpi"])
    @pytest.mark.parametrize(
        "path",
        ["/predict", "/predict/batch", "/api/analyze", "/api/v1/datasets/upload", "/users/me"],
    )
    def test_are_asked_who_they_are_first(self, client, sent, path, token):
        headers = JSON | ({"Authorization": f"Bearer {token}"} if token else {})
        method = "PUT" if path == "/users/me" else "POST"
        answer = client.request(method, path, content=content_of(sent), headers=headers)
        assert answer.status_code == 401
        assert answer.json()["detail"] == "Could not validate credentials"
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/train"])
    def test_send_little_where_nobody_is_asked(self, client, sent, path):
        answer = client.post(path, content=content_of(sent), headers=JSON)
        assert answer.status_code == 413
        assert answer.json()["detail"] == "Content Too Large"


def test_who_has_a_token_sends_more(client, accounts):
    headers = accounts.make().headers | JSON
    answer = client.post("/api/analyze", content=LARGE, headers=headers)
    assert answer.status_code in (400, 422)
    assert client.post("/predict", content=LARGE, headers=headers).status_code == 400
    login = client.post("/auth/login", content=LARGE, headers=headers)
    assert login.status_code == 400


def test_where_strangers_have_a_role_they_send_more_there(client, settings):
    settings.anonymous_role = "analyst"
    assert client.post("/api/analyze", content=LARGE, headers=JSON).status_code != 413
    assert client.post("/predict", content=LARGE, headers=JSON).status_code == 401


@pytest.mark.parametrize("separator", [b"&", b"a&", b"a=b&", b";&="])
def test_a_form_of_many_fields_is_refused_by_their_number(client, accounts, separator):
    body = (separator * 60_000)[:60_000]
    answer = client.post("/auth/login", content=body, headers=FORM)
    assert answer.status_code == 400
    assert "fields" in answer.json()["detail"]
    # A token makes it no better.
    body = (separator * 990_000)[:990_000]
    answer = client.post("/auth/login", content=body, headers=FORM | accounts.make().headers)
    assert answer.status_code == 400


def test_an_upload_of_many_parts_is_refused_by_their_number(client, accounts):
    files = [("file", ("a.csv", b"a,b\n1,2\n"))]
    fields = {f"field{number}": "1" for number in range(101)}
    headers = accounts.make("analyst").headers
    answer = client.post("/api/v1/datasets/upload", files=files, data=fields, headers=headers)
    assert answer.status_code == 400
    assert "fields" in answer.json()["detail"]


def test_a_form_signs_in_as_before(client, accounts):
    account = accounts.make()
    form = {"grant_type": "password", "username": account.email, "password": "correct horse"}
    assert client.post("/auth/login", data={**form, "scope": ""}).status_code == 200
    body = "username=" + account.username + "&password=correct+horse&client_id=&client_secret="
    assert client.post("/auth/login", content=body, headers=FORM).status_code == 200
    files = {"file": ("a", b"")}
    assert client.post("/auth/login", data=form, files=files).status_code == 200


def test_a_small_body_costs_no_look_at_the_token(client, accounts):
    headers = accounts.make().headers
    assert client.post("/predict", json=CUSTOMER, headers=headers).status_code == 400
