"""Whose call comes next: that of who has the fewest running, and of these who waited longest."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

Call = TypeVar("Call")
_owner: ContextVar[int | None] = ContextVar("owner of work", default=None)


@contextmanager
def work_of(owner: int | None) -> Iterator[None]:
    """Say whose work is handed to an executor, which a standard `submit` has no word for."""
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def current_owner() -> int | None:
    return _owner.get()


class FairLine(Generic[Call]):
    """Calls that wait, in a line for each owner, who may have so many running; 0 is no limit."""

    def __init__(self, *, most_running: int = 0) -> None:
        self._most_running = most_running
        self._changed = threading.Condition()
        self._waiting: dict[int | None, deque[Call]] = {}
        self._running: Counter[int | None] = Counter()
        self._served: dict[int | None, int] = {}
        self._number = 0

    def put(self, owner: int | None, call: Call) -> None:
        with self._changed:
            self._waiting.setdefault(owner, deque()).append(call)
            self._changed.notify()

    def take(self) -> tuple[int | None, Call]:
        """Take the next call, which is running until `done` is called; wait where none may run."""
        with self._changed:
            self._changed.wait_for(self._candidates)
            owner = min(
                self._candidates(),
                key=lambda each: (self._running[each], self._served.get(each, 0)),
            )
            call = self._waiting[owner].popleft()
            if not self._waiting[owner]:
                del self._waiting[owner]
            self._running[owner] += 1
            self._number += 1
            self._served[owner] = self._number
            return owner, call

    def _candidates(self) -> list[int | None]:
        most = self._most_running
        return [
            each for each in self._waiting if each is None or not most or self._running[each] < most
        ]

    def done(self, owner: int | None) -> None:
        with self._changed:
            self._running[owner] -= 1
            if not self._running[owner]:
                del self._running[owner]
                if owner not in self._waiting:
                    self._served.pop(owner, None)
            self._changed.notify()
