"""What callers are told while PostgreSQL is away, and that nobody has to restart anything."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from tests.factories import Accounts
from tests.postgresql import PostgreSQL
from tests.routes.tables import SMALL, files_left, send, train, upload
from tests.server.running import SIGNING_KEY


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    with PostgreSQL() as server:
        yield server


def test_503_with_retry_after_then_service_as_before(
    postgresql: PostgreSQL, tmp_path: Path
) -> None:
    settings = Settings(
        _env_file=None,
        database_url=postgresql.url,
        secret_key=SIGNING_KEY,
        bcrypt_rounds=4,
        models_dir=tmp_path / "models",
        datasets_dir=tmp_path / "datasets",
        customers_file=tmp_path / "customers.csv",
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        analyst = Accounts(client.app.state.resources).make("analyst")
        dataset = upload(client, analyst)
        run = train(client, analyst, dataset["id"])
        left = files_left(client)

        postgresql.stop()
        calls = {
            "GET /api/v1/datasets": client.get("/api/v1/datasets", headers=analyst.headers),
            "upload": send(client, analyst, SMALL),
            "segments": client.get(
                f"/api/v1/clustering/segments/{run['run_id']}", headers=analyst.headers
            ),
            "jobs": client.get("/api/v1/jobs", headers=analyst.headers),
        }
        for name, answer in calls.items():
            assert answer.status_code == 503, (name, answer.text)
            assert int(answer.headers["Retry-After"]) > 0
            assert "database" in answer.json()["detail"]
        assert client.get("/live").status_code == 200
        assert client.get("/api/v1/").status_code == 200
        assert files_left(client) == left

        postgresql.start()
        deadline = time.monotonic() + 30
        while client.get("/api/v1/datasets", headers=analyst.headers).status_code != 200:
            assert time.monotonic() < deadline, "the service did not recover"
            time.sleep(0.1)
        again = train(client, analyst, dataset["id"])
        assert again["cluster_sizes"] == run["cluster_sizes"]
