"""Uploaded tables on disk: a directory each, with the file as it came and what was read in it."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from app.storage.files import sync_directory, write_atomically

Written = TypeVar("Written")

ORIGINAL = "original"
SERVERS = ".servers"
MADE = ("run-", "tree-")
"""How the names of what was made of a dataset's rows begin."""
ROWS_PER_GROUP = 10_000
"""A page is read from the groups that hold it; a group of this size is read in milliseconds."""


class DamagedDataset(Exception):
    """The files of a dataset are missing or changed."""


@dataclass(frozen=True)
class StoredUpload:
    """Where an uploaded file stands, and what it is."""

    directory: str
    size_bytes: int
    checksum: str


class IncomingFile:
    """A file that is still arriving, counted and hashed as it comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._digest = hashlib.sha256()
        self._file = path.open("xb")

    @property
    def checksum(self) -> str:
        return self._digest.hexdigest()

    def write(self, content: bytes | memoryview) -> None:
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    def close(self) -> None:
        """Put what came on the disk, so that a power cut leaves all of it."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Staged:
    """A file that is ready to take a dataset's original's place."""

    incoming: IncomingFile
    target: Path

    @property
    def size(self) -> int:
        return self.incoming.size

    @property
    def checksum(self) -> str:
        return self.incoming.checksum

    def put(self) -> None:
        self.incoming.path.replace(self.target)

    def discard(self) -> None:
        self.incoming.discard()


class DatasetStore:
    """A folder with a directory for each dataset; names that start with a point are unfinished."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def incoming(self) -> IncomingFile:
        self.root.mkdir(parents=True, exist_ok=True)
        return IncomingFile(self.root / f".incoming-{secrets.token_hex(8)}")

    def keep(self, incoming: IncomingFile) -> StoredUpload:
        """Give a file that has arrived a directory of its own."""
        incoming.close()
        name = self._new_directory(incoming.path.rename)
        return StoredUpload(name, incoming.size, incoming.checksum)

    def again(self, directory: str) -> str:
        """Give a kept file a second directory, which lives on its own; return its name."""
        original = self.original(directory)

        def put(target: Path) -> None:
            try:
                os.link(original, target)
            except OSError:
                # Not every file system has links.
                shutil.copyfile(original, target)

        return self._new_directory(put)

    def _new_directory(self, put: Callable[[Path], object]) -> str:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"
        unfinished = self.root / f".{name}"
        unfinished.mkdir()
        put(unfinished / ORIGINAL)
        sync_directory(unfinished)
        unfinished.rename(self.root / name)
        sync_directory(self.root)
        return name

    def original(self, directory: str) -> Path:
        path = self.root / directory / ORIGINAL
        if not path.is_file():
            raise DamagedDataset("the uploaded file is not there any more")
        return path

    def stage(self, directory: str, content: bytes | memoryview) -> Staged:
        """Write a file that may then take the place of a dataset's own in one step."""
        original, incoming = self.original(directory), self.incoming()
        try:
            incoming.write(content)
            incoming.close()
        except BaseException:
            incoming.discard()
            raise
        return Staged(incoming, original)

    def save_reading(self, directory: str, frame: pd.DataFrame) -> str:
        """Keep the rows as they were read, for paging and for runs; return the reading's name."""
        name = f"reading-{secrets.token_hex(6)}.parquet"
        write_reading(self.root / directory / name, frame)
        return name

    def save_by(self, directory: str, write: Callable[[Path], Written]) -> tuple[str, Written]:
        """Keep a reading that something else writes, whole or not at all; return its name."""
        name = f"reading-{secrets.token_hex(6)}.parquet"
        unfinished = self.root / directory / f".{name}"
        try:
            written = write(unfinished)
            unfinished.replace(self.root / directory / name)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_directory(self.root / directory)
        return name, written

    def rows(
        self,
        directory: str,
        reading: str,
        *,
        skip: int,
        limit: int,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return rows `skip` to `skip + limit`; only the groups that hold them are read."""
        file = self._open(directory, reading)
        n_rows = file.metadata.num_rows
        start, stop = min(skip, n_rows), min(skip + limit, n_rows)
        groups: list[int] = []
        first_row = None
        at = 0
        for group in range(file.metadata.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if at < stop and at + size > start:
                first_row = at if first_row is None else first_row
                groups.append(group)
            at += size
        names = list(columns) if columns is not None else None
        table = file.read_row_groups(groups, columns=names)
        offset = start - (first_row or 0)
        return _to_frame(table.slice(offset, stop - start))

    def frame(
        self, directory: str, reading: str, *, columns: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return all rows of some columns, or of all."""
        names = list(columns) if columns is not None else None
        return _to_frame(self._open(directory, reading).read(columns=names))

    def remove(self, directory: str) -> None:
        """Remove a dataset with all that was made of it; one that is gone already is fine."""
        path = self.root / directory
        unfinished = self.root / f".removed-{directory}"
        try:
            # Renamed first, so that a crash halfway leaves nothing that looks whole.
            path.rename(unfinished)
        except FileNotFoundError:
            return
        shutil.rmtree(unfinished, ignore_errors=True)

    def touch(self, directory: str, reading: str) -> None:
        """Note that a reading was of use until now; it is swept up a while after its last use."""
        try:
            os.utime(self.root / directory / reading)
        except FileNotFoundError as error:
            raise DamagedDataset("the dataset's rows are not there any more") from error

    def remove_old_readings(
        self, directory: str, named: Collection[str], *, older_than_seconds: float
    ) -> None:
        """Remove a dataset's readings that nobody names, once nobody has used them for a while."""
        oldest = time.time() - older_than_seconds
        for path in (self.root / directory).glob("reading-*.parquet"):
            # Another server may sweep at the same moment.
            with suppress(FileNotFoundError):
                if path.name not in named and path.stat().st_mtime < oldest:
                    path.unlink()

    def made(self, directory: str, *, older_than_seconds: float) -> set[str]:
        """Name the runs and trees in a dataset's directory that are older."""
        oldest = time.time() - older_than_seconds
        found = set()
        for path in (self.root / directory).glob("*-*"):
            with suppress(FileNotFoundError):
                if path.name.startswith(MADE) and path.stat().st_mtime < oldest:
                    found.add(path.name)
        return found

    def remove_strays(self, known: Collection[str], *, older_than_seconds: float) -> int:
        """Remove what killed servers left, but nothing that may still be in the making."""
        if not self.root.exists():
            return 0
        oldest = time.time() - older_than_seconds
        strays = [
            path
            for path in self.root.iterdir()
            if path.name not in (SERVERS, *known) and path.stat().st_mtime < oldest
        ]
        for path in strays:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(strays)

    @contextmanager
    def turn(self, directory: str, name: str) -> Iterator[None]:
        """Hold the one turn, across processes, at making something for a dataset."""
        if not (self.root / directory).is_dir():
            raise DamagedDataset("the dataset's files are not there any more")
        with FileLock(self.root / directory / f".{name}.lock"):
            yield

    def _open(self, directory: str, reading: str) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.root / directory / reading)
        except (OSError, pa.ArrowException) as error:
            raise DamagedDataset("the dataset's rows are not there or damaged") from error


def write_reading(path: Path, frame: pd.DataFrame) -> None:
    """Write rows as they were read, in groups for paging, whole or not at all."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    write_atomically(
        path,
        lambda file: pq.write_table(table, file, row_group_size=ROWS_PER_GROUP, compression="zstd"),
    )


def _to_frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(split_blocks=True)
    return frame
