"""What earlier releases stored is converted when the program starts, and answers as it did."""

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import joblib
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.config import Settings
from app.db.migrations import upgrade_schema
from app.db.segmentation_tables import ClusteringRun, ClusteringTree
from app.db.session import Database
from app.main import create_app
from app.services.bootstrap import ADMIN
from app.services.conversion import convert_stored
from tests.storage import format_0

RUNS = "/api/v1/clustering"
OLD = format_0.answers()


def signed_in(settings: Settings) -> TestClient:
    client = TestClient(create_app(settings))
    client.__enter__()
    login = {"username": ADMIN.username, "password": ADMIN.password}
    token = client.post("/auth/login", json=login).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The old installation, started by this release."""
    client = signed_in(format_0.install(tmp_path_factory.mktemp("old")))
    yield client
    client.__exit__(None, None, None)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[tuple[Settings, Database]]:
    """The old installation, not started."""
    settings = format_0.install(tmp_path)
    database = Database(settings.database_url, pool_size=2)
    upgrade_schema(database)
    yield settings, database
    database.dispose()


def old_files(settings: Settings) -> list[str]:
    found = [
        *settings.datasets_dir.glob("*/*.joblib"),
        *settings.models_dir.glob("versions/*/*.pkl"),
    ]
    return sorted(file.name for file in found)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(".lock")
    }


@pytest.mark.parametrize("name", OLD["runs"])
class TestRuns:
    def test_customers_are_in_the_same_segments(self, converted: TestClient, name: str) -> None:
        told = OLD["runs"][name]
        found = converted.get(
            f"{RUNS}/segments/{told['run']['run_id']}", params={"limit": 100}
        ).json()
        assert [each["cluster"] for each in found["assignments"]] == told["segments"]["labels"]
        # Earlier releases told no sentences of a run's segments, and had one name for each.
        assert found["profiles"] == [
            {**profile, "automatic_name": profile["cluster_name"], "characteristics": []}
            for profile in told["segments"]["profiles"]
        ]

    def test_new_customers_are_placed_alike(self, converted: TestClient, name: str) -> None:
        told = OLD["runs"][name]
        path = f"{RUNS}/runs/{told['run']['run_id']}/predict"
        found = converted.post(path, json={"rows": OLD["rows"]}).json()
        # Earlier releases gave no probability.
        placements = [
            {**old, "probability": new["probability"]}
            for old, new in zip(told["placements"]["placements"], found["placements"], strict=True)
        ]
        if name.startswith("dbscan"):
            # A placement by density had no confidence before there was one definition of it.
            placements = [
                {**old, "confidence": new["confidence"]}
                for old, new in zip(placements, found["placements"], strict=True)
            ]
        assert found["placements"] == placements

    def test_customers_stand_at_the_same_points(self, converted: TestClient, name: str) -> None:
        told = OLD["runs"][name]
        found = converted.get(f"{RUNS}/projection/{told['run']['run_id']}").json()
        assert found == told["projection"]


@pytest.mark.parametrize("name", [name for name, told in OLD["runs"].items() if "cut" in told])
def test_trees_are_drawn_and_cut_alike(converted: TestClient, name: str) -> None:
    told = OLD["runs"][name]
    run = told["run"]["run_id"]
    drawn = converted.get(f"{RUNS}/dendrogram/{run}", params={"format": "json"}).json()
    for part in ("branches", "leaves", "cuts", "cut_height"):
        assert drawn[part] == told["dendrogram"][part]
    cut = converted.post(f"{RUNS}/runs/{run}/cut", json={"n_clusters": 5}).json()
    for part in ("cluster_sizes", "silhouette_score", "height"):
        assert cut.get(part) == told["cut"].get(part)


@pytest.mark.parametrize("version", OLD["versions"])
def test_versions_predict_alike(converted: TestClient, version: str) -> None:
    told = OLD["versions"][version]
    assert converted.post(f"/api/v1/models/{version}/activate").status_code == 200
    assert converted.get("/clusters").json() == told["clusters"]
    assert converted.get(f"/api/v1/models/{version}/points").json() == told["points"]
    for customer, prediction in zip(OLD["customers"], told["predictions"], strict=True):
        answer = converted.post("/predict", json=customer).json()
        for part in ("cluster", "cluster_name", "confidence", "customer_data"):
            assert answer[part] == prediction[part]


class TestConverting:
    def test_nothing_old_is_left_and_a_second_start_changes_nothing(
        self, old: tuple[Settings, Database], tmp_path: Path
    ) -> None:
        settings, database = old
        done = convert_stored(database, settings)
        assert (done.n_files, done.refused) == (18, ())
        assert old_files(settings) == []
        before = contents(tmp_path)
        assert convert_stored(database, settings).n_files == 0
        assert contents(tmp_path) == before

    def test_servers_that_start_together_convert_once(self, old: tuple[Settings, Database]) -> None:
        settings, database = old
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda _: convert_stored(database, settings), range(2)))
        assert sorted(each.n_files for each in done) == [0, 18]

    @pytest.mark.parametrize("step", ["named", "removed"])
    def test_a_crash_on_the_way_loses_nothing(
        self, old: tuple[Settings, Database], monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        settings, database = old
        with monkeypatch.context() as patch:
            if step == "named":
                patch.setattr(sa, "update", _crash)
            else:
                patch.setattr(Path, "unlink", _crash)
            with pytest.raises(ConnectionAbortedError):
                convert_stored(database, settings)
        assert len(old_files(settings)) == 20
        convert_stored(database, settings)
        assert old_files(settings) == []
        with TestClient(create_app(settings)) as client:
            assert client.get("/ready").json()["model"]

    def test_a_file_that_cannot_be_read_is_named_and_its_run_asks_to_be_trained_again(
        self, old: tuple[Settings, Database], caplog: pytest.LogCaptureFixture
    ) -> None:
        settings, database = old
        names = {
            damage: _first(database, table)
            for damage, table in (("cut", ClusteringRun), ("swapped", ClusteringTree))
        }
        for damage, name in names.items():
            (file,) = settings.datasets_dir.glob(f"*/{name}")
            file.write_bytes(file.read_bytes()[:-1] if damage == "cut" else _evil(settings))
        done = convert_stored(database, settings)
        assert done.n_files == 16
        assert sorted(Path(file).name for file in done.refused) == sorted(names.values())
        told = caplog.text
        assert all(name in told for name in names.values())

        client = signed_in(settings)
        run = client.get(f"{RUNS}/segments/1")
        assert run.status_code == 503
        assert "train it again" in run.json()["detail"]
        assert client.get(f"{RUNS}/segments/2").status_code == 200
        client.__exit__(None, None, None)
        assert not (settings.models_dir / "unpickled").exists()

    def test_nothing_that_a_file_names_is_called(self, old: tuple[Settings, Database]) -> None:
        settings, database = old
        name = _first(database, ClusteringRun)
        (file,) = settings.datasets_dir.glob(f"*/{name}")
        file.write_bytes(_evil(settings))
        with database.connect() as connection:
            # As if this program had written it.
            connection.execute(
                sa.update(ClusteringRun)
                .where(ClusteringRun.artefact == name)
                .values(checksum=_sha(file))
            )
        done = convert_stored(database, settings)
        assert [Path(refused).name for refused in done.refused] == [name]
        assert not (settings.models_dir / "unpickled").exists()


def _crash(*_args: object, **_more: object) -> Any:
    raise ConnectionAbortedError


def _first(database: Database, table: type[ClusteringRun] | type[ClusteringTree]) -> str:
    with database.connect(read_only=True) as connection:
        name: str = connection.scalars(sa.select(table.artefact).order_by(table.id)).first() or ""
    return name


def _sha(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _evil(settings: Settings) -> bytes:
    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (settings.models_dir / "unpickled",))

    stream = io.BytesIO()
    joblib.dump(Evil(), stream)
    return stream.getvalue()
