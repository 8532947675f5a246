"""Answers kept in memory: one's own alone, the last used, up to a number of bytes."""

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any

OWNER_SHARE = 4
"""One account's answers may take this part of the whole, so that nobody empties it for others."""


class AnswerCache:
    """Ready-made answers by owner and by what was asked.

    Parameters
    ----------
    max_bytes : int
        Of all answers together; a quarter of it for one owner.
    release : str
        Part of every key, so that another release never gives this one's answers.
    """

    def __init__(self, *, max_bytes: int, release: str) -> None:
        self._max_bytes = max_bytes
        self._release = release
        self._kept: OrderedDict[tuple[int, str], bytes] = OrderedDict()
        self._sizes: dict[int, int] = {}
        # Each answer's last body and back again: as many as there are answers.
        self._asked: dict[tuple[int, bytes], str] = {}
        self._bodies: dict[tuple[int, str], bytes] = {}
        self._lock = threading.Lock()

    def key(self, question: Any) -> str:
        """Name a question of plain values; the order of its keys does not matter."""
        canonical = json.dumps(question, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{self._release}\n{canonical}".encode()).hexdigest()

    def get(self, owner: int, key: str) -> bytes | None:
        with self._lock:
            answer = self._kept.get((owner, key))
            if answer is not None:
                self._kept.move_to_end((owner, key))
            return answer

    def get_by_body(self, owner: int, body: bytes) -> bytes | None:
        """Find the answer whose question came last in exactly these bytes, without reading them."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            key = self._asked.get((owner, digest))
        return None if key is None else self.get(owner, key)

    def name_by_body(self, owner: int, key: str, body: bytes) -> None:
        """Let an answer, where it is kept, be found by the bytes of its question."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            if (owner, key) in self._kept:
                self._forget_body(owner, key)
                self._asked[owner, digest] = key
                self._bodies[owner, key] = digest

    def put(self, owner: int, key: str, answer: bytes) -> None:
        """Keep an answer, unless it alone is more than its owner may have."""
        limit = self._max_bytes // OWNER_SHARE
        with self._lock:
            if len(answer) > limit or (owner, key) in self._kept:
                return
            self._kept[owner, key] = answer
            self._sizes[owner] = self._sizes.get(owner, 0) + len(answer)
            while self._sizes[owner] > limit:
                self._drop(next(each for each in self._kept if each[0] == owner))
            while sum(self._sizes.values()) > self._max_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, which: tuple[int, str]) -> None:
        owner, _ = which
        self._forget_body(*which)
        self._sizes[owner] -= len(self._kept.pop(which))
        if not self._sizes[owner]:
            del self._sizes[owner]

    def _forget_body(self, owner: int, key: str) -> None:
        digest = self._bodies.pop((owner, key), None)
        if digest is not None:
            del self._asked[owner, digest]
