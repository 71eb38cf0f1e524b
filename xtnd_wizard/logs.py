"""Logging: quiet libraries, a rate limit on what strangers can cause, and keys redacted as a last resort."""

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
_FRAMES = 4
_LIBRARIES = re.compile(r"[/\\]site-packages[/\\]|^<")
_DECIDED = "is_let_through"


class KeyRedactingFilter(logging.Filter):
    """Takes out what looks like a key. No code logs one; this holds if some library does."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _LOOKS_LIKE_A_KEY.sub("***", _message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _LOOKS_LIKE_A_KEY.sub("***", logging.Formatter().formatException(record.exc_info))
        return True


class OncePerMinuteFilter(logging.Filter):
    """Lets one short line per kind and minute through of what any stranger can cause as often as they like.

    A kind is the place in the code that logs and the type of the error, so that code bounds how many there are.
    The line names where an error happened, without its traceback, and little of what was sent.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, str], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or not f"{record.name}.".startswith(_CAUSED_BY_STRANGERS):
            return True
        if _DECIDED in record.__dict__:  # by another handler
            return bool(record.__dict__[_DECIDED])
        error = record.exc_info[1] if record.exc_info else None
        kind = self._kinds.setdefault((record.pathname, record.lineno, type(error).__name__), _Kind())
        now = self._clock()
        passes = record.__dict__[_DECIDED] = now >= kind.quiet_until
        if passes:
            record.msg, record.args = _shortened(record, error, kind.left_out), None
            record.exc_info = record.exc_text = record.stack_info = None
            kind.quiet_until, kind.left_out = now + _QUIET_SECONDS, 0
        else:
            kind.left_out += 1
        return passes


@dataclass
class _Kind:
    """The state of the rate limit for one kind of line."""

    quiet_until: float = 0.0
    left_out: int = 0


def _shortened(record: logging.LogRecord, error: BaseException | None, left_out: int) -> str:
    line = " ".join(_message(record).split())[:_LONGEST]
    if error is not None:
        line += f" ({location_of(error)})"
    return line + (f" [and {left_out} more before]" if left_out else "")


def location_of(error: BaseException) -> str:
    """The type of an error and its call path in one short line: our own last frames, and the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [number for number, frame in enumerate(frames) if not _LIBRARIES.search(frame.filename)]
    shown = sorted({*ours[-_FRAMES:], *range(len(frames))[-_FRAMES:]})
    path = (f"{Path(frames[number].filename).name}:{frames[number].lineno}" for number in shown)
    return f"{type(error).__name__} at {' > '.join(path)}"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a message and its arguments that do not fit
        return str(record.msg)


class UncaughtErrorFilter(logging.Filter):
    """Drops Streamlit's own record of an uncaught error, whose text may hold what was typed.

    The failure handler logs the same error with its reference, and without that text.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "Uncaught app execution"


def configure() -> None:
    """Quiet the libraries and put the filters on every handler there is."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    streamlit = logging.getLogger("streamlit.error_util")
    if not any(isinstance(found, UncaughtErrorFilter) for found in streamlit.filters):
        streamlit.addFilter(UncaughtErrorFilter())
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    once = OncePerMinuteFilter()
    handlers = {handler for logger in loggers for handler in logger.handlers}
    for handler in filter(None, {*handlers, logging.lastResort}):
        for added in (once, KeyRedactingFilter()):
            if not any(isinstance(found, type(added)) for found in handler.filters):
                handler.addFilter(added)
