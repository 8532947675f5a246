"""How many failed sign-ins an account may see from one address."""

import time

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.errors import TooManyRequests


class FailureLimiter:
    """Counts failures by key; refuses further tries once a limit such as `100/hour` is reached.

    The count lives in this process unless `storage` names a shared one (a Redis URL).
    """

    def __init__(self, limit: str, *, storage: str) -> None:
        self._limit = parse(limit)
        self._limiter = MovingWindowRateLimiter(storage_from_string(storage))

    def check(self, *key: str) -> None:
        """Raise `TooManyRequests` where the key has used its failures up."""
        if not self._limiter.test(self._limit, *key):
            window = self._limiter.get_window_stats(self._limit, *key)
            raise TooManyRequests(
                "Too many failed attempts; try again later",
                retry_after=int(window.reset_time - time.time()) + 1,
            )

    def record_failure(self, *key: str) -> None:
        self._limiter.hit(self._limit, *key)

    def clear(self, *key: str) -> None:
        self._limiter.clear(self._limit, *key)
