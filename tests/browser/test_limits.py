"""One verification per visitor, however many tabs press; and what a visitor sees whose quota is used up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.server import Server, serving
from tests.browser.visitor import PASSWORD, Visitor, key_of, press_at_once
from tests.browser.words import guide
from tests.hanging_shop import LONG, HangingShop
from tests.outbound.servers import LoopbackServer

CHECKS = 3


@pytest.fixture(scope="module")
def shop() -> HangingShop:
    return HangingShop()


@pytest.fixture(scope="module")
def origin(shop: HangingShop) -> Iterator[str]:
    with LoopbackServer(shop) as server:
        yield f"http://127.0.0.1:{server.port}"
        shop.answer()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, origin: str) -> Iterator[Server]:
    """A wizard that may call the hanging shop, lets it hang for long, and gives each visitor few checks."""
    with serving(
        tmp_path_factory.mktemp("wizard"),
        XTND_TRUSTED_ORIGINS=origin,
        XTND_CHECK_SECONDS=str(2 * LONG),
        XTND_CHECKS_PER_TENANT=str(CHECKS),
    ) as running:
        yield running


def at_the_hanging_shop(visitor: Visitor, origin: str) -> None:
    """Enter values for the shop that hangs, up to the button that verifies."""
    visitor.start()
    visitor.choose_address(origin, origin.removeprefix("http://"))
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.type_in(access_token=key_of("works"), secret=PASSWORD)


def runs(visitor: Visitor) -> Locator:
    """The step that waits for the channel."""
    return visitor.page.get_by_text(f"{guide(visitor.language)['checks']['recognise']['doing']} …")


def test_two_tabs_that_press_at_once_watch_one_verification_which_ends_with_the_last(
    visitor: Visitor, shop: HangingShop, origin: str
) -> None:
    at_the_hanging_shop(visitor, origin)
    visitor.submit()
    shop.until(lambda: shop.open == 1)
    visitor.page.wait_for_url("**/verify")  # the server may be quicker than the address bar
    visitor.page.reload()
    visitor.sees_page("verify")
    shop.until(lambda: shop.open == 0)

    calls = len(shop.keys)
    tabs = [visitor, visitor.another_tab()]
    tabs[1].open("verify")
    press_at_once(tabs, "verify.now")
    for tab in tabs:
        expect(runs(tab).first).to_be_visible()
    shop.until(lambda: shop.open == 1)
    tabs[1].page.close()
    expect(runs(visitor).first).to_be_visible()
    assert shop.open == 1
    visitor.page.goto(visitor.server.url)
    shop.until(lambda: shop.open == 0)
    assert len(shop.keys) == calls + 1


def test_a_visitor_whose_quota_is_used_up_reads_when_to_come_back(visitor: Visitor) -> None:
    visitor.walk_to("verify", "works")
    for _ in range(CHECKS - 1):
        visitor.open("enter")
        visitor.verify_well()
    visitor.open("enter")
    visitor.submit()
    shown = visitor.says("verify.later.owner", channel=guide(visitor.language)["channel"], time="|").partition("|")[0]
    expect(visitor.page.get_by_text(shown)).to_be_visible()
    visitor.sees(visitor.says("verify.passed_title"))
