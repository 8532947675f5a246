"""Fitted objects in memory: the last used, up to a number of bytes."""

import threading
from pathlib import Path
from typing import TypeVar

from cachetools import LRUCache

from app.storage.artefacts import ArtefactStore, StoredArtefact

Kept = TypeVar("Kept")

CACHE_BYTES = 64_000_000


class ArtefactCache:
    """Reads through to the store; an artefact never changes, so it is never stale."""

    def __init__(self, root: Path, *, max_bytes: int = CACHE_BYTES) -> None:
        self.store = ArtefactStore(root)
        self._kept: LRUCache[str, tuple[int, object]] = LRUCache(
            max_bytes, getsizeof=lambda kept: kept[0]
        )
        self._lock = threading.Lock()

    def save(self, directory: str, kind: str, value: object) -> StoredArtefact:
        stored = self.store.save(directory, kind, value)
        self._remember(directory, stored, value)
        return stored

    def load(self, directory: str, stored: StoredArtefact, expected: type[Kept]) -> Kept:
        """Return what was saved; `DamagedArtefact` as the store."""
        with self._lock:
            _, found = self._kept.get(stored.name, (0, None))
        if isinstance(found, expected):
            return found
        value = self.store.load(directory, stored, expected)
        self._remember(directory, stored, value)
        return value

    def remove(self, directory: str, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)
        self.store.remove(directory, name)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _remember(self, directory: str, stored: StoredArtefact, value: object) -> None:
        size = self.store.size(directory, stored.name)
        if size <= self._kept.maxsize:
            with self._lock:
                self._kept[stored.name] = (size, value)
