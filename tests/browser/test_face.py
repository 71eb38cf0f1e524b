"""What the wizard looks like: fonts of its own, a header of one line, and an operator's brand in its place."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import NewVisitor, usual
from tests.browser.server import serving
from tests.browser.tour import STOPS, tour
from tests.browser.visitor import Visitor
from xtnd_wizard.domain.colors import Color
from xtnd_wizard.ui.palette import accents

PHONE = {"width": 390, "height": 844}
TALLEST_LINE = 56
"""Pixels: a header in which something wraps is taller."""
DRAWN_BY = """async family => {
    await document.fonts.ready;
    const pen = document.createElement("canvas").getContext("2d");
    const width = (letter, fallback) => {
        pen.font = `40px ${family}, ${fallback}`;
        return pen.measureText(letter).width;
    };
    await Promise.all([..."åäöéłß"].map(letter => document.fonts.load(`40px ${family}`, letter)));
    return [..."åäöéłß"].filter(letter => width(letter, "serif") !== width(letter, "monospace"));
}"""
"""The letters that a family leaves to whatever stands behind it."""


@pytest.mark.parametrize("family", ["Figtree", "Bricolage"])
def test_our_fonts_draw_every_letter_and_nothing_is_fetched_from_elsewhere(visitor: Visitor, family: str) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open()
    assert visitor.page.evaluate(DRAWN_BY, family) == []
    hosts = {urlsplit(address).netloc for address in asked if not address.startswith("data:")}
    assert hosts == {urlsplit(visitor.server.url).netloc}


def test_the_header_is_one_line_on_a_phone_and_start_is_on_the_first_screen(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv", viewport=PHONE)
    heights = {}
    for stop in tour(visitor):
        header = visitor.page.locator(".st-key-frame_header").bounding_box()
        heights[stop] = header["height"] if header else 0
        if stop == "welcome":
            expect(visitor.button(visitor.says("welcome.start"))).to_be_in_viewport(ratio=1)
    assert tuple(heights) == STOPS
    assert {stop: height for stop, height in heights.items() if not 24 <= height <= TALLEST_LINE} == {}


def test_the_menu_of_a_phone_leads_where_the_links_of_a_wide_screen_lead(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(viewport=PHONE)
    visitor.start()
    links = visitor.page.get_by_role("link", name=visitor.says("nav.connections"))
    expect(links.filter(visible=True)).to_have_count(0)
    visitor.page.get_by_role("button", name=visitor.says("nav.menu")).click()
    links.filter(visible=True).click()
    visitor.sees_page("connections")
    expect(visitor.page.get_by_role("link", name=visitor.says("nav.exit")).filter(visible=True)).to_have_count(0)


def test_a_connection_that_turns_green_moves_once_and_not_for_who_wants_no_motion(new_visitor: NewVisitor) -> None:
    seen = {}
    for motion in ("no-preference", "reduce"):
        visitor = new_visitor(reduced_motion=motion)
        visitor.walk_to("verify")
        seen[motion] = visitor.page.locator(".st-key-connection_green").evaluate(
            "card => getComputedStyle(card).animationName"
        )
        visitor.page.reload()
        visitor.sees(visitor.says("verify.passed_title"))
        expect(visitor.page.locator(".st-key-connection_green")).to_have_count(0)
    assert seen == {"no-preference": "connection-green-card", "reduce": "none"}


def test_an_operators_brand_stands_everywhere_in_the_place_of_ours(browser: Browser, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20"><rect width="90" height="20"/></svg>')
    name, help_at, color = "Nordhandel *Connect*", "help@nordhandel.example", Color.parse("#e3a1d0")
    settings = {"NAME": name, "LOGO_FILE": str(logo), "COLOR": str(color), "SUPPORT": help_at}
    (tmp_path / "wizard").mkdir()
    with (
        serving(tmp_path / "wizard", **{f"XTND_BRAND_{part}": value for part, value in settings.items()}) as server,
        browser.new_context(**usual()) as context,
    ):
        visitor = Visitor(context, server)
        visitor.open()
        expect(visitor.page).to_have_title(name)
        wordmark = visitor.page.get_by_role("link", name=name, exact=True)
        expect(wordmark).to_be_visible()
        expect(visitor.page.get_by_role("link", name=help_at)).to_have_attribute("href", f"mailto:{help_at}")
        shade = accents(color).light
        expect(visitor.button(visitor.says("welcome.start"))).to_have_css(
            "background-color", f"rgb({shade.red}, {shade.green}, {shade.blue})"
        )
        assert "/brand/logo" in wordmark.evaluate("link => getComputedStyle(link, '::before').backgroundImage")
        assert visitor.says("product.name") not in visitor.page.content()
        assert visitor.troubles == []
