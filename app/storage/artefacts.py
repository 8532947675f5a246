"""What runs leave on disk: a checked bundle each, beside the table it was made from."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.storage.bundles import DamagedArtefact, read_bundle, remove_bundle, size_of, write_bundle
from app.storage.segmentations import packed, unpacked

Kept = TypeVar("Kept")

__all__ = ["ArtefactStore", "DamagedArtefact", "StoredArtefact"]


@dataclass(frozen=True)
class StoredArtefact:
    """A bundle's name within its dataset's directory, and its SHA-256."""

    name: str
    checksum: str


class ArtefactStore:
    """Fitted values by dataset; one that is stored never changes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, directory: str, kind: str, value: object) -> StoredArtefact:
        name = f"{kind}-{secrets.token_hex(8)}"
        return StoredArtefact(name, write_bundle(self._at(directory, name), packed(kind, value)))

    def load(self, directory: str, stored: StoredArtefact, expected: type[Kept]) -> Kept:
        """Return what was saved.

        Raises
        ------
        DamagedArtefact
            If the files are missing, differ from what was written or hold something else.
        """
        bundle = read_bundle(self._at(directory, stored.name), stored.checksum)
        return unpacked(bundle, expected)

    def size(self, directory: str, name: str) -> int:
        """Return how many bytes it takes on the disk."""
        return size_of(self._at(directory, name))

    def remove(self, directory: str, name: str) -> None:
        remove_bundle(self._at(directory, name))

    def _at(self, directory: str, name: str) -> Path:
        return self._root / directory / name
