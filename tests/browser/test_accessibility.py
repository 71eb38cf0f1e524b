"""Axe finds nothing serious on any page, in either theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.tour import STOPS, tour
from tests.browser.visitor import Visitor, key_of

_COUNTS = ("serious", "critical")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(new_visitor: NewVisitor, scheme: str) -> None:
    visitor = new_visitor(color_scheme=scheme)
    found = {stop: violations(visitor) for stop in tour(visitor)}
    assert tuple(found) == STOPS
    problems_found = [f"{stop}: {words}" for stop, violated in found.items() for words in violated]
    assert not problems_found, "\n".join(problems_found)


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
