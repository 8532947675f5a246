"""What runs leave on disk: one checked file each, beside the table it was made from."""

import hashlib
import io
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import joblib

from app.storage.files import write_atomically

Kept = TypeVar("Kept")


class DamagedArtefact(Exception):
    """The file is missing, changed, or holds something else than it should."""


@dataclass(frozen=True)
class StoredArtefact:
    """A file's name within its dataset's directory, and its SHA-256."""

    name: str
    checksum: str


class ArtefactStore:
    """Fitted objects; joblib is pickle, so only a file with the checksum we wrote is ever read."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, directory: str, kind: str, value: object) -> StoredArtefact:
        name = f"{kind}-{secrets.token_hex(8)}.joblib"
        path = self._root / directory / name
        write_atomically(path, lambda file: joblib.dump(value, file))
        return StoredArtefact(name, hashlib.sha256(path.read_bytes()).hexdigest())

    def load(self, directory: str, stored: StoredArtefact, expected: type[Kept]) -> Kept:
        """Return what was saved.

        Raises
        ------
        DamagedArtefact
            If the file is missing or differs from what was written.
        """
        try:
            content = (self._root / directory / stored.name).read_bytes()
        except OSError as error:
            raise DamagedArtefact("the run's file is not there") from error
        if hashlib.sha256(content).hexdigest() != stored.checksum:
            raise DamagedArtefact("the run's file is not the one that was written")
        try:
            value = joblib.load(io.BytesIO(content))
        # A pickle of another release of a library can fail in any way.
        except Exception as error:
            raise DamagedArtefact("the run's file cannot be read by this version") from error
        if not isinstance(value, expected):
            raise DamagedArtefact("the run's file holds something else")
        return value

    def remove(self, directory: str, name: str) -> None:
        (self._root / directory / name).unlink(missing_ok=True)
