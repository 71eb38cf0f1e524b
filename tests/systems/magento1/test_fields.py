"""What people paste where a shop's user name, API key and address belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.systems.cleaned import on_text, outcome
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound import XmlRpcBody
from xtnd_wizard.outbound.requests import content_of
from xtnd_wizard.systems.magento1 import SYSTEM, fields
from xtnd_wizard.systems.magento1.fields import shop_folder

clean_key = on_text(fields.clean_key)
clean_user = on_text(fields.clean_user)

KEY = "Lagom-till-fika-1908"
CONSUMER = "ror07fthab12cd34ef56gh78ij90kl12"
ANY = st.text() | st.text(alphabet="user name:=key \n\t\r\"'“”*api0-\u200b\u00a0")


def test_values_as_they_were_chosen_need_no_word() -> None:
    assert clean_user("xtnd") == outcome("xtnd")
    assert clean_key(KEY) == outcome(KEY)


@pytest.mark.parametrize(
    "pasted", [f" {KEY}", f"{KEY}\n", f"\u00a0{KEY}", f'"{KEY}"', f"“{KEY}”", f"'{KEY}'", f"\u200b{KEY}\ufeff"]
)
def test_what_stands_around_a_value_is_removed_and_said_so(pasted: str) -> None:
    assert clean_key(pasted) == outcome(KEY, ("key_tidied",))
    assert clean_user(pasted) == outcome(KEY, ("user_tidied",))


def test_a_value_that_was_wrapped_over_two_lines_is_made_whole() -> None:
    assert clean_key("Lagom-till-\r\n  fika-1908") == outcome(KEY, ("key_tidied",))


@pytest.mark.parametrize(
    "pasted",
    [
        f"API Key: {KEY}",
        f"api-nyckel = {KEY}",
        f"API key:\t“{KEY}”",
        f"User Name: xtnd\nAPI Key: {KEY}",
        f"Secret: {KEY}",
    ],
)
def test_a_label_before_a_key_is_removed_and_said_so(pasted: str) -> None:
    assert clean_key(pasted) == outcome(KEY, ("key_without_label",))


@pytest.mark.parametrize(
    "pasted", ["User Name: xtnd", "användarnamn: xtnd", "Username=xtnd", f"User Name: xtnd\r\nAPI Key: {KEY}\r\n"]
)
def test_a_label_before_a_user_name_is_removed_and_said_so(pasted: str) -> None:
    assert clean_user(pasted) == outcome("xtnd", ("user_without_label",))


@pytest.mark.parametrize(
    "key", ["kéy-åäö-öl", 'half"quoted', "a b c d", "<&>]]>", "x:y=z-12", "'", "keyring-1", "nyckelpiga"]
)
def test_a_key_may_be_any_text_that_somebody_chose(key: str) -> None:
    assert clean_key(key).value == key
    assert clean_key(key).remarks.refusal is None


@pytest.mark.parametrize("pasted", ["", "  ", "\n", '""', "\u200b", "“”", "' '"])
def test_nothing_is_refused(pasted: str) -> None:
    assert clean_key(pasted) == outcome("", refusal="key_empty")
    assert clean_user(pasted) == outcome("", refusal="user_empty")


@pytest.mark.parametrize("pasted", ["abc\x00def", "abc\x7f", "\x1babc", "a\ud800b", "a\ufffeb"])
def test_what_no_xml_can_carry_is_refused(pasted: str) -> None:
    assert clean_key(pasted).remarks.refusal == "key_impossible_characters"
    assert clean_user(pasted).remarks.refusal == "user_impossible_characters"


@pytest.mark.parametrize(("pasted", "hint"), [(CONSUMER, "key_looks_like_consumer"), ("abc", "key_short")])
def test_what_looks_like_something_else_is_a_hint_in_the_keys_field(pasted: str, hint: str) -> None:
    assert clean_key(pasted) == outcome(pasted, (hint,))


@pytest.mark.parametrize(
    ("pasted", "hint"),
    [
        (CONSUMER, "user_looks_like_consumer"),
        ("anna@example.se", "user_looks_like_email"),
    ],
)
def test_what_looks_like_something_else_is_a_hint_in_the_users_field(pasted: str, hint: str) -> None:
    assert clean_user(pasted) == outcome(pasted, (hint,))


@given(ANY)
def test_any_text_becomes_something_that_a_call_can_carry_or_is_refused(text: str) -> None:
    for clean in (clean_user, clean_key):
        cleaned = clean(text)
        if cleaned.remarks.refusal is None:
            assert cleaned.value
            assert cleaned.value == cleaned.value.strip()
            assert clean(cleaned.value).value == cleaned.value
            assert content_of(XmlRpcBody("login", (Secret(cleaned.value),)))


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("skomakaren.se", "skomakaren.se"),
        ("https://www.skomakaren.se/", "www.skomakaren.se"),
        ("https://skomakaren.se/index.php/admin/", "skomakaren.se"),
        ("https://skomakaren.se/index.php/back_x9/api_user/index/key/0123456789abcdef/", "skomakaren.se"),
        ("https://skomakaren.se/back_x9/dashboard/index/key/0123456789abcdef/", "skomakaren.se"),
        ("https://skomakaren.se/butik/back_x9/dashboard/index/key/0123456789abcdef/", "skomakaren.se/butik"),
        ("https://skomakaren.se/butik/index.php", "skomakaren.se/butik"),
        ("https://skomakaren.se/butik/admin_77/", "skomakaren.se/butik"),
        ("https://skomakaren.se/Butik/sv/", "skomakaren.se/Butik/sv"),
        ("https://skomakaren.se/butik/api/xmlrpc/", "skomakaren.se/butik"),
        ("https://skomakaren.se/api/v2_soap/?wsdl", "skomakaren.se"),
        ("https://skomakaren.se/api.php?type=rest", "skomakaren.se"),
        ("https://skomakaren.se/butik/downloader/", "skomakaren.se/butik"),
        ("https://skomakaren.se/butik/kangor/svarta.html?p=2", "skomakaren.se/butik/kangor"),
        ("https://skomakaren.se/butik/customer/account/login/", "skomakaren.se/butik"),
        ("https://skomakaren.se/checkout/cart/", "skomakaren.se"),
        ("https://skomakaren.se/kangor.html", "skomakaren.se"),
        ("https://skomakaren.se/administrerat/", "skomakaren.se/administrerat"),
    ],
)
def test_an_address_keeps_the_folder_of_the_shop_and_nothing_of_its_pages(pasted: str, shown: str) -> None:
    cleaned = SYSTEM.clean("api_url", pasted)
    assert (cleaned.value, cleaned.remarks.refusal) == (shown, None)
    assert SYSTEM.clean("api_url", shown).value == shown


@given(st.lists(st.sampled_from(["butik", "key", "admin", "index.php", "sv", "a.html", "Admin", "x"]), max_size=8))
def test_the_folder_of_a_shop_is_a_beginning_of_the_path_and_stays_as_it_is(segments: list[str]) -> None:
    folder = list(shop_folder(segments))
    assert folder == segments[: len(folder)]
    assert list(shop_folder(folder)) == folder


def test_a_sandbox_shop_in_a_folder_may_be_entered() -> None:
    assert SYSTEM.clean("api_url", "garnboden.test/butik") == outcome("garnboden.test/butik")


@pytest.mark.parametrize("host", sorted(SYSTEM.sandbox.hosts))
def test_every_sandbox_host_may_be_entered(host: str) -> None:
    assert SYSTEM.clean("api_url", host) == outcome(host)
