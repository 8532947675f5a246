"""Make an installation as the release at hand leaves it: every row, every file, and its answers.

Run in a checkout of the commit that the fixture is named for: python make.py FOLDER
"""

import datetime as dt
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.segmentation.synthesis import generate_customers
from app.services.bootstrap import ADMIN, ensure_account

PASSWORD = "correct horse"
CUSTOMER = {
    "sex": "Female",
    "age": 34,
    "annual_income": 65.5,
    "spending_score": 72,
    "purchase_frequency": 18,
}
NEW_ROWS = [
    {"age": 23, "income": 31.5, "visits": 40, "region": "North"},
    {"age": 61, "income": 120, "visits": None, "region": "Atlantis"},
]
LATER = {"Prefer": "respond-async"}


def table() -> bytes:
    rng = np.random.default_rng(11)
    group = np.repeat([0, 1, 2], [30, 28, 22])
    age = np.array([25, 45, 65])[group] + rng.normal(0, 3, len(group))
    income = np.array([30, 90, 60])[group] + rng.normal(0, 5, len(group))
    lines = [
        f"C{i:03},{a:.0f},{b:.2f},{rng.integers(1, 30)},{rng.choice(['North', 'South', 'East'])}"
        for i, (a, b) in enumerate(zip(age, income, strict=True))
    ]
    return "\n".join(["customer_id,age,income,visits,region", *lines, ""]).encode()


def orders() -> bytes:
    rng = np.random.default_rng(5)
    start = dt.date(2025, 1, 1)
    days = [start + dt.timedelta(days=int(each)) for each in rng.integers(0, 300, 400)]
    lines = [
        f"{1000 + i},K{rng.integers(1, 40):02},{day},{rng.integers(1, 5)},{rng.uniform(2, 50):.2f}"
        for i, day in enumerate(days)
    ]
    return "\n".join(["order_id,customer_id,order_date,quantity,price", *lines, ""]).encode()


class Caller:
    def __init__(self, client: TestClient, name: str, password: str) -> None:
        self._client = client
        login = client.post("/auth/login", json={"username": name, "password": password})
        self._headers = {"Authorization": f"Bearer {login.json()['access_token']}"}

    def ask(self, method: str, path: str, *, headers: Any = None, **more: Any) -> Any:
        headers = {**self._headers, **(headers or {})}
        answer = self._client.request(method, path, headers=headers, **more)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def read(self, paths: list[str]) -> dict[str, Any]:
        return {path: self.ask("GET", path) for path in paths}


def main(folder: Path) -> None:
    work = folder / "work"
    shutil.rmtree(folder, ignore_errors=True)
    work.mkdir(parents=True)
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{work / 'made.db'}",
        secret_key="a key for the fixture alone, long enough",
        bcrypt_rounds=4,
        customers_file=work / "customers.csv",
        models_dir=folder / "models",
        datasets_dir=folder / "datasets",
    )
    generate_customers(120, seed=7).to_csv(settings.customers_file, index=False)
    with TestClient(create_app(settings)) as client:
        answers = fill(client, settings)
        database = client.app.state.resources.database  # type: ignore[attr-defined]
        (folder / "rows.json").write_text(json.dumps(rows(database.engine), indent=0) + "\n")
    (folder / "answers.json").write_text(json.dumps(answers, sort_keys=True, indent=0) + "\n")
    shutil.rmtree(work)
    shutil.rmtree(folder / "datasets" / ".servers", ignore_errors=True)
    for lock in folder.rglob("*.lock"):
        lock.unlink()


def fill(client: TestClient, settings: Settings) -> dict[str, Any]:
    """Use the installation as three people do; return what each of them sees at the end."""
    ensure_account(client.app.state.resources.database, settings, ADMIN, reset=False)  # type: ignore[attr-defined]
    for name in ("maria", "paul"):
        form = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        client.post("/auth/register", json=form).raise_for_status()
    admin = Caller(client, ADMIN.username, ADMIN.password)
    admin.ask("PUT", "/users/2/role", json={"role": "analyst"})
    maria, paul = Caller(client, "maria", PASSWORD), Caller(client, "paul", PASSWORD)

    for form in ({}, {"n_clusters": 4}, {"n_clusters": 3, "activate": False}):
        maria.ask("POST", "/train", json=form)
    for age in (21, 40, 64):
        paul.ask("POST", "/predict", json={**CUSTOMER, "age": age})
    paul.ask("POST", "/profiles/", json={"name": "One", "notes": "kept", **CUSTOMER})

    train, at = "/api/v1/clustering/train", "/api/v1/clustering"
    upload = {"files": {"file": ("shop.csv", table())}}
    dataset = maria.ask("POST", "/api/v1/datasets/upload", **upload)
    runs = [
        maria.ask("POST", train, json={"dataset_id": dataset["id"], "n_clusters": 3, **options})
        for options in (
            {},
            {"linkage": "average", "use_pca": True},
            {"algorithm": "kmeans", "n_clusters": "auto"},
            {"algorithm": "hdbscan", "min_cluster_size": 5},
        )
    ]
    ids = [run["run_id"] for run in runs]
    for shared in ids[1:3]:
        maria.ask("PUT", f"{at}/runs/{shared}/sharing", json={"visibility": "team"})
    job = maria.ask(
        "POST", train, json={"dataset_id": dataset["id"], "n_clusters": 4}, headers=LATER
    )
    while maria.ask("GET", f"/api/v1/jobs/{job['id']}")["state"] in ("queued", "running"):
        time.sleep(0.1)
    upload = {"files": {"file": ("lines.csv", orders())}}
    made = maria.ask("POST", "/api/v1/orders/upload", **upload)
    path = f"/api/v1/orders/{made['id']}"
    snapshot = maria.ask("POST", f"{path}/snapshots", json={"as_of": "2025-11-01"})

    readable = [f"{at}/segments/{run}?limit=100" for run in ids]
    readable += [f"{at}/projection/{run}" for run in ids]
    readable += [f"{at}/dendrogram/{run}?format=json" for run in ids[:2]]
    return {
        "maria": maria.read(
            [
                *readable,
                "/auth/me",
                "/clusters",
                "/elbow",
                "/api/v1/models",
                "/api/v1/models/1",
                "/api/v1/models/1/points",
                "/api/v1/datasets",
                f"/api/v1/datasets/{dataset['id']}",
                f"/api/v1/datasets/{dataset['id']}/rows?limit=5",
                f"{at}/runs",
                "/api/v1/jobs",
                "/api/v1/orders",
                path,
                f"/api/v1/datasets/{snapshot['dataset_id']}",
            ]
        ),
        "paul": paul.read(
            [*(f"{at}/segments/{run}" for run in ids[1:3]), f"{at}/runs", "/history", "/profiles/"]
        ),
        "placed": {
            str(run): maria.ask("POST", f"{at}/runs/{run}/predict", json={"rows": NEW_ROWS})
            for run in ids
        },
        "private": [ids[0], ids[3]],
    }


def rows(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Return each table's rows as plain values, in an order in which they can be put back."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [
                {name: plain(value) for name, value in row._mapping.items()}
                for row in connection.execute(sa.select(table))
            ]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
