"""What a demo ends at, and where it can be cured, at Saved; the words of each ending are read in tests/pages."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, key_of
from tests.browser.words import FIRST, guide, problem, scenario
from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems import get_system

SECONDS_TO_WAIT = 30
ENDINGS = {
    "wrong_key": (ProblemCode.KEY_REJECTED, {}),
    "suspended": ("account_suspended", {"shop": "Träslottet"}),
    "rate_limited": (ProblemCode.RATE_LIMITED, {"seconds": str(SECONDS_TO_WAIT)}),
    "another_site": (ProblemCode.NOT_AN_API, {}),
    "down": (ProblemCode.UPSTREAM_DOWN, {"status": "503"}),
}


def test_the_demo_that_works_is_saved(visitor: Visitor) -> None:
    visitor.choose_demo("works")
    visitor.verify_well()
    visitor.sees("Ullstugan")
    save(visitor)
    visitor.sees(visitor.says("done.demo_note"))


def test_trouble_that_passes_by_itself_blames_nobody_and_can_be_tried_again(visitor: Visitor) -> None:
    go_wrong(visitor, "down")
    again = visitor.button(visitor.says("verify.again"))
    expect(again).to_be_enabled()
    for field in get_system(FIRST).fields:
        expect(visitor.button(visitor.says("verify.fix", field=visitor.label(field.name)))).to_have_count(0)


def test_another_key_cures_a_key_that_was_refused(visitor: Visitor) -> None:
    go_wrong(visitor, "wrong_key")
    visitor.go_on(visitor.says("verify.fix", field=visitor.label("access_token")), "enter")
    visitor.type_in(access_token=key_of("works"))
    visitor.verify_well()
    save(visitor)


def test_another_host_cures_an_address_that_is_another_site(visitor: Visitor) -> None:
    go_wrong(visitor, "another_site")
    visitor.go_on(visitor.says("verify.fix", field=visitor.label("api_url")), "enter")
    host = scenario("works").values["api_url"]
    visitor.type_in(api_url=host)
    visitor.submit()
    visitor.press(visitor.says("host_change.keep", host=host))
    visitor.sees_page("verify")
    save(visitor)


def test_the_key_of_an_open_shop_cures_a_suspended_one(visitor: Visitor) -> None:
    go_wrong(visitor, "suspended")
    visitor.go_on(visitor.says("verify.edit"), "enter")
    visitor.replace("access_token", key_of("works"))
    visitor.verify_well()
    save(visitor)


def test_the_other_one_of_two_shops_is_reached_by_its_number(visitor: Visitor) -> None:
    visitor.choose_demo("two_shops")
    visitor.verify_well()
    visitor.sees("Lingonlyktan")
    visitor.sees("3310")
    visitor.go_on(visitor.says("verify.shop_no"), "enter")
    visitor.type_shop_id("3311")
    visitor.verify_well()
    visitor.sees("Lingonlyktan Outlet")
    visitor.sees("3311")
    save(visitor)


def test_asked_too_often_the_button_says_when_it_can_be_pressed_and_waits(visitor: Visitor) -> None:
    go_wrong(visitor, "rate_limited")
    button = visitor.page.get_by_role("button", disabled=True)
    expect(button).to_have_count(1)
    seconds = re.escape(visitor.says("verify.again_in", seconds="@")).replace("@", r"(\d+)")
    shown = re.search(seconds, button.inner_text())
    assert shown
    assert 0 < int(shown[1]) <= SECONDS_TO_WAIT
    expect(visitor.button(visitor.says("verify.again"))).to_have_count(0)


def go_wrong(visitor: Visitor, code: str) -> None:
    """Verify a demo; see what happened, why, what to do and whose turn it is, and no way to save."""
    problem_code, facts = ENDINGS[code]
    visitor.choose_demo(code)
    visitor.verify()
    visitor.sees_problem(problem(problem_code, host=scenario(code).values["api_url"], **facts))
    party = get_system(FIRST).problem(problem_code).responsible_party
    turn = visitor.says(f"verify.turn.{party}", channel=guide()["channel"])
    expect(visitor.page.locator(".st-key-problem")).to_contain_text(turn)
    expect(visitor.button(visitor.says("verify.shop_yes"))).to_have_count(0)


def save(visitor: Visitor) -> None:
    """From good news to Saved."""
    visitor.confirm_shop()
    visitor.save()
