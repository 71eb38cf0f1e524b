"""The form as three people meet it: with all values in one mail, with two values swapped, and interrupted half-way."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.test_secrets import assert_unseen
from tests.browser.visitor import PASSWORD, Visitor, key_of, sandbox_host
from xtnd_wizard.systems import all_systems

MAIL = """Hej!

Här kommer uppgifterna som du bad om:
Adress: https://{host}/login
API-nyckel: {key}
Lösenord: {password}

Hälsningar
Eva
https://www.ullboden.se"""
SWAPPABLE = next(
    system for system in all_systems() if len([field for field in system.fields if field.sealed and field.shape]) > 1
)
"""A system in which the shapes of two values tell them apart."""
PHONE = {"width": 390, "height": 844}


def paste(visitor: Visitor, text: str) -> None:
    """Paste into the box for a whole message."""
    visitor.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    visitor.page.locator(".st-key-enter_message textarea").click()
    visitor.page.keyboard.press("ControlOrMeta+V")


def test_a_shop_owner_on_a_phone_pastes_one_mail_and_is_done(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv", viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    host, key = sandbox_host("Norrskens"), key_of("works")
    visitor.start()
    visitor.choose_marketplace(host[:5], host)
    visitor.go_on(visitor.says("obtain.have_it"), "enter")
    paste(visitor, MAIL.format(host=host, key=key, password=PASSWORD))
    visitor.sees_kept("access_token", key)
    visitor.sees_kept("secret", PASSWORD)
    visitor.settle()
    expect(visitor.field("api_url")).to_have_value(host)
    check = visitor.button(visitor.says("enter.looks_right"))
    for shown in (visitor.kept("access_token"), visitor.kept("secret"), visitor.field("api_url"), check):
        expect(shown).to_be_in_viewport(ratio=1)
    assert_unseen(visitor, key, PASSWORD, "Ullboden.se")
    check.click()
    visitor.sees(visitor.says("verify.passed_title"))
    visitor.settle()
    visitor.confirm_shop()
    visitor.save()


def test_a_mail_pasted_into_the_password_is_read_line_by_line(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv", permissions=["clipboard-read", "clipboard-write"])
    visitor.walk_to("obtain")
    host = visitor.page.locator(".st-key-have_it")
    expect(host).to_be_visible()
    visitor.go_on(visitor.says("obtain.have_it"), "enter")
    text = MAIL.format(host=visitor.field("api_url").input_value(), key=key_of("works"), password=PASSWORD)
    visitor.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    visitor.field("secret").click()
    visitor.page.keyboard.press("ControlOrMeta+V")
    visitor.sees_kept("secret", PASSWORD)
    visitor.sees_kept("access_token", key_of("works"))
    visitor.verify_well()


def test_two_swapped_values_are_put_right_by_one_click(visitor: Visitor) -> None:
    one, other = (field.name for field in SWAPPABLE.fields if field.sealed and field.shape)
    values = SWAPPABLE.sandbox.scenarios[0].values
    visitor.start()
    visitor.choose_system(SWAPPABLE, values["api_url"])
    visitor.page.locator(".st-key-have_it button").click()
    visitor.sees_page("enter")
    visitor.field(one).fill(values[other])
    visitor.field(other).fill(values[one])
    visitor.field(other).press("Enter")
    swap = visitor.button(visitor.says("enter.swap"))
    expect(swap).to_be_visible()
    visitor.settle()
    expect(visitor.page.locator('[data-testid="stBaseButton-primary"]')).to_have_count(1)
    expect(visitor.page.locator('[class*="st-key-check_"]')).to_have_count(0)
    swap.click()
    visitor.sees(visitor.says("verify.passed_title"))


def test_what_was_typed_and_left_survives_a_reload_and_moves_nothing(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    before = visitor.field("api_url").bounding_box()
    visitor.field("access_token").fill(key_of("works"))
    visitor.field("secret").click()
    visitor.sees_kept("access_token", key_of("works"))
    visitor.settle()
    expect(visitor.field("secret")).to_be_focused()
    after = visitor.field("api_url").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) <= 1
    visitor.reload("enter")
    visitor.sees_kept("access_token", key_of("works"))
    assert_unseen(visitor, key_of("works"))


def test_each_tab_keeps_its_draft_and_another_system_begins_another_one(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    mine = visitor.page.url.partition("?")[2]
    other = visitor.another_tab()
    other.open()
    expect(other.unfinished()).to_have_count(1)
    other.press(other.says("welcome.start"))
    other.sees_page("system")
    other.choose_system(SWAPPABLE, SWAPPABLE.sandbox.scenarios[0].values["api_url"])
    expect(other.page.locator(".st-key-have_it")).to_be_visible()
    assert other.page.url.partition("?")[2] not in ("", mine)
    visitor.reload("obtain")
    assert visitor.page.url.partition("?")[2] == mine
    visitor.page.get_by_role("link", name=visitor.says("nav.connections")).click()
    visitor.sees_page("connections")
    expect(visitor.unfinished()).to_have_count(2)
