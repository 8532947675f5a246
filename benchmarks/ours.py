"""How this program does the work of each line: the engine's calls, and the doors' where named."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.schemas.analysis import AnalysisOptions
from app.segmentation.clustering.density_tree import cluster_hdbscan
from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.sweep import sweep_kmeans
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.customers import CustomerTable
from app.segmentation.recipe import AUTO, FEATURES
from app.segmentation.scoring import Scorer
from app.segmentation.segment import segment
from app.segmentation.synthesis import generate_customers
from app.segmentation.tables import read_table
from app.segmentation.training import train_segments
from app.segmentation.validation.stability import assess_stability, kmeans_refit
from app.segmentation.validation.structure import assess_structure
from app.services.analysis_work import analyse_records
from app.services.bootstrap import ADMIN, ensure_account
from benchmarks.inputs import Matrix, trained_on
from benchmarks.peers.clustering import K_RANGE, N_CLUSTERS

API = "/api/v1"
ACCEPTED = 202
ENDED = {"failed", "cancelled"}


def sweep(X: Matrix) -> tuple[list[float], list[float]]:
    found = sweep_kmeans(X, k_range=K_RANGE)
    return list(found.inertias), list(found.silhouettes)


def best_of_ten(tables: Sequence[Matrix]) -> list[float]:
    return [cluster_kmeans(X, n_clusters=N_CLUSTERS).inertia for X in tables]


def ward(X: Matrix) -> list[int]:
    return _sizes(cut_tree(build_tree(X, linkage="ward"), N_CLUSTERS))


def density(X: Matrix) -> list[int]:
    return _sizes(cluster_hdbscan(X).labels)


def read(path: Path) -> list[int]:
    with path.open("rb") as source:
        return list(read_table(source).frame.shape)


def segment_and_validate(path: Path) -> int:
    """From the file to the answer, with the resamples that say whether it holds."""
    with path.open("rb") as source:
        table = read_table(source)
    return segment(table, replace(AUTO, validation="full")).n_segments


def analyse(records: Sequence[dict[str, object]]) -> int:
    return len(analyse_records(list(records), AnalysisOptions()).clusters)


def analyse_and_validate(records: Sequence[dict[str, object]]) -> int:
    return len(analyse_records(list(records), AnalysisOptions(with_validation="full")).clusters)


def stability(fitted: tuple[Matrix, np.ndarray]) -> list[float]:
    X, labels = fitted
    found = assess_stability(X, labels, kmeans_refit(N_CLUSTERS), n_resamples=50)
    return [each.jaccard for each in found.per_segment]


def with_segments(X: Matrix) -> tuple[Matrix, np.ndarray]:
    return X, cluster_kmeans(X, n_clusters=N_CLUSTERS).labels


def structure(X: Matrix) -> str:
    return assess_structure(X).verdict


def scorer() -> Scorer:
    """Train the contract's model on 5,000 customers."""
    features = trained_on()
    table = CustomerTable(
        features=features,
        known=np.ones(features.shape, dtype=bool),
        customer_ids=tuple(map(str, range(len(features)))),
        sex=(None,) * len(features),
        imputed=dict.fromkeys(FEATURES, 0),
        medians=dict.fromkeys(FEATURES, 0.0),
    )
    return train_segments(table).scorer


def with_scorer(X: Matrix) -> tuple[Scorer, Matrix]:
    return scorer(), X


def place_many(fitted: tuple[Scorer, Matrix]) -> list[int]:
    placed, X = fitted
    return _sizes(placed.score_many(X).clusters)


def place_each(fitted: tuple[Scorer, Matrix]) -> int:
    placed, X = fitted
    return sum(placed.score_one(tuple(row)).cluster for row in X.tolist())


class Program:
    """The whole program on a database in a temporary folder, asked over its API."""

    def __init__(self) -> None:
        self.folder = folder = Path(tempfile.mkdtemp(prefix="bench-"))
        settings = Settings(
            _env_file=None,
            secret_key="k" * 20 + "benchmark alone",
            database_url=f"sqlite:///{folder / 'benchmark.db'}",
            models_dir=folder / "models",
            datasets_dir=folder / "datasets",
            customers_file=folder / "customers.csv",
            log_level="ERROR",
        )
        self.client = TestClient(create_app(settings)).__enter__()
        ensure_account(self.client.app.state.resources.database, settings, ADMIN, reset=True)
        form = {"username": ADMIN.username, "password": ADMIN.password}
        token = self.client.post("/auth/login", json=form).raise_for_status().json()
        self.client.headers["Authorization"] = f"Bearer {token['access_token']}"

    def made(self, answer: Any, name: str) -> int:
        """Return the id of what was made, at the job's end where the answer is one."""
        found = answer.raise_for_status().json()
        if answer.status_code != ACCEPTED:
            return int(found["id" if name == "dataset_id" else name])
        while True:
            job = self.client.get(answer.headers["Location"]).raise_for_status().json()
            if job["state"] == "succeeded":
                return int(job["result"][name])
            if job["state"] in ENDED:
                raise RuntimeError(job["error"])
            time.sleep(0.02)

    def upload(self, path: Path) -> int:
        with path.open("rb") as source:
            answer = self.client.post(f"{API}/datasets/upload", files={"file": (path.name, source)})
        return self.made(answer, "dataset_id")

    def train(self, dataset_id: int, options: Mapping[str, object]) -> int:
        order = {"dataset_id": dataset_id, **options}
        return self.made(self.client.post(f"{API}/clustering/train", json=order), "run_id")


def uploaded(path: Path) -> tuple[Program, int]:
    program = Program()
    return program, program.upload(path)


def first_run(stored: tuple[Program, int]) -> int:
    """Segment a stored table as the page does, and read the answer."""
    program, dataset_id = stored
    run_id = program.train(dataset_id, {"algorithm": "auto", "n_clusters": "auto"})
    answer = program.client.get(f"{API}/clustering/segments/{run_id}")
    return int(answer.raise_for_status().json()["n_clusters"])


def with_program(content: bytes) -> tuple[Program, bytes]:
    program = Program()
    generate_customers(5_000).to_csv(program.folder / "customers.csv", index=False)
    program.client.post("/train").raise_for_status()
    return program, content


def place_csv(given: tuple[Program, bytes]) -> int:
    program, content = given
    answer = program.client.post(
        "/predict/batch", content=content, headers={"Content-Type": "text/csv"}
    )
    return len(answer.raise_for_status().content)


def _sizes(labels: np.ndarray) -> list[int]:
    return sorted(np.bincount(labels[labels >= 0]).tolist(), reverse=True)
