"""From the start page to a saved connection, everything entered by hand."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import PASSWORD, Visitor, key_of, sandbox_host
from tests.browser.words import FIRST, guide, note
from xtnd_wizard.wizard.connections import marketplace_name

KEY = key_of("works")


def test_a_merchant_walks_from_welcome_to_a_saved_connection_and_deletes_it_again(visitor: Visitor) -> None:
    host = sandbox_host("Norrsken")
    visitor.start()
    visitor.choose_marketplace("Norrsken", host)
    visitor.read_guide()
    expect(visitor.field("api_url")).to_have_value(host)
    visitor.type_in(
        access_token=f" “Bearer {KEY}” ",
        secret=PASSWORD,
        api_url=f"https://{host}/mmp/shop/user/api?tab=1#top",
    )
    visitor.read_back()
    visitor.sees_kept("access_token", KEY)
    visitor.sees_kept("secret", PASSWORD)
    expect(visitor.field("api_url")).to_have_value(host)
    visitor.verify_well()
    visitor.sees("Ullstugan")
    visitor.sees(guide()["checks"]["control"]["passed"])
    visitor.confirm_shop()
    visitor.save()
    visitor.sees(visitor.says("xtnd.ends_in", last4=KEY[-4:]))
    visitor.sees(host)
    visitor.sees(visitor.says("done.practice_next"))
    visitor.settle()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = visitor.page.get_by_role("button", name=visitor.says("handover.copy", name=visitor.says("xtnd.api_url")))
    expect(copy).to_be_visible()
    copy.press("Enter")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == host

    visitor.page.get_by_role("main").get_by_role("button", name=visitor.says("nav.connections")).click()
    visitor.sees_page("connections")
    saved = visitor.connections()
    expect(saved).to_have_count(1)
    expect(saved).to_contain_text(f"Ullstugan – {marketplace_name(FIRST, host)}")
    saved.get_by_text(visitor.says("connections.open"), exact=True).click()
    visitor.sees(guide()["checks"]["control"]["passed"])
    visitor.settle()

    visitor.press(visitor.says("connections.delete_named", name=host))
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text(visitor.says("connections.delete_title"))
    dialog.get_by_role("button", name=visitor.says("connections.delete_no")).click()
    expect(dialog).to_have_count(0)
    expect(saved).to_have_count(1)
    visitor.press(visitor.says("connections.delete_named", name=host))
    dialog.get_by_role("button", name=visitor.says("connections.delete_yes")).click()
    visitor.sees(visitor.says("connections.none"))
    expect(saved).to_have_count(0)
    visitor.reload("connections")
    visitor.sees(visitor.says("connections.none"))


def test_the_walk_goes_on_with_a_marketplace_only_and_finds_it_by_a_part_of_its_name(visitor: Visitor) -> None:
    visitor.start()
    visitor.press(visitor.says("system.next"))
    visitor.sees(visitor.says("system.pick_first"))
    expect(visitor.page).to_have_url(re.compile(r"/system$"))
    visitor.settle()
    for typed, name in (("Fjäll", "Fjällkorgen"), ("norrsken", "Norrskenstorget")):
        offered = visitor.find_marketplace(typed)
        expect(offered).to_have_count(1)
        expect(offered).to_contain_text(name)
        offered.click()
        visitor.sees(sandbox_host(name))
        visitor.sees(visitor.says("system.demo_note"))
        visitor.settle()


def test_an_address_pasted_from_the_back_office_is_enough(visitor: Visitor) -> None:
    host = sandbox_host("Norrsken")
    visitor.start()
    visitor.choose_address(f"  https://{host}/mmp/shop/orders?page=3  ", host)
    visitor.go_on(visitor.says("obtain.next"), "enter")
    expect(visitor.field("api_url")).to_have_value(host)


def test_a_value_that_is_missing_is_named_and_the_others_are_kept(visitor: Visitor) -> None:
    host = sandbox_host("Norrsken")
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.type_in(access_token=f'"Bearer {KEY}"', secret="", api_url=f"Sign in at https://{host}/login now")
    visitor.submit()
    visitor.sees(visitor.says("enter.mend"))
    visitor.settle()
    expect(visitor.field("api_url")).to_have_value(host)
    visitor.sees_remark("host_tidied")
    visitor.sees_kept("access_token", KEY)
    expect(visitor.kept("access_token")).to_contain_text(note("key_without_label"))
    visitor.sees_remark("field_empty")
    visitor.type_in(secret=PASSWORD)
    visitor.verify_well()
