"""Logging: quiet libraries, and a last net that takes out whatever looks like a key."""

import logging
import re

_LOOKS_LIKE_A_KEY = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10,12}\b|\b(?:shp[a-z]{2}|ck|cs)_[0-9a-f]{32,40}\b|\bv1\.[0-9a-f]{8}\.\S+"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*",
    re.IGNORECASE,
)
_QUIET = ("httpx", "httpcore", "oauthlib", "alembic", "asyncio")


class Redacted(logging.Filter):
    """Takes out what looks like a key. No code logs one; this holds if some library does."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):  # a message and its arguments that do not fit
            text = str(record.msg)
        record.msg, record.args = _LOOKS_LIKE_A_KEY.sub("***", text), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _LOOKS_LIKE_A_KEY.sub("***", logging.Formatter().formatException(record.exc_info))
        return True


class Uncaught(logging.Filter):
    """Drops Streamlit's own print of an uncaught error, whose text may hold what was typed.

    The failure handler logs the same error with its reference, and without that text.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.msg != "Uncaught app execution"


def configure() -> None:
    """Quiet the libraries and put the filter on every handler there is."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    streamlit = logging.getLogger("streamlit.error_util")
    if not any(isinstance(found, Uncaught) for found in streamlit.filters):
        streamlit.addFilter(Uncaught())
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        if not any(isinstance(found, Redacted) for found in handler.filters):
            handler.addFilter(Redacted())
