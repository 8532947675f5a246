"""One installation that lives through many kills, and what it promised its callers."""

import random
import sqlite3
import threading
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import httpx
import joblib
import numpy as np
import sqlalchemy as sa

from app.db.session import Database
from app.db.tables import ModelVersion, PredictionHistory
from app.segmentation.synthesis import generate_customers
from app.storage.models import ModelStore, StoredModel
from tests.server.running import PATIENCE, Server

_incomes = count(1)
"""Every prediction has an income of its own, by which its row is found again."""


@dataclass
class Promises:
    """What the server answered with 200."""

    predictions: dict[float, dict[str, Any]] = field(default_factory=dict)
    trainings: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


class Load:
    """Clients that ask as fast as they are answered, until they are stopped or cut off."""

    def __init__(
        self, server: Server, headers: dict[str, str], *, clients: int, trains: bool, seed: int
    ) -> None:
        self.promises = Promises()
        self._server = server
        self._headers = headers
        self._seed = seed
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._predict) for _ in range(clients)]
        if trains:
            self._threads.append(threading.Thread(target=self._train))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, path: str, body: dict[str, Any], client: httpx.Client) -> dict[str, Any]:
        answer = client.post(f"{self._server.url}{path}", json=body, headers=self._headers)
        if answer.status_code != 200:
            self.promises.refusals.append(f"{path}: {answer.status_code} {answer.text}")
            self._stop.set()
        result: dict[str, Any] = answer.json()
        return result

    def _predict(self) -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while not self._stop.is_set():
                customer = a_customer(float(next(_incomes)))
                try:
                    answer = self._ask("/predict", customer, client)
                except httpx.TransportError:
                    return  # killed: what was not answered was not promised
                self.promises.predictions[customer["annual_income"]] = answer

    def _train(self) -> None:
        choose = random.Random(self._seed)
        with httpx.Client(timeout=PATIENCE) as client:
            while not self._stop.is_set():
                try:
                    answer = self._ask("/train", {"n_clusters": choose.randint(2, 8)}, client)
                except httpx.TransportError:
                    return
                self.promises.trainings.append(answer["version"])


def a_customer(income: float) -> dict[str, Any]:
    number = int(income)
    return {
        "sex": "Female" if number % 2 else "Male",
        "age": 18 + number % 53,
        "annual_income": income,
        "spending_score": 1 + number * 7 % 100,
        "purchase_frequency": number * 3 % 50,
    }


class Installation:
    """A server whose folder and database outlive it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.step_file = folder / "step"
        self.server = Server(
            folder,
            database_url=database_url,
            target="tests.crash.armed:app",
            settings={"CRASH_STEP_FILE": str(self.step_file)},
        )
        self.database = Database(database_url, pool_size=1)
        self.headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.change_customers(7)
        self.server.start()
        self.headers = self.server.sign_in("witness")
        self.train(5)
        return self

    def __exit__(self, *error: object) -> None:
        self.database.dispose()
        self.server.__exit__(*error)

    def change_customers(self, seed: int) -> None:
        """Put other customers in place, so that the next training changes every file."""
        generate_customers(500, seed=seed).to_csv(self.server.customers, index=False)

    def train(self, n_clusters: int) -> int:
        answer = httpx.post(
            f"{self.server.url}/train", json={"n_clusters": n_clusters}, timeout=PATIENCE
        )
        version: int = answer.raise_for_status().json()["version"]
        return version

    def predict(self, customer: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.server.url}/predict", json=customer, headers=self.headers, timeout=PATIENCE
        )
        result: dict[str, Any] = answer.raise_for_status().json()
        return result

    def history(self) -> dict[float, PredictionHistory]:
        with self.database.session(read_only=True) as session:
            rows = session.scalars(sa.select(PredictionHistory)).all()
        found = {row.customer_data["annual_income"]: row for row in rows}
        assert len(found) == len(rows), "a prediction is in the history twice"
        return found

    def versions(self) -> list[ModelVersion]:
        with self.database.session(read_only=True) as session:
            return list(session.scalars(sa.select(ModelVersion).order_by(ModelVersion.version)))

    def active_version(self) -> int:
        (active,) = [row.version for row in self.versions() if row.is_active]
        return active

    def check_database(self) -> None:
        if not self.database.is_sqlite:
            return
        connection = sqlite3.connect(str(self.database.url.database))
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            connection.close()

    def check_model(self) -> None:
        """Compare what the server answers with what another program reads from the files."""
        kmeans = joblib.load(self.server.models / "kmeans.pkl")
        scaler = joblib.load(self.server.models / "scaler.pkl")
        for _ in range(5):
            customer = a_customer(float(next(_incomes)))
            answer = self.predict(customer)
            features = [
                customer[name]
                for name in ("age", "annual_income", "spending_score", "purchase_frequency")
            ]
            (label,) = kmeans.predict(scaler.transform(np.array([features], dtype=float)))
            assert (answer["cluster"], answer["model_version"]) == (label, self.active_version())

    def check_files(self) -> None:
        """Look for what no version owns, and for versions whose files do not open."""
        directories = {row.directory for row in self.versions()}
        kept = self.server.models / "versions"
        assert {entry.name for entry in kept.iterdir()} == directories
        store = ModelStore(self.server.models)
        for row in self.versions():
            store.load(StoredModel(row.directory, row.checksum))
        beside = {entry.name for entry in self.server.models.iterdir()}
        assert beside == {
            *("versions", "kmeans.pkl", "scaler.pkl"),
            *(".training.lock", ".publishing.lock"),
        }
