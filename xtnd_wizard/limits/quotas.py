"""Quotas over a moving window, counted in this process."""

import math
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

_MOST_REMEMBERED = 10_000


class QuotaReached(Exception):
    """A quota is used up, and nothing was counted."""

    def __init__(self, quota: str, again_at: datetime) -> None:
        super().__init__(quota)
        self.quota = quota
        self.again_at = again_at
        """When the oldest use leaves the window."""


class Quotas:
    """Named quotas over one window. Everybody who uses a quota has a count of their own."""

    def __init__(self, amounts: Mapping[str, int], window_seconds: int) -> None:
        self._amounts = dict(amounts)
        self._window_seconds = window_seconds
        self._lock = threading.Lock()

    def take(self, users: Mapping[str, str]) -> None:
        """Use each of the named quotas once on behalf of its user, or none of them.

        Raises QuotaReached for the one that takes longest to come back.
        """
        with self._lock:
            reached = [
                QuotaReached(name, again)
                for name, user in users.items()
                if (again := self._available_again_at(name, user))
            ]
            if reached:
                raise max(reached, key=lambda one: one.again_at)
            for name, user in users.items():
                self._windows.hit(self._limits[name], user)
            self._drop_idle_users()

    @cached_property
    def _storage(self) -> "MemoryStorage":
        from limits.storage import MemoryStorage  # here, because no page needs it to be drawn

        return MemoryStorage()

    @cached_property
    def _windows(self) -> "MovingWindowRateLimiter":
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(self._storage)

    @cached_property
    def _limits(self) -> Mapping[str, "RateLimitItem"]:
        from limits import RateLimitItemPerSecond

        return {
            name: RateLimitItemPerSecond(amount, self._window_seconds, namespace=name)
            for name, amount in self._amounts.items()
        }

    def _available_again_at(self, name: str, user: str) -> datetime | None:
        """When a quota can be used again, in whole seconds; None where it can be used now."""
        window = self._windows.get_window_stats(self._limits[name], user)
        return None if window.remaining else datetime.fromtimestamp(math.ceil(window.reset_time), UTC)

    def _drop_idle_users(self) -> None:
        """Drop those who used nothing in a whole window: the storage empties their lists, and keeps their names."""
        used = self._storage.events
        if len(used) > _MOST_REMEMBERED:
            for key in [key for key, uses in used.items() if not uses]:
                self._storage.clear(key)
