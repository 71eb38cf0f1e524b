"""A bound on the work that something may take, where the choice is between at once and never.

It counts this process's own processor time, so that a busy machine fails no test.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENOUGH_SECONDS = 5.0


@contextmanager
def within_reason(seconds: float = ENOUGH_SECONDS) -> Iterator[None]:
    """Raises AssertionError where the body takes more processor seconds than this. For the main thread only."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"no end after {seconds} s of work: something grows faster than its input")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
