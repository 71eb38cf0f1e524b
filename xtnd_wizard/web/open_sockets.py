"""Which websockets are open, and whether there is room for one more."""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from starlette.types import Scope

from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.web.identity import tenant_in
from xtnd_wizard.web.inbox import Inbox

RETRY_SECONDS = 20
"""After a refusal, the client is asked to retry after so many seconds."""
TRY_AGAIN_LATER = 1013
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Client:
    """Who opens a socket, as far as the handshake shows: the network it comes from, and the visitor's tenant."""

    network: str | None
    visitor: str | None

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """The client of a request or handshake."""
        peer = scope.get("client")
        return cls(network_of(peer[0]) if peer else None, tenant_in(scope))

    @property
    def key(self) -> str:
        """What tells this client from others: its network, or else its cookie. Who shows neither is one of many."""
        return self.network or self.visitor or ""


@dataclass(frozen=True)
class Caps:
    """How many sockets may be open at once."""

    altogether: int
    per_address: int
    per_visitor: int


class Refusal(StrEnum):
    """Which cap is reached."""

    VISITOR = "visitor"
    ADDRESS = "address"
    SERVER = "server"

    @property
    def status(self) -> int:
        """The HTTP status that says so."""
        return 503 if self is Refusal.SERVER else 429


class OpenSockets:
    """Counts the open sockets.

    An address counts where it is known: behind a proxy that tells none, nobody shares a cap with strangers.
    Only those who show no cookie either share one.
    """

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._open: dict[Inbox, Client] = {}
        self._visitors: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()
        self._known: OrderedDict[str, None] = OrderedDict()

    def knows(self, client: Client) -> bool:
        """Whether this visitor has sent something on another socket, so that a silent one is a tab that reconnected."""
        if client.visitor is None:
            return False
        open_too = (inbox for inbox, other in self._open.items() if other.visitor == client.visitor)
        return client.visitor in self._known or any(inbox.has_sent for inbox in open_too)

    def refusal(self, client: Client) -> Refusal | None:
        """The cap that leaves no room for one more socket of a client."""
        if client.visitor and self._visitors[client.visitor] >= self._caps.per_visitor:
            return Refusal.VISITOR
        address = _address(client)
        if address is not None and self._addresses[address] >= self._caps.per_address:
            return Refusal.ADDRESS
        if len(self._open) >= self._caps.altogether and self._oldest_silent() is None:
            return Refusal.SERVER
        return None

    @contextmanager
    def entered(self, client: Client, inbox: Inbox) -> Iterator[None]:
        """Count a socket for as long as it is open.

        Where the cap of the server is reached, the oldest that has sent nothing is closed to make room.
        """
        if len(self._open) >= self._caps.altogether and (silent := self._oldest_silent()):
            self._forget(silent)
            silent.close(TRY_AGAIN_LATER)
        self._open[inbox] = client
        self._count(client, 1)
        try:
            yield
        finally:
            self._forget(inbox)

    def _oldest_silent(self) -> Inbox | None:
        return next((inbox for inbox in self._open if not inbox.has_sent), None)

    def _forget(self, inbox: Inbox) -> None:
        client = self._open.pop(inbox, None)
        if client:
            self._count(client, -1)
            if inbox.has_sent and client.visitor:
                self._remember(client.visitor)

    def _remember(self, visitor: str) -> None:
        self._known[visitor] = None
        self._known.move_to_end(visitor)
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)

    def _count(self, client: Client, change: int) -> None:
        for counter, key in ((self._visitors, client.visitor), (self._addresses, _address(client))):
            if key is not None:
                counter[key] += change
                if not counter[key]:
                    del counter[key]


def _address(client: Client) -> str | None:
    return client.network or (None if client.visitor else "")
