"""A tour of every page, in every state that looks different."""

from collections.abc import Iterator

from tests.browser.visitor import Visitor, key_of
from tests.browser.words import scenario

STOPS = (
    "welcome",
    "demo",
    "system",
    "system chosen",
    "obtain",
    "enter",
    "enter with errors",
    "verify failed",
    "enter to be mended",
    "verify passed",
    "welcome with a draft",
    "save",
    "done",
    "connections",
)


def tour(visitor: Visitor) -> Iterator[str]:
    """Go from page to page; yields the name of each stop, with the page drawn to its end."""
    host = scenario("works").values["api_url"]
    visitor.open()
    yield "welcome"
    visitor.go_on(visitor.says("welcome.demo"), "demo")
    yield "demo"
    visitor.start()
    yield "system"
    visitor.find_marketplace(host[:8]).filter(has_text=host).click()
    visitor.sees(host)
    visitor.settle()
    yield "system chosen"
    visitor.go_on(visitor.says("system.next"), "obtain")
    yield "obtain"
    visitor.go_on(visitor.says("obtain.next"), "enter")
    yield "enter"
    visitor.type_in(access_token="a@b.se", api_url="https://192.0.2.1/")
    visitor.submit()
    visitor.sees(visitor.says("enter.mend"))
    visitor.settle()
    yield "enter with errors"
    visitor.choose_demo("no_role")
    visitor.verify()
    yield "verify failed"
    visitor.go_on(visitor.says("verify.fix", field=visitor.label("access_token")), "enter")
    yield "enter to be mended"
    visitor.type_in(access_token=key_of("works"))
    visitor.verify_well()
    yield "verify passed"
    visitor.open()
    yield "welcome with a draft"
    visitor.go_on_with_draft("verify")
    visitor.confirm_shop()
    yield "save"
    visitor.save()
    yield "done"
    visitor.open("connections")
    visitor.page.get_by_text(visitor.says("connections.open"), exact=True).click()
    visitor.sees(visitor.says("xtnd.order_start"))
    visitor.settle()
    yield "connections"
