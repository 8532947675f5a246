"""Files that were kept, read here where they are small, and in a worker where they are not."""

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from app.config import Settings
from app.db.session import Database
from app.errors import NotFound
from app.segmentation.tables import unpacked_bytes
from app.segmentation.tables.signatures import PARQUET
from app.services.jobs import JobService
from app.services.memory import enough_memory
from app.services.quotas import computing
from app.services.reading import KeptReading, read_upload, try_parquet
from app.storage.datasets import DamagedDataset, DatasetStore

Result = TypeVar("Result")

READ_IN_PROCESS_BYTES = 20_000_000
"""A larger file is read in a worker, so that the server's memory does not grow with it."""


class StoredReader:
    """Keeps the memory of this process from growing with the files that are read."""

    def __init__(
        self, database: Database, store: DatasetStore, jobs: JobService, settings: Settings
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._settings = settings

    def _unpacked(self, directory: str, size_bytes: int) -> int:
        with self._store.original(directory).open("rb") as source:
            return unpacked_bytes(source, size_bytes=size_bytes)

    def read(self, directory: str, overrides: Mapping[str, object], size_bytes: int) -> KeptReading:
        read = partial(read_upload, self._store, directory, overrides, self._settings.max_columns)
        return self.in_worker_if_large(directory, size_bytes, read)

    def in_worker_if_large(
        self, directory: str, size_bytes: int, read: Callable[[], Result]
    ) -> Result:
        """Read a stored file here where it is small, and in a worker where it is not."""
        try:
            with computing(self._database, self._jobs.shares), enough_memory("Reading this table"):
                is_large = self._unpacked(directory, size_bytes) > READ_IN_PROCESS_BYTES
                if is_large or self._jobs.relieves():
                    return self._jobs.wait_for(read)
                return read()
        except DamagedDataset as error:
            raise NotFound(gone(error), code="damaged_dataset") from error

    def try_apart(self, path: Path) -> None:
        """Refuse a packed file that could harm this process, which a worker finds out.

        A kilobyte of Parquet can unpack to gigabytes, and its reader is no Python.
        """
        with path.open("rb") as source:
            is_parquet = _is_parquet(source)
        if is_parquet:
            with computing(self._database, self._jobs.shares), enough_memory("Reading this table"):
                self._jobs.wait_for(try_parquet, path, self._settings.max_columns)

    def try_copy_apart(self, source: BinaryIO) -> None:
        """Do the same with a file that workers cannot open."""
        if not _is_parquet(source):
            return
        incoming = self._store.incoming()
        try:
            shutil.copyfileobj(source, incoming)
            incoming.close()
            self.try_apart(incoming.path)
        finally:
            incoming.discard()
            source.seek(0)


def _is_parquet(source: BinaryIO) -> bool:
    source.seek(0)
    found = source.read(len(PARQUET)) == PARQUET
    source.seek(0)
    return found


def gone(error: DamagedDataset) -> str:
    message = str(error)
    return message[:1].upper() + message[1:]
