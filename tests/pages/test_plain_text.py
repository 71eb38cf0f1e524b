"""Whatever a channel, or the visitor, has put into a name is text and never markup."""

from dataclasses import replace
from typing import Any

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import ACCOUNT, FORM, SYSTEM, WORKS, Tab, all_passed, declared, save
from xtnd_wizard.domain.findings import failed, passed
from xtnd_wizard.domain.problems import PROBLEMS
from xtnd_wizard.service import Service
from xtnd_wizard.wizard.check_runner import COMMON_CHECKS, Event, Identified

MARKUP = "**bold** <b>shop</b> ![x](http://x.example/x.png) :material/check: $x^2$"
PLAIN = {"text", "text_input", "code"}
EVIL = replace(ACCOUNT, name=MARKUP, id=MARKUP, state=MARKUP, currency=MARKUP, country=MARKUP, channels=(MARKUP,))
FACTS = dict.fromkeys(("shop", "shop_id", "platform", "target", "status", "seconds"), MARKUP)


def elements_with_markup(visitor: Visitor) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, message in visitor.elements():
        if "x.example" in message:
            found.setdefault(kind, []).append(message)
    return found


def verify_with(service: Service, events: list[Event]) -> Visitor:
    Tab(service, TENANT).start_demo(SYSTEM.code, WORKS)
    Tab(service, TENANT).enter({})
    declared(service, TENANT, events)
    return Visitor(service)


def passing() -> list[Event]:
    checks = [event for event in all_passed(SYSTEM.code) if not isinstance(event, Identified)]
    return [*(passed(check.check, **FACTS) for check in checks), Identified(EVIL)]


@pytest.mark.parametrize("page", ["verify", "save"])
def test_a_verified_shops_name_is_plain_text(service: Service, page: str) -> None:
    found = elements_with_markup(verify_with(service, passing()).open(page))
    assert found
    assert found.keys() <= PLAIN
    assert not any(
        "label: " in message and "x.example" in message.split("label: ")[1].split("\n")[0]
        for message in found.get("text_input", [])
    )


@pytest.mark.parametrize("page", ["done", "connections"])
def test_a_saved_connections_names_are_plain_text(service: Service, page: str) -> None:
    visitor = verify_with(service, passing())
    saved = save(service, TENANT, replace(FORM, name=MARKUP, warehouse=MARKUP, company_group=MARKUP))
    visitor.open(page)
    if page == "connections":
        visitor.tab.session_state[f"open_{saved.id}"] = True
        visitor.tab.run()
        visitor.intact()
    found = elements_with_markup(visitor)
    assert found
    assert found.keys() <= PLAIN


def test_a_twins_name_is_plain_text(service: Service) -> None:
    verify_with(service, passing())
    save(service, TENANT, replace(FORM, name=MARKUP, warehouse=MARKUP, company_group=MARKUP))
    Tab(service, TENANT).discard()
    assert elements_with_markup(verify_with(service, passing()).open("save")).keys() <= PLAIN


@pytest.mark.parametrize("code", [*PROBLEMS, *(problem.code for problem in SYSTEM.problems), "of_another_version"])
def test_the_facts_of_a_problem_are_plain_text(service: Service, code: str) -> None:
    facts: dict[str, Any] = {**FACTS, "host": MARKUP}
    check = COMMON_CHECKS[0]
    visitor = verify_with(service, [failed(check, code, "detail", **facts)]).open("verify")
    found = elements_with_markup(visitor)
    links = found.pop("link_button", [])
    assert all('url: "mailto:?' in link and "<b>" not in link and "**" not in link for link in links)
    assert found.keys() <= {*PLAIN, "code"}


def test_a_typed_host_with_markup_in_it_is_plain_text(service: Service) -> None:
    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values["api_url"])
    Tab(service, TENANT).enter({**WORKS.values, "api_url": MARKUP})
    for page in ("welcome", "enter", "system"):
        assert elements_with_markup(Visitor(service).open(page)).keys() <= PLAIN
