"""`python create_admin.py`: accounts to start with, and words instead of a traceback."""

import sys

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

import create_admin
from app.config import Settings
from app.db.session import Database
from app.db.tables import User
from app.security import verify_password

pytestmark = pytest.mark.both_databases("accounts that exist already, in any letter case")


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """Run the script with these arguments; returns how it ended."""
    monkeypatch.setattr(create_admin, "load_settings", lambda: settings)

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["create_admin.py", *arguments])
        return create_admin.main()

    return run


@pytest.fixture
def users(settings: Settings):
    """Return the accounts by their names, as they are now."""

    def users() -> dict[str, User]:
        database = Database(settings.database_url, pool_size=1)
        with database.session(read_only=True) as session:
            found = {user.username: user for user in session.scalars(sa.select(User))}
        database.dispose()
        return found

    return users


def register(client: TestClient, *, username: str, email: str) -> None:
    form = {"username": username, "email": email, "password": "correct horse"}
    assert client.post("/auth/register", json=form).status_code == 201


def test_makes_the_accounts_and_run_again_sets_the_password_of_the_admin_alone(run, users):
    assert run() == 0
    assert {name: user.role for name, user in users().items()} == {
        "admin": "admin",
        "testuser": "user",
    }
    assert run("--password", "another one") == 0
    assert verify_password("another one", users()["admin"].hashed_password)
    assert verify_password("test123", users()["testuser"].hashed_password)


def test_an_address_that_somebody_else_has_is_said_with_the_remedy(run, users, client, capsys):
    register(client, username="admin_of_shop", email="admin@example.com")
    assert run() == 1
    said = capsys.readouterr().err
    assert "admin@example.com" in said
    assert "'admin_of_shop'" in said
    assert "--email" in said
    assert "INSERT" not in said
    assert set(users()) == {"admin_of_shop"}

    assert run("--email", "Chief@Example.com") == 0
    assert users()["admin"].email == "chief@example.com"


def test_an_address_that_is_none_is_refused(run, users, capsys):
    with pytest.raises(SystemExit):
        run("--email", "Chief <chief@example.com>")
    assert "an email address alone" in capsys.readouterr().err
    assert users() == {}


def test_the_address_of_an_admin_who_is_there_stays(run, users):
    run("--email", "first@example.com")
    run()
    assert users()["admin"].email == "first@example.com"


def test_a_test_users_address_that_is_taken_leaves_the_admin_made(run, users, client, capsys):
    register(client, username="other", email="test@example.com")
    assert run() == 0
    assert set(users()) == {"other", "admin"}
    assert "testuser" not in capsys.readouterr().out


class TestPassword:
    """Named, asked for, or from the settings; nothing of it in a list of processes unless named."""

    @pytest.fixture
    def typed(self, monkeypatch):
        def typed(*answers: str) -> None:
            left = list(answers)
            monkeypatch.setattr(create_admin, "getpass", lambda _prompt: left.pop(0))

        return typed

    @pytest.fixture
    def production(self, settings):
        settings.environment = "production"

    def test_is_asked_for_twice(self, run, users, typed):
        typed("a horse of mine", "a horse of mine")
        assert run("--ask") == 0
        assert verify_password("a horse of mine", users()["admin"].hashed_password)

    def test_typed_differently_changes_nothing(self, run, users, typed):
        typed("a horse of mine", "a house of mine")
        with pytest.raises(SystemExit, match="differ"):
            run("--ask")
        assert users() == {}

    def test_may_come_from_the_settings(self, run, users, settings):
        settings.admin_password = "a horse of mine"
        assert run() == 0
        assert verify_password("a horse of mine", users()["admin"].hashed_password)

    @pytest.mark.usefixtures("production")
    def test_is_asked_for_in_production_on_a_terminal(self, run, users, typed, monkeypatch):
        typed("a horse of mine", "a horse of mine")
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        assert run() == 0
        assert set(users()) == {"admin"}

    @pytest.mark.usefixtures("production")
    def test_published_or_weak_is_refused_in_production(self, run, users, capsys):
        assert run() == 1
        assert "ADMIN_PASSWORD" in capsys.readouterr().err
        assert run("--password", "password123") == 1
        assert "most common" in capsys.readouterr().err
        assert users() == {}

    def test_weak_is_doubted_in_development(self, run, users, capsys):
        assert run() == 0
        assert "mind" not in capsys.readouterr().out
        assert run("--password", "password123") == 0
        assert "mind: The password is one of the most common" in capsys.readouterr().out
