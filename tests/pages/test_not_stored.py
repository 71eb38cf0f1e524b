"""A database that is locked while a form is submitted: the page says what became of each value."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import MARKER_KEY, MARKER_PASSWORD, SYSTEM, WORKS, Tab, draft_of, running
from xtnd_wizard import service as service_module
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.storage import engine as engine_module
from xtnd_wizard.systems.contract import API_URL

HOST = WORKS.values[API_URL]


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(service_module, "_running", [])
    monkeypatch.setattr(engine_module, "_BUSY_MILLISECONDS", 10)
    with running(tmp_path) as started:
        service_module.replace_service(started)
        yield started


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_that_nothing_was_stored_and_keeps_what_it_may(
    service: Service, tmp_path: Path, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = Visitor(service, language).open("enter")
    visitor.type("enter_access_token", MARKER_KEY).type("enter_secret", MARKER_PASSWORD)
    visitor.type("enter_shop_id", "2041").type(f"enter_{API_URL}", f"https://{HOST}/x")
    with closing(sqlite3.connect(tmp_path / "wizard.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        visitor.press("enter.submit")
        other.execute("ROLLBACK")
    assert visitor.title == visitor.says("enter.title")
    assert visitor.errors == [visitor.says("enter.not_stored")]
    shown = {name: visitor.field(f"enter_{name}").value for name in ("access_token", "secret", "shop_id", API_URL)}
    assert shown == {"access_token": "", "secret": "", "shop_id": "2041", API_URL: f"https://{HOST}/x"}
    assert draft_of(service, TENANT).sealed == {}
    (record,) = (record for record in caplog.records if record.name == "xtnd_wizard")
    assert "OperationalError" in record.getMessage()
    for secret in (MARKER_KEY, MARKER_PASSWORD):
        assert secret not in caplog.text + visitor.sent + visitor.remembered
    visitor.type("enter_access_token", MARKER_KEY).type("enter_secret", MARKER_PASSWORD).press("enter.submit")
    assert draft_of(service, TENANT).sealed.keys() == {"access_token", "secret"}
    assert visitor.errors == []
