"""The log: quiet libraries, and nothing in it that looks like a key."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.walks import MARKER_KEY
from xtnd_wizard import logs
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.vault import KeyRing, SealContext, Vault

PLACE = SealContext("draft", "access_token", "row", "owner", "shop.example.com")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a logger of its own writes after `configure`."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("tests.of_the_log")
    levels = {name: logging.getLogger(name).level for name in logs._QUIET}
    loggers = [logging.getLogger(name) for name in ["", *logging.root.manager.loggerDict]]
    handlers = [logging.lastResort, *(found for logger in loggers for found in logger.handlers)]
    known = {found: list(found.filters) for found in handlers if found}
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
    assert [sum(isinstance(found, logs.KeyRedactingFilter) for found in handler.filters) for handler in handlers] == [
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


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Messages:
    """A logger of a library, and what of it comes through."""

    clock: Clock
    logger: logging.Logger
    stream: io.StringIO

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    def warn(self, words: str, *arguments: object) -> None:
        self.logger.warning(words, *arguments)


@pytest.fixture
def messages() -> Iterator[Messages]:
    clock, stream = Clock(), io.StringIO()
    logger = logging.getLogger("streamlit.of_the_log")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    # Two handlers, as a logger and its parent may have: one record, judged once.
    added = [logging.StreamHandler(stream), logging.StreamHandler(io.StringIO())]
    once = logs.OncePerMinuteFilter(clock)
    for handler in added:
        handler.addFilter(once)
        logger.addHandler(handler)
    yield Messages(clock, logger, stream)
    for handler in added:
        logger.removeHandler(handler)


def test_of_what_a_stranger_can_cause_there_is_one_line_per_kind_and_minute(messages: Messages) -> None:
    for number in range(50):
        messages.warn("a frame of %d bytes", number)
        messages.logger.error("another kind")
    assert messages.lines == ["a frame of 0 bytes", "another kind"]
    messages.clock.now += 59
    messages.warn("a frame of %d bytes", 7)
    assert len(messages.lines) == 2


def test_the_next_line_of_a_kind_tells_how_many_were_left_out(messages: Messages) -> None:
    for minute in range(3):
        messages.clock.now += 61 * bool(minute)
        for _ in range(5):
            messages.warn("a frame")
    assert messages.lines == ["a frame", "a frame [and 4 more before]", "a frame [and 4 more before]"]


def test_what_strangers_send_makes_no_long_line_and_no_second_one(messages: Messages) -> None:
    messages.warn("origin=%s", "x\n" * 9000)
    (line,) = messages.lines
    assert len(line) < 200


def test_an_error_of_a_library_is_told_by_its_place_and_not_by_its_trace(messages: Messages) -> None:
    try:
        raise ValueError("what was sent")
    except ValueError:
        messages.logger.exception("it failed")
    (line,) = messages.lines
    assert re.fullmatch(r"it failed \(ValueError at test_logs\.py:\d+\)", line)


def test_a_line_for_the_operator_comes_through_each_time(messages: Messages) -> None:
    for _ in range(3):
        messages.logger.info("serving")
    assert messages.lines == ["serving"] * 3


def test_our_own_lines_are_not_left_out(written: io.StringIO) -> None:
    for _ in range(3):
        logging.getLogger("tests.of_the_log").warning("retired soon")
    assert written.getvalue() == "retired soon\n" * 3


def test_where_nobody_made_a_handler_the_last_one_filters_too(written: io.StringIO) -> None:
    assert logging.lastResort is not None
    assert {type(found) for found in logging.lastResort.filters} >= {logs.OncePerMinuteFilter, logs.KeyRedactingFilter}


def test_the_location_of_an_error_names_our_own_frames_and_the_last_one() -> None:
    with pytest.raises(ValueError) as raised:
        json.loads("{")
    assert re.fullmatch(
        r"JSONDecodeError at test_logs\.py:\d+ > __init__\.py:\d+ > decoder\.py:\d+ > decoder\.py:\d+",
        logs.location_of(raised.value),
    )
