"""A bookkeeper whose channel is connected from inside XTND: an honest end, in Swedish."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from xtnd_wizard.systems import all_systems

SYSTEM = next(system for system in all_systems() if system.oauth)
PHONE = {"width": 390, "height": 844}


def test_a_bookkeeper_sees_what_is_left_and_takes_the_list_along(new_visitor: NewVisitor, tmp_path: Path) -> None:
    bookkeeper = new_visitor("sv", viewport=PHONE)
    page = bookkeeper.page
    needs = SYSTEM.guide("sv")["by_hand"]["needs"]
    bookkeeper.open("system")
    bookkeeper.pick(SYSTEM.name)
    bookkeeper.press(bookkeeper.says("system.next"))
    expect(page.get_by_text(bookkeeper.says("nav.step_of", number="2", total="3"))).to_be_visible()
    bookkeeper.press(bookkeeper.says("obtain.by_hand_done"))
    bookkeeper.sees(bookkeeper.says("by_hand.left_title"))
    bookkeeper.sees(bookkeeper.says("by_hand.none_lead"))
    expect(page.get_by_text(re.compile("systemadministratör")).first).to_be_visible()
    bookkeeper.press(bookkeeper.says("by_hand.back"))
    page.get_by_text(needs[1]["label"], exact=True).click()
    bookkeeper.settle()
    page.reload()
    bookkeeper.settle()
    expect(page.get_by_role("checkbox", name=needs[1]["label"])).to_be_checked()
    bookkeeper.press(bookkeeper.says("obtain.by_hand_done"))
    bookkeeper.sees(bookkeeper.says("by_hand.left_lead"))
    with page.expect_download() as download:
        bookkeeper.press(bookkeeper.says("handover.download"))
    download.value.save_as(tmp_path / "list.html")
    page.goto((tmp_path / "list.html").as_uri())
    expect(page.locator("li.done")).to_have_text([needs[1]["label"]])
    expect(page.get_by_text(needs[0]["cure"])).to_be_visible()
    expect(page.get_by_text("Godkänn koppling till").first).to_be_visible()
    bookkeeper.open()
    expect(bookkeeper.unfinished()).to_be_visible()
