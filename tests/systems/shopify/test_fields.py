"""What people paste where Shopify's values belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.systems.cleaned import on_text, outcome
from xtnd_wizard.systems.recognition import Paste, Recognition
from xtnd_wizard.systems.shopify import SYSTEM, fields
from xtnd_wizard.systems.shopify.fields import ELSEWHERE, shop_address

clean_client_id = on_text(fields.clean_client_id)
clean_secret = on_text(fields.clean_secret)

HEX = "0123456789abcdef" * 2
ID = HEX
SECRET, TOKEN = f"shpss_{HEX}", f"shpat_{HEX}"
IS_SECRET, IS_TOKEN = "secret_is_client_secret", "secret_is_token"


def test_a_client_id_as_it_was_copied_needs_no_word() -> None:
    assert clean_client_id(ID) == outcome(ID)


@pytest.mark.parametrize("around", [" {}", "{}\n", "\u00a0{}", '"{}"', "“{}”", "\u200b{}\ufeff", "' {} '", '" " {}'])
def test_space_quotes_and_invisible_characters_around_a_value_are_removed_and_said_so(around: str) -> None:
    assert clean_client_id(around.format(ID)) == outcome(ID, ("value_tidied",))
    assert clean_secret(around.format(TOKEN)) == outcome(TOKEN, ("value_tidied", IS_TOKEN))


@pytest.mark.parametrize(
    "label", ["Client ID: {}", "API key {}", "API-nyckel={}", "This is the id: {}.", "Key: {} (XTND)"]
)
def test_words_around_a_client_id_are_removed_and_said_so(label: str) -> None:
    assert clean_client_id(label.format(ID)) == outcome(ID, ("value_without_label",))


@pytest.mark.parametrize(
    "label",
    ["Secret: {}", "X-Shopify-Access-Token: {}", "Client secret = {}", "Admin API access token: {}", "lösenord {}"],
)
def test_words_around_a_secret_are_removed_and_said_so(label: str) -> None:
    assert clean_secret(label.format(SECRET)) == outcome(SECRET, ("value_without_label", IS_SECRET))


def test_of_a_whole_page_of_values_each_field_takes_its_own() -> None:
    page = f"Client ID\n{ID}\nSecret\n{SECRET}\n"
    assert clean_client_id(page).value == ID
    assert clean_secret(page).value == SECRET


def test_two_secrets_are_not_guessed_between() -> None:
    two = f"{SECRET} {TOKEN}"
    assert clean_secret(two).value == two


def test_a_value_that_was_wrapped_over_two_lines_is_made_whole() -> None:
    assert clean_secret(f"{TOKEN[:20]}\r\n {TOKEN[20:]}") == outcome(TOKEN, ("value_tidied", IS_TOKEN))


def test_a_mark_that_a_phone_began_with_a_capital_letter_is_mended() -> None:
    assert clean_secret(f"Shpss_{HEX}") == outcome(SECRET, (IS_SECRET,))


@pytest.mark.parametrize(
    ("secret", "notes"),
    [
        (SECRET, (IS_SECRET,)),
        (TOKEN, (IS_TOKEN,)),
        (f"shpca_{HEX}", (IS_TOKEN,)),
        (f"shppa_{HEX}", (IS_TOKEN,)),
        (HEX, ("secret_is_older_token",)),
        (TOKEN[:-1], (IS_TOKEN, "secret_unusual_length")),
        (f"{SECRET}00", (IS_SECRET, "secret_unusual_length")),
        (f"shpua_{HEX}", ("secret_unusual_shape",)),
        ("hemligt", ("secret_unusual_shape",)),
    ],
)
def test_it_is_said_what_a_secret_is_taken_for(secret: str, notes: tuple[str, ...]) -> None:
    assert clean_secret(secret) == outcome(secret, notes)


@pytest.mark.parametrize(
    ("pasted", "note"),
    [
        (SECRET, "access_token_is_client_secret"),
        (TOKEN, "access_token_is_token"),
        ("123456789", "access_token_unusual_shape"),
    ],
)
def test_what_belongs_elsewhere_is_a_hint_and_no_refusal(pasted: str, note: str) -> None:
    assert clean_client_id(pasted) == outcome(pasted, (note,))


@pytest.mark.parametrize("name", ["access_token", "secret"])
@pytest.mark.parametrize(
    ("pasted", "paste"),
    [
        ("anna@example.se", Paste.EMAIL),
        ("ullstugan.myshopify.com", Paste.ADDRESS),
        ("admin.shopify.com/store/ullstugan", Paste.ADDRESS),
    ],
)
def test_an_address_where_a_value_belongs_is_asked_about(name: str, pasted: str, paste: Paste) -> None:
    assert SYSTEM.clean(name, pasted) == outcome(pasted, question=Recognition(paste))


@pytest.mark.parametrize("clean", [clean_client_id, clean_secret])
@pytest.mark.parametrize("pasted", ["", "  ", "\n", '""', "\u200b", "“”"])
def test_no_value_is_refused(clean: object, pasted: str) -> None:
    assert clean(pasted) == outcome("", refusal="value_empty")  # type: ignore[operator]


@pytest.mark.parametrize("clean", [clean_client_id, clean_secret])
@pytest.mark.parametrize("pasted", ["nyckelån", "abc\ndef", "abc\x00def", "abc\r\nHost: evil", "••••••••", "abc\x7f"])
def test_a_value_that_no_header_can_carry_is_refused(clean: object, pasted: str) -> None:
    assert clean(pasted).remarks.refusal == "value_impossible_characters"  # type: ignore[operator]


ANY = (
    st.text()
    | st.text(alphabet="shpats_:= token\n\t\"'bearer-0af\u200b\u00a0“")
    | st.from_regex(r"\s*[Ss]hp[a-z]+_[0-9a-f]*")
)


@pytest.mark.parametrize("clean", [clean_client_id, clean_secret])
@given(text=ANY)
def test_any_text_is_cleaned_to_something_a_header_can_carry_or_refused(clean: object, text: str) -> None:
    cleaned = clean(text)  # type: ignore[operator]
    if cleaned.remarks.refusal is None:
        assert cleaned.value
        assert all(" " <= character <= "~" for character in cleaned.value)
        assert cleaned.value == cleaned.value.strip()
        again = clean(cleaned.value)  # type: ignore[operator]
        assert (again.value, again.remarks.refusal) == (cleaned.value, None)


@pytest.mark.parametrize(
    ("pasted", "host", "notes"),
    [
        ("ullstugan-garn.myshopify.com", "ullstugan-garn.myshopify.com", ()),
        ("ullstugan-garn", "ullstugan-garn.myshopify.com", ("host_expanded",)),
        ("https://ullstugan-garn.myshopify.com/admin/products?x=1", "ullstugan-garn.myshopify.com", ("host_tidied",)),
        ("https://admin.shopify.com/store/6nzh0y-y6", "6nzh0y-y6.myshopify.com", ("host_tidied",)),
        ("https://admin.shopify.com/store/6NZH0Y-y6/settings/apps?a=b", "6nzh0y-y6.myshopify.com", ("host_tidied",)),
        ("My admin: admin.shopify.com/store/ullstugan", "ullstugan.myshopify.com", ("host_tidied",)),
    ],
)
def test_every_address_of_a_shops_admin_leads_to_its_own_host(pasted: str, host: str, notes: tuple[str, ...]) -> None:
    assert SYSTEM.clean("api_url", pasted) == outcome(host, notes)


@pytest.mark.parametrize(
    "pasted",
    [
        "www.ullstugan.se",
        "https://ullstugan.com/collections/all",
        "admin.shopify.com",
        "https://admin.shopify.com/store/",
        "dev.shopify.com/dashboard/1",
        "myshopify.com",
        "ullstugan.myshopify.com.evil.example.se",
        "notmyshopify.com",
    ],
)
def test_a_custom_domain_is_asked_about_and_not_guessed(pasted: str) -> None:
    assert SYSTEM.clean("api_url", pasted) == outcome(pasted, refusal=ELSEWHERE)


def test_two_shops_in_one_text_are_not_guessed_between() -> None:
    two = "admin.shopify.com/store/one admin.shopify.com/store/two"
    assert SYSTEM.clean("api_url", two).remarks.refusal is not None


@pytest.mark.parametrize("pasted", [TOKEN, f"https://{ID}:{TOKEN}@ullstugan.myshopify.com/admin", HEX, f'"{HEX}"'])
def test_a_key_in_the_address_field_is_neither_kept_nor_looked_up(pasted: str) -> None:
    assert SYSTEM.clean("api_url", pasted) == outcome("", refusal="host_looks_like_a_key")


def test_a_password_in_front_of_the_host_is_not_kept() -> None:
    assert SYSTEM.clean("api_url", "https://key:word@ullstugan.myshopify.com") == outcome("", refusal="host_user_info")


def test_the_address_of_an_app_is_no_key() -> None:
    pasted = f"https://ullstugan.myshopify.com/admin/apps/{ID}"
    assert SYSTEM.clean("api_url", pasted) == outcome("ullstugan.myshopify.com", ("host_tidied",))


@given(st.text() | st.text(alphabet="admin.shopify.com/store/x-"))
def test_any_text_in_the_address_field_is_a_shop_of_shopifys_or_refused(text: str) -> None:
    cleaned = SYSTEM.clean("api_url", text)
    if cleaned.remarks.refusal is None:
        assert cleaned.value in SYSTEM.sandbox.hosts or cleaned.value.endswith(".myshopify.com")
        assert SYSTEM.clean("api_url", cleaned.value) == outcome(cleaned.value)


@given(st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True))
def test_the_name_in_the_admins_address_is_the_shops(name: str) -> None:
    assert shop_address(f"https://admin.shopify.com/store/{name}/orders") == f"{name}.myshopify.com"


@pytest.mark.parametrize("host", sorted(SYSTEM.sandbox.hosts))
def test_every_sandbox_host_may_be_entered(host: str) -> None:
    assert SYSTEM.clean("api_url", host) == outcome(host)
