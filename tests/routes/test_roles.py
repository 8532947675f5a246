"""Who may call what: every route of the schema, with its answer for every kind of caller."""

import pytest

from app.db.tables import User
from tests.factories import CUSTOMER, PASSWORD

CALLERS = ("nobody", "user", "analyst", "admin")
NO_SUCH_ID = "1000000"
HOW_TO_EXTEND = """
Every route must be in ROLE_TABLE of tests/routes/test_roles.py. Add a line
    "METHOD /path/{as_in_the_schema}": "401 403 422 422",
with the answers for nobody, user, analyst and admin, as they come on a database without a model
and without datasets. The call carries the body {} (or the route's line in BODIES), and every path
parameter is an id of nothing, so a caller who is let through gets 422 or 404 rather than 403."""

ROLE_TABLE = {
    "GET /": "200 200 200 200",
    "GET /live": "200 200 200 200",
    "GET /ready": "503 503 503 503",
    "GET /metrics": "404 404 404 404",
    "POST /auth/register": "201 201 201 201",
    "POST /auth/login": "401 401 401 401",
    "GET /auth/provider": "404 404 404 404",
    "GET /auth/provider/start": "404 404 404 404",
    "GET /auth/provider/return": "404 404 404 404",
    "GET /auth/me": "401 200 200 200",
    "POST /auth/logout": "401 200 200 200",
    "POST /train": "400 400 400 400",
    "POST /predict": "401 400 400 400",
    "POST /predict/batch": "401 403 400 400",
    "GET /clusters": "401 400 400 400",
    "GET /elbow": "401 400 400 400",
    "GET /history": "401 200 200 200",
    "DELETE /history": "401 200 200 200",
    "GET /history/export": "401 200 200 200",
    "DELETE /history/{row_id}": "401 404 404 404",
    "POST /profiles/": "401 201 201 201",
    "GET /profiles/": "401 200 200 200",
    "GET /profiles/{profile_id}": "401 404 404 404",
    "PUT /profiles/{profile_id}": "401 404 404 404",
    "DELETE /profiles/{profile_id}": "401 404 404 404",
    "POST /profiles/{profile_id}/predict": "401 404 404 404",
    "GET /users/me/profile": "401 200 200 200",
    "PUT /users/me": "401 200 200 200",
    "DELETE /users/me": "401 200 200 400",
    "POST /users/me/keys": "401 422 422 422",
    "GET /users/me/keys": "401 200 200 200",
    "DELETE /users/me/keys/{key_id}": "401 404 404 404",
    "GET /users/me/export": "401 200 200 200",
    "GET /users/": "401 403 403 200",
    "GET /users/{user_id}": "401 403 403 404",
    "DELETE /users/{user_id}": "401 403 403 404",
    "PUT /users/{user_id}/role": "401 403 403 404",
    "GET /admin/users": "401 403 403 200",
    "POST /admin/users/changes": "401 403 403 422",
    "GET /admin/users/{user_id}": "401 403 403 404",
    "DELETE /admin/users/{user_id}": "401 403 403 404",
    "PUT /admin/users/{user_id}/role": "401 403 403 404",
    "PUT /admin/users/{user_id}/toggle-active": "401 403 403 404",
    "POST /admin/users/{user_id}/reset-password": "401 403 403 404",
    "GET /admin/users/{user_id}/keys": "401 403 403 404",
    "DELETE /admin/users/{user_id}/keys/{key_id}": "401 403 403 404",
    "POST /admin/invitations": "401 403 403 201",
    "GET /admin/invitations": "401 403 403 200",
    "DELETE /admin/invitations/{invitation_id}": "401 403 403 404",
    "GET /admin/stats": "401 403 403 200",
    "GET /admin/audit": "401 403 403 200",
    "GET /admin/audit/export": "401 403 403 200",
    "GET /admin/audit/check": "401 403 403 200",
    "POST /api/analyze": "401 422 422 422",
    "GET /api/analyses/{job_id}": "401 404 404 404",
    "POST /api/recommendations": "401 422 422 422",
    "GET /api/v1/models": "401 403 200 200",
    "GET /api/v1/models/{version}": "401 403 404 404",
    "POST /api/v1/models/{version}/activate": "401 403 404 404",
    "GET /api/v1/models/{version}/compare": "401 403 404 404",
    "GET /api/v1/models/{version}/drift": "401 403 404 404",
    "GET /api/v1/models/{version}/points": "401 404 404 404",
    "GET /api/v1/": "200 200 200 200",
    "GET /api/v1/example": "200 200 200 200",
    "POST /api/v1/datasets/upload": "401 403 415 415",
    "GET /api/v1/datasets": "401 403 200 200",
    "GET /api/v1/datasets/{dataset_id}": "401 403 404 404",
    "PATCH /api/v1/datasets/{dataset_id}": "401 403 404 404",
    "DELETE /api/v1/datasets/{dataset_id}": "401 403 404 404",
    "GET /api/v1/datasets/{dataset_id}/rows": "401 403 404 404",
    "GET /api/v1/datasets/{dataset_id}/download": "401 403 404 404",
    "POST /api/v1/files": "401 415 415 415",
    "GET /api/v1/files": "401 200 200 200",
    "GET /api/v1/files/limits": "401 200 200 200",
    "GET /api/v1/files/{dataset_id}": "401 404 404 404",
    "GET /api/v1/files/{dataset_id}/download": "401 404 404 404",
    "PATCH /api/v1/files/{dataset_id}": "401 404 404 404",
    "DELETE /api/v1/files/{dataset_id}": "401 404 404 404",
    "POST /api/v1/files/{dataset_id}/customers": "401 404 404 404",
    "POST /api/v1/files/train": "401 422 422 422",
    "POST /api/v1/orders/upload": "401 403 415 415",
    "POST /api/v1/orders/from-dataset/{dataset_id}": "401 403 404 404",
    "GET /api/v1/orders": "401 403 200 200",
    "GET /api/v1/orders/{orders_id}": "401 403 404 404",
    "PATCH /api/v1/orders/{orders_id}": "401 403 404 404",
    "DELETE /api/v1/orders/{orders_id}": "401 403 404 404",
    "POST /api/v1/orders/{orders_id}/lines": "401 403 415 415",
    "POST /api/v1/orders/{orders_id}/snapshots": "401 403 404 404",
    "GET /api/v1/orders/{orders_id}/migration/customers": "401 403 422 422",
    "GET /api/v1/orders/{orders_id}/rfm-rules": "401 403 404 404",
    "PUT /api/v1/orders/{orders_id}/rfm-rules": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}": "401 403 404 404",
    "POST /api/v1/snapshots/{snapshot_id}/remake": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/concentration": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/next-order": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/leaving": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/rfm": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/rfm/customers": "401 403 404 404",
    "GET /api/v1/snapshots/{snapshot_id}/value": "401 403 404 404",
    "GET /api/v1/orders/{orders_id}/cohorts": "401 403 404 404",
    "GET /api/v1/orders/{orders_id}/migration": "401 403 422 422",
    "POST /api/v1/clustering/train": "401 403 422 422",
    "GET /api/v1/clustering/runs": "401 200 200 200",
    "GET /api/v1/clustering/runs/{dataset_id}": "401 404 404 404",
    "PUT /api/v1/clustering/runs/{run_id}/sharing": "401 403 404 404",
    "DELETE /api/v1/clustering/runs/{run_id}": "401 403 404 404",
    "GET /api/v1/clustering/segments/{run_id}": "401 404 404 404",
    "GET /api/v1/clustering/segments/{run_id}/usefulness": "401 404 404 404",
    "GET /api/v1/clustering/dendrogram/{run_id}": "401 404 404 404",
    "GET /api/v1/clustering/projection/{run_id}": "401 404 404 404",
    "POST /api/v1/clustering/runs/{run_id}/cut": "401 404 404 404",
    "POST /api/v1/clustering/runs/{run_id}/predict": "401 404 404 404",
    "GET /api/v1/clustering/runs/{run_id}/compare": "401 404 404 404",
    "GET /api/v1/segmentations": "401 200 200 200",
    "POST /api/v1/segmentations": "401 403 422 422",
    "GET /api/v1/segmentations/{segmentation_id}": "401 404 404 404",
    "PATCH /api/v1/segmentations/{segmentation_id}": "401 404 404 404",
    "DELETE /api/v1/segmentations/{segmentation_id}": "401 404 404 404",
    "POST /api/v1/segmentations/{segmentation_id}/train": "401 403 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/versions/{version}/compare": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/drift": "401 404 404 404",
    "POST /api/v1/segmentations/{segmentation_id}/predict": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/history": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/record": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/report": "401 404 404 404",
    "PATCH /api/v1/segmentations/{segmentation_id}/segments/{lasting_id}": "401 403 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/versions": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/versions/{version}": "401 404 404 404",
    "POST /api/v1/segmentations/{segmentation_id}/versions/{version}/activate": "401 403 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/customers": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/customers/{identifier}": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/segments/{lasting_id}": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/insights": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/form": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/columns": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/distribution": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/points": "401 404 404 404",
    "GET /api/v1/segmentations/{segmentation_id}/usefulness": "401 404 404 404",
    "GET /api/v1/jobs": "401 200 200 200",
    "GET /api/v1/jobs/{job_id}": "401 404 404 404",
    "GET /api/v1/jobs/{job_id}/events": "401 404 404 404",
    "DELETE /api/v1/jobs/{job_id}": "401 404 404 404",
}
BODIES = {
    "POST /auth/login": {"username": "nobody", "password": PASSWORD},
    "POST /predict": CUSTOMER,
    "POST /predict/batch": [CUSTOMER],
    "POST /profiles/": {"name": "one"},
    "PUT /users/{user_id}/role": {"role": "user"},
    "PUT /admin/users/{user_id}/role": {"role": "user"},
    "PUT /api/v1/clustering/runs/{run_id}/sharing": {"visibility": "team"},
    "POST /api/v1/clustering/runs/{run_id}/cut": {"n_clusters": 3},
}
BEFORE_A_NEW_PASSWORD = {"GET /auth/me", "POST /auth/logout"}
"""And `PUT /users/me`, but with a new password alone."""


def routes_of(client) -> dict[str, set[str]]:
    """Every route of the schema, with the statuses it declares."""
    return {
        f"{method.upper()} {path}": set(operation["responses"])
        for path, methods in client.app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture
def call(client, accounts, monkeypatch):
    """Call a route as somebody; the account is made for this one call."""
    # Where the web app is built, coming back from a provider leads to it.
    monkeypatch.setattr(client.app.state, "has_web_app", False)

    def call(route: str, caller: str, *, must_change_password: bool = False):
        headers = {}
        if caller != "nobody":
            account = accounts.make(caller)
            headers = account.headers
            if must_change_password:
                with client.app.state.resources.database.session() as session:
                    session.get_one(User, account.id).must_change_password = True
        method, path = route.split()
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            path = path.replace(f"{{{name}}}", NO_SUCH_ID)
        body = BODIES.get(route, {})
        if route == "POST /auth/register":
            name = f"new-{caller}"
            body = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        json = None if method in ("GET", "DELETE") else body
        return client.request(method, path, headers=headers, json=json)

    return call


def test_every_route_is_in_the_table(client):
    missing = sorted(set(routes_of(client)) - set(ROLE_TABLE))
    gone = sorted(set(ROLE_TABLE) - set(routes_of(client)))
    assert not missing, f"not in the table: {missing}{HOW_TO_EXTEND}"
    assert not gone, f"in the table, but no routes: {gone}"


def test_every_caller_gets_the_answer_of_the_table(client, call):
    declared = routes_of(client)
    wrong = []
    for route, answers in ROLE_TABLE.items():
        for caller, expected in zip(CALLERS, answers.split(), strict=True):
            answer = call(route, caller)
            if str(answer.status_code) != expected:
                wrong.append(f"{route} as {caller}: {answer.status_code}, not {expected}")
            if str(answer.status_code) not in declared[route]:
                wrong.append(f"{route}: {answer.status_code} is not declared")
    assert not wrong, "\n".join([*wrong, HOW_TO_EXTEND])


def test_a_one_time_password_opens_nothing_but_its_change(client, call):
    declared = routes_of(client)
    wrong = []
    for route, answers in ROLE_TABLE.items():
        if not answers.startswith("401") or route == "POST /auth/login":
            continue
        status = call(route, "admin", must_change_password=True).status_code
        expected = 200 if route in BEFORE_A_NEW_PASSWORD else 403
        if status != expected:
            wrong.append(f"{route}: {status}, not {expected}")
        if str(status) not in declared[route]:
            wrong.append(f"{route}: {status} is not declared")
    assert not wrong, "\n".join(wrong)


def test_a_changed_password_opens_everything_again(client, accounts):
    account = accounts.make()
    with client.app.state.resources.database.session() as session:
        session.get_one(User, account.id).must_change_password = True
    refused = client.get("/history", headers=account.headers)
    assert refused.status_code == 403
    assert "password" in refused.json()["detail"]
    assert client.get("/auth/me", headers=account.headers).json()["must_change_password"]
    same = {"password": PASSWORD}
    assert client.put("/users/me", headers=account.headers, json=same).status_code == 400
    form = {"password": "my own choice"}
    assert client.put("/users/me", headers=account.headers, json=form).status_code == 200
    assert client.get("/history", headers=account.headers).status_code == 200
    assert not client.get("/auth/me", headers=account.headers).json()["must_change_password"]


TRAIN_ACCESS = [
    ({}, "400 400 400 400"),
    ({"train_access": "public"}, "400 400 400 400"),
    ({"train_access": "user"}, "401 400 400 400"),
    ({"train_access": "analyst"}, "401 403 400 400"),
    ({"train_access": "admin"}, "401 403 403 400"),
    ({"environment": "production"}, "401 403 400 400"),
    ({"environment": "production", "train_access": "public"}, "400 400 400 400"),
]


def test_training_is_open_to_whom_the_setting_says(client, call):
    settings = client.app.state.settings
    for changes, answers in TRAIN_ACCESS:
        for name, value in ({"environment": "development", "train_access": None} | changes).items():
            setattr(settings, name, value)
        got = [str(call("POST /train", caller).status_code) for caller in CALLERS]
        assert got == answers.split(), changes


def test_training_in_the_open_still_refuses_a_bad_token(client):
    answer = client.post("/train", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
