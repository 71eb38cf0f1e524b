"""How PHP queues the calls of one session."""

import asyncio
import threading
import time
from dataclasses import dataclass, field


@dataclass
class SessionQueues:
    """PHP's locks on sessions: the calls of one are answered one after another, those of two side by side."""

    _free: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def wait(self, session: str, seconds: float) -> None:
        """Wait until a call that was put just now has had its turn."""
        now = time.monotonic()
        with self._lock:
            self._free = {known: moment for known, moment in self._free.items() if moment > now}
            done = self._free[session] = max(now, self._free.get(session, now)) + seconds
        await asyncio.sleep(done - now)
