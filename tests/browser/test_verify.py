"""Verify as one sees it: nothing moves, the titles tell how far it is, Stop stops, and somebody else can be asked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.server import Server, serving
from tests.browser.visitor import PASSWORD, Visitor, key_of
from tests.browser.words import FIRST, guide, scenario
from tests.hanging_shop import LONG, HangingShop
from tests.outbound.servers import LoopbackServer
from xtnd_wizard.i18n import text
from xtnd_wizard.systems import get_system
from xtnd_wizard.wizard.check_runner import checks_of

MOST_SHIFT = 0.02
"""The cumulative layout shift on Verify, from the first check to the verdict."""
PACE_MS = 500
"""Slow enough for a browser to draw each answer by itself."""
ALL_CHECKS = len(checks_of(get_system(FIRST)))
_WATCH_SHIFTS = """() => {
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().filter(entry => !entry.hadRecentInput)
        .forEach(entry => { window.shift += entry.value; })).observe({type: "layout-shift"});
}"""
_TOPS = "rows => rows.map(row => Math.round(row.getBoundingClientRect().top))"
_ELAPSED = """() => Number(getComputedStyle(document.querySelector(".elapsed"), "::after")
    .getPropertyValue("--elapsed")) >= 1"""


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
    with serving(
        tmp_path_factory.mktemp("wizard"),
        XTND_TRUSTED_ORIGINS=origin,
        XTND_CHECK_SECONDS=str(2 * LONG),
        XTND_SANDBOX_CHECK_MS=str(PACE_MS),
    ) as running:
        yield running


def watch_checks(visitor: Visitor) -> list[int]:
    """See the checks begin, all of them in their places; where they are."""
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(visitor.says("verify.phase.checking"))
    expect(visitor.page.locator(".elapsed")).to_be_attached()
    rows = visitor.page.locator('[class*="st-key-checks"] details')
    expect(rows).to_have_count(ALL_CHECKS)
    visitor.page.evaluate(_WATCH_SHIFTS)
    return list(rows.evaluate_all(_TOPS))


def assert_nothing_moved(visitor: Visitor, before: list[int]) -> None:
    """Every check is where it was, and the browser saw nothing jump."""
    rows = visitor.page.locator('[class*="st-key-checks"] details')
    assert rows.evaluate_all(_TOPS) == before
    assert visitor.page.evaluate("window.shift") <= MOST_SHIFT


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def test_nothing_moves_from_the_first_check_to_either_verdict(
    new_visitor: NewVisitor, viewport: dict[str, int]
) -> None:
    visitor = new_visitor(viewport=viewport)
    visitor.choose_demo("no_role")
    visitor.submit()
    places = watch_checks(visitor)
    visitor.sees_page("verify")
    assert_nothing_moved(visitor, places)
    expect(visitor.page).to_have_title(re.compile(re.escape(visitor.says("verify.phase.failed"))))
    title = guide()["problems"]["key_lacks_permission"]["title"]
    expect(visitor.page.get_by_role("heading", level=2, name=title, exact=True)).to_be_visible()
    visitor.sees(guide()["problems"]["key_lacks_permission"]["row"])
    not_asked = visitor.says("verify.row.not_asked", check=guide()["checks"]["orders"]["doing"])
    visitor.sees(not_asked)
    told = re.compile(visitor.says("verify.checked_at", time=r"\d\d:\d\d:\d\d"))
    expect(visitor.page.locator(".st-key-asked").get_by_text(told)).to_be_visible()

    visitor.press(visitor.says("verify.again"))
    places = watch_checks(visitor)
    visitor.sees_page("verify")
    assert_nothing_moved(visitor, places)
    again = re.compile(visitor.says("verify.checked_again_at", time=r"\d\d:\d\d:\d\d"))
    expect(visitor.page.locator(".st-key-asked").get_by_text(again)).to_be_visible()

    visitor.go_on(visitor.says("verify.fix", field=visitor.label("access_token")), "enter")
    visitor.type_in(access_token=key_of("works"))
    visitor.submit()
    places = watch_checks(visitor)
    visitor.sees_page("verify")
    assert_nothing_moved(visitor, places)
    visitor.sees(visitor.says("verify.passed_title"))
    expect(visitor.page).to_have_title(re.compile(re.escape(visitor.says("verify.phase.passed"))))


def test_a_message_for_a_colleague_can_be_had_in_the_other_language_too(visitor: Visitor) -> None:
    visitor.choose_demo("no_role")
    visitor.verify()
    visitor.page.get_by_text(visitor.says("colleague.title"), exact=True).click()
    message = visitor.page.locator(".st-key-colleague code")
    expect(message).to_contain_text(text("en", "colleague.closing").partition("\n")[0])
    expect(message).to_contain_text(scenario("no_role").values["api_url"])
    visitor.page.locator(".st-key-colleague_language").get_by_text("Svenska", exact=True).click()
    expect(message).to_contain_text(text("sv", "colleague.closing").partition("\n")[0])
    link = visitor.page.get_by_role("link", name=visitor.says("colleague.send"))
    expect(link).to_have_attribute("href", re.compile(r"^mailto:\?subject=.+&body=.+"))
    assert "".join(visitor.page.locator("h1").all_inner_texts()) == visitor.says("verify.phase.failed")


def test_stop_ends_the_checks_calmly_and_the_values_stay(visitor: Visitor, shop: HangingShop, origin: str) -> None:
    visitor.start()
    visitor.choose_address(origin, origin.removeprefix("http://"))
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.type_in(access_token=key_of("works"), secret=PASSWORD)
    visitor.submit()
    shop.until(lambda: shop.open == 1)
    visitor.page.wait_for_function(_ELAPSED)
    visitor.press(visitor.says("verify.stop"))
    visitor.sees(visitor.says("verify.stopped_body"))
    shop.until(lambda: shop.open == 0)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(visitor.says("verify.phase.stopped"))
    visitor.settle()
    visitor.go_on(visitor.says("verify.edit"), "enter")
    visitor.sees_kept("access_token", key_of("works"))
    visitor.sees_kept("secret", PASSWORD)
