"""Narrow screens, and the two themes."""

from io import BytesIO

from PIL import Image, ImageStat
from playwright.sync_api import Locator, expect

from tests.browser.conftest import NewVisitor
from tests.browser.tour import STOPS, tour
from tests.browser.visitor import MAIN_BUTTON, Visitor

_PHONE = {"width": 390, "height": 844}
_BACKGROUND = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
_OVERFLOW = """() => [document.scrollingElement, ...document.querySelectorAll('[data-testid=stMain], .stApp')]
    .filter(box => box.scrollWidth > box.clientWidth)
    .map(box => `${box.className || box.tagName}: ${box.scrollWidth} > ${box.clientWidth}`)"""


def test_nothing_scrolls_sideways_on_a_phone_and_the_main_button_is_there(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv", viewport=_PHONE)  # the longer words
    stops, wide = [], {}
    for stop in tour(visitor):
        stops.append(stop)
        wide[stop] = visitor.page.evaluate(_OVERFLOW)
        assert_within_reach(visitor, stop)
    assert tuple(stops) == STOPS
    assert {stop: boxes for stop, boxes in wide.items() if boxes} == {}


def assert_within_reach(visitor: Visitor, stop: str) -> None:
    """The one main button is on the screen, but for the fraction of a pixel that scrolling may leave."""
    button = visitor.page.locator(MAIN_BUTTON).filter(visible=True)
    expect(button, stop).to_have_count(1)
    button.scroll_into_view_if_needed()
    expect(button, stop).to_be_in_viewport(ratio=0.98)


def test_the_dark_theme_is_dark_and_its_pictures_too(new_visitor: NewVisitor) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        visitor = new_visitor(color_scheme=scheme)
        visitor.walk_to("obtain")
        seen[scheme] = visitor.page.evaluate(_BACKGROUND), brightness(first_picture(visitor))
    assert seen["light"][0] != seen["dark"][0]
    assert seen["light"][1] > 150
    assert seen["dark"][1] < 80


def test_the_colours_and_the_pictures_follow_when_the_theme_changes_under_way(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    step = visitor.page.locator(".steps .now")
    light = step.evaluate("step => getComputedStyle(step).color")
    visitor.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(step).not_to_have_css("color", light)
    visitor.settle()
    assert brightness(first_picture(visitor)) < 80


def first_picture(visitor: Visitor) -> Locator:
    """The first picture of the guide."""
    return visitor.page.locator('[data-testid="stImage"] img').first


def brightness(picture: Locator) -> float:
    """How light a picture is on the whole, from 0 to 255."""
    shown = Image.open(BytesIO(picture.screenshot(animations="disabled"))).convert("L")
    return float(ImageStat.Stat(shown).mean[0])
