"""Memory of the server for each open session that has drawn its first page, against an app of one line."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench import Comparison, Result, rounds
from bench.servers import App, Server, bare_app, open_session, our_app, running
from bench.start import ONE_LINE

AIM = 1.5
ROUNDS = 3
SESSIONS = 40
_WARM_UP = 20
_REST_SECONDS = 1.0
_LONGEST_SECONDS = 30


def measure() -> Iterator[Result]:
    """Open sessions in a fresh server of each app in turn, and measure how far it grew."""
    grown = Comparison()
    with our_app() as ours, bare_app(ONE_LINE) as bare:
        for _ in rounds(ROUNDS, _LONGEST_SECONDS):
            grown.ours.append(_kilobytes(ours))
            grown.bare.append(_kilobytes(bare))
    yield Result(
        "memory per open session",
        grown.ratio,
        AIM,
        (grown.described("kB", 0),),
    )


def _kilobytes(app: App) -> float:
    with running(app) as server, ExitStack() as open_sessions:
        _open(server, open_sessions, _WARM_UP)  # what the first visitors cost is not any session's own
        before = server.memory
        _open(server, open_sessions, SESSIONS)
        return (server.memory - before) / SESSIONS / 1000


def _open(server: Server, open_sessions: ExitStack, number: int) -> None:
    for _ in range(number):
        open_sessions.enter_context(open_session(server))
    time.sleep(_REST_SECONDS)
