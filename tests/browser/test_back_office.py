"""The guide's steps done in the practice back office, on a phone, and the key that was made there saved."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor, sandbox_host
from xtnd_wizard.i18n import text

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def go(office: Page, role: str, name: str) -> None:
    """Press what has this name, and see that the page it leads to fits the phone."""
    found: Locator = office.get_by_role("button" if role == "button" else "link", name=name, exact=True)
    found.click()
    expect(office.get_by_role("heading", level=1)).to_be_visible()
    assert not office.evaluate(SCROLLS_SIDEWAYS)
    assert not [found["id"] for found in Axe().run(office).response["violations"]]


def copied(office: Page, label: str, visitor: Visitor, field: str) -> str:
    """Copy a value by the button beside it, and paste it into the wizard's form."""
    office.bring_to_front()
    button = office.get_by_role("button", name=f"{text('sv', 'office.copy_button')}: {label}")
    value = office.locator(".value", has=button).locator("code").inner_text()
    button.click()
    expect(office.get_by_text(text("sv", "office.copied"), exact=True)).to_be_visible()
    visitor.page.bring_to_front()
    visitor.field(field).click()
    visitor.page.keyboard.press("Control+V")
    return value


def test_a_key_made_in_the_back_office_on_a_phone_is_verified_and_saved(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv", **PHONE)
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    host = sandbox_host("Norrsken")
    visitor.start()
    visitor.choose_marketplace("Norrsken", host)
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name=visitor.says("obtain.office")).click()
    office = opened.value
    office.on("pageerror", lambda error: visitor.troubles.append(error.message))
    office.on("console", visitor._hear)
    expect(office.get_by_text(visitor.says("office.ribbon"), exact=True)).to_be_visible()
    expect(office.get_by_text(host, exact=True)).to_be_visible()
    visitor.read_guide()
    copied(office, "Password", visitor, "secret")
    go(office, "button", visitor.says("office.sign_in_title"))
    office.locator("summary").click()
    go(office, "link", "My user settings")
    go(office, "link", "API key")
    go(office, "button", "Generate a new key")
    key = copied(office, "API key", visitor, "access_token")
    visitor.verify_well()
    visitor.confirm_shop()
    visitor.save()
    visitor.sees(visitor.says("xtnd.ends_in", last4=key[-4:]))
