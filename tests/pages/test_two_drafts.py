"""Two tabs of one browser, each with a draft of its own that the tab keeps open."""

import pytest

from tests.pages.flow import choose
from tests.pages.visitor import TENANT, Visitor
from tests.walks import OTHER_HOST, SYSTEM, WORKS
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL

ACTOR = Actor(TENANT)
ANOTHER_SYSTEM = next(system for system in all_systems() if system is not SYSTEM and not system.hosts.fixed)


def drafted(service: Service, host: str) -> Draft:
    draft = service.drafts.create(ACTOR, SYSTEM.code, host)
    return service.drafts.enter(ACTOR, draft.id, {**WORKS.values, API_URL: host})


def left(service: Service) -> list[str]:
    return [draft.id for draft in service.drafts.all(ACTOR)]


def test_each_tab_goes_on_with_its_own(service: Service) -> None:
    first = drafted(service, WORKS.values[API_URL])
    one_tab = Visitor(service).open("enter")
    second = drafted(service, OTHER_HOST)
    other_tab = Visitor(service).open("enter")
    assert one_tab.open("enter").field("enter_api_url").value == first.values[API_URL]
    assert other_tab.field("enter_api_url").value == second.values[API_URL]
    one_tab.press("enter.submit").press("verify.shop_yes").press("save.save")
    assert one_tab.title == one_tab.says("done.title")
    (saved,) = service.connections.all(ACTOR)
    assert saved.api_url == first.values[API_URL]
    assert service.drafts.current(ACTOR, second.id).connection_id is None


def test_a_tab_whose_draft_is_gone_begins_anew_and_a_new_one_goes_on_with_the_newest(service: Service) -> None:
    first = drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("enter")
    second = drafted(service, OTHER_HOST)
    service.drafts.discard(ACTOR, first.id)
    assert visitor.open().says("welcome.start") in visitor.buttons
    assert visitor.open("enter").title == visitor.says("system.title")
    assert Visitor(service).open("enter").field("enter_api_url").value == second.values[API_URL]


def test_starting_over_forgets_the_draft_that_was_shown_and_no_other(service: Service) -> None:
    other, shown = drafted(service, OTHER_HOST), drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open().press("welcome.restart")
    assert visitor.says("notice.discarded") in visitor.notices
    assert visitor.says("welcome.restart") not in visitor.buttons
    assert left(service) == [other.id]
    late = drafted(service, shown.values[API_URL])
    visitor = Visitor(service).open()
    service.drafts.discard(ACTOR, late.id)
    visitor.press("welcome.restart")
    assert left(service) == [other.id]


def test_a_demo_pressed_after_its_draft_is_gone_leaves_the_other_tabs_draft(service: Service) -> None:
    shown = drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("demo")
    other = drafted(service, OTHER_HOST)
    service.drafts.discard(ACTOR, shown.id)
    visitor.press_key(f"demo_{SYSTEM.code}_{WORKS.code}")
    assert visitor.title == visitor.says("demo.title")
    assert left(service) == [other.id]
    visitor.press_key(f"demo_{SYSTEM.code}_{WORKS.code}")
    assert visitor.title == visitor.says("enter.title")
    assert other.id in left(service)


@pytest.mark.parametrize("begin", ["done.another", "connections.add"])
def test_connecting_another_leaves_the_other_tabs_draft(service: Service, begin: str) -> None:
    other = drafted(service, OTHER_HOST)
    drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("enter").press("enter.submit").press("verify.shop_yes").press("save.save")
    if begin == "connections.add":
        visitor.open("connections")
    visitor.press(begin)
    assert visitor.title == visitor.says("system.title")
    assert left(service) == [other.id]
    choose(visitor, ANOTHER_SYSTEM, ANOTHER_SYSTEM.sandbox.scenarios[0].values[API_URL])
    begun, kept = service.drafts.all(ACTOR)
    assert (begun.system, kept.id) == (ANOTHER_SYSTEM.code, other.id)
