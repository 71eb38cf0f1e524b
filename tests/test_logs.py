"""The log: quiet libraries, and nothing in it that looks like a key."""

import io
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.walks import MARKER_KEY
from xtnd_wizard import logs
from xtnd_wizard.secret import Secret
from xtnd_wizard.vault import KeyRing, Place, Vault

PLACE = Place("draft", "access_token", "row", "owner", "shop.example.com")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a logger of its own writes after `configure`."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("tests.of_the_log")
    levels = {name: logging.getLogger(name).level for name in logs._QUIET}
    known = {
        found: list(found.filters)
        for name in ["", *logging.root.manager.loggerDict]
        for found in logging.getLogger(name).handlers
    }
    uncaught = list(logging.getLogger("streamlit.error_util").filters)
    logger.addHandler(handler)
    monkeypatch.setattr(logger, "level", logging.INFO)
    monkeypatch.setattr(logger, "propagate", False)
    logs.configure()
    yield stream
    logger.removeHandler(handler)
    logging.getLogger("streamlit.error_util").filters = uncaught
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for found, filters in known.items():
        found.filters = filters


def say(message: str, *arguments: object) -> None:
    logging.getLogger("tests.of_the_log").info(message, *arguments)


@pytest.mark.parametrize(
    "key",
    [
        MARKER_KEY,
        MARKER_KEY.upper(),
        pytest.param(str(uuid4()), id="a-random-uuid"),
        "aaaaaaaa-1234-1234-1234-0123456789",
        "shpat_" + "0a" * 16,
        "ck_" + "0a" * 20,
        "cs_" + "0a" * 20,
        "eyJ0eXAiOiJKV1QifQ.eyJ0ZW5hbnRJZCI6MX0.c2lnbmF0dXJl",
        pytest.param(Vault(KeyRing.new()).seal(Secret("anything"), PLACE), id="a-token-of-the-vault"),
    ],
)
def test_what_looks_like_a_key_is_taken_out(written: io.StringIO, key: str) -> None:
    say(f"a library says {key} in its text")
    say("and %s as an argument, at %d", key, 7)
    say("as the whole of %r", {"authorization": key})
    assert key not in written.getvalue()
    assert written.getvalue().count("***") == 3
    assert "at 7" in written.getvalue()


@pytest.mark.parametrize(
    "words", ["reference 1A2B3C4D: ValueError", "GET /verify 200", "v1.2.3", "100 % of it", "2026-11-23 11:22:33"]
)
def test_everything_else_is_left_as_it_was(written: io.StringIO, words: str) -> None:
    say("%s", words)
    assert written.getvalue() == f"{words}\n"


@pytest.mark.parametrize("name", ["httpx", "httpcore", "alembic", "asyncio"])
def test_talkative_libraries_are_quiet(written: io.StringIO, name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert logging.getLogger(name).isEnabledFor(logging.WARNING)


def test_configuring_twice_filters_once(written: io.StringIO) -> None:
    logs.configure()
    handlers = logging.getLogger("tests.of_the_log").handlers
    assert [sum(isinstance(found, logs.Redacted) for found in handler.filters) for handler in handlers] == [
        1 for _ in handlers
    ]


def test_an_uncaught_error_is_not_printed_with_its_text(written: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    streamlit = logging.getLogger("streamlit.error_util")
    streamlit.error("Uncaught app execution", exc_info=ValueError("what somebody typed"))
    streamlit.error("something else")
    assert "what somebody typed" not in caplog.text
    assert "something else" in caplog.text


def test_the_trace_of_an_error_has_no_key_in_it(written: io.StringIO) -> None:
    try:
        raise ValueError(f"refused {MARKER_KEY}")
    except ValueError:
        logging.getLogger("tests.of_the_log").exception("it failed")
    assert "ValueError: refused ***" in written.getvalue()
    assert MARKER_KEY not in written.getvalue()


def test_a_line_whose_arguments_do_not_fit_is_still_written(written: io.StringIO) -> None:
    say("%d of them", "many")
    assert written.getvalue() == "%d of them\n"


def test_a_secret_in_a_log_line_is_three_stars(written: io.StringIO) -> None:
    say("%s %r", Secret("short"), Secret("short"))
    assert written.getvalue() == "*** ***\n"
