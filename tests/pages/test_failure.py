"""An error that nobody foresaw: a reference on the screen, the same in the log, and nothing of its text."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visitor import PATIENCE_SECONDS
from tests.walks import MARKER_KEY
from xtnd_wizard.locales import LANGUAGES, text


def fails(said: str) -> None:
    from xtnd_wizard.ui.failure import tell_of_failure

    try:
        raise ValueError(said)
    except ValueError as error:
        tell_of_failure(error)


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


def can_not_reach_the_database(said: str) -> None:
    from sqlalchemy.exc import OperationalError

    from xtnd_wizard.ui.failure import tell_of_failure

    tell_of_failure(OperationalError(said, None, ValueError(said)))


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


def test_two_failures_have_two_references() -> None:
    shown = {AppTest.from_function(fails, args=("x",)).run(timeout=PATIENCE_SECONDS).error[0].value for _ in range(2)}
    assert len(shown) == 2
