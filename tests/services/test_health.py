"""The service says how it is, also where its database is away."""

import pytest
import sqlalchemy as sa

from app.db.session import Database

pytestmark = pytest.mark.both_databases("a database that is away")


def test_without_a_database_it_is_alive_and_healthy_but_not_ready(client, monkeypatch):
    def away(*_args, **_kwargs):
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(Database, "connect", away)
    assert client.get("/live").json() == {"status": "alive"}
    assert client.get("/").json()["status"] == "healthy"
    assert client.get("/").json()["model_version"] is None
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["database"] is False


def test_an_older_schema_is_not_ready(client):
    with client.app.state.resources.database.connect() as connection:
        newest = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        answer = client.get("/ready")
    finally:
        with client.app.state.resources.database.connect() as connection:
            update = sa.text("UPDATE alembic_version SET version_num = :newest")
            connection.execute(update, {"newest": newest})
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["schema_revision"]) == (True, False)
