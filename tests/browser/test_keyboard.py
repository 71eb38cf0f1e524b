"""The whole walk without a mouse."""

from playwright.sync_api import Locator, expect

from tests.browser.visitor import MAIN_BUTTON, PASSWORD, Visitor, key_of
from tests.browser.words import FIRST, guide, scenario

_MOST_TABS = 60


def test_a_demo_is_walked_from_welcome_to_saved_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.open()
    press_by_key(visitor, visitor.button(visitor.says("welcome.demo")))
    visitor.sees_page("demo")
    press_by_key(visitor, visitor.page.locator(f".st-key-story_{FIRST}_wrong_key button"))
    visitor.sees_page("enter")
    press_by_key(visitor, visitor.kept("access_token").get_by_role("button"))
    type_by_key(visitor, visitor.field("access_token"), key_of("works"))
    visitor.page.keyboard.press("Enter")
    visitor.sees_page("verify")
    visitor.sees(visitor.says("verify.passed_title"))
    press_by_key(visitor, visitor.button(visitor.says("verify.shop_yes")))
    visitor.sees_page("save")
    type_by_key(visitor, visitor.page.get_by_role("textbox", name=visitor.says("save.name")), "By keyboard")
    press_by_key(visitor, visitor.button(visitor.says("save.save")))
    visitor.sees_page("done")
    visitor.sees("By keyboard")


def test_the_marketplace_and_the_three_values_are_entered_by_keyboard_alone(visitor: Visitor) -> None:
    host = scenario("works").values["api_url"]
    visitor.open()
    press_by_key(visitor, visitor.button(visitor.says("welcome.start")))
    visitor.sees_page("system")
    type_by_key(visitor, visitor.page.get_by_role("searchbox", name=guide()["place"]["find"]), host[:8])
    expect(visitor.page.get_by_role("radio", description=host)).to_be_checked()
    visitor.sees(host)
    visitor.settle()
    press_by_key(visitor, visitor.page.locator(MAIN_BUTTON))
    visitor.sees_page("obtain")
    press_by_key(visitor, visitor.page.locator(MAIN_BUTTON))
    visitor.sees_page("enter")
    type_by_key(visitor, visitor.field("access_token"), key_of("works"))
    type_by_key(visitor, visitor.field("secret"), PASSWORD)
    press_by_key(visitor, visitor.page.locator(MAIN_BUTTON))
    visitor.sees_page("verify")
    visitor.sees(visitor.says("verify.passed_title"))


def test_every_stop_shows_that_it_has_the_focus_and_nothing_covers_it(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    press_by_key(visitor, visitor.page.locator(MAIN_BUTTON))
    visitor.sees_page("enter")
    stops = set()
    while (stop := next_stop(visitor)) and stop not in stops:
        stops.add(stop)
        seen = visitor.page.evaluate(_SEEN)
        assert seen["isShown"], f"nothing shows the focus of {stop}"
        assert seen["isFree"], f"{stop} has the focus under something else"
    assert len(stops) > len(("key", "password", "host", "button"))


_SEEN = """() => {
    const { activeElement } = document;
    const look = () => {
        const looks = [];
        for (let part = activeElement, up = 0; part && up < 4; part = part.parentElement, up++) {
            const style = getComputedStyle(part);
            looks.push(style.outline, style.boxShadow, style.borderColor);
        }
        return looks.join();
    };
    const { left, top, width, height } = activeElement.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    const focused = look();
    activeElement.blur();
    const blurred = look();
    activeElement.focus({ focusVisible: true });
    return { isShown: focused !== blurred, isFree: activeElement.contains(over) || over?.contains(activeElement) };
}"""


def next_stop(visitor: Visitor) -> str:
    """Where the next press of Tab leads to; nothing where it leaves the page."""
    visitor.page.keyboard.press("Tab")
    return str(visitor.page.evaluate(_STOP))


_STOP = """() => {
    const { activeElement, body } = document;
    const place = [...document.querySelectorAll("*")].indexOf(activeElement);
    return activeElement === body ? "" : `${place} ${activeElement.outerHTML.slice(0, 120)}`;
}"""


def reach(visitor: Visitor, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(_MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached with {_MOST_TABS} presses of Tab")


def press_by_key(visitor: Visitor, target: Locator) -> None:
    reach(visitor, target)
    visitor.page.keyboard.press("Enter")


def type_by_key(visitor: Visitor, target: Locator, words: str) -> None:
    reach(visitor, target)
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type(words)
