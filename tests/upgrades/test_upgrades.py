"""An installation of an earlier release, brought up by this one: nothing in it is lost."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from fastapi.testclient import TestClient

from app.config import Settings
from app.db.migrations import alembic_config
from app.db.session import Database
from app.main import create_app
from app.services.bootstrap import ADMIN
from tests.conftest import SIGNING_KEY
from tests.postgresql import empty_database
from tests.upgrades.make import NEW_ROWS, PASSWORD

# An index on an expression, which rows do not need to be put back.
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")

RELEASES = {"at_0004": "0004"}
"""Each fixture, with the newest revision of the commit that made it."""
HERE = Path(__file__).parent


@pytest.fixture(
    scope="module",
    params=[(name, kind) for name in RELEASES for kind in ("sqlite", "postgresql")],
    ids="-".join,
)
def upgraded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, dict[str, Any]]]:
    release, kind = request.param
    folder = tmp_path_factory.mktemp(f"{release}-{kind}")
    shutil.copytree(HERE / release, folder, dirs_exist_ok=True)
    url = (
        f"sqlite:///{folder / 'customers.db'}"
        if kind == "sqlite"
        else empty_database(request.getfixturevalue("postgresql_url"), f"upgrade_{release}")
    )
    put_back(url, RELEASES[release], json.loads((folder / "rows.json").read_text()))
    settings = Settings(
        _env_file=None,
        database_url=url,
        secret_key=SIGNING_KEY,
        bcrypt_rounds=4,
        customers_file=folder / "customers.csv",
        models_dir=folder / "models",
        datasets_dir=folder / "datasets",
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client, json.loads((folder / "answers.json").read_text())


def put_back(url: str, revision: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Build the schema as it was, and fill it."""
    database = Database(url, pool_size=1)
    with database.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        metadata = sa.MetaData()
        metadata.reflect(connection)
        for name, kept in rows.items():
            table = metadata.tables[name]
            for row in kept:
                values = {column: typed(table.c[column], value) for column, value in row.items()}
                connection.execute(sa.insert(table).values(values))
            if not database.is_sqlite and "id" in table.c and kept:
                connection.execute(sa.text(_NEXT_ID.format(table=name)))
    database.dispose()


_NEXT_ID = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"


def typed(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return sa.null()
    if isinstance(column.type, sa.DateTime):
        return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
    return dt.date.fromisoformat(value) if isinstance(column.type, sa.Date) else value


def signed_in(client: TestClient, name: str) -> dict[str, str]:
    password = ADMIN.password if name == ADMIN.username else PASSWORD
    answer = client.post("/auth/login", json={"username": name, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def lost(before: Any, now: Any, path: str = "") -> list[str]:
    """Return where an answer differs from what it was; what is new in it is welcome."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            found
            for name, value in before.items()
            for found in lost(value, now.get(name, "(missing)"), f"{path}.{name}")
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [
            found
            for i, (one, other) in enumerate(zip(before, now, strict=True))
            for found in lost(one, other, f"{path}[{i}]")
        ]
    if isinstance(before, float) and isinstance(now, float):
        return [] if now == pytest.approx(before, rel=1e-6) else [f"{path}: {before} → {now}"]
    return [] if before == now else [f"{path}: {before!r:.100} → {now!r:.100}"]


WORDS = {
    "caution", "cautions", "characteristics", "cluster_name", "cluster_names", "headline",
    "message", "phase", "reason", "sentence", "text", "warnings",
}  # fmt: skip
"""Keys of what later releases may say in other words."""


def facts(found: list[str]) -> list[str]:
    return [each for each in found if not WORDS & set(re.findall(r"\w+", each.partition(":")[0]))]


@pytest.mark.parametrize("name", ["maria", "paul"])
def test_everyone_reads_what_they_read_before(upgraded, name: str) -> None:
    client, answers = upgraded
    headers = signed_in(client, name)
    faults = []
    for path, before in answers[name].items():
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        faults += [f"{path}{each}" for each in facts(lost(before, answer.json()))]
    assert faults == []


def test_new_customers_are_placed_as_before(upgraded) -> None:
    client, answers = upgraded
    headers = signed_in(client, "maria")
    for run, before in answers["placed"].items():
        now = client.post(
            f"/api/v1/clustering/runs/{run}/predict", json={"rows": NEW_ROWS}, headers=headers
        ).json()
        assert [each["cluster"] for each in now["placements"]] == [
            each["cluster"] for each in before["placements"]
        ]


def test_what_was_private_is_private(upgraded) -> None:
    client, answers = upgraded
    headers = signed_in(client, "paul")
    for run in answers["private"]:
        path = f"/api/v1/clustering/segments/{run}"
        assert client.get(path, headers=headers).status_code == 404


def test_it_goes_on_from_there(upgraded) -> None:
    client, answers = upgraded
    headers = signed_in(client, "maria")
    dataset = answers["maria"]["/api/v1/datasets"][0]["id"]
    form = {"dataset_id": dataset, "algorithm": "kmeans", "n_clusters": 3}
    made = client.post("/api/v1/clustering/train", json=form, headers=headers)
    assert made.status_code == 201, made.text
    known = {run["run_id"] for run in answers["maria"]["/api/v1/clustering/runs"]}
    assert made.json()["run_id"] > max(known)
    check = client.get("/admin/audit/check", headers=signed_in(client, ADMIN.username))
    assert check.json()["is_whole"] is True
