"""Every back office: its stories and their cures, whom it belongs to, and what nobody gets out of it."""

from dataclasses import replace

import pytest

from tests.systems.practising import Practice, fetched
from tests.systems.tables import scenarios_of
from xtnd_wizard.sandbox import PREFIX, office_address, sandbox_app
from xtnd_wizard.sandbox.office import LONGEST_FORM, Guest, OfficePage, drawn
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems import back_office as offices
from xtnd_wizard.systems.back_office import KEY, SIGNED_IN, Account, Accounts, BackOffice, Change, grant
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.systems.office_pages import Form, Page
from xtnd_wizard.systems.stories import Scenario

EVIL = '"><script>alert(1)</script>'
OWN_PAGE = {"sec-fetch-site": "same-origin"}


def office_of(system: System) -> BackOffice:
    assert system.sandbox.office, f"{system.code}: its guide's steps can't be done anywhere"
    return system.sandbox.office


def stories() -> list[tuple[System, Scenario]]:
    told = [(system, found) for system in all_systems() for found in system.sandbox.scenarios]
    return [(system, found) for system, found in told if found.code in office_of(system).stories]


every_system = pytest.mark.parametrize("system", all_systems(), ids=lambda found: found.code)
every_story = pytest.mark.parametrize("story", stories(), ids=lambda found: f"{found[0].code}-{found[1].code}")


@every_system
def test_an_office_can_be_opened_at_the_host_of_the_working_scenario(system: System) -> None:
    works = system.sandbox.scenarios[0]
    assert office_address(system, works.values[API_URL]).startswith(f"{PREFIX}/{works.values[API_URL]}/")
    assert office_of(system).shops.keys() <= system.sandbox.hosts
    assert office_address(system, "shop.example.com") == ""


@every_system
def test_a_story_is_one_of_the_sandboxs_scenarios(system: System) -> None:
    assert office_of(system).stories.keys() <= {found.code for found in system.sandbox.scenarios}


@every_story
def test_a_story_goes_as_its_scenario_does_and_is_cured_in_the_office(story: tuple[System, Scenario]) -> None:
    system, scenario = story
    office, practice = office_of(system), Practice(system, scenario.values[API_URL])
    host = scenario.values[API_URL].partition("/")[0]
    begun = office.begin(practice.visitor, scenario.code, host)
    assert begun is not None
    ended = practice.verified(**{**scenario.values, **begun})
    assert ended.problems == scenarios_of(system)[scenario.code].problems
    for problem in ended.problems.values():
        cured = office.remedy(practice.visitor, host, problem)
        assert cured is not None, f"{problem} has no cure in the office"
        begun = {**begun, **cured}
    assert practice.verified(**{**scenario.values, **begun}).problems == {}


@every_story
def test_a_cure_works_in_an_office_that_nobody_opened_before(story: tuple[System, Scenario]) -> None:
    system, scenario = story
    office, practice = office_of(system), Practice(system, scenario.values[API_URL])
    host = scenario.values[API_URL].partition("/")[0]
    for problem in scenarios_of(system)[scenario.code].problems.values():
        cured = office.remedy(practice.visitor, host, problem)
        assert practice.verified(**{**scenario.values, **(cured or {})}).problems == {}


@every_system
def test_one_visitors_office_is_not_anothers(system: System) -> None:
    address = system.sandbox.scenarios[0].values[API_URL]
    one, another = Practice(system, address).press("Sign in"), Practice(system, address)
    assert "Sign in" in another.page.forms[0].buttons
    assert "Sign in" not in {button for form in one.page.forms for button in form.buttons}


@every_system
def test_every_screen_is_drawn_before_and_after_there_is_a_key_and_whatever_it_shows_is_text(system: System) -> None:
    office, host = office_of(system), next(iter(office_of(system).shops))
    new = office.change("somebody", host, Change(on=frozenset((SIGNED_IN,))))
    assert office.begin("somebody", next(iter(office.stories)), host)
    complete = office.account("somebody", host)
    hostile = replace(complete, values=dict.fromkeys(complete.values, EVIL))
    for screen in office.screens:
        for kept in (new, complete, replace(complete, shown_on=screen), hostile):
            shown = office.page(kept, screen)
            html = drawn(OfficePage(office, kept, Guest("somebody"), "/sandbox/"), screen, shown)
            assert f">{shown.title}<" in html
            assert "<script>alert" not in html


@every_system
def test_a_browser_that_the_wizard_does_not_know_gets_no_office(system: System) -> None:
    address = office_address(system, system.sandbox.scenarios[0].values[API_URL])
    for headers in ({}, {"cookie": "xtnd_visitor=short"}):
        answer = fetched("GET", address, headers)
        assert answer.status_code == 403
        assert "<form" not in answer.text
        assert fetched("POST", address, {**headers, **OWN_PAGE}, "do=Sign+in").status_code == 403


SYSTEM = all_systems()[0]
HOST = SYSTEM.sandbox.scenarios[0].values[API_URL]
OFFICE = office_of(SYSTEM)
BEGUN = OFFICE.stories


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {},
    ],
    ids=repr,
)
def test_a_form_of_another_page_is_refused(headers: dict[str, str]) -> None:
    office = Practice(SYSTEM, HOST)
    answer = fetched("POST", office_address(SYSTEM, HOST), {"cookie": office.cookie, **headers}, "do=Sign+in")
    assert answer.status_code == 403
    assert not OFFICE.account(office.visitor, HOST).has(SIGNED_IN)


def test_a_form_of_our_own_page_counts_also_where_a_browser_names_the_origin_only() -> None:
    office = Practice(SYSTEM, HOST)
    headers = {"cookie": office.cookie, "origin": "http://wizard.example"}
    assert fetched("POST", office_address(SYSTEM, HOST), headers, "do=Sign+in").status_code == 303
    assert OFFICE.account(office.visitor, HOST).has(SIGNED_IN)


def test_nothing_that_was_sent_is_shown_or_kept() -> None:
    office = Practice(SYSTEM, HOST).press("Sign in")
    before = OFFICE.account(office.visitor, HOST)
    headers = {"cookie": office.cookie, **OWN_PAGE}
    for screen in ("", "api_key", EVIL, "..%2f..%2fx"):
        address = f"{office_address(SYSTEM, HOST)}{screen}"
        answer = fetched("POST", address, headers, f"do={EVIL}&role={EVIL}&key=on&signed+in=on")
        assert "<script>alert" not in answer.text + str(answer.headers)
        assert "<script>alert" not in fetched("GET", f"{address}?lang={EVIL}&do={EVIL}", headers).text
    assert OFFICE.account(office.visitor, HOST) == before


def test_a_form_that_is_too_long_is_refused_before_it_is_read_to_its_end() -> None:
    office = Practice(SYSTEM, HOST)
    headers = {"cookie": office.cookie, **OWN_PAGE}
    assert fetched("POST", office_address(SYSTEM, HOST), headers, "x" * (LONGEST_FORM + 1)).status_code == 413


def test_no_page_of_an_office_is_stored_by_the_browser() -> None:
    office = Practice(SYSTEM, HOST)
    answers = [
        fetched("GET", office_address(SYSTEM, HOST), {"cookie": office.cookie}),
        fetched("POST", office_address(SYSTEM, HOST), {"cookie": office.cookie, **OWN_PAGE}, "do=Sign+in"),
        fetched("GET", office_address(SYSTEM, HOST), {}),
    ]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 3


def test_the_outbound_client_does_not_reach_an_office() -> None:
    office = Practice(SYSTEM, HOST)
    answer = fetched("GET", f"https://{HOST}/office/", {"cookie": office.cookie}, app=sandbox_app)
    assert office.page.forms
    assert "<form" not in answer.text, "the channel's own host knows of no office"


def test_a_form_counts_only_while_it_stands_on_the_page() -> None:
    office = Practice(SYSTEM, HOST).press("Sign in")
    account = replace(OFFICE.account(office.visitor, HOST), flags=frozenset((SIGNED_IN,)))
    assert OFFICE.submit(office.visitor, account, "api_key", {"do": "Generate a new key"}) == "api_key"
    assert not OFFICE.account(office.visitor, HOST).has(KEY)


def test_the_language_that_the_address_asks_for_is_carried_along() -> None:
    office = Practice(SYSTEM, HOST)
    office.open(f"{office_address(SYSTEM, HOST)}?lang=sv").press("Logga in")
    assert "Du är inloggad" in office.page.text
    assert all(href.endswith("?lang=sv") for href in office.page.links.values())


def account(visitor: str) -> Account:
    return Account(visitor, HOST)


def same(kept: Account) -> Account:
    return kept


def test_the_account_that_was_used_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "MOST_ACCOUNTS", 3)
    kept = Accounts()
    for visitor in ("one", "two", "three"):
        kept.update(replace(account(visitor), values={"k": visitor}), same, "")
    assert kept.find(HOST, "k", "one")
    kept.update(account("four"), same, "")
    assert not kept.get("two", HOST)
    assert all(kept.get(visitor, HOST) for visitor in ("one", "three", "four"))


def test_one_address_crowds_out_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offices, "MOST_ACCOUNTS_FROM_ONE_ADDRESS", 5)
    kept = Accounts()
    kept.update(account("calm"), same, "192.0.2.1")
    for visitor in "abcde":
        kept.update(account(visitor), same, "192.0.2.2")
    assert all(kept.get(visitor, HOST) for visitor in "abcde"), "as many as fit are kept"
    for visitor in "fg":
        kept.update(account(visitor), same, "192.0.2.2")
    assert [visitor for visitor in "abcdefg" if kept.get(visitor, HOST)] == [*"cdefg"]
    assert kept.get("calm", HOST)


def test_a_change_that_nobody_offers_does_nothing() -> None:
    assert Page("", (Form("Save"),)).form("Delete") is None
    assert OFFICE.begin("v", "no such story", HOST) is None
    assert OFFICE.begin("v", next(iter(BEGUN)), "elsewhere.test") is None
    assert OFFICE.remedy("v", HOST, "no_such_problem") is None
    assert OFFICE.values(OFFICE.change("nobody-in-particular", HOST, grant("role"))) == {}
