"""How fast messages are handed on: token buckets, and a priority queue in which calm clients go first."""

import asyncio
import heapq
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_CLIENTS = 4096


@dataclass(frozen=True)
class Pace:
    """A burst at once, and then so many a second."""

    burst: int
    per_second: float


PER_SOCKET = Pace(20, 5.0)
"""Nobody clicks faster for long. What comes faster waits; nothing is dropped."""
PER_CLIENT = Pace(40, 10.0)
"""Every socket of one address or one visitor together, opening them included: an office behind one address fits."""
PER_PROCESS = Pace(20, 25.0)
"""All sockets together: as many runs of a page as one process draws and still answers everything else."""


class TokenBucket:
    """Spaces events out to a pace."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._tokens = float(pace.burst)
        self._filled_at = clock()

    def reserve(self) -> float:
        """Take the next turn; the seconds until it comes, 0 for now."""
        wait = self.wait()
        self._tokens -= 1
        return wait

    def wait(self) -> float:
        """The seconds until the next turn could be taken."""
        now = self._clock()
        filled = self._tokens + (now - self._filled_at) * self._pace.per_second
        self._tokens = min(float(self._pace.burst), filled)
        self._filled_at = now
        return max(0.0, (1 - self._tokens) / self._pace.per_second)

    @property
    def spent(self) -> int:
        """How many turns were taken lately, beyond what came in again."""
        self.wait()
        return round(self._pace.burst - self._tokens)


class Turnstile:
    """Lets the messages of all sockets into the app one after another.

    Who has sent least lately goes first, so that a crowd of storming sockets does not make a calm one wait.
    """

    def __init__(self, pace: Pace = PER_PROCESS) -> None:
        self._bucket = TokenBucket(pace)
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, spent: int) -> None:
        """Return when it is the turn of a socket that has sent so much lately."""
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (spent, next(self._arrivals), turn))
        if self._timer is None:
            self._let_through()
        await turn

    def _let_through(self) -> None:
        self._timer = None
        while self._queue and not self._bucket.wait():
            turn = heapq.heappop(self._queue)[2]
            if not turn.done():  # or else its client has left
                self._bucket.reserve()
                turn.set_result(None)
        if self._queue:
            self._timer = asyncio.get_running_loop().call_later(self._bucket.wait(), self._let_through)


class SocketPace:
    """The pace of one socket, which shares its client's."""

    def __init__(self, client: TokenBucket, turnstile: Turnstile) -> None:
        self._own = TokenBucket(PER_SOCKET)
        self._client = client
        self._turnstile = turnstile

    async def opening(self) -> None:
        """Return when the socket may open."""
        await asyncio.sleep(self._client.reserve())

    async def message(self) -> None:
        """Return when one more message may be handed on."""
        await asyncio.sleep(max(self._own.reserve(), self._client.reserve()))
        await self._turnstile.turn(self._own.spent)


class ClientBuckets:
    """The bucket of each client. The least recently used are dropped: they would be full again by then."""

    def __init__(self, pace: Pace = PER_CLIENT) -> None:
        self._pace = pace
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def of(self, client: str) -> TokenBucket:
        """The bucket of a client, which survives its sockets."""
        bucket = self._buckets.setdefault(client, TokenBucket(self._pace))
        self._buckets.move_to_end(client)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return bucket
