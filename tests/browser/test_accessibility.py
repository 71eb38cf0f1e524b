"""Axe finds nothing on any page, in any language or theme; nor do we, where axe does not look."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import NewVisitor
from tests.browser.tour import STOPS, tour
from tests.browser.visitor import Visitor, key_of
from xtnd_wizard.i18n import LANGUAGES

_AXE = Axe()
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_CHANGES_WITH_THE_THEME = ["color-contrast"]
_LOOKS = (Path(__file__).parent / "looks.js").read_text("utf-8")
_IN_SCHEME = """scheme => getComputedStyle(document.querySelector('[data-testid="stApp"]')).colorScheme === scheme
    && !document.getAnimations().length"""
_WIDE: ViewportSize = {"width": 1100, "height": 900}
_NARROW: ViewportSize = {"width": 320, "height": 640}
_GROWN = """async () => {
    const style = document.head.appendChild(document.createElement("style"));
    style.textContent = `* { line-height: 1.5 !important }
        * { letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`;
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const main = document.querySelector('[data-testid="stMain"]');
    const wide = [...main.querySelectorAll("*")].filter(part => part.getBoundingClientRect().right > 321
        && !part.closest("pre, .live-region") && part.checkVisibility());
    style.remove();
    return wide.slice(0, 3).map(part => `wider than 320 px with spaced text: ${part.outerHTML.slice(0, 120)}`);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_found_in_any_state_in_either_theme(new_visitor: NewVisitor, language: str) -> None:
    visitor = new_visitor(language)
    found = {stop: list(findings(visitor.page, language)) for stop in tour(visitor)}
    assert tuple(found) == STOPS
    assert not any(found.values()), "\n".join(f"{stop}: {words}" for stop in found for words in found[stop])


def findings(page: Page, language: str) -> Iterator[str]:
    """What is wrong with a page in the light and in the dark. Other words have no other colours."""
    yield from objections(page, EVERYTHING)
    yield from page.evaluate(_LOOKS, [language])
    if language == next(iter(LANGUAGES)):
        in_scheme(page, "dark")
        yield from objections(page, _CHANGES_WITH_THE_THEME)
        yield from page.evaluate(_LOOKS, [language])
        in_scheme(page, "light")
        page.set_viewport_size(_NARROW)
        yield from page.evaluate(_GROWN)
        page.set_viewport_size(_WIDE)


def in_scheme(page: Page, scheme: Any) -> None:
    """Switch between light and dark, as the system of the visitor's computer would."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(_IN_SCHEME, arg=scheme)


def objections(page: Page, rules: list[str]) -> Iterator[str]:
    """What axe objects to, each with the piece of the page."""
    for broken in _AXE.run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]:
        for node in broken["nodes"]:
            yield f"{broken['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"


def test_a_new_page_begins_at_its_heading_and_a_redrawn_one_where_it_was(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the header
    expect(page.locator("h1")).to_be_focused()
    visitor.walk_to("obtain")
    page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTo(0, main.scrollHeight)")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    expect(page.locator("h1")).to_be_focused()
    assert page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTop") == 0
    assert page.title() == f"{visitor.says('step.enter')} · {visitor.says('product.name')}"
    visitor.walk_to("enter")
    visitor.kept("access_token").get_by_role("button").press("Enter")
    expect(visitor.field("access_token")).to_be_focused()


def test_a_hint_stays_while_it_is_pointed_at_and_goes_with_escape(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.page.get_by_role("button", name=f"Help for {visitor.label('access_token')}").focus()
    hint = visitor.page.get_by_role("tooltip")
    expect(hint).to_be_visible()
    hint.hover()
    expect(hint).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(hint).to_have_count(0)


def test_an_error_is_tied_to_its_field_and_names_it(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.type_in(api_url="https://192.0.2.1/", access_token=key_of("works"))
    visitor.submit()
    wrong = visitor.field("api_url")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    error = visitor.page.locator(f"#{wrong.get_attribute('aria-describedby')}")
    expect(error).to_contain_text(visitor.label("api_url"))
    expect(error.get_by_role("alert")).to_be_visible()


def test_what_is_announced_is_heard_once(visitor: Visitor) -> None:
    visitor.open()
    polite = visitor.page.locator('.live-region[role="status"] p')
    urgent = visitor.page.locator('.live-region[role="alert"] p')
    for number in ("1", "1", "2"):  # a page that is redrawn draws its marks anew
        visitor.page.evaluate(_MARK, [number, f"answer {number}", "false"])
    expect(polite).to_have_text(["answer 1", "answer 2"])
    visitor.page.evaluate(_MARK, ["3", "stop <b>now</b>", "true"])
    expect(urgent).to_have_text(["stop <b>now</b>"])
    expect(polite).to_have_count(2)


_MARK = """([number, announce, urgent]) => {
    const mark = document.createElement("span");
    Object.assign(mark.dataset, { number, announce, urgent });
    mark.className = "assistive";
    document.querySelector('[data-testid="stMain"]').append(mark);
}"""


def test_the_names_of_the_fields_are_read_out_without_markup(visitor: Visitor) -> None:
    visitor.walk_to("enter")
    visitor.replace("access_token", key_of("works"))
    for field in ("access_token", "api_url"):
        expect(visitor.page.get_by_role("textbox", name=visitor.label(field))).to_be_visible()
    for role in ("textbox", "button"):
        expect(visitor.page.get_by_role(role, name="**")).to_have_count(0)
