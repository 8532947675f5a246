"""One thread for numerical libraries: the same sums in the same order on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Hold OpenMP and BLAS to one thread inside the block.

    Threads add partial sums in the order they finish, which changes last digits; and beside a
    busy server one thread is faster than several that wait for each other.
    """
    with _controller().limit(limits=1):
        yield
