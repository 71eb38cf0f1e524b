"""What one stranger does to a running wizard, from a process of the lowest priority.

A real stranger brings a machine of his own, so what his clients cost here must not be held against the wizard.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.protocol import State

from bench.servers import LOOPBACK
from tests.outbound.servers import LoopbackServer, repeats
from tests.raw_session import RawSession, open_session

ADDRESS = "203.0.113.66"
"""The stranger's one address, as the proxy in front of the wizard forwards it."""
_MESSAGES = 3_000
_SOCKETS_EACH = 50
_SECONDS_UNTIL_NEXT_TRY = 1.0
_LEAST_PRIORITY = 19
_REPORT_SECONDS = 10.0
_PIECES = 1_024
"""Pieces per write: it is the reader who is to be kept busy."""
_FIRST_FRAGMENT, _FRAGMENT = b"\x02\x80\0\0\0\0", b"\x00\x80\0\0\0\0"
"""An empty binary frame that is not the last of its message, and one that continues it, with a mask of zeros."""
_INTERIM = repeats(b"HTTP/1.1 103 Early Hints\r\n\r\n" * _PIECES)
_SMALL_CHUNKS = repeats(
    b"1\r\n \r\n" * _PIECES,
    first=b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
)


@dataclass(frozen=True)
class Target:
    """The wizard that is attacked, and what was prepared for the attack."""

    port: int
    cookies: Sequence[str]
    """One for each of his clients, with a draft of its own."""
    verify_button: str
    """The id of the button, which is the same for every visitor."""


Client = Callable[[Target, int, "Tally"], None]


class Tally:
    """Counts what the clients did. Many threads add to it."""

    def __init__(self) -> None:
        self._happened: list[str] = []
        self._sessions: list[RawSession] = []

    def add(self, what: str) -> None:
        self._happened.append(what)

    def opened(self, session: RawSession) -> None:
        """Count a socket, and see at the end whether it is open still."""
        self._sessions.append(session)

    def counts(self) -> Mapping[str, int]:
        still_open = sum(session.connection.protocol.state is State.OPEN for session in self._sessions)
        return {**Counter(self._happened), "sockets opened": len(self._sessions), "open at the end": still_open}


@dataclass(frozen=True)
class Attack:
    """What each of a number of clients does at once, and how many channels of endless responses serve them."""

    clients: int
    client: Client
    channels: int = 0


def storm(target: Target, number: int, tally: Tally) -> None:
    """Ask for one run after the other without waiting for any."""
    with _session(target, number, tally) as session:
        for _ in range(_MESSAGES):
            session.send("")
            tally.add("messages sent")
        while True:
            session.connection.recv()


def idle(target: Target, number: int, tally: Tally) -> None:
    """Open sockets, send nothing, and keep them open; where one is refused, retry until there is room."""
    with ExitStack() as sockets:
        for _ in range(_SOCKETS_EACH):
            _open_one_more(sockets, target, number, tally)
        threading.Event().wait()


def _open_one_more(sockets: ExitStack, target: Target, number: int, tally: Tally) -> None:
    while True:
        try:
            sockets.enter_context(_session(target, number, tally))
            return
        except InvalidHandshake:
            tally.add("sockets refused")
            time.sleep(_SECONDS_UNTIL_NEXT_TRY)


def verify(target: Target, number: int, tally: Tally) -> None:
    """Open the page of a draft with Verify pressed already, and stay."""
    with _session(target, number, tally) as session:
        session.send("verify", target.verify_button)
        tally.add("verifications asked for")
        for _ in session.messages():
            pass
        tally.add("pages finished")
        threading.Event().wait()


def fragment(target: Target, number: int, tally: Tally) -> None:
    """Send one message in empty fragments without end, which no count of messages and no cap on bytes would notice."""
    with _session(target, number, tally) as session:
        session.connection.socket.sendall(_FIRST_FRAGMENT)
        while True:
            session.connection.socket.sendall(_FRAGMENT * _PIECES)


STORM = Attack(1, storm)
IDLE_SOCKETS = Attack(10, idle)
HANGING_LOOK_UPS = Attack(128, verify)
FRAGMENTS = Attack(20, fragment)
ENDLESS_ANSWERS = Attack(12, verify, channels=12)


@contextmanager
def _session(target: Target, number: int, tally: Tally) -> Iterator[RawSession]:
    cookie = target.cookies[number] if target.cookies else ""
    with open_session(target.port, cookie, host=LOOPBACK, headers={"X-Forwarded-For": ADDRESS}) as session:
        tally.opened(session)
        yield session


class Stranger:
    """A handle on the process from which an attack is made."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe
        self.origins: Sequence[str] = pipe.recv()
        """The channels of the stranger's own."""

    def begin(self, target: Target) -> None:
        """Start all clients."""
        self._pipe.send(target)

    def counts(self) -> Mapping[str, int]:
        """How often each thing happened."""
        self._pipe.send(None)
        if not self._pipe.poll(_REPORT_SECONDS):
            raise TimeoutError("the stranger's process did not report")
        outcome: Mapping[str, int] = self._pipe.recv()
        return outcome


@contextmanager
def stranger(attack: Attack) -> Iterator[Stranger]:
    """A process that is ready to attack, and is ended with all that it holds open."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run_attack, args=(attack, there), daemon=True)
    process.start()
    try:
        yield Stranger(here)
    finally:
        process.kill()
        process.join()


def _run_attack(attack: Attack, pipe: "Connection[Any, Any]") -> None:
    os.nice(_LEAST_PRIORITY)
    with ExitStack() as served:
        behaviours = islice(cycle((_INTERIM, _SMALL_CHUNKS)), attack.channels)
        channels = [served.enter_context(LoopbackServer(behaviour)) for behaviour in behaviours]
        pipe.send([f"http://{LOOPBACK}:{channel.port}" for channel in channels])
        target, tally = pipe.recv(), Tally()
        for number in range(attack.clients):
            threading.Thread(target=_run_client, args=(attack.client, target, number, tally), daemon=True).start()
        pipe.recv()
        calls = {"calls of channels": sum(channel.connections for channel in channels)} if channels else {}
        pipe.send({**tally.counts(), **calls})
        pipe.recv()  # until the process is ended


def _run_client(client: Client, target: Target, number: int, tally: Tally) -> None:
    try:
        client(target, number, tally)
    except (InvalidHandshake, ConnectionClosed, OSError) as error:
        tally.add(f"ended by {type(error).__name__}")
