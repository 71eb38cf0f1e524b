"""The pages of an approval: the way there, every way back, and the guide where nobody can be sent there."""

import re
from html import unescape

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import Tab, draft_of
from tests.wizard.approving import EMPTY_HANDED, RETURN, SYSTEM, WORKS, begin, choose, come_back, start
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems.oauth import APPROVAL_OUTCOMES
from xtnd_wizard.ui import checklist, i18n
from xtnd_wizard.wizard.by_hand import preparation
from xtnd_wizard.wizard.views import DraftView

every_language = pytest.mark.parametrize("language", LANGUAGES)


def shown(visitor: Visitor) -> list[str]:
    """The texts of ours on the page."""
    return [str(found.value) for found in visitor.tab.markdown]


def links(visitor: Visitor) -> list[str]:
    """The addresses of the links that look like buttons."""
    pages = [sent for kind, sent in visitor.elements() if kind == "html"]
    return [link for sent in pages for link in re.findall(r"<a class=.{1,2}approve[^>]*", sent)]


def test_the_demo_is_approved_at_the_sandbox_system_and_ends_at_saved(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    visitor = Visitor(service).open("enter")
    words = visitor.guide(SYSTEM.code)["consent"]
    assert visitor.title == words["title"]
    assert visitor.says("enter.submit") not in visitor.buttons
    (link,) = links(visitor)
    assert f"{RETURN}/begin?draft={draft_of(service, TENANT).id}" in link
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == ""
    visitor.open("enter")
    assert any(words["approved"] in str(found.value) for found in visitor.tab.markdown)
    visitor.press("enter.submit").press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")


def test_the_checks_begin_by_themselves_after_an_approval_and_once_only(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service)
    visitor.tab.query_params["approved"] = "1"
    visitor.open("verify")
    assert visitor.title == visitor.says("verify.phase.passed")
    report = draft_of(service, TENANT).report
    visitor.tab.query_params["approved"] = "1"
    visitor.open("verify")
    assert draft_of(service, TENANT).report == report


@every_language
def test_an_approval_that_is_there_can_be_made_again(service: Service, language: str) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service, language).open("enter")
    (link,) = links(visitor)
    assert "again" in link
    assert visitor.says("enter.submit") in visitor.buttons


@every_language
def test_without_a_registration_the_guide_leads_to_the_button_inside_xtnd(service: Service, language: str) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "")
    visitor = Visitor(service, language).open("obtain")
    words = visitor.guide(SYSTEM.code)["by_hand"]
    assert [found.label for found in visitor.tab.checkbox] == [need["label"] for need in words["needs"]]
    headings = [str(found.value) for found in visitor.tab.subheader]
    assert [f"{number}. {step['title']}" for number, step in enumerate(words["steps"], start=1)] == [
        heading for heading in headings if heading[0].isdigit()
    ]
    assert visitor.says("obtain.go_approve") not in visitor.buttons
    visitor.press("obtain.by_hand_done")
    assert visitor.title == visitor.says("by_hand.left_title")


@every_language
def test_what_is_ticked_off_is_kept_and_shown_and_ends_when_the_merchant_says_so(
    service: Service, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: language)
    monkeypatch.setattr(checklist, "language", lambda: language)
    Tab(service, TENANT).choose(SYSTEM.code, "")
    visitor = Visitor(service, language).open("obtain").press("obtain.by_hand_done")
    needs = visitor.guide(SYSTEM.code)["by_hand"]["needs"]
    assert visitor.says("by_hand.none_lead") in shown(visitor)
    assert all(any(need["cure"] in text for text in shown(visitor)) for need in needs)
    visitor.press("by_hand.back")
    visitor.tab.checkbox[0].check().run()
    visitor.intact().open("done")
    assert visitor.says("by_hand.left_lead") in shown(visitor)
    assert not any(needs[0]["cure"] in text for text in shown(visitor))
    returned = Visitor(service, language).open("obtain")
    assert [found.value for found in returned.tab.checkbox] == [True] + [False] * (len(needs) - 1)
    page = unescape(checklist.by_hand_html(SYSTEM, preparation(needs, DraftView.of(draft_of(service, TENANT)))))
    assert f'<li class="done">{needs[0]["label"]}</li>' in page
    assert all(f"<li>{need['label']}<br>" in page and need["cure"] in page for need in needs[1:])
    assert all(step["text"] in page for step in visitor.guide(SYSTEM.code)["by_hand"]["steps"])
    for box in range(1, len(needs)):
        returned.tab.checkbox[box].check().run()
    returned.intact().press("obtain.by_hand_done")
    assert returned.title == returned.says("by_hand.all_title")
    returned.press("by_hand.finish")
    assert returned.says("notice.by_hand_done") in returned.notices
    assert Tab(service, TENANT).draft is None


def test_without_a_registration_nobody_is_asked_to_approve_here(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "")
    visitor = Visitor(service).open("enter")
    assert visitor.title == visitor.guide(SYSTEM.code)["by_hand"]["title"]
    assert links(visitor) == []


@every_language
def test_with_a_registration_the_guide_leads_to_the_approval(service: Service, language: str) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, EMPTY_HANDED)
    visitor = Visitor(service, language).open("obtain").press("obtain.go_approve")
    assert visitor.title == visitor.guide(SYSTEM.code)["consent"]["title"]


@every_language
@pytest.mark.parametrize("outcome", APPROVAL_OUTCOMES)
def test_every_outcome_has_its_page(service: Service, outcome: str, language: str) -> None:
    start(service, TENANT)
    visitor = Visitor(service, language).open()
    visitor.tab.query_params["outcome"] = outcome
    visitor.open("returned")
    name = visitor.guide(SYSTEM.code)["channel"]
    for part in ("title", "why", "do"):
        assert visitor.says(f"consent.{outcome}.{part}", channel=name) in visitor.texts
    visitor.press("returned.again")
    assert visitor.title == visitor.guide(SYSTEM.code)["consent"]["title"]


def test_an_outcome_that_nobody_knows_is_not_repeated(service: Service) -> None:
    visitor = Visitor(service).open()
    visitor.tab.query_params["outcome"] = "<b>evil</b>"
    visitor.open("returned")
    assert "evil" not in "".join(visitor.texts)
    visitor.press("welcome.start")
    assert visitor.title == visitor.says("system.title")


@every_language
def test_a_lost_approval_is_made_again_from_the_problem(service: Service, language: str) -> None:
    lost = next(found for found in SYSTEM.sandbox.scenarios if found.code == "expired")
    Tab(service, TENANT).start_demo(SYSTEM.code, lost)
    visitor = Visitor(service, language).open("enter").press("enter.submit").press("enter.approve_again")
    assert visitor.title == visitor.guide(SYSTEM.code)["consent"]["title"]
    assert come_back(service, TENANT, choose(begin(service, TENANT))) == ""
    visitor.open("enter").press("enter.submit")
    assert visitor.says("verify.shop_yes") in visitor.buttons
    assert draft_of(service, TENANT).report is not None
