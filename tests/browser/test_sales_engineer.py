"""A sales engineer, one minute before a call: how many clicks it takes, and that each story can be told to its end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.stories import LOOK, begin, told
from tests.browser.visitor import Visitor

COUNT_CLICKS = "addEventListener('click', event => event.isTrusted && (window.clicks = (window.clicks ?? 0) + 1), true)"


def clicks(visitor: Visitor) -> int:
    """How often the mouse was pressed since the page was loaded."""
    return int(visitor.page.evaluate("window.clicks ?? 0"))


def test_four_clicks_lead_to_saved_and_one_from_a_wrong_key_to_its_cure(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script(COUNT_CLICKS)
    visitor.open()
    visitor.go_on(visitor.says("welcome.demo"), "demo")
    page.get_by_role("button", name=visitor.says("stories.smooth.title")).click()
    visitor.sees_page("enter")
    visitor.verify_well()
    visitor.press(visitor.says("director.save"))
    visitor.sees_page("done")
    visitor.sees(visitor.says("done.demo_note"))
    expect(page.locator(".practice-chip")).to_have_text(visitor.says("connections.practice"))
    assert clicks(visitor) == 4
    begin(visitor, "wrong_key")
    visitor.submit()
    visitor.sees(visitor.says("director.fix"))
    before = clicks(visitor)
    visitor.press(visitor.says("director.fix"))
    visitor.sees(visitor.says("verify.passed_title"))
    assert clicks(visitor) - before == 1


@pytest.mark.parametrize("code", ["swapped", "proxy"])
def test_a_story_is_told_to_its_good_end(new_visitor: Callable[..., Visitor], code: str) -> None:
    tell = dict(told())[code]
    assert list(tell(new_visitor(**LOOK))) == [f"{code}-1", f"{code}-2"]
