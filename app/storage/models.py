"""The core's fitted models: one bundle a version, and the active one's files for other programs."""

import io
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import joblib
import pandas as pd
from filelock import FileLock
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.storage.bundles import DamagedArtefact, read_bundle, write_files
from app.storage.datasets import write_reading
from app.storage.files import sync_directory, write_atomically
from app.storage.segmentations import KeptVersion, packed, unpacked

KMEANS_FILE = "kmeans.pkl"
SCALER_FILE = "scaler.pkl"
UNRECORDED = ".unrecorded"
CUSTOMERS_FILE = "customers.parquet"

__all__ = ["DamagedArtefact", "KeptVersion", "ModelStore", "StoredModel", "estimators"]


@dataclass(frozen=True)
class StoredModel:
    """The directory of a model, and the SHA-256 of what is in it."""

    directory: str
    checksum: str


class ModelStore:
    """A folder with `versions/<directory>/` for each model, and the active one for others."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.versions = root / "versions"

    @contextmanager
    def training_turn(self) -> Iterator[None]:
        """Hold the one training turn of all processes; the kernel frees it if this one dies."""
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(self._root / ".training.lock"):
            yield

    def save(self, version: KeptVersion, customers: pd.DataFrame) -> StoredModel:
        """Write a model to a new directory, which appears when all its files are on disk.

        `customers` are those that it was trained on, with all of their columns. It stays marked as
        one that no database knows until `recorded` is called.
        """
        self.versions.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        temporary = self.versions / f".{name}"
        temporary.mkdir()
        checksum = write_files(temporary, packed("version", version))
        write_reading(temporary / CUSTOMERS_FILE, customers)
        (temporary / UNRECORDED).touch()
        temporary.rename(self.versions / name)
        sync_directory(self.versions)
        return StoredModel(name, checksum)

    def keep_customers(self, directory: str, customers: pd.DataFrame) -> None:
        """Write the customers of a version that an earlier release stored without them."""
        write_reading(self.versions / directory / CUSTOMERS_FILE, customers)

    def load(self, stored: StoredModel) -> KeptVersion:
        """Return what was saved; `DamagedArtefact` if it is missing, or not what was written."""
        bundle = read_bundle(self.versions / stored.directory, stored.checksum)
        return unpacked(bundle, KeptVersion)

    @contextmanager
    def publishing_turn(self) -> Iterator[None]:
        """Hold the one turn at the published files; which model they get is decided within it."""
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(self._root / ".publishing.lock"):
            yield

    def publish(self, stored: StoredModel) -> None:
        """Make `kmeans.pkl` and `scaler.pkl` those of this model, for other programs to read.

        Call it within the publishing turn: it also removes what a killed publisher left. They are
        never read here.
        """
        files = zip((KMEANS_FILE, SCALER_FILE), estimators(self.load(stored)), strict=True)
        for name, estimator in files:
            for remains in self._root.glob(f".{name}.*"):
                remains.unlink()
            content = io.BytesIO()
            joblib.dump(estimator, content)
            published = self._root / name
            if not published.exists() or published.read_bytes() != content.getvalue():
                write_atomically(published, partial(_write, content.getvalue()))

    def recorded(self, directory: str) -> None:
        """Note that a database has the model's row; from then on it is never swept up."""
        (self.versions / directory / UNRECORDED).unlink(missing_ok=True)

    def sweep_up(self, known: Collection[str]) -> None:
        """Remove what a killed training left; call it within the training turn.

        That is a directory half written, or one still marked that the database does not know.
        Any other may belong to another database that shares the folder.
        """
        for path in self.versions.glob("*"):
            if path.name in known:
                self.recorded(path.name)
            elif path.name.startswith(".") or (path / UNRECORDED).exists():
                shutil.rmtree(path)


def estimators(version: KeptVersion) -> tuple[KMeans, StandardScaler]:
    """Put a model into scikit-learn's own classes, as if they had been fitted on its customers."""
    scaler = StandardScaler().fit(version.features)
    scaler.mean_, scaler.scale_ = version.mean, version.scale
    kmeans = KMeans(
        n_clusters=len(version.centers), init=version.centers, n_init=1, max_iter=1
    ).fit(version.centers)
    kmeans.set_params(init="k-means++", n_init=10, max_iter=300, random_state=42)
    kmeans.cluster_centers_ = version.centers
    kmeans.labels_ = version.labels
    kmeans.inertia_ = version.inertia
    return kmeans, scaler


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)
