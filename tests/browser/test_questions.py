"""A whole message in the password's field, pasted as people paste: asked about beside the field, and never shown."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import PASSWORD, Visitor, key_of, sandbox_host
from tests.pasted import MESSAGE
from xtnd_wizard.systems.recognition import Paste

WORDS = str(len(MESSAGE.split()))
"""A browser makes one line of several in a field of one line, so words are what is left to count."""


def paste(visitor: Visitor, field: str, text: str) -> None:
    visitor.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    visitor.field(field).click()
    visitor.page.keyboard.press("ControlOrMeta+V")


def test_a_pasted_message_is_asked_about_and_may_be_pasted_anew(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(permissions=["clipboard-read", "clipboard-write"])
    host = sandbox_host("Norrskens")
    visitor.start()
    visitor.choose_marketplace(host[:5], host)
    visitor.read_guide()
    visitor.type_in(access_token=key_of("works"))
    paste(visitor, "secret", MESSAGE)
    visitor.sees(visitor.says("enter.message_nothing"))
    visitor.sees_kept("access_token", key_of("works"))
    expect(visitor.field("secret")).to_have_value("")
    visitor.field("secret").fill(MESSAGE.replace("\n", " "))
    visitor.submit()
    asked = visitor.page.locator(".st-key-question_secret")
    recognised = visitor.says(f"note.{Paste.WORDS}", words=WORDS)
    expect(asked.get_by_text(recognised)).to_be_visible()
    visitor.sees(visitor.says("enter.asked"))
    expect(asked.get_by_role("button", name=visitor.says("enter.yes"))).to_be_visible()
    visitor.settle()
    assert not any(b"ullboden" in frame for frame in visitor.received)
    assert "ullboden" not in visitor.page.content()
    visitor.field("secret").fill(PASSWORD)
    visitor.field("secret").press("Enter")
    visitor.sees(visitor.says("verify.passed_title"))


def test_one_click_uses_what_was_asked_about(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv")
    host = sandbox_host("Norrskens")
    visitor.start()
    visitor.choose_marketplace(host[:5], host)
    visitor.read_guide()
    visitor.type_in(access_token=key_of("works"), secret=f"https://{host}/login")
    visitor.submit()
    visitor.sees(visitor.says("enter.asked"))
    visitor.settle()
    visitor.press(visitor.says("enter.yes"))
    visitor.sees(visitor.says("verify.passed_title"))
