"""An error that nobody foresaw: a reference on the screen, the same in the log, and nothing of its text."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import PATIENCE_SECONDS
from tests.walks import MARKER_KEY
from xtnd_wizard.i18n import LANGUAGES, text
from xtnd_wizard.ui import errors as errors_module


@pytest.fixture(autouse=True)
def references(monkeypatch: pytest.MonkeyPatch) -> None:
    """None was given yet."""
    monkeypatch.setattr(errors_module, "_references", errors_module.References())


def fails(message: str) -> None:
    from xtnd_wizard.ui.errors import show_error

    try:
        raise ValueError(message)
    except ValueError as error:
        show_error(error)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_on_the_screen_is_the_one_in_the_log(language: str, caplog: pytest.LogCaptureFixture) -> None:
    tab = AppTest.from_function(fails, args=(MARKER_KEY,), default_timeout=PATIENCE_SECONDS)
    tab.context = {"locale": language}
    with caplog.at_level(logging.ERROR, "xtnd_wizard"):
        tab.run()
    (error,) = tab.error
    found = re.search(r"[0-9A-F]{8}", error.value)
    assert found is not None
    assert error.value == text(language, "error.body", reference=found[0])
    (record,) = (record for record in caplog.records if record.name == "xtnd_wizard")
    assert found[0] in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert MARKER_KEY not in caplog.text + error.value


def can_not_reach_the_database(message: str) -> None:
    from sqlalchemy.exc import OperationalError

    from xtnd_wizard.ui.errors import show_error

    show_error(OperationalError(message, None, ValueError(message)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_database_that_does_not_answer_is_said_to_be_our_trouble(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    tab = AppTest.from_function(can_not_reach_the_database, args=(MARKER_KEY,), default_timeout=PATIENCE_SECONDS)
    tab.context = {"locale": language}
    tab.run()
    (error,) = tab.error
    found = re.search(r"[0-9A-F]{8}", error.value)
    assert found is not None
    assert text(language, "problem.service_unavailable.why") in error.value
    assert text(language, "problem.service_unavailable.do") in error.value
    assert text(language, "error.reference", reference=found[0]) in error.value
    assert f"reference {found[0]}: OperationalError" in caplog.text
    assert MARKER_KEY not in caplog.text + error.value


def shown_reference() -> str:
    return AppTest.from_function(fails, args=("x",)).run(timeout=PATIENCE_SECONDS).error[0].value


def test_failures_of_one_kind_within_a_minute_share_the_line_in_the_log_and_its_reference(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [1000.0]
    monkeypatch.setattr(errors_module, "_references", errors_module.References(lambda: now[0]))
    first, second = shown_reference(), shown_reference()
    now[0] += 61
    third = shown_reference()
    assert first == second != third
    lines = [record.getMessage() for record in caplog.records if record.name == "xtnd_wizard"]
    assert len(lines) == 2
    assert all(len(line) < 300 and "\n" not in line for line in lines)


def test_failures_of_two_kinds_have_two_references() -> None:
    other = AppTest.from_function(can_not_reach_the_database, args=("x",)).run(timeout=PATIENCE_SECONDS)
    found = {re.search(r"[0-9A-F]{8}", words) for words in (shown_reference(), other.error[0].value)}
    assert len({match[0] for match in found if match}) == 2
