"""A secret goes one way: from the browser to the vault."""

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, key_of
from tests.browser.words import scenario

MARKER_KEY = "marker-key-71c0de-that-nobody-may-ever-see-again"
MARKER_PASSWORD = "Marker-password-58f1-that-nobody-may-ever-see-again"
SECRETS = (MARKER_KEY, MARKER_PASSWORD, key_of("works"))


def test_a_secret_never_comes_back_to_the_browser_and_is_written_nowhere(visitor: Visitor) -> None:
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    visitor.type_in(access_token=MARKER_KEY)
    visitor.submit()
    visitor.sees(visitor.says("enter.mend"))
    visitor.settle()
    assert_unseen(visitor)
    visitor.type_in(secret=MARKER_PASSWORD)
    visitor.verify()
    assert_unseen(visitor)
    visitor.reload("verify")
    visitor.go_on(visitor.says("verify.fix", field=visitor.label("access_token")), "enter")
    assert_unseen(visitor)
    visitor.type_in(access_token=key_of("works"))
    visitor.verify_well()
    assert_unseen(visitor)
    visitor.confirm_shop()
    assert_unseen(visitor)
    visitor.save()
    assert_unseen(visitor)
    visitor.open("connections")
    visitor.page.get_by_text(visitor.says("connections.open"), exact=True).click()
    visitor.sees(visitor.says("xtnd.order_start"))
    visitor.settle()
    assert_unseen(visitor)
    visitor.walk_to("system")
    assert_unseen(visitor)

    host = scenario("works").values["api_url"].encode()
    assert any(host in frame for frame in visitor.received), "frames are listened to, and can be read"
    for file in visitor.server.folder.iterdir():
        written = file.read_bytes()
        assert [secret for secret in SECRETS if secret.encode() in written] == [], file.name


def test_the_form_hides_what_is_typed_offers_no_old_values_and_gives_no_refused_secret_back(visitor: Visitor) -> None:
    refused = "märker-7f31-with-a-letter-that-no-key-has"
    visitor.walk_to("obtain")
    visitor.go_on(visitor.says("obtain.next"), "enter")
    for name in ("access_token", "secret"):
        expect(visitor.field(name)).to_have_attribute("type", "password")
        expect(visitor.field(name)).to_have_attribute("autocomplete", "off")
    visitor.type_in(access_token=refused, secret=MARKER_PASSWORD, api_url=scenario("works").values["api_url"])
    visitor.submit()
    visitor.sees_remark("key_impossible_characters")
    visitor.sees_kept("secret", MARKER_PASSWORD)
    visitor.settle()
    assert_unseen(visitor, refused, MARKER_PASSWORD)


def test_the_visitors_cookie_is_out_of_reach_for_scripts(visitor: Visitor) -> None:
    visitor.open()
    assert "xtnd_visitor" not in visitor.page.evaluate("document.cookie")
    assert [cookie["httpOnly"] for cookie in visitor.context.cookies() if cookie["name"] == "xtnd_visitor"] == [True]


def assert_unseen(visitor: Visitor, *secrets: str) -> None:
    """No secret in the page, in a frame that came from the server, in the address or in the browser's storage."""
    frames = b"\n".join(visitor.received)
    places = {
        "page": visitor.page.content(),
        "inputs": " ".join(visitor.page.locator("input").evaluate_all("inputs => inputs.map(input => input.value)")),
        "address": visitor.page.url,
        "storage": visitor.storage,
    }
    for secret in secrets or SECRETS:
        assert secret.encode() not in frames
        assert [place for place, words in places.items() if secret in words] == []
