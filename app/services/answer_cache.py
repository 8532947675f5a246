"""Answers kept in memory: one's own alone, the last used, up to a number of bytes."""

import hashlib
import json
import threading

from cachetools import LRUCache

OWNER_SHARE = 4
"""One account's answers may take this part of the whole, so that nobody empties it for others."""


class _Answers(LRUCache[str, bytes]):
    """The answers of one account, by question, and by the last bytes that asked it."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, getsizeof=len)
        self.asked: dict[bytes, str] = {}
        self._bodies: dict[str, bytes] = {}

    def name(self, key: str, digest: bytes) -> None:
        self._forget(key)
        self.asked[digest] = key
        self._bodies[key] = digest

    def popitem(self) -> tuple[str, bytes]:
        key, answer = super().popitem()
        self._forget(key)
        return key, answer

    def _forget(self, key: str) -> None:
        self.asked.pop(self._bodies.pop(key, b""), None)


class AnswerCache:
    """Ready-made answers by owner and by what was asked.

    Parameters
    ----------
    max_bytes : int
        Of all answers together; a quarter of it for one owner. Past it, the answers of the owner
        who asked least recently go.
    release : str
        Part of every key, so that another release never gives this one's answers.
    """

    def __init__(self, *, max_bytes: int, release: str) -> None:
        self._release = release
        self._limit = max_bytes // OWNER_SHARE
        self._owners: LRUCache[int, _Answers] = LRUCache(
            max_bytes, getsizeof=lambda answers: int(answers.currsize)
        )
        self._lock = threading.Lock()

    def key(self, question: object) -> str:
        """Name a question of plain values; the order of its keys does not matter."""
        canonical = json.dumps(question, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{self._release}\n{canonical}".encode()).hexdigest()

    def get(self, owner: int, key: str) -> bytes | None:
        with self._lock:
            answers = self._owners.get(owner)
            return None if answers is None else answers.get(key)

    def get_by_body(self, owner: int, body: bytes) -> bytes | None:
        """Find the answer whose question came last in exactly these bytes, without reading them."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            answers = self._owners.get(owner)
            return None if answers is None else answers.get(answers.asked.get(digest, ""))

    def name_by_body(self, owner: int, key: str, body: bytes) -> None:
        """Let an answer, where it is kept, be found by the bytes of its question."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            answers = self._owners.get(owner)
            if answers is not None and key in answers:
                answers.name(key, digest)

    def forget(self, owner: int) -> None:
        """Drop the answers of an account that is gone."""
        with self._lock:
            self._owners.pop(owner, None)

    def clear(self) -> None:
        with self._lock:
            self._owners.clear()

    def put(self, owner: int, key: str, answer: bytes) -> None:
        """Keep an answer, unless it alone is more than its owner may have."""
        if len(answer) > self._limit:
            return
        with self._lock:
            # Taken out and put back, or its size would be that of the first time.
            answers = self._owners.pop(owner, None) or _Answers(self._limit)
            answers[key] = answer
            self._owners[owner] = answers
