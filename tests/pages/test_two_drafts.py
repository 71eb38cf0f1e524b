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
from xtnd_wizard.ui.open_draft import PARAMETER

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


def test_a_tab_whose_draft_is_gone_begins_anew_and_a_new_one_is_asked_which_to_go_on_with(service: Service) -> None:
    first = drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("enter")
    second = drafted(service, OTHER_HOST)
    service.drafts.discard(ACTOR, first.id)
    assert visitor.open().says("welcome.start") in visitor.buttons
    new_tab = Visitor(service).open("enter", new=True)
    assert new_tab.title == new_tab.says("welcome.title")
    assert new_tab.notices == [new_tab.says("notice.choose_draft")]
    new_tab.press_key(f"continue_{second.id}")
    assert new_tab.open("enter").title == new_tab.says("enter.title")
    assert new_tab.field("enter_api_url").value == second.values[API_URL]


def test_starting_over_forgets_the_draft_that_was_shown_and_no_other(service: Service) -> None:
    other, shown = drafted(service, OTHER_HOST), drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open().press_key(f"discard_{shown.id}")
    assert visitor.says("notice.discarded") in visitor.notices
    assert visitor.keys("discard_") == [f"discard_{other.id}"]
    assert left(service) == [other.id]
    late = drafted(service, shown.values[API_URL])
    visitor = Visitor(service).open()
    service.drafts.discard(ACTOR, late.id)
    visitor.press_key(f"discard_{late.id}")
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


def test_another_system_in_a_tab_begins_another_draft_and_leaves_the_first_as_it_is(service: Service) -> None:
    first = drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("system")
    choose(visitor, ANOTHER_SYSTEM, ANOTHER_SYSTEM.sandbox.scenarios[0].values[API_URL])
    begun, kept = service.drafts.all(ACTOR)
    assert (begun.system, kept.id, kept.system) == (ANOTHER_SYSTEM.code, first.id, SYSTEM.code)
    assert kept.sealed.keys() == first.sealed.keys()
    assert visitor.tab.query_params == {PARAMETER: begun.id}


def test_my_connections_lists_what_is_unfinished_by_the_marketplaces_name_and_step(service: Service) -> None:
    drafted(service, WORKS.values[API_URL])
    name = next(place.name for place in SYSTEM.marketplaces() if place.host == WORKS.values[API_URL])
    visitor = Visitor(service).open("connections", new=True)
    left_at = visitor.says("unfinished.left_at", step=visitor.says("step.verify"))
    assert f"{name} ({SYSTEM.name}): {left_at}" in visitor.texts
    visitor.press_key("discard")
    assert visitor.title == visitor.says("connections.title")
    assert left(service) == []
