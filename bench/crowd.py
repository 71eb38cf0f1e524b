"""The first page for many who come at the same moment, against an app of one line."""

import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from bench import Comparison, Result, rounds
from bench.bystander import p95
from bench.servers import LOOPBACK, Server, bare_app, open_session, our_app, running
from bench.start import ONE_LINE
from tests import raw_session
from tests.raw_session import is_drawn

AIM = 0.7
ROUNDS = 4
SESSIONS = 50
_LONGEST_SECONDS = 20
_REST_SECONDS = 0.5


def measure() -> Iterator[Result]:
    """Let them come to each app in turn, and go again."""
    slow = Comparison()
    with our_app() as ours, bare_app(ONE_LINE) as bare, running(ours) as our_server, running(bare) as bare_server:
        for server in (our_server, bare_server):
            with open_session(server):  # the very first visitor waits for what is loaded once
                pass
        for _ in rounds(ROUNDS, _LONGEST_SECONDS):
            slow.ours.append(p95(_first_pages(our_server)) * 1000)
            slow.bare.append(p95(_first_pages(bare_server)) * 1000)
    yield Result(f"p95 of first pages, {SESSIONS} at once", slow.ratio, AIM, (slow.described("ms", 0),))


def _first_pages(server: Server) -> list[float]:
    """How long each waited for the first page, in seconds. All of them stay until the last one has it."""
    together = threading.Barrier(SESSIONS)

    def come(everybody: ExitStack) -> float:
        together.wait()
        began = time.perf_counter()
        opened = raw_session.open_session(server.port, secrets.token_urlsafe(32), host=LOOPBACK)
        if not is_drawn(everybody.enter_context(opened).run("")):
            raise RuntimeError("the first page was not drawn")
        return time.perf_counter() - began

    with ExitStack() as everybody, ThreadPoolExecutor(SESSIONS) as threads:
        waited = list(threads.map(come, [everybody] * SESSIONS))
    time.sleep(_REST_SECONDS)
    return waited
