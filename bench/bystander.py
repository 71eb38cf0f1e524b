"""Another visitor, and a health monitor: how an attack affects them."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from statistics import quantiles

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.servers import LOOPBACK, Server
from tests.raw_session import RawSession, button_in, is_drawn, open_session
from xtnd_wizard.i18n import text

CUT = 15.0
"""Nothing is waited for any longer than so many seconds."""
_REFUSED = (InvalidHandshake, ConnectionClosed, OSError)
_PAGES = ("connections", "system", "obtain", "enter")
_SECONDS_BETWEEN = 0.25
_HEALTH_SECONDS_BETWEEN = 0.02


@dataclass
class Health:
    """The latency of each poll in seconds; CUT for one that failed or was refused."""

    seconds: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        return max(self.seconds)


@contextmanager
def watched_health(server: Server) -> Iterator[Health]:
    """Poll the server's health until the end of the block, and wait for the poll under way then."""
    health, over = Health(), threading.Event()

    def watch() -> None:
        while not over.wait(_HEALTH_SECONDS_BETWEEN):
            health.seconds.append(_health(server.port))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield health
    finally:
        over.set()
        watcher.join()


def _health(port: int) -> float:
    began = time.perf_counter()
    request = http.client.HTTPConnection(LOOPBACK, port, timeout=CUT)
    try:
        request.request("GET", "/_stcore/health")
        answered = request.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        answered = False
    finally:
        request.close()
    return min(time.perf_counter() - began, CUT) if answered else CUT


class Visitor:
    """Somebody who opens the wizard and goes from page to page."""

    def __init__(self, server: Server, cookie: str, address: str) -> None:
        self._server = server
        self._cookie = cookie
        self._address = address
        self._session: RawSession | None = None
        self._sessions = ExitStack()

    def leave(self) -> None:
        self._session = None
        self._sessions.close()

    def page_changes(self, seconds: float) -> list[float]:
        """How long each took, in seconds, for so many seconds and at the pace of a person in a hurry."""
        until = time.monotonic() + seconds
        taken: list[float] = []
        while time.monotonic() < until:
            taken.append(self._timed(_PAGES[len(taken) % len(_PAGES)]))
            time.sleep(max(0.0, _SECONDS_BETWEEN - taken[-1]))
        return taken

    def arrival(self) -> float:
        """How long it takes until the first page is there, in seconds."""
        return self._timed("")

    def verify_button(self) -> str:
        """The id of the button that verifies the draft."""
        return button_in(self._open().run("verify"), text("en", "verify.now"))

    def verification(self, button: str) -> float:
        """How long it takes from the press of the button until the verdict is on the screen, in seconds."""
        return self._timed("verify", button)

    def _timed(self, page: str, pressed: str = "") -> float:
        """Seconds until the page is there. A visitor who is refused or cut off retries, until CUT."""
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < CUT:
            with suppress(*_REFUSED):
                if is_drawn(self._open().run(page, pressed, patience=CUT - passed)):
                    return min(time.perf_counter() - began, CUT)
            self.leave()
            time.sleep(_SECONDS_BETWEEN)
        return CUT

    def _open(self) -> RawSession:
        if self._session is None:
            headers = {"X-Forwarded-For": self._address}
            session = open_session(self._server.port, self._cookie, host=LOOPBACK, headers=headers, patience=CUT)
            self._session = self._sessions.enter_context(session)
        return self._session


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
