"""The published set-up's command makes the tables."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.db.migrations import current_revision, newest_revision
from app.db.session import Database
from tests.postgresql import empty_database
from tests.server.running import clean_environment

COMMAND = (sys.executable, "-c", "from app.database import init_db; init_db()")


def initialise(folder: Path, **environment: str) -> None:
    done = subprocess.run(
        COMMAND, cwd=folder, env=clean_environment(**environment), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def assert_is_newest(url: str) -> None:
    database = Database(url, pool_size=1)
    with database.connect() as connection:
        assert current_revision(connection) == newest_revision()
        tables = set(sa.inspect(connection).get_table_names())
        assert {"users", "customer_profiles", "prediction_history"} <= tables
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_empty_database_gets_the_newest_schema_and_keeps_it(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'customers.db'}"
    else:
        url = empty_database(request.getfixturevalue("postgresql_url"), "published")
    for _ in range(2):
        initialise(tmp_path, DATABASE_URL=url)
        assert_is_newest(url)


def test_the_url_is_read_from_the_folder_s_env_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:///./named-there.db\n")
    initialise(tmp_path)
    assert_is_newest(f"sqlite:///{tmp_path / 'named-there.db'}")
