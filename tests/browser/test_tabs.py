"""Several tabs of one person, and several people at one server."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor, key_of, press_at_once


def test_two_tabs_that_press_save_at_once_make_one_connection(visitor: Visitor) -> None:
    visitor.walk_to("save")
    tabs = [visitor, visitor.another_tab()]
    tabs[1].open("save", draft=urlsplit(visitor.page.url).query)
    press_at_once(tabs, "save.save")
    for tab in tabs:
        tab.sees_page("done")
    visitor.open("connections")
    expect(visitor.connections()).to_have_count(1)


def test_a_check_does_not_count_for_what_another_tab_changed_meanwhile(visitor: Visitor) -> None:
    visitor.walk_to("save")
    other = visitor.another_tab()
    other.open("enter", draft=urlsplit(visitor.page.url).query)
    other.replace("access_token", key_of("wrong_key"))
    other.verify()
    visitor.press(visitor.says("save.save"))
    visitor.sees_page("verify")
    visitor.open("connections")
    visitor.sees(visitor.says("connections.none"))


def test_another_visitor_sees_neither_the_connections_nor_the_draft(visitor: Visitor, new_visitor: NewVisitor) -> None:
    visitor.walk_to("done")
    visitor.choose_demo("wrong_key")
    other = new_visitor()
    other.open("connections")
    other.sees(other.says("connections.none"))
    expect(other.connections()).to_have_count(0)
    other.open("enter", arrive_at="system")
    other.open()
    expect(other.button(other.says("welcome.start"))).to_be_visible()
    expect(other.unfinished()).to_have_count(0)
    visitor.open("connections")
    expect(visitor.connections()).to_have_count(1)
