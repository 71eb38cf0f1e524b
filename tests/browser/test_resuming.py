"""Nothing is lost by a reload, a closed tab, the back button or an address out of turn."""

from playwright.sync_api import expect

from tests.browser.visitor import PASSWORD, Visitor, key_of
from tests.browser.words import scenario
from xtnd_wizard.wizard.steps import Step

HOST = scenario("works").values["api_url"]


def test_a_reload_of_any_page_of_the_walk_loses_nothing(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.reload("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    expect(visitor.field("api_url")).to_have_value(HOST)

    visitor.type_in(access_token=key_of("works"), api_url=HOST)
    visitor.submit()
    visitor.sees(visitor.says("enter.mend"))
    visitor.settle()
    visitor.reload("enter")
    visitor.sees_kept("access_token", key_of("works"))
    expect(visitor.field("api_url")).to_have_value(HOST)
    visitor.type_in(secret=PASSWORD)
    visitor.verify_well()

    answers = visitor.page.locator("code")
    before = answers.all_inner_texts()
    visitor.reload("verify")
    visitor.sees(visitor.says("verify.passed_title"))
    assert answers.all_inner_texts() == before
    visitor.confirm_shop()

    visitor.reload("save")
    visitor.save()


def test_a_closed_tab_is_continued_from_the_start_page(visitor: Visitor) -> None:
    visitor.walk_to("verify")
    visitor.page.close()
    later = visitor.another_tab()
    later.open()
    left_at = later.says("unfinished.left_at", step=later.says("step.verify"))
    expect(later.unfinished().get_by_text(left_at)).to_be_visible()
    later.go_on_with_draft("verify")
    later.sees(later.says("verify.passed_title"))


def test_starting_over_forgets_what_was_entered(visitor: Visitor) -> None:
    visitor.walk_to("enter")
    visitor.open()
    visitor.unfinished().get_by_role("button").last.click()
    visitor.sees(visitor.says("notice.discarded"))
    expect(visitor.unfinished()).to_have_count(0)
    visitor.go_on(visitor.says("welcome.start"), "system")


def test_an_address_out_of_turn_leads_to_the_beginning_and_says_so(visitor: Visitor) -> None:
    for step in (Step.OBTAIN, Step.DONE):
        visitor.open(step, arrive_at="system")
        visitor.sees(visitor.says("notice.out_of_turn"))


def test_an_address_out_of_turn_leads_to_the_step_that_is_waiting(visitor: Visitor) -> None:
    visitor.walk_to("enter")
    visitor.open("save", arrive_at="verify")
    visitor.sees(visitor.says("notice.out_of_turn"))
    visitor.go_on(visitor.says("verify.now"), "verify")
    visitor.sees(visitor.says("verify.passed_title"))


def test_after_saving_the_back_button_and_every_step_lead_to_what_was_saved(visitor: Visitor) -> None:
    visitor.walk_to("done")
    visitor.page.go_back()
    visitor.sees(visitor.says("notice.already_saved"))
    visitor.sees_page("done")
    visitor.open("enter", arrive_at="done")
    visitor.sees(visitor.says("notice.already_saved"))


def test_the_back_button_goes_back_step_by_step_and_loses_nothing(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.page.go_back()
    visitor.sees_page("obtain")
    visitor.page.go_back()
    visitor.sees_page("system")
    visitor.sees(HOST)
    visitor.page.go_forward()
    visitor.sees_page("obtain")
    visitor.page.go_forward()
    visitor.sees_page("enter")
    expect(visitor.field("api_url")).to_have_value(HOST)
