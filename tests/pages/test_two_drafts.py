"""Two tabs of one browser, each with a draft of its own that the tab keeps open."""

from tests.pages.visitor import TENANT, Visitor
from tests.walks import OTHER_HOST, SYSTEM, WORKS, Tab
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.service import Service
from xtnd_wizard.storage.models import Draft
from xtnd_wizard.systems.contract import API_URL

ACTOR = Actor(TENANT)


def drafted(service: Service, host: str) -> Draft:
    draft = service.drafts.create(ACTOR, SYSTEM.code, host)
    return service.drafts.enter(ACTOR, draft.id, {**WORKS.values, API_URL: host})


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


def test_a_tab_whose_draft_is_gone_goes_on_with_the_newest(service: Service) -> None:
    first = drafted(service, WORKS.values[API_URL])
    visitor = Visitor(service).open("enter")
    second = drafted(service, OTHER_HOST)
    service.drafts.discard(ACTOR, first.id)
    assert visitor.open().open("enter").field("enter_api_url").value == second.values[API_URL]
    Tab(service, TENANT).discard()
    assert visitor.open("enter").title == visitor.says("system.title")
