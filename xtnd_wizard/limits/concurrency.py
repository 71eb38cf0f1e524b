"""Limits on concurrent use, in all and for each user, across threads and event loops."""

import asyncio
import threading
from collections import Counter

_LOOK_AGAIN_SECONDS = 0.05


class ConcurrencyLimit:
    """At most so many places in use at once. A user without a name counts towards the total only."""

    def __init__(self, most: int, most_per_user: int) -> None:
        self._most, self._most_per_user = most, most_per_user
        self._lock = threading.Lock()
        self._in_use: Counter[str] = Counter()

    async def acquire(self, user: str) -> None:
        """Take a place as soon as there is one. The caller bounds the wait."""
        while not self._try_acquire(user):  # noqa: ASYNC110  # places come free in threads and event loops of their own
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def release(self, user: str) -> None:
        """Give a place back. Any thread may."""
        with self._lock:
            self._in_use[user] -= 1
            if not self._in_use[user]:
                del self._in_use[user]

    def _try_acquire(self, user: str) -> bool:
        with self._lock:
            if self._in_use.total() >= self._most or (user and self._in_use[user] >= self._most_per_user):
                return False
            self._in_use[user] += 1
            return True
