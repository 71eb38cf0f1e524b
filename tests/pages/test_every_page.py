"""Every page opens in every language, in its turn only, and for a visitor with a cookie only."""

from collections.abc import Callable

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import FORM, SYSTEM, WORKS, Tab, declared, draft_of, key_refused, ready_to_save, save
from xtnd_wizard.i18n import DEFAULT_LANGUAGE, LANGUAGES, best_language
from xtnd_wizard.service import Service
from xtnd_wizard.ui import visitor as visitor_module
from xtnd_wizard.ui.frame import page_file
from xtnd_wizard.wizard.steps import Step

HOST = WORKS.values["api_url"]
State = Callable[[Service], object]


def nothing(service: Service) -> None:
    """Nobody has done anything yet."""


def system(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, HOST)


def host_refused(service: Service) -> None:
    system(service)
    Tab(service, TENANT).enter({**WORKS.values, "api_url": "me@shop.example.com"})


def entered(service: Service) -> None:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    Tab(service, TENANT).enter({})


def failed(service: Service) -> None:
    entered(service)
    declared(service, TENANT, key_refused())


def verified(service: Service) -> None:
    ready_to_save(service, TENANT)


def saved(service: Service) -> None:
    verified(service)
    save(service, TENANT)


PAGES: dict[str, tuple[State, str]] = {
    "welcome": (nothing, "welcome.title"),
    "system": (nothing, "system.title"),
    "obtain": (system, ""),
    "enter": (entered, "enter.title"),
    "verify": (failed, "verify.phase.failed"),
    "save": (verified, "save.title"),
    "done": (saved, "done.title"),
    "connections": (saved, "connections.title"),
    "demo": (nothing, "demo.title"),
    "returned": (nothing, "returned.title"),
}


def test_every_page_has_its_place_in_these_tests() -> None:
    assert {file.stem for file in page_file("welcome").parent.glob("*.py")} == PAGES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_in_its_turn(service: Service, page: str, language: str) -> None:
    state, title = PAGES[page]
    state(service)
    visitor = Visitor(service, language).open(page)
    assert visitor.title == (visitor.says(title) if title else visitor.guide(SYSTEM.code)["obtain"]["title"])
    assert not visitor.notices or page == "done"


@pytest.mark.parametrize("state", [nothing, system, host_refused, entered, failed, verified, saved])
def test_the_start_page_opens_in_every_state(service: Service, state: State) -> None:
    state(service)
    visitor = Visitor(service).open()
    assert visitor.title == visitor.says("welcome.title")
    assert bool(visitor.keys("continue_")) == (state not in (nothing, saved))


@pytest.mark.parametrize("page", ["system", "connections", "demo", "obtain", "enter"])
def test_a_refused_host_breaks_no_page_that_may_be_opened(service: Service, page: str) -> None:
    host_refused(service)
    Visitor(service).open(page)


OUT_OF_TURN = [
    (nothing, "obtain", "system.title"),
    (nothing, "enter", "system.title"),
    (nothing, "verify", "system.title"),
    (nothing, "save", "system.title"),
    (nothing, "done", "system.title"),
    (system, "verify", "enter.title"),
    (system, "save", "enter.title"),
    (system, "done", "enter.title"),
    (host_refused, "verify", "system.title"),
    (entered, "save", "verify.phase.ready"),
    (failed, "save", "verify.phase.failed"),
    (verified, "done", "save.title"),
]


@pytest.mark.parametrize(
    ("state", "page", "title"), OUT_OF_TURN, ids=[f"{page}-when-{state.__name__}" for state, page, _ in OUT_OF_TURN]
)
def test_out_of_turn_the_waiting_step_is_shown_with_a_notice(
    service: Service, state: State, page: str, title: str
) -> None:
    state(service)
    visitor = Visitor(service).open(page)
    assert visitor.title == visitor.says(title)
    assert visitor.says("notice.out_of_turn") in visitor.notices


@pytest.mark.parametrize("page", ["obtain", "enter", "verify", "save"])
def test_after_the_save_its_steps_lead_to_the_last_screen(service: Service, page: str) -> None:
    saved(service)
    visitor = Visitor(service).open(page)
    assert visitor.title == visitor.says("done.title")
    assert visitor.says("notice.already_saved") in visitor.notices


def test_a_notice_is_shown_once(service: Service) -> None:
    visitor = Visitor(service).open("save")
    assert visitor.notices
    assert not visitor.open("system").notices


NOWHERE = [(page, DEFAULT_LANGUAGE) for page in PAGES] + [("connections", language) for language in LANGUAGES]
"""The warning is the frame's, so each language is read on one page."""


@pytest.mark.parametrize(("page", "language"), sorted({*NOWHERE}))
def test_without_a_cookie_no_page_is_drawn(
    service: Service, page: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(service)
    monkeypatch.setattr(visitor_module, "cookie", lambda: None)
    visitor = Visitor(service, language).open(page)
    assert [found.value for found in visitor.tab.warning] == [visitor.says("error.cookies_body")]
    assert not visitor.tab.title
    assert FORM.name not in visitor.sent


@pytest.mark.parametrize("cookie", ["", "too-short", "A" * 42 + "!", "A" * 44, "A" * 43 + "\n"])
def test_a_cookie_that_is_not_one_of_ours_counts_as_none(
    service: Service, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(service)
    monkeypatch.setattr(visitor_module, "cookie", lambda: cookie)
    visitor = Visitor(service).open("connections")
    assert [found.value for found in visitor.tab.warning] == [visitor.says("error.cookies_body")]


def test_the_step_that_was_opened_is_the_one_to_resume_at(service: Service) -> None:
    verified(service)
    visitor = Visitor(service).open("enter")
    assert draft_of(service, TENANT).step == Step.ENTER
    visitor.open("welcome").press_key("continue")
    assert visitor.title == visitor.says("enter.title")


def test_starting_over_deletes_the_draft(service: Service) -> None:
    verified(service)
    visitor = Visitor(service).open().press_key("discard")
    assert visitor.says("notice.discarded") in visitor.notices
    assert Tab(service, TENANT).draft is None


@pytest.mark.parametrize(
    ("locale", "language"),
    [("sv-SE", "sv"), ("sv_FI", "sv"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"), (None, "en"), ("SV", "sv")],
)
def test_the_browsers_language_is_met_as_well_as_it_can_be(locale: str | None, language: str) -> None:
    assert best_language(locale) == language
