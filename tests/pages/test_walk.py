"""The walk as a visitor goes it, page by page, against the sandbox channels."""

from collections.abc import Mapping
from typing import Any

import pytest
import streamlit
from sqlalchemy import text

from tests.pages.visitor import TENANT, Visitor
from tests.systems.tables import scenarios_of
from tests.walks import (
    FORM,
    MARKER_KEY,
    MARKER_PASSWORD,
    SYSTEM,
    WORKS,
    Tab,
    declared,
    draft_of,
    existing_connection,
    named,
    ready_to_save,
    save,
    scenarios,
    verified,
)
from xtnd_wizard import service as service_module
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.findings import Account
from xtnd_wizard.i18n import DEFAULT_LANGUAGE, LANGUAGES, catalogue
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Connection, Draft
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.vault import KeyRing, Vault
from xtnd_wizard.wizard import connections as saving_module
from xtnd_wizard.wizard.check_runner import checks_of
from xtnd_wizard.wizard.connections import Connections
from xtnd_wizard.wizard.drafts import Drafts

HOST = WORKS.values["api_url"]
KEY, PASSWORD = WORKS.values["access_token"], WORKS.values["secret"]


def fill_in(visitor: Visitor, key: str = KEY, password: str = PASSWORD, host: str = HOST) -> Visitor:
    visitor.type("enter_access_token", key).type("enter_secret", password).type("enter_api_url", host)
    return visitor.press("enter.submit")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_merchant_walks_from_nothing_to_a_saved_connection(service: Service, language: str) -> None:
    visitor = Visitor(service, language).open().press("welcome.start")
    assert visitor.title == visitor.says("system.title")
    visitor.tab.toggle(key=f"not_listed_{SYSTEM.code}").set_value(True).run()
    visitor.tab.text_input[0].set_value(f"https://{HOST}/").run()
    visitor.press("system.next")
    assert visitor.title == visitor.guide(SYSTEM.code)["obtain"]["title"]
    fill_in(visitor.press("obtain.next"))
    assert visitor.is_at_verify
    assert [found.value for found in visitor.tab.success] == [visitor.says("verify.passed_body")]
    visitor.press("verify.shop_yes")
    assert visitor.title == visitor.says("save.title")
    visitor.press("save.save")
    assert visitor.title == visitor.says("done.title")
    (saved,) = service.connections.all(Actor(TENANT))
    assert saved.name in [str(found.value) for found in visitor.tab.code]
    assert saved.api_url == HOST


def test_a_listed_marketplace_is_shown_with_the_host_that_will_be_called(service: Service) -> None:
    visitor = Visitor(service).open("system")
    place = next(found for found in SYSTEM.marketplaces() if found.host == HOST)
    visitor.tab.text_input(key=f"find_{SYSTEM.code}").set_value(place.name[:6].upper()).run()
    assert HOST in visitor.intact().texts, "the only one that is meant is chosen"
    visitor.press("system.next")
    assert draft_of(service, TENANT).values["api_url"] == HOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_walks_to_saved_in_five_presses(service: Service, language: str) -> None:
    visitor = Visitor(service, language).open().press("welcome.demo")
    visitor.press_key(f"demo_{SYSTEM.code}_{WORKS.code}")
    assert visitor.title == visitor.says("enter.title")
    visitor.press("enter.submit").press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")
    assert visitor.says("done.demo_note") in visitor.notices


def one_of_each_kind() -> list[tuple[System, Scenario]]:
    """The first scenario of each problem that is told first, at a pasted and at an approved system, and a good one."""
    kinds: dict[object, tuple[System, Scenario]] = {}
    for system, scenario in scenarios():
        verdict = scenarios_of(system)[scenario.code]
        told_first = min(verdict.problems, key=checks_of(system).index, default="")
        kind = verdict.problems.get(told_first), verdict.field, system.oauth is None
        kinds.setdefault(kind, (system, scenario))
    return list(kinds.values())


@pytest.mark.parametrize("pair", one_of_each_kind(), ids=named)
def test_a_demo_that_fails_says_what_happened_why_and_what_to_do(
    service: Service, pair: tuple[System, Scenario]
) -> None:
    """In one language: that every language has these words, with all their facts, is shown for the catalogues."""
    system, scenario = pair
    language = DEFAULT_LANGUAGE
    Tab(service, TENANT).start_demo(system.code, scenario)
    report = verified(service, TENANT)
    visitor = Visitor(service, language).open("verify")
    if report.primary_failure is None:
        assert visitor.says("verify.shop_yes") in visitor.buttons
        return
    problem = system.problem_of(report.primary_failure)
    assert problem is not None
    own = visitor.guide(system.code)["problems"].get(problem.code, {})
    channel = visitor.guide(system.code)["channel"]
    facts = {"host": scenario.values["api_url"], "channel": channel, **report.primary_failure.facts}
    for part in ("title", "why", "do"):
        words = own.get(part) or catalogue(language)[f"problem.{problem.code}.{part}"]
        assert words.format_map(facts) in visitor.texts
    assert any(
        visitor.says(f"verify.turn.{problem.responsible_party}", channel=channel) in str(found.value)
        for found in visitor.tab.markdown
    )
    assert any(str(problem.code) in str(found.value) for found in visitor.tab.code)
    named = next((field for field in system.fields if field.name == problem.field), None)
    if named and not named.typed:
        assert (visitor.says("enter.approve_again") in visitor.buttons) == (named.name != "api_url")
    elif problem.field:
        words = system.guide(language, system.auth_method_of(scenario.values))["fields"][problem.field]
        assert visitor.says("verify.fix", field=words["label"]) in visitor.buttons


def test_a_rejected_key_is_replaced_in_the_same_walk_and_then_saved(service: Service) -> None:
    wrong = next(scenario for scenario in SYSTEM.sandbox.scenarios if scenario.code == "wrong_key")
    Tab(service, TENANT).start_demo(SYSTEM.code, wrong)
    verified(service, TENANT)
    visitor = Visitor(service).open("verify")
    label = visitor.guide(SYSTEM.code)["fields"]["access_token"]["label"]
    visitor.press("verify.fix", field=label)
    assert "enter_access_token" in visitor.inputs
    assert "enter_secret" not in visitor.inputs
    visitor.type("enter_access_token", KEY).press("enter.submit").press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")


def test_a_field_opened_for_replacing_can_be_left_as_it_is(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter").press_key("replace_access_token")
    assert "enter_access_token" in visitor.inputs
    visitor.press("enter.keep")
    assert "enter_access_token" not in visitor.inputs
    visitor.press("enter.submit")
    assert visitor.is_at_verify


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = fill_in(Visitor(service).open("enter"), key="", host="me@shop.example.com")
    assert visitor.title == visitor.says("enter.title")
    assert visitor.errors == [visitor.says("note.field_empty"), visitor.says("note.host_email")]
    assert visitor.tab.text_input(key="enter_api_url").value == "me@shop.example.com"
    assert "enter_secret" not in visitor.inputs
    visitor.type("enter_access_token", KEY).type("enter_api_url", HOST).press("enter.submit")
    assert visitor.is_at_verify


def test_what_was_tidied_is_read_back_before_anything_is_called(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = fill_in(Visitor(service).open("enter"), host=f"https://{HOST}/login?next=1")
    assert visitor.title == visitor.says("enter.title")
    assert HOST in visitor.texts
    assert visitor.tab.text_input(key="enter_api_url").value == HOST
    assert any(visitor.says("note.host_tidied") in caption for caption in visitor.captions)
    assert draft_of(service, TENANT).report is None
    visitor.press("enter.looks_right")
    assert visitor.is_at_verify


@pytest.mark.parametrize("host", [HOST, f"https://{HOST}/", "me@shop.example.com"])
def test_no_secret_stays_with_the_session_or_goes_to_the_browser_after_it_was_entered(
    service: Service, host: str
) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = fill_in(Visitor(service).open("enter"), f" {MARKER_KEY} ", MARKER_PASSWORD, host)
    for page in ("", "enter", "system", "obtain", "enter", "welcome"):
        if page and not (page == "obtain" and "@" in host):
            visitor.open(page)
        for secret in (MARKER_KEY, MARKER_PASSWORD):
            assert secret not in visitor.remembered
            assert secret not in visitor.sent
    assert f"{visitor.says('enter.kept')} {MARKER_KEY[-4:]}" in visitor.open("enter").texts


def test_a_secret_has_left_the_session_before_anything_is_done_with_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, held = Drafts.enter, []

    def watched(drafts: Drafts, actor: Actor, draft_id: str, typed: Mapping[str, str], sitting: str) -> Draft:
        held.append(repr(streamlit.session_state.to_dict()))
        return take(drafts, actor, draft_id, typed, sitting)

    monkeypatch.setattr(Drafts, "enter", watched)
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    fill_in(Visitor(service).open("enter"), MARKER_KEY, MARKER_PASSWORD)
    assert len(held) == 1
    assert HOST in held[0]
    assert MARKER_KEY not in held[0]
    assert MARKER_PASSWORD not in held[0]


def test_a_saved_key_is_on_no_page(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter").press("enter.submit").press("verify.shop_yes").press("save.save")
    for page in ("done", "connections", "welcome"):
        visitor.open(page)
        assert KEY not in visitor.sent + visitor.remembered
        assert PASSWORD not in visitor.sent + visitor.remembered


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("me@shop.example.com", "note.host_email"),
        ("shop.example.com:8443", "note.host_other_port"),
        ("10.0.0.1", "note.host_ip_address"),
        ("ftp://shop.example.com", "note.host_not_a_web_address"),
    ],
)
def test_an_unlisted_host_that_can_not_be_used_is_refused_where_it_is_typed(
    service: Service, typed: str, sentence: str
) -> None:
    visitor = Visitor(service).open("system")
    visitor.tab.toggle(key=f"not_listed_{SYSTEM.code}").set_value(True).run()
    visitor.tab.text_input[0].set_value(typed).run()
    assert visitor.intact().errors == [visitor.says(sentence)]
    visitor.press("system.next")
    assert visitor.title == visitor.says("system.title")
    assert Tab(service, TENANT).draft is None


def test_an_unlisted_host_is_shown_as_it_will_be_called(service: Service) -> None:
    visitor = Visitor(service).open("system")
    visitor.tab.toggle(key=f"not_listed_{SYSTEM.code}").set_value(True).run()
    visitor.tab.text_input[0].set_value("https://shop.nowhere.se/seller?x=1").run()
    assert "shop.nowhere.se" in visitor.intact().texts
    visitor.press("system.next")
    assert draft_of(service, TENANT).values["api_url"] == "shop.nowhere.se"


def test_going_on_without_a_marketplace_is_answered(service: Service) -> None:
    visitor = Visitor(service).open("system").press("system.next")
    assert visitor.errors == [visitor.says("system.pick_first")]


def test_a_lost_key_ring_asks_for_the_secrets_again_and_the_walk_goes_on(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    Tab(service, TENANT).enter({})
    service_module.replace_service(Service(service.settings, service.engine, Vault(KeyRing.new())))
    visitor = Visitor(service).open("verify").press("verify.now")
    assert visitor.title == visitor.says("enter.title")
    assert visitor.errors == [visitor.says("note.field_needed_again")] * len(SYSTEM.sealed_fields_of(""))
    fill_in(visitor)
    assert visitor.says("verify.shop_yes") in visitor.buttons


def test_a_draft_that_went_away_meanwhile_is_said_and_the_walk_begins_again(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = Visitor(service).open("enter")
    Tab(service, TENANT).discard()
    fill_in(visitor)
    assert visitor.title == visitor.says("system.title")
    assert visitor.says("notice.draft_gone") in visitor.notices


def test_a_check_on_values_that_another_tab_changed_does_not_count(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    Tab(service, TENANT).enter({})
    visitor = Visitor(service).open("verify")
    ask = type(service.answer_cache).cached

    async def meanwhile(*arguments: Any) -> Account:
        Tab(service, TENANT).enter({"secret": "changed in another tab"})
        return await ask(*arguments)

    monkeypatch.setattr(type(service.answer_cache), "cached", meanwhile)
    visitor.press("verify.now")
    assert visitor.says("notice.draft_gone") in visitor.notices
    assert draft_of(service, TENANT).report is None


def test_a_channel_that_asks_us_to_wait_gets_its_wait(service: Service) -> None:
    limited = next(scenario for scenario in SYSTEM.sandbox.scenarios if scenario.code == "rate_limited")
    Tab(service, TENANT).start_demo(SYSTEM.code, limited)
    verified(service, TENANT)
    visitor = Visitor(service).open("verify")
    assert visitor.says("verify.again") not in visitor.buttons
    (waiting,) = (button for button in visitor.tab.button if button.disabled)
    assert waiting.label in [visitor.says("verify.again_in", seconds=str(left)) for left in range(1, 31)]


def test_the_other_shop_of_the_login_is_reached_from_the_shop_question(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    visitor = Visitor(service).open("enter").press("enter.submit").press("verify.shop_no")
    assert visitor.title == visitor.says("enter.title")
    optional = [f"enter_{field.name}" for field in SYSTEM.fields if not field.required]
    assert set(optional) <= set(visitor.inputs)


def test_a_connection_needs_a_name(service: Service) -> None:
    ready_to_save(service, TENANT)
    visitor = Visitor(service).open("save").type("save_name", "   ").press("save.save")
    assert visitor.errors == [visitor.says("save.name_needed")]
    assert service.connections.all(Actor(TENANT)) == []


def test_a_connection_needs_a_date_to_start_from(service: Service) -> None:
    ready_to_save(service, TENANT)
    visitor = Visitor(service).open("save")
    visitor.field("save_date").set_value(None)
    visitor.press("save.save")
    assert visitor.errors == [visitor.says("save.date_needed")]


def test_a_failed_save_keeps_what_was_typed_and_the_second_press_succeeds(service: Service) -> None:
    ready_to_save(service, TENANT)
    visitor = Visitor(service).open("save").type("save_warehouse", "MAIN")
    with service.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON connection BEGIN SELECT RAISE(FAIL, 'full'); END")
        )
    visitor.press("save.save")
    (error,) = visitor.errors
    assert visitor.says("problem.verified_not_saved.why") in error
    assert visitor.says("problem.verified_not_saved.do") in error
    assert visitor.field("save_warehouse").value == "MAIN"
    with service.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full"))
    visitor.press("save.save")
    assert visitor.title == visitor.says("done.title")
    assert service.connections.all(Actor(TENANT))[0].warehouse == "MAIN"


def test_a_save_beyond_what_one_owner_can_keep_says_so_and_keeps_the_draft(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving_module, "MOST_CONNECTIONS", 0)
    Tab(service, TENANT).choose(SYSTEM.code, "shop.nowhere.se")
    Tab(service, TENANT).enter({"access_token": KEY, "secret": PASSWORD})
    declared(service, TENANT)
    visitor = Visitor(service).open("save").press("save.save")
    assert visitor.errors == [visitor.says("save.too_many", most=str(saving_module.MOST_CONNECTIONS))]
    assert draft_of(service, TENANT).report is not None


def test_a_second_connection_to_the_same_shop_is_offered_as_an_update(service: Service) -> None:
    ready_to_save(service, TENANT)
    first = save(service, TENANT)
    Tab(service, TENANT).discard()
    ready_to_save(service, TENANT)
    visitor = Visitor(service).open("save")
    assert visitor.says("save.twin_body") in visitor.notices
    assert visitor.field("save_name").value == FORM.name
    visitor.type("save_name", "Renamed").press("save.update")
    assert visitor.title == visitor.says("done.title")
    assert [(found.id, found.name) for found in service.connections.all(Actor(TENANT))] == [(first.id, "Renamed")]


def test_a_save_that_comes_after_an_edit_in_another_tab_asks_for_another_check(service: Service) -> None:
    ready_to_save(service, TENANT)
    visitor = Visitor(service).open("save")
    Tab(service, TENANT).enter({"access_token": MARKER_KEY})
    visitor.press("save.save")
    assert visitor.is_at_verify
    assert visitor.notices
    assert service.connections.all(Actor(TENANT)) == []


@pytest.mark.parametrize("button", ["save.save", "save.update"])
def test_a_save_at_the_moment_when_another_tab_saves_the_same_draft_is_done_too(
    service: Service, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    if button == "save.update":
        ready_to_save(service, TENANT)
        save(service, TENANT)
        Tab(service, TENANT).discard()
    known = existing_connection(service, ready_to_save(service, TENANT))
    visitor = Visitor(service).open("save")
    look = Connections.existing_connection

    def meanwhile(connections: Connections, actor: Actor, draft_id: str) -> Connection | None:
        save(service, TENANT, update=known.id if known else None)
        return look(connections, actor, draft_id)

    monkeypatch.setattr(Connections, "existing_connection", meanwhile)
    visitor.press(button)
    assert visitor.title == visitor.says("done.title")
    assert [found.name for found in service.connections.all(Actor(TENANT))] == [FORM.name]


def test_connecting_another_starts_an_empty_walk(service: Service) -> None:
    ready_to_save(service, TENANT)
    save(service, TENANT)
    visitor = Visitor(service).open("done").press("done.another")
    assert visitor.title == visitor.says("system.title")
    assert Tab(service, TENANT).draft is None


def test_the_last_screen_of_a_deleted_connection_leads_to_the_list(service: Service) -> None:
    ready_to_save(service, TENANT)
    saved = save(service, TENANT)
    service.connections.delete(Actor(TENANT), saved.id)
    visitor = Visitor(service).open("done")
    assert visitor.title == visitor.says("connections.title")


def test_a_demo_opens_beside_a_real_draft_and_says_so_first(service: Service) -> None:
    mine = Tab(service, TENANT).choose(SYSTEM.code, "shop.example")
    visitor = Visitor(service).open("demo")
    assert any(visitor.says("demo.keeps") in caption for caption in visitor.captions)
    visitor.press_key(f"story_{SYSTEM.code}_smooth")
    assert visitor.title == visitor.says("enter.title")
    assert mine.id in {draft.id for draft in service.drafts.all(Actor(TENANT))}


def test_a_report_made_elsewhere_is_shown_without_asking_the_channel_again(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    declared(service, TENANT)
    visitor = Visitor(service).open("verify")
    assert visitor.says("verify.shop_yes") in visitor.buttons
