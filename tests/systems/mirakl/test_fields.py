"""What people paste where Mirakl's values belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.systems.cleaned import on_text, outcome
from xtnd_wizard.systems.mirakl import SYSTEM, fields
from xtnd_wizard.systems.mirakl.fields import NOT_FOR_SELLERS

clean_key = on_text(fields.clean_key)
clean_shop_id = on_text(fields.clean_shop_id)

KEY = "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b"


def test_a_key_as_it_was_copied_needs_no_word() -> None:
    assert clean_key(KEY) == outcome(KEY)


@pytest.mark.parametrize(
    "pasted",
    [
        f" {KEY}",
        f"{KEY}\n",
        f"\u00a0{KEY}\u00a0",
        f'"{KEY}"',
        f"“{KEY}”",
        f"' {KEY} '",
        f"\u200b{KEY}\ufeff",
        f"`{KEY}`",
    ],
)
def test_space_quotes_and_invisible_characters_around_a_key_are_removed_and_said_so(pasted: str) -> None:
    assert clean_key(pasted) == outcome(KEY, ("key_tidied",))


def test_a_key_that_was_wrapped_over_two_lines_is_made_whole() -> None:
    assert clean_key(f"{KEY[:18]}\r\n  {KEY[18:]}") == outcome(KEY, ("key_tidied",))


@pytest.mark.parametrize(
    "pasted",
    [
        f"Bearer {KEY}",
        f"Authorization: {KEY}",
        f"authorization: Bearer {KEY}",
        f"API key: {KEY}",
        f"API-nyckel: {KEY}",
        f"api_key={KEY}",
        f"Nyckel {KEY}",
        f'"token": "{KEY}"',
        f"Here is the key you asked for: {KEY}.",
        f"{KEY} (production)",
    ],
)
def test_a_label_around_a_key_is_removed_and_said_so(pasted: str) -> None:
    assert clean_key(pasted) == outcome(KEY, ("key_without_label",))


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("API key: abc-123", "abc-123"),
        ("Bearer abc-123", "abc-123"),
        ("Authorization: Bearer abc-123", "abc-123"),
        ("Shop key: abc-123", "abc-123"),
        ("key=abc-123", "abc-123"),
    ],
)
def test_a_label_is_removed_from_a_key_of_an_odd_shape_too(pasted: str, key: str) -> None:
    assert clean_key(pasted) == outcome(key, ("key_without_label", "key_unusual_shape"))


@pytest.mark.parametrize("key", ["ab12:cd34:ef56", "tenant=abc=", "a:b", "keyring-77", "tokenised", "x" * 200])
def test_a_key_of_an_odd_shape_is_kept_whole_and_may_be_tried(key: str) -> None:
    assert clean_key(key) == outcome(key, ("key_unusual_shape",))


def test_the_ten_digit_ending_of_the_marketplaces_own_hint_is_no_odd_shape() -> None:
    assert clean_key(KEY[:-2]) == outcome(KEY[:-2])


def test_upper_case_is_kept_because_nobody_promised_that_it_does_not_matter() -> None:
    assert clean_key(KEY.upper()) == outcome(KEY.upper())


def test_two_keys_are_not_guessed_between() -> None:
    two = f"{KEY} {KEY[::-1].replace('-', '0')[:8]}-8f27-4b93-9a64-2f1d7c3e1a2c"
    assert clean_key(two).value == two


@pytest.mark.parametrize(
    ("pasted", "hint"),
    [("2041", "key_looks_like_shop_id"), ("hemligt", "key_unusual_shape")],
)
def test_what_looks_like_something_else_is_a_hint_and_no_refusal(pasted: str, hint: str) -> None:
    assert clean_key(pasted) == outcome(pasted, (hint,))


@pytest.mark.parametrize("pasted", ["", "  ", "\n", '""', "\u200b", "“”"])
def test_no_key_is_refused(pasted: str) -> None:
    assert clean_key(pasted) == outcome("", refusal="key_empty")


@pytest.mark.parametrize("pasted", ["nyckelån", "abc\ndef", "abc\x00def", "abc\r\nHost: evil", "••••••••", "abc\x7f"])
def test_a_key_that_no_header_can_carry_is_refused(pasted: str) -> None:
    assert clean_key(pasted).remarks.refusal == "key_impossible_characters"


@given(st.text() | st.text(alphabet="key:= token\n\t\"'bearer-0af\u200b\u00a0"))
def test_any_text_is_cleaned_to_something_a_header_can_carry_or_refused(text: str) -> None:
    cleaned = clean_key(text)
    if cleaned.remarks.refusal is None:
        assert cleaned.value
        assert all(" " <= character <= "~" for character in cleaned.value)
        assert cleaned.value == cleaned.value.strip()
        assert clean_key(cleaned.value).value == cleaned.value


AROUND = st.text(alphabet=" \t\n\r\u00a0\u2003\u200b\ufeff\"'“”`«»", max_size=6)
LABEL = st.sampled_from(
    ["", "Bearer ", "Authorization: ", "authorization: bearer ", "API key: ", "API-nyckel = ", "Shop API key (live): "]
)


@given(st.uuids(), AROUND, LABEL, AROUND, AROUND)
def test_a_uuid_is_always_found(key: object, before: str, label: str, between: str, after: str) -> None:
    cleaned = clean_key(f"{before}{label}{between}{key}{after}")
    assert (cleaned.value, cleaned.remarks.refusal) == (str(key), None)


def test_the_password_is_kept_as_it_is_but_for_line_breaks_around_it() -> None:
    assert SYSTEM.clean("secret", "\r\n  pass “word” å \n") == outcome("  pass “word” å ")


@pytest.mark.parametrize(("host", "explanation"), sorted(NOT_FOR_SELLERS.items()))
def test_a_host_of_mirakls_own_is_explained(host: str, explanation: str) -> None:
    pasted = f"https://{host.upper()}/login"
    assert SYSTEM.clean("api_url", pasted) == outcome(pasted, refusal=explanation)


@pytest.mark.parametrize(
    ("pasted", "host", "notes"),
    [
        ("ahlens-prod.mirakl.net", "ahlens-prod.mirakl.net", ()),
        ("ahlens-prod", "ahlens-prod.mirakl.net", ("host_expanded",)),
        ("https://ahlens-prod.mirakl.net/mmp/shop/user/api", "ahlens-prod.mirakl.net", ("host_tidied",)),
        ("marketplace.example.se", "marketplace.example.se", ()),
    ],
)
def test_an_address_becomes_the_host_with_a_word_on_what_was_done(pasted: str, host: str, notes: object) -> None:
    assert SYSTEM.clean("api_url", pasted) == outcome(host, notes)  # type: ignore[arg-type]


def test_a_refused_address_is_kept_for_the_person_to_correct() -> None:
    assert SYSTEM.clean("api_url", " anna@example.se ") == outcome(" anna@example.se ", refusal="host_email")


@pytest.mark.parametrize("pasted", [KEY, f"https://user:{KEY}@shop.example.se", "https://user:word@shop.example.se/"])
def test_a_secret_in_the_address_field_is_not_kept(pasted: str) -> None:
    cleaned = SYSTEM.clean("api_url", pasted)
    assert cleaned.remarks.refusal in {"host_looks_like_a_key", "host_user_info"}
    assert cleaned.value == ""


@pytest.mark.parametrize("host", sorted(SYSTEM.sandbox.hosts))
def test_every_sandbox_host_may_be_entered(host: str) -> None:
    assert SYSTEM.clean("api_url", host) == outcome(host)


def test_every_listed_marketplace_has_a_host_that_may_be_entered() -> None:
    refused = [
        marketplace.host
        for marketplace in SYSTEM.marketplaces()
        if SYSTEM.clean("api_url", marketplace.host) != outcome(marketplace.host)
    ]
    assert refused == []


@pytest.mark.parametrize(
    ("pasted", "shop_id"), [("2041", "2041"), (" 20 41\n", "2041"), ("#2041", "2041"), ("002041", "2041"), ("", "")]
)
def test_a_shop_id_is_its_digits(pasted: str, shop_id: str) -> None:
    assert clean_shop_id(pasted) == outcome(shop_id)


@pytest.mark.parametrize("pasted", ["Ullstugan", "20-41", "２０４１", "1" * 19, "-1", "2041; drop", "x" * 20])
def test_a_shop_id_that_is_no_number_is_refused_and_kept(pasted: str) -> None:
    assert clean_shop_id(pasted) == outcome(pasted, refusal="shop_id_not_a_number")


@pytest.mark.parametrize("pasted", [KEY, "x" * 21])
def test_a_long_text_in_the_shop_ids_field_may_be_a_key_and_is_not_kept(pasted: str) -> None:
    assert clean_shop_id(pasted) == outcome("", refusal="shop_id_not_a_number")
