"""Which servers live: each holds a lock that the kernel frees when it ends, however it ends."""

import secrets
import socket
from pathlib import Path

from filelock import FileLock, Timeout


class ServerRegister:
    """A folder with a locked file for each server that shares it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.name = f"{socket.gethostname()[:100]}-{secrets.token_hex(8)}"
        self._lock = self._lock_of(self.name)
        self._lock.acquire()

    def leave(self) -> None:
        self._lock.release()
        self._path(self.name).unlink(missing_ok=True)

    def is_dead(self, name: str) -> bool:
        """Whether a server has certainly ended; one of another machine leaves no file here."""
        if name == self.name or not self._path(name).exists():
            return False
        lock = self._lock_of(name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        return True

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

    def _lock_of(self, name: str) -> FileLock:
        # Each its own: a lock that is shared within a process would be held twice.
        return FileLock(self._path(name), is_singleton=False)
