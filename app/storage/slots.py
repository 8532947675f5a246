"""So many at once for each holder, across the processes that share a folder."""

from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


class Slots:
    """A locked file for each slot that is taken; the kernel frees those of a process that ends."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def take(self, holder: int, most: int) -> FileLock | None:
        """Take a holder's next free slot, to be released by its taker; None if all are taken."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(most):
            lock = FileLock(
                self._folder / f"{self._name}-{holder}-{number}.lock",
                timeout=0,
                # Taken in one thread, and released in another.
                thread_local=False,
                is_singleton=False,
            )
            with suppress(Timeout):
                lock.acquire()
                return lock
        return None
