"""The hand-over page: what it shows, what it shows once, and the checklist to take along."""

from dataclasses import replace
from html import unescape

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import SYSTEM, WORKS, Tab, declared, ready_to_save, save
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.ui import checklist, i18n
from xtnd_wizard.wizard.steps import report_of
from xtnd_wizard.wizard.views import ConnectionView

KEY, PASSWORD = WORKS.values["access_token"], WORKS.values["secret"]


def entered_by_hand(service: Service, language: str = "en") -> Visitor:
    """A visitor who typed the values in this sitting and saved them."""
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values["api_url"])
    visitor = Visitor(service, language).open("enter")
    visitor.type("enter_access_token", KEY).type("enter_secret", PASSWORD).press("enter.submit")
    return visitor.press("verify.shop_yes").press("save.save")


def shown_once(visitor: Visitor) -> list[str]:
    """The values that are shown in clear, each folded below its name."""
    return [str(found.value) for fold in visitor.tab.expander for found in fold.code]


def index_of(visitor: Visitor, label: str) -> int:
    """Where a field of XTND's form stands on the page."""
    return visitor.captions.index(label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_is_shown_in_xtnds_words_without_a_secret(service: Service, language: str) -> None:
    visitor = entered_by_hand(service, language)
    labels = ["name", "system", "access_token", "api_url", "secret", "order_start", "warehouse", "company_group"]
    shown = [index_of(visitor, visitor.says(f"xtnd.{label}")) for label in labels]
    assert shown == sorted(shown)
    assert KEY not in visitor.sent + visitor.remembered
    assert PASSWORD not in visitor.sent + visitor.remembered


def test_who_has_just_entered_the_values_may_see_them_once(service: Service) -> None:
    visitor = entered_by_hand(service).press("handover.show")
    assert shown_once(visitor) == [KEY, PASSWORD]
    assert KEY not in visitor.remembered
    assert not any(found.proto.expanded for found in visitor.tab.expander)
    visitor.open("connections").open("done")
    assert KEY not in visitor.sent + visitor.remembered
    assert visitor.says("handover.show") not in visitor.buttons


def test_another_sitting_is_not_offered_the_values(service: Service) -> None:
    entered_by_hand(service)
    visitor = Visitor(service).open("done")
    assert visitor.says("handover.show") not in visitor.buttons
    assert KEY not in visitor.sent


def test_the_checklist_holds_the_form_and_no_secret(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")
    monkeypatch.setattr(checklist, "language", lambda: "en")
    ready_to_save(service, TENANT)
    draft = Tab(service, TENANT).draft
    assert draft is not None
    report = report_of(draft)
    assert report is not None
    connection = replace(ConnectionView.of(save(service, TENANT)), name='<script>alert("x")</script>')
    page = checklist.html(connection, report)
    assert "<script" not in page
    assert connection.name in unescape(page)
    assert WORKS.values["api_url"] in page
    assert not any(secret in page for secret in (KEY, PASSWORD))
    assert "@media print" in page
    assert not any(outside in page for outside in ("http://", "https://", "src=", "href="))


def test_in_swedish_the_account_is_told_in_swedish(service: Service) -> None:
    visitor = entered_by_hand(service, "sv")
    saved = service.connections.all(Actor(TENANT))[0]
    visitor.open("connections").tab.session_state[f"open_{saved.id}"] = True
    visitor.tab.run()
    assert {"Öppen", "svensk krona (SEK)", "Sverige"} <= set(visitor.intact().texts)
    assert not {"OPEN", "SEK", "SE"} & set(visitor.texts)


def test_of_a_practice_connection_nothing_is_left_to_do_in_xtnd(service: Service) -> None:
    visitor = entered_by_hand(service)
    headings = [str(found.value) for found in visitor.tab.subheader]
    assert visitor.says("done.next_title") not in headings
    (fold,) = (found for found in visitor.tab.expander if found.label == visitor.says("done.practice_next"))
    assert any(visitor.says("done.next_1") in str(found.value) for found in fold.markdown)


def test_of_a_real_connection_the_steps_in_xtnd_stand_open(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, "shop.nowhere.se")
    Tab(service, TENANT).enter({name: WORKS.values[name] for name in SYSTEM.sealed_fields_of("")})
    declared(service, TENANT)
    save(service, TENANT)
    visitor = Visitor(service).open("done")
    assert visitor.says("done.next_title") in [str(found.value) for found in visitor.tab.subheader]
    assert visitor.notices == []


def test_who_only_presses_replace_has_not_entered_anything(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter").press_key("replace_access_token").press_key("replace_secret")
    visitor.press("enter.submit").press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")
    assert visitor.says("handover.show") not in visitor.buttons
    assert KEY not in visitor.sent


def test_one_value_entered_here_does_not_show_another_that_was_not(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter").press_key("replace_access_token").type("enter_access_token", KEY)
    visitor.press("enter.submit").press("verify.shop_yes").press("save.save")
    assert visitor.says("handover.show") not in visitor.buttons


def test_what_is_being_shown_outlives_a_second_run_of_the_page(service: Service) -> None:
    visitor = entered_by_hand(service).press("handover.show")
    visitor.tab.run()
    assert shown_once(visitor.intact()) == [KEY, PASSWORD]
    assert KEY not in visitor.remembered
