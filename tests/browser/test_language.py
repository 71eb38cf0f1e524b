"""The browser's language is spoken, and the one that was switched to is kept."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from xtnd_wizard.i18n import LANGUAGES


def test_a_swedish_browser_is_spoken_to_in_swedish(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv")
    visitor.walk_to("obtain")
    visitor.read_guide()
    visitor.open("connections")
    visitor.sees(visitor.says("connections.none"))


def test_a_browser_of_another_language_is_spoken_to_in_english(new_visitor: NewVisitor) -> None:
    new_visitor(locale="fi-FI").open()


def test_the_language_is_switched_on_the_spot_and_survives_a_reload(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    for language in ("sv", "en"):
        visitor.language = language
        visitor.page.get_by_role("link", name=language.upper(), exact=True).click()
        visitor.sees_page("obtain")
        visitor.reload("obtain")
        current = visitor.page.locator(".languages [aria-current]")
        expect(current).to_have_text(language.upper())
        expect(current).to_have_attribute("title", LANGUAGES[language])


def test_a_switched_language_wins_over_the_browsers(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("sv")
    visitor.open()
    visitor.language = "en"
    visitor.page.get_by_role("link", name="EN", exact=True).click()
    visitor.sees_page("welcome")
    visitor.open("demo")
