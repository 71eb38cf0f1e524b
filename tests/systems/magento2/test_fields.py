"""What people paste where Magento's values belong."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.systems.cleaned import on_text, outcome
from xtnd_wizard.domain.api_url import HostRefusal
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems.cleaning import Cleaned
from xtnd_wizard.systems.magento2 import SYSTEM, fields
from xtnd_wizard.systems.recognition import Paste

clean_access_token = on_text(fields.clean_access_token)
clean_access_token_secret = on_text(fields.clean_access_token_secret)
clean_consumer_key = on_text(fields.clean_consumer_key)
clean_consumer_secret = on_text(fields.clean_consumer_secret)
clean_password = on_text(fields.clean_password)
clean_user = on_text(fields.clean_user)

Clean = Callable[[str], Cleaned[str]]
KEY, CONSUMER_SECRET, TOKEN, TOKEN_SECRET = "ab12" * 8, "cd34" * 8, "ef56" * 8, "gh78" * 8
ALL_FOUR = f"""Consumer Key  {KEY}
Consumer Secret\t{CONSUMER_SECRET}
Access Token: {TOKEN}
Access Token Secret: {TOKEN_SECRET}
"""
CLEANERS = (clean_consumer_key, clean_consumer_secret, clean_access_token, clean_access_token_secret)
every_cleaner = pytest.mark.parametrize("clean", CLEANERS)


@every_cleaner
def test_a_value_is_taken_as_it_is(clean: Clean) -> None:
    assert clean(TOKEN) == outcome(TOKEN)


@pytest.mark.parametrize("pasted", [f" {TOKEN}\n", f"“{TOKEN}”", f"\u200b{TOKEN}", f"{TOKEN[:16]}\n{TOKEN[16:]}"])
def test_what_surrounds_a_value_is_removed_and_said_so(pasted: str) -> None:
    assert clean_access_token(pasted) == outcome(TOKEN, ("value_tidied",))


@pytest.mark.parametrize("pasted", [f"Access Token: {TOKEN}", f"access_token = '{TOKEN}'", f"Nyckel: {TOKEN}"])
def test_a_label_is_removed_and_said_so(pasted: str) -> None:
    assert clean_access_token(pasted) == outcome(TOKEN, ("value_without_label",))


@pytest.mark.parametrize(
    ("clean", "value"), list(zip(CLEANERS, (KEY, CONSUMER_SECRET, TOKEN, TOKEN_SECRET), strict=True))
)
def test_out_of_all_four_each_field_takes_its_own(clean: Clean, value: str) -> None:
    assert clean(ALL_FOUR) == outcome(value, ("value_without_label",))


def test_the_text_of_another_value_is_recognised() -> None:
    assert clean_consumer_key(f"Consumer Secret: {KEY}") == outcome(KEY, ("value_of_another_field",))


@pytest.mark.parametrize(
    ("pasted", "note"),
    [
        ("eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjd9.c2lnbmF0dXJl", "value_looks_like_sign_in"),
        ("Practice-password-1", "value_unusual_shape"),
        (TOKEN[:-1], "value_unusual_shape"),
        (TOKEN.upper(), "value_unusual_shape"),
    ],
)
def test_an_odd_shape_is_a_hint_and_no_wall(pasted: str, note: str) -> None:
    assert clean_access_token(pasted) == outcome(pasted, (note,))


def test_what_a_header_can_not_carry_is_refused() -> None:
    assert clean_access_token("ab12å").remarks.refusal == "value_impossible_characters"
    assert clean_access_token("ab12\x00c").remarks.refusal == "value_impossible_characters"
    assert clean_access_token(" \u200b\n").remarks.refusal == "value_empty"


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("xtnd", outcome("xtnd")),
        (" xtnd\n", outcome("xtnd", ("user_tidied",))),
        ("User Name: xtnd", outcome("xtnd", ("user_tidied",))),
        ("Åsa Öberg", outcome("Åsa Öberg")),
        ("anna@example.se", outcome("anna@example.se", ("user_looks_like_email",))),
        (TOKEN, outcome(TOKEN, ("user_looks_like_token",))),
        ("\u200b\x00 ", outcome("", refusal="user_empty")),
    ],
)
def test_a_user_name_may_be_anything_that_can_be_seen(pasted: str, expected: Cleaned[str]) -> None:
    assert clean_user(pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("a b\tc å", outcome("a b\tc å")),
        ("word\r\n", outcome("word")),
        (" word", outcome(" word", ("password_has_spaces",))),
        (TOKEN, outcome(TOKEN, ("password_looks_like_token",))),
        (" \n", outcome("", refusal="password_empty")),
    ],
)
def test_a_password_keeps_everything_but_line_breaks_around_it(pasted: str, expected: Cleaned[str]) -> None:
    assert clean_password(pasted) == expected


PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["Access Token", "Consumer Key:", "=", " ", "\n", "'", "\u200b", TOKEN, TOKEN[:16], "user:"]),
    ),
    max_size=8,
).map("".join)


@every_cleaner
@given(text=PIECES)
def test_any_text_becomes_a_value_that_a_header_can_carry_or_is_refused(clean: Clean, text: str) -> None:
    cleaned = clean(text)
    assert cleaned.remarks.refusal or re.fullmatch(r"[ -~]+", cleaned.value)
    assert clean(cleaned.value).value == cleaned.value


@example("0 \x1b 0")
@given(text=PIECES)
def test_any_user_name_and_password_read_the_same_when_read_again(text: str) -> None:
    for clean in (clean_user, clean_password):
        cleaned = clean(text)
        assert cleaned.value or cleaned.remarks.refusal
        assert clean(cleaned.value).value == cleaned.value
    assert not set("\r\n\x00\x07") & set(clean_user(text).value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_fields_has_words(language: str) -> None:
    source = (SYSTEM.folder / "fields.py").read_text("utf-8")
    codes = set(re.findall(r'"((?:value|user|password|host)_[a-z_]+)"', source))
    assert codes == SYSTEM.guide(language)["notes"].keys() - set(Paste)


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("shop.example.se", "shop.example.se"),
        ("https://shop.example.se/", "shop.example.se"),
        ("https://shop.example.se/butik/", "shop.example.se/butik"),
        ("https://shop.example.se/butik/index.php/rest/V1", "shop.example.se/butik"),
        ("https://shop.example.se/rest/default/V1/orders?searchCriteria[pageSize]=1", "shop.example.se"),
        ("https://shop.example.se/admin", "shop.example.se"),
        ("https://shop.example.se/admin_x7k2/admin/dashboard/index/key/0a1b2c/", "shop.example.se"),
        ("https://shop.example.se/butik/admin_x7k2/admin/dashboard/index/key/0a1b2c/", "shop.example.se/butik"),
        ("https://shop.example.se/stugan/sales/order/index/key/0a1b2c/", "shop.example.se"),
        ("https://shop.example.se/butik/stugan/sales/order/index/key/0a1b2c/", "shop.example.se/butik"),
        ("https://shop.example.se/butik/index.php/stugan/sales/order/view/key/0a/", "shop.example.se/butik"),
        ("https://shop.example.se/customer/account/login/", "shop.example.se"),
        ("https://shop.example.se/butik/checkout/cart", "shop.example.se/butik"),
        ("https://shop.example.se/butik/ulltroja.html", "shop.example.se/butik"),
        ("https://shop.example.se/key", "shop.example.se/key"),
        ("fiskgjusen.test/shop", "fiskgjusen.test/shop"),
    ],
)
def test_the_folder_of_the_shop_is_kept_and_pages_are_dropped(pasted: str, shown: str) -> None:
    assert SYSTEM.clean("api_url", pasted).value == shown


@given(st.lists(st.sampled_from(["butik", "key", "admin_1", "sales", "index.php", "a.html", "se", "rest"]), max_size=9))
def test_an_address_reads_the_same_when_read_again(segments: list[str]) -> None:
    once = SYSTEM.clean("api_url", "/".join(("https://shop.example.se", *segments)))
    assert SYSTEM.clean("api_url", once.value).value == once.value


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f" “{TOKEN}”\n",
        f"{TOKEN[:16]}\n{TOKEN[16:]}",
        f"Access Token: {TOKEN}",
        ALL_FOUR,
        f"https://shop.example.se/?access_token={TOKEN}",
    ],
)
def test_a_value_in_the_address_field_is_neither_kept_nor_looked_up(pasted: str) -> None:
    assert SYSTEM.clean("api_url", pasted) == outcome("", refusal=HostRefusal.LOOKS_LIKE_A_KEY)


def test_an_address_of_many_letters_is_no_value() -> None:
    assert SYSTEM.clean("api_url", f"{'a' * 29}.se") == outcome(f"{'a' * 29}.se")
    assert SYSTEM.clean("api_url", "a" * 31).remarks.refusal == HostRefusal.SINGLE_LABEL


def test_the_makers_own_site_is_no_shop() -> None:
    assert SYSTEM.clean("api_url", "https://account.magento.com/customer").remarks.refusal == "host_is_the_maker"
    assert SYSTEM.clean("api_url", "anna@example.se").remarks.refusal == HostRefusal.EMAIL


def test_a_user_name_and_all_other_values_but_the_address_are_sealed() -> None:
    assert SYSTEM.sealed_fields_of("admin") == {"access_token", "secret"}
    assert SYSTEM.sealed_fields_of("integration") == {"access_token", "secret", "consumer_key", "consumer_secret"}
