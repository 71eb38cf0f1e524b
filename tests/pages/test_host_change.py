"""What the pages say and ask where the host changed, and whom."""

from collections.abc import Callable

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import MARKER_KEY, MARKER_PASSWORD, OTHER_HOST, SYSTEM, WORKS, Tab, credentials_of, draft_of
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL

HOST = WORKS.values[API_URL]
Change = Callable[[Visitor, str], Visitor]
SEALED = ("access_token", "secret")


def entered(service: Service, language: str = "en") -> Visitor:
    """A visitor who has just typed a key and a password for a host, and stands at the form."""
    Tab(service, TENANT).choose(SYSTEM.code, HOST)
    visitor = Visitor(service, language).open("enter")
    visitor.type("enter_access_token", MARKER_KEY).type("enter_secret", MARKER_PASSWORD).press("enter.submit")
    return visitor.open("enter")


def choose(visitor: Visitor, host: str) -> Visitor:
    visitor.open("system")
    visitor.tab.toggle(key=f"not_listed_{SYSTEM.code}").set_value(True).run()
    visitor.tab.text_input[0].set_value(host).run()
    return visitor.press("system.next")


def enter(visitor: Visitor, host: str) -> Visitor:
    return visitor.open("enter").type("enter_api_url", host).press("enter.submit")


CHANGES = [(choose, "en"), *((enter, language) for language in LANGUAGES)]
"""AppTest puts a chosen marketplace into words of its own language, so that page is walked in one only."""


def labels(visitor: Visitor, *names: str) -> str:
    return ", ".join(visitor.guide(SYSTEM.code)["fields"][name]["label"] for name in names)


def question(visitor: Visitor) -> str:
    return visitor.says("host_change.asked", fields=labels(visitor, *SEALED), old=HOST, new=OTHER_HOST)


def notice(visitor: Visitor) -> str:
    return visitor.says("host_change.dropped", fields=labels(visitor, *SEALED), new=OTHER_HOST)


def sent(service: Service) -> dict[str, Secret | str]:
    values = credentials_of(service, draft_of(service, TENANT)).values
    return {name: value for name, value in values.items() if isinstance(value, Secret)}


@pytest.mark.parametrize(("change", "language"), CHANGES)
def test_who_typed_the_values_is_asked_and_one_click_that_names_the_host_keeps_them(
    service: Service, change: Change, language: str
) -> None:
    visitor = change(entered(service, language), OTHER_HOST)
    assert visitor.title == visitor.says("enter.title")
    assert question(visitor) in visitor.texts
    assert visitor.notices == []
    assert sent(service) == {}
    visitor.press("host_change.keep", host=OTHER_HOST)
    assert sent(service) == {"access_token": Secret(MARKER_KEY), "secret": Secret(MARKER_PASSWORD)}
    assert visitor.is_at_verify
    visitor.open("enter")
    assert question(visitor) not in visitor.texts
    assert f"{visitor.says('enter.kept')} {MARKER_KEY[-4:]}" in visitor.texts
    for secret in (MARKER_KEY, MARKER_PASSWORD):
        assert secret not in visitor.sent + visitor.remembered


@pytest.mark.parametrize(("change", "language"), CHANGES)
def test_another_session_with_the_same_cookie_is_told_and_not_asked(
    service: Service, change: Change, language: str
) -> None:
    entered(service)
    visitor = change(Visitor(service, language).open(), OTHER_HOST)
    assert notice(visitor) in visitor.texts
    assert visitor.says("host_change.keep", host=OTHER_HOST) not in visitor.buttons
    assert draft_of(service, TENANT).set_aside == {}
    visitor.open("enter")
    assert notice(visitor) in visitor.texts
    assert f":material/info: {visitor.says('note.field_for_another_host')}" in visitor.captions


def test_a_question_that_stands_is_not_drawn_for_another_session(service: Service) -> None:
    enter(entered(service), OTHER_HOST)
    visitor = Visitor(service).open("enter")
    assert question(visitor) not in visitor.texts
    assert notice(visitor) in visitor.texts
    assert visitor.says("host_change.keep", host=OTHER_HOST) not in visitor.buttons


def test_a_click_on_a_question_about_the_host_before_keeps_nothing(service: Service) -> None:
    visitor = enter(entered(service), OTHER_HOST)
    Tab(service, TENANT).choose(SYSTEM.code, "shop.nowhere.se")
    visitor.press("host_change.keep", host=OTHER_HOST)
    assert sent(service) == {}
    assert draft_of(service, TENANT).set_aside == {}


def test_the_answer_no_removes_them_and_the_form_asks_for_new_ones(service: Service) -> None:
    visitor = enter(entered(service), OTHER_HOST).press("host_change.drop")
    assert notice(visitor) in visitor.texts
    assert draft_of(service, TENANT).set_aside == {}
    assert {"enter_access_token", "enter_secret"} <= set(visitor.inputs)


def test_new_values_end_the_notice(service: Service) -> None:
    visitor = enter(entered(service), OTHER_HOST).press("host_change.drop")
    visitor.type("enter_access_token", MARKER_KEY).type("enter_secret", MARKER_PASSWORD).press("enter.submit")
    assert visitor.is_at_verify
    assert notice(visitor.open("enter")) not in visitor.texts


@pytest.mark.parametrize("change", [choose, enter])
def test_the_same_host_in_another_spelling_asks_nothing(service: Service, change: Change) -> None:
    visitor = change(entered(service), f"https://{HOST.upper()}/")
    assert visitor.says("host_change.asked_title") not in visitor.sent
    assert sent(service) == {"access_token": Secret(MARKER_KEY), "secret": Secret(MARKER_PASSWORD)}


def test_who_fills_in_a_demo_may_take_its_values_to_another_sandbox_host(service: Service) -> None:
    visitor = Visitor(service).open("demo").press_key(f"demo_{SYSTEM.code}_{WORKS.code}")
    enter(visitor, OTHER_HOST)
    assert question(visitor) in visitor.texts
