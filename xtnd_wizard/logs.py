"""Logging: quiet libraries, few words about strangers, and a last net that takes out whatever looks like a key."""

import logging
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_LOOKS_LIKE_A_KEY = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10,12}\b|\b(?:shp[a-z]{2}|ck|cs)_[0-9a-f]{32,40}\b|\bv1\.[0-9a-f]{8}\.\S+"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*",
    re.IGNORECASE,
)
_QUIET = ("httpx", "httpcore", "oauthlib", "alembic", "asyncio")
_CAUSED_BY_STRANGERS = ("streamlit.", "uvicorn.", "websockets.", "asyncio.", "xtnd_wizard.web.")
_QUIET_SECONDS = 60.0
_LONGEST = 160
_STEPS = 4
_LIBRARIES = re.compile(r"[/\\]site-packages[/\\]|^<")
_JUDGED = "is_let_through"


class Redacted(logging.Filter):
    """Takes out what looks like a key. No code logs one; this holds if some library does."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _LOOKS_LIKE_A_KEY.sub("***", _message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _LOOKS_LIKE_A_KEY.sub("***", logging.Formatter().formatException(record.exc_info))
        return True


class OncePerMinute(logging.Filter):
    """Lets one short line per kind and minute through of what any stranger can cause as often as they like.

    A kind is the place in the code that logs and the type of the error, so that code bounds how many there are.
    The line tells where an error happened, without its trace, and little of what was sent.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, str], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or not f"{record.name}.".startswith(_CAUSED_BY_STRANGERS):
            return True
        if _JUDGED in record.__dict__:  # by another handler
            return bool(record.__dict__[_JUDGED])
        error = record.exc_info[1] if record.exc_info else None
        kind = self._kinds.setdefault((record.pathname, record.lineno, type(error).__name__), _Kind())
        now = self._clock()
        passes = record.__dict__[_JUDGED] = now >= kind.quiet_until
        if passes:
            record.msg, record.args = _shortened(record, error, kind.left_out), None
            record.exc_info = record.exc_text = record.stack_info = None
            kind.quiet_until, kind.left_out = now + _QUIET_SECONDS, 0
        else:
            kind.left_out += 1
        return passes


@dataclass
class _Kind:
    """What is remembered of a kind of line."""

    quiet_until: float = 0.0
    left_out: int = 0


def _shortened(record: logging.LogRecord, error: BaseException | None, left_out: int) -> str:
    words = " ".join(_message(record).split())[:_LONGEST]
    if error is not None:
        words += f" ({place_of(error)})"
    return words + (f" [and {left_out} more before]" if left_out else "")


def place_of(error: BaseException) -> str:
    """The type of an error and the way to it in one short line: our own last steps, and the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [number for number, frame in enumerate(frames) if not _LIBRARIES.search(frame.filename)]
    shown = sorted({*ours[-_STEPS:], *range(len(frames))[-_STEPS:]})
    steps = (f"{Path(frames[number].filename).name}:{frames[number].lineno}" for number in shown)
    return f"{type(error).__name__} at {' > '.join(steps)}"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a message and its arguments that do not fit
        return str(record.msg)


class Uncaught(logging.Filter):
    """Drops Streamlit's own print of an uncaught error, whose text may hold what was typed.

    The failure handler logs the same error with its reference, and without that text.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "Uncaught app execution"


def configure() -> None:
    """Quiet the libraries and put the filters on every handler there is."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    streamlit = logging.getLogger("streamlit.error_util")
    if not any(isinstance(found, Uncaught) for found in streamlit.filters):
        streamlit.addFilter(Uncaught())
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    once = OncePerMinute()
    handlers = {handler for logger in loggers for handler in logger.handlers}
    for handler in filter(None, {*handlers, logging.lastResort}):
        for added in (once, Redacted()):
            if not any(isinstance(found, type(added)) for found in handler.filters):
                handler.addFilter(added)
