"""A whole message in the form: its values go where they belong, and its text goes nowhere."""

from pathlib import Path

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import MARKER_KEY, MARKER_PASSWORD, SYSTEM, WORKS, Tab, bytes_on_disk, draft_of
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL

HOST = WORKS.values[API_URL]
WORDS = "Marker words that stand around the values"
MESSAGE = f"{WORDS}\n{{password}}: {MARKER_PASSWORD}\n{{key}}: {MARKER_KEY}\nhttps://{HOST}/login\n"


def paste(visitor: Visitor, text: str) -> Visitor:
    visitor.tab.text_area(key="enter_message").set_value(text).run()
    return visitor.intact()


def labels(visitor: Visitor) -> dict[str, str]:
    words = visitor.guide(SYSTEM.code)["fields"]
    return {"key": words["access_token"]["label"], "password": words["secret"]["label"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_fills_the_form_and_is_in_no_session_page_file_or_log(
    service: Service, tmp_path: Path, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = Visitor(service, language).open("enter")
    paste(visitor, MESSAGE.format(**labels(visitor)))
    draft = draft_of(service, TENANT)
    assert draft.sealed.keys() == {"access_token", "secret"}
    assert draft.report is None
    assert f"{visitor.says('enter.kept')} {MARKER_KEY[-4:]}" in visitor.texts
    (said,) = (found.value for found in visitor.tab.success)
    assert all(label in said for label in labels(visitor).values())
    for text in (MARKER_KEY, MARKER_PASSWORD, WORDS):
        assert text not in visitor.remembered + visitor.sent + caplog.text
        assert text.encode() not in bytes_on_disk(tmp_path)
    assert visitor.press("enter.looks_right").is_at_verify


def test_what_is_not_in_a_message_is_named(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = Visitor(service).open("enter")
    paste(visitor, f"key: {MARKER_KEY}")
    (said,) = (found.value for found in visitor.tab.success)
    assert visitor.says("enter.message_missing", fields=labels(visitor)["password"]) in said
    paste(visitor, "Hello, nothing in here")
    (warned,) = (found.value for found in visitor.tab.warning if found.value.startswith("We found none"))
    assert warned.startswith(visitor.says("enter.message_nothing"))
