"""From the start of the process to the first page, against an app of one line."""

import time
from collections.abc import Iterator

from bench import Comparison, Result, rounds
from bench.servers import App, bare_app, open_session, our_app, running

AIM = 1.5
ROUNDS = 11
ONE_LINE = 'import streamlit as st; st.title("Hello")\n'
_LONGEST_SECONDS = 38


def measure() -> Iterator[Result]:
    """Start both apps in turn. The database is there already; the very first start makes it."""
    passed, worked = Comparison(), Comparison()
    with our_app() as ours, bare_app(ONE_LINE) as bare:
        _start(bare)  # reads the libraries from the disk, for both
        first, _ = _start(ours)
        for _ in rounds(ROUNDS, _LONGEST_SECONDS):
            for app, seconds, processor_seconds in (
                (ours, passed.ours, worked.ours),
                (bare, passed.bare, worked.bare),
            ):
                taken, used = _start(app)
                seconds.append(taken)
                processor_seconds.append(used)
    yield Result(
        "process start to first page",
        passed.ratio,
        AIM,
        (
            passed.described("s", 2),
            f"very first start, which makes database and key ring: {first:.2f} s",
            f"processor time, steadier on a busy machine: ratio {worked.ratio:.2f}; {worked.described('s', 2)}",
        ),
    )


def _start(app: App) -> tuple[float, float]:
    """Seconds and processor seconds until the first page is drawn."""
    with running(app) as server, open_session(server):
        return time.perf_counter() - server.started, server.processor_seconds
