"""The database's schema, as Alembic builds it, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from app.db.migrations import NewerSchema, current_revision, newest_revision, upgrade_schema
from app.db.session import Database, sync_url
from app.db.tables import Base, CustomerProfile, PredictionHistory, User

# SQLite cannot describe an index on an expression; that it works is tested by its effect.
pytestmark = [
    pytest.mark.both_databases("migrations, constraints and types"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression"),
]

ROOT = Path(__file__).parents[1]
REVISIONS = [
    script.revision
    for script in ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).walk_revisions()
][::-1]

CONTRACT = {
    "users": {
        "id": sa.Integer,
        "email": sa.String,
        "username": sa.String,
        "full_name": sa.String,
        "hashed_password": sa.String,
        "role": sa.String,
        "is_active": sa.Boolean,
        "created_at": sa.DateTime,
        "updated_at": sa.DateTime,
    },
    "customer_profiles": {
        "id": sa.Integer,
        "user_id": sa.Integer,
        "name": sa.String,
        "sex": sa.String,
        "age": sa.Integer,
        "annual_income": sa.Float,
        "spending_score": sa.Integer,
        "purchase_frequency": sa.Integer,
        "notes": sa.Text,
        "created_at": sa.DateTime,
        "updated_at": sa.DateTime,
    },
    "prediction_history": {
        "id": sa.Integer,
        "user_id": sa.Integer,
        "customer_data": sa.JSON,
        "cluster": sa.Integer,
        "cluster_name": sa.String,
        "confidence": sa.Integer,
        "created_at": sa.DateTime,
    },
}


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    """An empty database at the newest revision."""
    database = Database(database_url, pool_size=2)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request, tmp_path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.db'}", pool_size=2)
        yield database
        database.dispose()
        return
    server = sa.make_url(request.getfixturevalue("postgresql_url"))
    name = f"bare_{os.getpid()}"
    # CREATE DATABASE does not run in a transaction.
    engine = sa.create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    bare = server.set(database=name).render_as_string(hide_password=False)
    database = Database(bare, pool_size=2)
    yield database
    database.dispose()
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name}"))
    engine.dispose()


def migrate(database: Database, direction, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    with database.connect() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def differences(database: Database) -> list:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


class TestContract:
    @pytest.mark.parametrize("table", CONTRACT)
    def test_has_the_columns(self, database, table):
        found = sa.inspect(database.engine).get_columns(table)
        columns = {column["name"]: column["type"] for column in found}
        for name, kind in CONTRACT[table].items():
            assert isinstance(columns[name], kind), name

    def test_email_and_username_are_unique_and_indexed(self, database):
        indexes = sa.inspect(database.engine).get_indexes("users")
        unique = {index["column_names"][0] for index in indexes if index["unique"]}
        assert {"email", "username"} <= unique

    @pytest.mark.parametrize("table", ["customer_profiles", "prediction_history"])
    def test_rows_belong_to_a_user_and_go_with_them(self, database, table):
        inspector = sa.inspect(database.engine)
        [key] = inspector.get_foreign_keys(table)
        assert key["constrained_columns"] == ["user_id"]
        assert (key["referred_table"], key["referred_columns"]) == ("users", ["id"])
        assert key["options"]["ondelete"] == "CASCADE"
        indexed = {index["column_names"][0] for index in inspector.get_indexes(table)}
        assert "user_id" in indexed
        if table == "prediction_history":
            assert "created_at" in indexed

    def test_deleting_a_user_deletes_what_is_theirs(self, database):
        with database.session() as session:
            user = User(email="m@example.com", username="maria", hashed_password="x")
            session.add(user)
            session.flush()
            session.add(CustomerProfile(user_id=user.id, name="one"))
            session.add(
                PredictionHistory(
                    user_id=user.id,
                    customer_data={"age": 30},
                    cluster=0,
                    cluster_name="",
                    confidence=1,
                    model_version=1,
                )
            )
        with database.connect() as connection:
            connection.execute(sa.text("DELETE FROM users"))
            for table in ("customer_profiles", "prediction_history"):
                assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0

    @pytest.mark.parametrize(
        "second",
        [
            {"email": "maria@example.com", "username": "other"},
            {"email": "other@example.com", "username": "maria"},
            {"email": "other@example.com", "username": "MARIA"},
            {"email": "other@example.com", "username": "other", "role": "owner"},
        ],
        ids=["email", "username", "username in capitals", "a role of no kind"],
    )
    def test_refuses_what_must_not_be(self, database, second):
        with database.session() as session:
            session.add(User(email="maria@example.com", username="maria", hashed_password="x"))
        with pytest.raises(IntegrityError), database.session() as session:
            session.add(User(hashed_password="x", **second))

    def test_a_row_of_nobody_is_refused(self, database):
        with pytest.raises(IntegrityError), database.session() as session:
            session.add(CustomerProfile(user_id=999, name="one"))

    def test_every_constraint_has_a_name(self):
        for table in Base.metadata.sorted_tables:
            for constraint in table.constraints:
                assert constraint.name, constraint


class TestMigrations:
    def test_build_what_the_tables_say(self, database):
        assert differences(database) == []
        with database.connect() as connection:
            assert current_revision(connection) == newest_revision() == REVISIONS[-1]

    def test_upgrade_from_every_revision_and_go_all_the_way_back(self, bare_database):
        for revision in ["base", *REVISIONS]:
            if revision != "base":
                migrate(bare_database, command.upgrade, revision)
            upgrade_schema(bare_database)
            assert differences(bare_database) == [], f"upgraded from {revision}"
            migrate(bare_database, command.downgrade, "base")
            assert set(sa.inspect(bare_database.engine).get_table_names()) == {"alembic_version"}

    def test_keep_the_rows_that_are_there(self, bare_database):
        migrate(bare_database, command.upgrade, REVISIONS[0])
        insert = sa.text(
            "INSERT INTO users (email, username, hashed_password, role, is_active, token_version,"
            " created_at, updated_at) VALUES ('m@example.com', 'maria', 'x', 'user', :yes, 1,"
            " '2026-01-31 10:00:00', '2026-01-31 10:00:00')"
        )
        with bare_database.connect() as connection:
            connection.execute(insert, {"yes": True})
            connection.execute(
                sa.text(
                    "INSERT INTO customer_profiles (user_id, name, created_at, updated_at)"
                    " VALUES (1, 'one', '2026-01-31 10:00:00', '2026-01-31 10:00:00')"
                )
            )
        for revision in REVISIONS[1:]:
            migrate(bare_database, command.upgrade, revision)
        for revision in REVISIONS[-2::-1]:
            migrate(bare_database, command.downgrade, revision)
        upgrade_schema(bare_database)
        with bare_database.session() as session:
            [user] = session.scalars(sa.select(User).where(User.username == "maria"))
            assert not user.must_change_password
            profiles = session.scalars(sa.select(CustomerProfile.name)).all()
        assert profiles == ["one"]

    def test_a_second_upgrade_changes_nothing(self, database):
        upgrade_schema(database)
        assert differences(database) == []


class TestUrls:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("postgres://u:p@h/db", "postgresql+psycopg://u:p@h/db"),
            ("postgresql://h/db", "postgresql+psycopg://h/db"),
            ("postgresql+asyncpg://h/db", "postgresql+psycopg://h/db"),
            ("postgresql+psycopg2://h/db", "postgresql+psycopg://h/db"),
            ("postgresql+asyncpg://h/db?ssl=require", "postgresql+psycopg://h/db?sslmode=require"),
            ("postgresql+asyncpg://h/db?ssl=true", "postgresql+psycopg://h/db?sslmode=require"),
            ("postgresql+asyncpg://h/db?ssl=False", "postgresql+psycopg://h/db?sslmode=disable"),
            (
                "postgresql+asyncpg://h/db?ssl=verify-full&application_name=a",
                "postgresql+psycopg://h/db?application_name=a&sslmode=verify-full",
            ),
            (
                "postgresql+asyncpg://h/db?prepared_statement_cache_size=0"
                "&statement_cache_size=0&command_timeout=60&timeout=5",
                "postgresql+psycopg://h/db?connect_timeout=5",
            ),
            ("postgresql://h/db?sslmode=require", "postgresql+psycopg://h/db?sslmode=require"),
            ("sqlite+aiosqlite:///./a.db", "sqlite:///./a.db"),
            ("sqlite:////tmp/a.db", "sqlite:////tmp/a.db"),
        ],
    )
    def test_run_on_the_sync_driver(self, given, expected):
        assert sync_url(given).render_as_string(hide_password=False) == expected

    @pytest.mark.parametrize(
        "options",
        ["ssl=prefer", "prepared_statement_cache_size=0&statement_cache_size=0", "timeout=20"],
    )
    def test_with_the_options_of_asyncpg_connect_all_the_same(self, postgresql_url, options):
        url = sa.make_url(postgresql_url).set(drivername="postgresql+asyncpg")
        joined = url.update_query_string(options).render_as_string(hide_password=False)
        database = Database(joined, pool_size=1)
        with database.connect(read_only=True) as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        database.dispose()

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ("sqlite://", "in-memory"),
            ("sqlite:///:memory:", "in-memory"),
            ("mysql://h/db", "'mysql'"),
        ],
    )
    def test_refuse_what_is_not_supported(self, given, message):
        with pytest.raises(ValueError, match=message):
            sync_url(given)


class TestTransactions:
    def test_an_error_does_not_show_what_was_to_be_written(self, database):
        def write() -> None:
            with database.session() as session:
                session.add(User(email="secret@example.com", username="a", hashed_password="hash"))
                session.add(User(email="secret@example.com", username="b", hashed_password="hash"))

        with pytest.raises(IntegrityError) as caught:
            write()
        assert "parameters hidden" in str(caught.value)
        assert "[parameters:" not in str(caught.value)

    def test_a_time_must_carry_its_zone_and_comes_back_in_utc(self, database):
        cet = datetime(2026, 1, 31, 1, tzinfo=timezone(timedelta(hours=1)))
        with database.session() as session:
            user = User(email="m@example.com", username="m", hashed_password="x", created_at=cet)
            session.add(user)
        with database.session() as session:
            found = session.get_one(User, user.id).created_at
        assert found == datetime(2026, 1, 31, tzinfo=UTC)
        assert found.utcoffset() == timedelta(0)
        with pytest.raises(sa.exc.StatementError, match="time zone"), database.session() as session:
            session.add(
                User(
                    email="n@example.com",
                    username="n",
                    hashed_password="x",
                    created_at=datetime(2026, 1, 31),  # noqa: DTZ001 the mistake in question
                )
            )

    def test_an_error_rolls_everything_back(self, database):
        def fail() -> None:
            with database.session() as session:
                session.add(User(email="m@example.com", username="m", hashed_password="x"))
                session.flush()
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        with database.session() as session:
            assert session.scalars(sa.select(User.username).where(User.username == "m")).all() == []


class TestOwnCommand:
    def test_alembics_own_command_builds_the_schema(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'own.db'}"
        subprocess.run(
            [Path(sys.executable).with_name("alembic"), "upgrade", "head"],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "DATABASE_URL": url},
            check=True,
            capture_output=True,
        )
        database = Database(url, pool_size=1)
        with database.connect(read_only=True) as connection:
            assert current_revision(connection) == newest_revision()
        database.dispose()

    def test_a_database_of_a_later_release_is_named_as_such(self, database_url: str) -> None:
        database = Database(database_url, pool_size=1)
        with database.connect() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(NewerSchema, match="Update the program"):
            upgrade_schema(database)
        with database.connect() as connection:
            connection.execute(
                sa.text("UPDATE alembic_version SET version_num = :known"),
                {"known": newest_revision()},
            )
        database.dispose()
