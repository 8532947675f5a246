"""A server that cannot start says why in a sentence, and ends with code 3."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.migrations import upgrade_schema
from app.db.session import Database
from tests.ports import free_port
from tests.server.running import PATIENCE, SIGNING_KEY, clean_environment


def ended(folder: Path, **settings: str) -> str:
    """Start the server; return what it said before it ended as it should."""
    own = {
        "SECRET_KEY": SIGNING_KEY,
        "DATABASE_URL": f"sqlite:///{folder / 'customers.db'}",
        "MODELS_DIR": str(folder / "models"),
        "DATASETS_DIR": str(folder / "datasets"),
    }
    done = subprocess.run(
        (sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(free_port())),
        cwd=folder,
        env=clean_environment(**{**own, **settings}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 3, said
    assert "Traceback" not in said
    return said


def garbage(folder: Path) -> dict[str, str]:
    (folder / "customers.db").write_bytes(b"this is no database" * 1000)
    return {}


def newer(folder: Path) -> dict[str, str]:
    file = folder / "customers.db"
    database = Database(f"sqlite:///{file}", pool_size=2)
    upgrade_schema(database)
    database.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return {}


def blocked(folder: Path) -> dict[str, str]:
    (folder / "file").write_text("")
    return {"DATASETS_DIR": str(folder / "file" / "datasets")}


def unknown(_folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": "mysql://root@localhost/customers"}


def away(_folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/customers"}


@pytest.mark.timeout(2 * PATIENCE)
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (garbage, "not a database"),
        (newer, "newer than the program"),
        (blocked, "Not a directory"),
        (unknown, "SQLite and PostgreSQL are supported"),
        (away, "Check DATABASE_URL"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_wrong_is_said(tmp_path: Path, spoil, sentence: str) -> None:
    assert sentence in ended(tmp_path, **spoil(tmp_path))
