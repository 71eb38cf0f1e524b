"""Each system from Welcome to Saved on its sandbox, in a browser, with axe at each stop."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import EVERYTHING, objections
from tests.browser.visitor import Visitor
from tests.browser.words import own_words
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, System

PASTED = [system for system in all_systems() if not system.oauth]
APPROVED = [system for system in all_systems() if system.oauth]


def by_code(system: System) -> str:
    return system.code


@pytest.mark.parametrize("system", PASTED, ids=by_code)
def test_a_system_is_walked_from_welcome_to_saved(visitor: Visitor, system: System) -> None:
    works = system.sandbox.scenarios[0]
    words = own_words(system, visitor.language, system.auth_method_of(works.values))
    problems_found: list[str] = []
    visitor.start()
    visitor.choose_system(system, works.values[API_URL])
    visitor.sees(words["obtain"]["title"])
    visitor.choose_way(system, works)
    problems_found += objections(visitor.page, EVERYTHING)
    visitor.go_on(visitor.says("obtain.next"), "enter")
    problems_found += objections(visitor.page, EVERYTHING)
    for field in system.fields_of(system.auth_method_of(works.values)):
        if field.typed and field.required:
            visitor.field(field.name).fill(works.values[field.name])
    visitor.verify_after_reading_back()
    problems_found += objections(visitor.page, EVERYTHING)
    assert problems_found == []
    visitor.confirm_shop()  # from here on the pages are alike for all systems, and the tour looks at them
    visitor.save()
    visitor.open("connections")
    expect(visitor.connections()).to_contain_text(system.name)


@pytest.mark.parametrize("system", APPROVED, ids=by_code)
def test_a_system_without_values_to_paste_is_approved_at_its_sandbox_page(visitor: Visitor, system: System) -> None:
    approve = next(found for found in system.sandbox.scenarios if found.values.keys() == {API_URL})
    words = own_words(system, visitor.language)
    visitor.open("demo")
    visitor.pick(system.name)
    visitor.unfold_every_way()
    visitor.page.locator(f".st-key-demo_{system.code}_{approve.code} button").click()
    visitor.sees(words["consent"]["title"])
    visitor.settle()
    problems_found = [*objections(visitor.page, EVERYTHING)]
    visitor.page.get_by_role("link", name=words["consent"]["button"]).click()
    problems_found += objections(visitor.page, EVERYTHING)
    visitor.page.get_by_role("link").first.click()
    visitor.sees(visitor.says("verify.passed_title"))
    visitor.settle()
    assert "code=" not in visitor.page.url
    problems_found += objections(visitor.page, EVERYTHING)
    visitor.confirm_shop()
    visitor.save()
    assert [*problems_found, *objections(visitor.page, EVERYTHING)] == []


def test_every_demo_of_every_system_is_offered_with_its_words(visitor: Visitor) -> None:
    visitor.open("demo")
    for system in all_systems():
        visitor.pick(system.name)
        visitor.unfold_every_way()
        words = own_words(system, visitor.language)["scenarios"]
        for scenario in system.sandbox.scenarios:
            visitor.sees(words[scenario.code]["title"])
            card = f"st-key-demo_{system.code}_{scenario.code}"
            expect(visitor.page.locator(f".{card} [class*='{card}_'] button")).to_be_visible()
