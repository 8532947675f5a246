"""The built-in account of calls without a token: made once, and nobody's to use or to change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.db.session import Database
from app.db.tables import User
from app.errors import BadRequest
from app.main import create_app
from app.security import hash_password
from app.services.administration import change_role
from app.services.anonymous import ensure_anonymous
from tests.factories import PASSWORD, Accounts
from tests.services.test_accounts import GONE

pytestmark = pytest.mark.both_databases("an account made by several at once")

STARTING_AT_ONCE = 8


@pytest.fixture
def opened(settings):
    """The app where calls without a token are an analyst's."""
    settings.anonymous_role = "analyst"
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def built_in(opened) -> int:
    with opened.app.state.resources.database.connect(read_only=True) as connection:
        found = connection.scalar(sa.select(User.id).where(User.username == "anonymous"))
    assert found is not None
    return found


def test_workers_that_start_at_once_make_it_once(settings):
    settings.anonymous_role = "analyst"
    together = Barrier(STARTING_AT_ONCE)

    def start() -> None:
        database = Database(settings.database_url, pool_size=1)
        together.wait()
        try:
            ensure_anonymous(database, settings)
        finally:
            database.dispose()

    with ThreadPoolExecutor(STARTING_AT_ONCE) as workers:
        for started in [workers.submit(start) for _ in range(STARTING_AT_ONCE)]:
            started.result()
    database = Database(settings.database_url, pool_size=1)
    with database.connect(read_only=True) as connection:
        assert connection.execute(sa.select(User.username, User.role)).all() == [
            ("anonymous", "analyst")
        ]
    database.dispose()


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", "/admin/users/{id}/reset-password", None),
        ("PUT", "/admin/users/{id}/toggle-active", None),
        ("PUT", "/admin/users/{id}/role", {"role": "admin"}),
        ("PUT", "/users/{id}/role", {"role": "admin"}),
        ("DELETE", "/admin/users/{id}", None),
        ("DELETE", "/users/{id}", None),
    ],
)
def test_no_administrator_can_change_it(opened, built_in, method, path, form):
    admin = Accounts(opened.app.state.resources).make("admin")
    shown = f"/admin/users/{built_in}"
    before = opened.get(shown, headers=admin.headers).json()
    answer = opened.request(method, path.format(id=built_in), json=form, headers=admin.headers)
    assert answer.status_code == 400
    assert "built-in" in answer.json()["detail"]
    assert opened.get(shown, headers=admin.headers).json() == before


@pytest.mark.parametrize("name", ["anonymous", "anonymous@built-in.invalid"])
def test_it_cannot_log_in_even_where_it_has_a_password(opened, built_in, name):
    with opened.app.state.resources.database.session() as session:
        session.get_one(User, built_in).hashed_password = hash_password(PASSWORD, rounds=4)
    answer = opened.post("/auth/login", json={"username": name, "password": PASSWORD})
    unknown = opened.post("/auth/login", json={"username": "nobody", "password": PASSWORD})
    assert answer.status_code == unknown.status_code == 401
    assert answer.json() == unknown.json()


def test_it_is_never_the_administrator_that_remains(opened, built_in):
    database = opened.app.state.resources.database
    alone = Accounts(opened.app.state.resources).make("admin")
    with database.session() as session:
        session.get_one(User, built_in).role = "admin"
    other = replace(GONE, id=built_in)
    with database.session() as session, pytest.raises(BadRequest, match="last active"):
        change_role(session, other, alone.id, "user")


def test_a_start_undoes_what_was_done_to_it_before(opened, built_in, settings):
    database = opened.app.state.resources.database
    with database.session() as session:
        user = session.get_one(User, built_in)
        user.role, user.is_active = "admin", False
    ensure_anonymous(database, settings)
    with database.session(read_only=True) as session:
        user = session.get_one(User, built_in)
        assert (user.role, user.is_active) == ("analyst", True)
    assert opened.get("/api/v1/datasets").status_code == 200


@pytest.mark.parametrize("name", ["anonymous", "Anonymous"])
def test_its_name_is_nobody_elses_even_where_it_is_not_used(client, accounts, name):
    form = {"email": "a@example.com", "username": name, "password": PASSWORD, "full_name": "A"}
    registered = client.post("/auth/register", json=form)
    renamed = client.put("/users/me", json={"username": name}, headers=accounts.make().headers)
    for answer in (registered, renamed):
        assert answer.status_code == 400
        assert answer.json()["code"] == "username_taken"
