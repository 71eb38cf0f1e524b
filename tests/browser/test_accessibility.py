"""Axe finds nothing serious on any page, in either theme."""

from collections.abc import Iterator
from itertools import product
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.tour import STOPS, tour
from tests.browser.visitor import Visitor, key_of

Theme = Literal["light", "dark"]
_COUNTS = ("serious", "critical")
_THEMES: tuple[Theme, ...] = ("light", "dark")


def test_axe_finds_nothing_serious_on_any_page_in_either_theme(visitor: Visitor) -> None:
    found = {(stop, theme): violations(visitor) for stop in tour(visitor) for theme in each_theme(visitor)}
    assert tuple(found) == tuple(product(STOPS, _THEMES))
    problems_found = [f"{stop}, {theme}: {words}" for (stop, theme), violated in found.items() for words in violated]
    assert not problems_found, "\n".join(problems_found)


def each_theme(visitor: Visitor) -> Iterator[Theme]:
    """Show a page in each theme, and the light one again."""
    for theme in _THEMES:
        show(visitor, theme)
        yield theme
    show(visitor, "light")


def show(visitor: Visitor, theme: Theme) -> None:
    """Change the theme of the system, and see the page follow."""
    visitor.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(visitor.page.locator("[data-testid=stApp]")).to_have_css("color-scheme", theme)
    visitor.settle()


def test_the_names_of_the_fields_are_read_out_without_markup(visitor: Visitor) -> None:
    visitor.walk_to("enter")
    visitor.replace("access_token", key_of("works"))
    for field in ("access_token", "api_url"):
        expect(visitor.page.get_by_role("textbox", name=visitor.label(field))).to_be_visible()
    for role in ("textbox", "button"):
        expect(visitor.page.get_by_role(role, name="**")).to_have_count(0)


def violations(visitor: Visitor) -> list[str]:
    """What axe objects to, each with the piece of the page."""
    problems_found = Axe().run(visitor.page).response["violations"]
    return [
        f"{broken['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for broken in problems_found
        if broken["impact"] in _COUNTS
        for node in broken["nodes"]
    ]
