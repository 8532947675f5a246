"""Fitted models on disk: one directory a version, whole or not there, and checked when read."""

import hashlib
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
import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from app.storage.files import sync_directory, write_atomically

KMEANS_FILE = "kmeans.pkl"
SCALER_FILE = "scaler.pkl"
CUSTOMERS_FILE = "customers.npz"
UNRECORDED = ".unrecorded"
_FILES = (CUSTOMERS_FILE, KMEANS_FILE, SCALER_FILE)


class DamagedModel(Exception):
    """The files of a model are missing, changed, or not what they should be."""


@dataclass(frozen=True)
class StoredModel:
    """Where a model's files stand, and the SHA-256 over all of them."""

    directory: str
    checksum: str


@dataclass(frozen=True)
class TrainingCustomers:
    """The customers a model was trained on.

    Attributes
    ----------
    ids : (n_customers,) array of str
    features : (n_customers, n_features) array
        In original units, blanks filled.
    """

    ids: NDArray[np.str_]
    features: NDArray[np.float64]


class ModelStore:
    """A folder with `versions/<directory>/` for each model, and copies of the active one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._versions = root / "versions"

    @contextmanager
    def training_turn(self) -> Iterator[None]:
        """Hold the one training turn of all processes; the kernel frees it if this one dies."""
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(self._root / ".training.lock"):
            yield

    def save(
        self, *, kmeans: KMeans, scaler: StandardScaler, customers: TrainingCustomers
    ) -> StoredModel:
        """Write a model to a new directory, which appears when all its files are on disk.

        It stays marked as one that no database knows until `recorded` is called.
        """
        self._versions.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        temporary = self._versions / f".{name}"
        temporary.mkdir()
        write_atomically(temporary / KMEANS_FILE, lambda file: joblib.dump(kmeans, file))
        write_atomically(temporary / SCALER_FILE, lambda file: joblib.dump(scaler, file))
        write_atomically(
            temporary / CUSTOMERS_FILE,
            lambda file: np.savez(file, ids=customers.ids, features=customers.features),
        )
        (temporary / UNRECORDED).touch()
        checksum = _checksum(temporary)
        temporary.rename(self._versions / name)
        sync_directory(self._versions)
        return StoredModel(name, checksum)

    def load(self, stored: StoredModel) -> tuple[KMeans, StandardScaler]:
        """Return the fitted K-means and scaler.

        Raises
        ------
        DamagedModel
            If a file is missing or differs from what was written.
        """
        content = self._verified(stored)
        try:
            kmeans = joblib.load(io.BytesIO(content[KMEANS_FILE]))
            scaler = joblib.load(io.BytesIO(content[SCALER_FILE]))
        # A pickle of another release of the library can fail in any way.
        except Exception as error:
            raise DamagedModel(f"the model in {stored.directory} cannot be read") from error
        if not isinstance(kmeans, KMeans) or not isinstance(scaler, StandardScaler):
            raise DamagedModel(f"the files in {stored.directory} hold something else")
        return kmeans, scaler

    def load_customers(self, stored: StoredModel) -> TrainingCustomers:
        """Return the customers the model was trained on; `DamagedModel` as in `load`."""
        content = self._verified(stored)
        with np.load(io.BytesIO(content[CUSTOMERS_FILE]), allow_pickle=False) as arrays:
            return TrainingCustomers(ids=arrays["ids"], features=arrays["features"])

    @contextmanager
    def publishing_turn(self) -> Iterator[None]:
        """Hold the one turn at the published files; which model they get is decided within it."""
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(self._root / ".publishing.lock"):
            yield

    def publish(self, stored: StoredModel) -> None:
        """Make `kmeans.pkl` and `scaler.pkl` those of this model, for other programs to read.

        Call it within the publishing turn: it also removes what a killed publisher left.
        """
        for name in (KMEANS_FILE, SCALER_FILE):
            for remains in self._root.glob(f".{name}.*"):
                remains.unlink()
            content = (self._versions / stored.directory / name).read_bytes()
            published = self._root / name
            if not published.exists() or published.read_bytes() != content:
                write_atomically(published, partial(_write, content))

    def recorded(self, directory: str) -> None:
        """Note that a database has the model's row; from then on it is never swept up."""
        (self._versions / directory / UNRECORDED).unlink(missing_ok=True)

    def sweep_up(self, known: Collection[str]) -> None:
        """Remove what a killed training left; call it within the training turn.

        That is a directory half written, or one still marked that the database does not know.
        Any other may belong to another database that shares the folder.
        """
        for path in self._versions.glob("*"):
            if path.name in known:
                self.recorded(path.name)
            elif path.name.startswith(".") or (path / UNRECORDED).exists():
                shutil.rmtree(path)

    def _verified(self, stored: StoredModel) -> dict[str, bytes]:
        directory = self._versions / stored.directory
        try:
            content = {name: (directory / name).read_bytes() for name in _FILES}
        except OSError as error:
            raise DamagedModel(f"the model in {stored.directory} is not there") from error
        if _digest(content) != stored.checksum:
            raise DamagedModel(f"the files in {stored.directory} are not those that were written")
        return content


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _checksum(directory: Path) -> str:
    return _digest({name: (directory / name).read_bytes() for name in _FILES})


def _digest(content: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update(f"{name}:{len(content[name])}\n".encode())
        digest.update(content[name])
    return digest.hexdigest()
