"""Each system from Welcome to Saved on its sandbox, in a browser, with axe at each stop."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.visitor import Visitor
from tests.browser.words import own_words
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, System

PASTED = [chosen for chosen in all_systems() if not chosen.consent]
APPROVED = [chosen for chosen in all_systems() if chosen.consent]


def by_code(chosen: System) -> str:
    return chosen.code


@pytest.mark.parametrize("chosen", PASTED, ids=by_code)
def test_a_system_is_walked_from_welcome_to_saved(visitor: Visitor, chosen: System) -> None:
    works = chosen.sandbox.scenarios[0]
    words = own_words(chosen, visitor.language, chosen.way_of(works.values))
    told: list[str] = []
    visitor.start()
    visitor.choose_system(chosen, works.values[API_URL])
    visitor.sees(words["obtain"]["title"])
    visitor.choose_way(chosen, works)
    told += violations(visitor)
    visitor.go_on(visitor.says("obtain.next"), "enter")
    told += violations(visitor)
    for field in chosen.fields_of(chosen.way_of(works.values)):
        if field.typed and field.required:
            visitor.field(field.name).fill(works.values[field.name])
    visitor.verify_after_reading_back()
    told += violations(visitor)
    visitor.confirm_shop()
    told += violations(visitor)
    visitor.save()
    told += violations(visitor)
    assert told == []
    visitor.open("connections")
    expect(visitor.connections()).to_contain_text(chosen.name)


@pytest.mark.parametrize("chosen", APPROVED, ids=by_code)
def test_a_system_without_values_to_paste_is_approved_at_its_practice_page(visitor: Visitor, chosen: System) -> None:
    approve = next(found for found in chosen.sandbox.scenarios if found.values.keys() == {API_URL})
    words = own_words(chosen, visitor.language)
    visitor.open("demo")
    visitor.pick(chosen.name)
    visitor.page.locator(f".st-key-demo_{chosen.code}_{approve.code} button").click()
    visitor.sees(words["consent"]["title"])
    visitor.settle()
    told = violations(visitor)
    visitor.page.get_by_role("link", name=words["consent"]["button"]).click()
    told += violations(visitor)
    visitor.page.get_by_role("link").first.click()
    expect(visitor.page.get_by_text(words["consent"]["approved"])).to_be_visible()
    visitor.settle()
    assert "code=" not in visitor.page.url
    told += violations(visitor)
    visitor.verify_well()
    visitor.confirm_shop()
    visitor.save()
    assert told + violations(visitor) == []


@pytest.mark.parametrize("chosen", all_systems(), ids=by_code)
def test_every_demo_of_a_system_is_offered_with_its_words(visitor: Visitor, chosen: System) -> None:
    visitor.open("demo")
    visitor.pick(chosen.name)
    words = own_words(chosen, visitor.language)["scenarios"]
    for scenario in chosen.sandbox.scenarios:
        visitor.sees(words[scenario.code]["title"])
        expect(visitor.page.locator(f".st-key-demo_{chosen.code}_{scenario.code} button")).to_be_visible()
