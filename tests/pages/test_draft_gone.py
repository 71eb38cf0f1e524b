"""A draft that another tab discards, also between two reads of one run: the walk begins again, and says why."""

from typing import Any

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import OTHER_HOST, SYSTEM, WORKS, Tab, ready_to_save, save
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL
from xtnd_wizard.wizard.connections import Connections
from xtnd_wizard.wizard.drafts import Drafts
from xtnd_wizard.wizard.host_questions import HostQuestions


def discarded_before(service: Service, monkeypatch: pytest.MonkeyPatch, use_case: type, name: str) -> None:
    """Have another tab discard the draft at the moment when a page calls this use case."""
    call = getattr(use_case, name)

    def meanwhile(*arguments: Any) -> Any:
        Tab(service, TENANT).discard()
        return call(*arguments)

    monkeypatch.setattr(use_case, name, meanwhile)


def assert_begins_again(visitor: Visitor) -> None:
    assert visitor.title == visitor.says("system.title")
    assert visitor.says("notice.draft_gone") in visitor.notices


def test_as_the_last_form_is_drawn(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_to_save(service, TENANT)
    discarded_before(service, monkeypatch, Connections, "existing_connection")
    assert_begins_again(Visitor(service).open("save"))


def test_as_the_question_about_another_host_is_drawn(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter")
    discarded_before(service, monkeypatch, HostQuestions, "pending")
    visitor.type("enter_api_url", OTHER_HOST).press("enter.submit")
    assert_begins_again(visitor)


def test_as_the_secrets_of_the_last_page_are_drawn(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    discarded_before(service, monkeypatch, HostQuestions, "entered_in")
    assert_begins_again(Visitor(service).open("done"))


@pytest.mark.parametrize(("use_case", "name"), [(Drafts, "choose"), (HostQuestions, "pending")])
def test_as_the_host_is_chosen(service: Service, monkeypatch: pytest.MonkeyPatch, use_case: type, name: str) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values[API_URL])
    visitor = Visitor(service).open("system")
    discarded_before(service, monkeypatch, use_case, name)
    assert_begins_again(visitor.press("system.next"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_tab_that_stood_open_meanwhile(service: Service, language: str) -> None:
    ready_to_save(service, TENANT)
    visitor = Visitor(service, language).open("save")
    Tab(service, TENANT).discard()
    assert_begins_again(visitor.open("connections").open("verify"))
    visitor.open("verify")
    assert visitor.notices == [visitor.says("notice.out_of_turn")], "it was said once"
