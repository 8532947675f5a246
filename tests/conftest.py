"""Real parts for the tests: a SQLite file, a PostgreSQL server, and the app on either."""

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.session import Database, sync_url
from app.db.tables import Base
from app.main import create_app
from app.segmentation.synthesis import generate_customers
from tests import prepared
from tests.factories import Accounts
from tests.postgresql import PostgreSQL

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
SIGNING_KEY = "a key for the tests alone, long enough"
OF_EACH_TEST = {"database_url", "customers_file", "models_dir", "datasets_dir"}
APPS: dict[str, FastAPI] = {}
FIRST_IDS = sa.text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--generated-tables",
        type=int,
        default=20,
        help="how many generated tables the doors are compared on (20)",
    )
    parser.addoption(
        "--damaged-files", type=int, default=60, help="how many damaged files are read (60)"
    )


def pytest_collection_finish() -> None:
    """Spare the collector what was imported, which lives to the end: a tenth of the time."""
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run on PostgreSQL what is marked `both_databases`; SQLite alone tells as much of the rest."""
    kept, left = [], []
    for item in items:
        spec = getattr(item, "callspec", None)
        repeated = spec is not None and spec.params.get("database_url") == "postgresql"
        alike = repeated and item.get_closest_marker("both_databases") is None
        (left if alike else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real customer tables, which is not part of the project."""
    if not SHARED_DATA.is_dir():
        # A clone by itself has every other test; a failure would say that the program is broken.
        pytest.skip(f"REAL TABLES NOT FOUND at {SHARED_DATA}: this test did not run")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server of this test session's own, with the schema in place."""
    with PostgreSQL() as server:
        database = Database(server.socket_url, pool_size=1)
        upgrade_schema(database)
        database.dispose()
        yield server.socket_url


@pytest.fixture(scope="session")
def emptying(postgresql_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sync_url(postgresql_url))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}", pool_size=1)
    upgrade_schema(database)
    # Closing the last connection folds the write-ahead log into the file.
    database.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """An empty database at the newest revision, of each kind in turn where SQL differs."""
    if request.param == "sqlite":
        file = tmp_path / "test.db"
        shutil.copyfile(sqlite_template, file)
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgresql_url")
    empty: sa.Engine = request.getfixturevalue("emptying")
    with empty.begin() as connection:
        # The audit log refuses to be emptied; a replica would take whatever its source sends.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        # Quicker by far than to truncate a dozen tables of next to no rows.
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(sa.delete(table))
        connection.execute(FIRST_IDS)
    return url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Of an app on an empty database."""
    prepared.start()
    return Settings(
        _env_file=None,
        database_url=database_url,
        secret_key=SIGNING_KEY,
        bcrypt_rounds=4,
        customers_file=tmp_path / "data" / "customers.csv",
        models_dir=tmp_path / "models",
        datasets_dir=tmp_path / "datasets",
        # The process of the tests holds many apps, and peers to compare with.
        server_memory_mb=0,
    )


@pytest.fixture
def customers_file(settings: Settings) -> Path:
    """Five hundred generated customers, where `/train` looks for them."""
    settings.customers_file.parent.mkdir(parents=True, exist_ok=True)
    generate_customers(500, seed=7).to_csv(settings.customers_file, index=False)
    return settings.customers_file


def app_of(settings: Settings) -> FastAPI:
    """Build an app, or take the one that was built of the same settings, and start it again.

    What an app is made of is built at its first request, which takes a fifth of a second: more
    than most tests. What a test has of its own, `lifespan` reads from the settings at each start.
    """
    made_of = settings.model_dump_json(exclude=OF_EACH_TEST)
    if made_of not in APPS:
        APPS[made_of] = create_app(settings)
    app = APPS[made_of]
    app.state.settings = settings
    return app


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The app on an empty database, with no model; what goes wrong in it is an answer of 500."""
    with TestClient(app_of(settings), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def client_in(folder: Path, template: Path) -> Iterator[TestClient]:
    """An app of a module's own: its database, on SQLite, and its files are in a folder."""
    prepared.start()
    shutil.copyfile(template, folder / "test.db")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/test.db",
        secret_key=SIGNING_KEY,
        bcrypt_rounds=4,
        customers_file=folder / "customers.csv",
        models_dir=folder / "models",
        datasets_dir=folder / "datasets",
        server_memory_mb=0,
    )
    with TestClient(app_of(settings), raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def trained(client: TestClient, customers_file: Path) -> TestClient:
    """The app with a trained model."""
    assert client.post("/train").status_code == 200
    return client


@pytest.fixture
def accounts(client: TestClient) -> Accounts:
    return Accounts(client.app.state.resources)
