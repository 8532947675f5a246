"""The memory of a server's process, kept under a bound: what can be made again goes first."""

import ctypes
import gc
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pyarrow as pa
import structlog

from app.errors import TooLarge

log = structlog.get_logger(__name__)

CHECK_SECONDS = 5.0
WORTH_A_LOOK = 8 << 20
"""What a process must have grown by before it is searched for what was freed."""
ARENAS = 2
_M_ARENA_MAX = -8
_STATM = Path("/proc/self/statm")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Return what this process has in memory; 0 where the system does not say."""
    try:
        return int(_STATM.read_text().split()[1]) * _PAGE
    except OSError:
        return 0


@contextmanager
def enough_memory(work: str) -> Iterator[None]:
    """Refuse what a request waits for where it, or the worker that does it, has too little."""
    try:
        yield
    except (MemoryError, BrokenExecutor) as error:
        raise TooLarge(
            f"{work} needs more memory than a job may use (JOB_MEMORY_MB); "
            "send fewer rows or columns",
            code="too_much_memory",
        ) from error


class MemoryKeeper:
    """Gives freed memory back to the system, and drops what is only kept for speed past a bound.

    A process that computed in forty threads otherwise keeps what each had at its largest.

    Parameters
    ----------
    most_bytes : int
        The bound; 0 is none.

    Attributes
    ----------
    droppable : sequence of callables
        Empty one cache each; their contents are made again when they are next needed.
    """

    def __init__(self, *, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.droppable: Sequence[Callable[[], None]] = ()
        self._after = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    def start(self) -> None:
        share_heaps()
        _settle()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def is_short(self) -> bool:
        """Whether work belongs in another process, for this one has as much as it may."""
        return self.most_bytes > 0 and resident_bytes() > self.most_bytes

    def tend(self) -> None:
        """Give back what was freed, and past the bound what can be made again."""
        if resident_bytes() < self._after + WORTH_A_LOOK:
            return
        # Pictures and documents are circles of objects, which stay until they are looked for.
        gc.collect()
        _give_back()
        if self.is_short():
            for drop in self.droppable:
                drop()
            _give_back()
            log.info("memory", megabytes=resident_bytes() >> 20, bound=self.most_bytes >> 20)
        self._after = resident_bytes()

    def _watch(self) -> None:
        while not self._stopping.wait(CHECK_SECONDS):
            self.tend()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def share_heaps() -> None:
    """Have all threads share two heaps, where glibc would give eight to each core, and Arrow too.

    Arrow's own pool keeps what was freed. It is called before anything large is done.
    """
    mallopt = getattr(_libc(), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)
    pa.set_memory_pool(pa.system_memory_pool())


@cache
def _settle() -> None:
    """Spare the collector what the program is made of, once: a second of every full round."""
    gc.collect()
    gc.freeze()


def _give_back() -> None:
    trim = getattr(_libc(), "malloc_trim", None)
    if trim is not None:
        trim(0)
