"""How many may do a thing at the same time, in all and for each user, across threads and event loops."""

import asyncio
import threading
from collections import Counter

_LOOK_AGAIN_SECONDS = 0.05


class ConcurrencyLimit:
    """Places for so many at once. A user without a name shares the total only."""

    def __init__(self, most: int, most_per_user: int) -> None:
        self._most, self._most_per_user = most, most_per_user
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()

    async def acquire(self, user: str) -> None:
        """Take a place as soon as there is one. How long to wait for it is for who awaits it to bound."""
        while not self._taken(user):  # noqa: ASYNC110  # places come free in threads and event loops of their own
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def release(self, user: str) -> None:
        """Give a place back. Any thread may."""
        with self._lock:
            self._inside[user] -= 1
            if not self._inside[user]:
                del self._inside[user]

    def _taken(self, user: str) -> bool:
        with self._lock:
            if self._inside.total() >= self._most or (user and self._inside[user] >= self._most_per_user):
                return False
            self._inside[user] += 1
            return True
