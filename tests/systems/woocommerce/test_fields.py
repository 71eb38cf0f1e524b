"""What people paste where WooCommerce's values belong."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.systems.cleaned import on_text, outcome
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.systems.cleaning import Cleaned
from xtnd_wizard.systems.recognition import Paste, Recognition
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.systems.woocommerce import SYSTEM, fields, key_page

clean_consumer_key = on_text(fields.clean_consumer_key)
clean_consumer_secret = on_text(fields.clean_consumer_secret)

Cleaner = Callable[[str], Cleaned[str]]

KEY = "ck_f5218315446ae6fe379271f4543ee291de6ea797"
SECRET = "cs_ce9988eee169675973be988eb91d471887894aa5"
CLEANERS = (("key", clean_consumer_key, KEY, SECRET), ("secret", clean_consumer_secret, SECRET, KEY))
each = pytest.mark.parametrize(("name", "clean", "right", "other"), CLEANERS, ids=["key", "secret"])


@each
def test_a_value_as_it_was_copied_needs_no_word(name: str, clean: Cleaner, right: str, other: str) -> None:
    assert clean(right) == outcome(right)


@each
@pytest.mark.parametrize("around", [" {}", "{}\n", "\u00a0{}\u00a0", '"{}"', "“{}”", "\u200b{}\ufeff", "{};"])
def test_what_surrounds_a_value_is_removed_and_said_so(
    name: str,
    clean: Cleaner,
    right: str,
    other: str,
    around: str,
) -> None:
    assert clean(around.format(right)) == outcome(right, (f"{name}_tidied",))


@each
def test_a_value_that_was_wrapped_over_lines_is_made_whole(name: str, clean: Cleaner, right: str, other: str) -> None:
    assert clean(f"{right[:20]}\r\n  {right[20:]}") == outcome(right, (f"{name}_tidied",))


@each
@pytest.mark.parametrize(
    "label",
    ["Consumer key: {}", "Consumer secret:\n{}", "key={}", "Nyckel {}", "Here it is: {}.", "{} (XTND)"],
)
def test_a_label_is_removed_and_said_so(name: str, clean: Cleaner, right: str, other: str, label: str) -> None:
    assert clean(label.format(right)) == outcome(right, (f"{name}_without_label",))


@each
@pytest.mark.parametrize("both", ["Consumer key: {} Consumer secret: {}", "{}\n{}", "{}:{}"])
def test_where_both_were_pasted_at_once_the_one_that_belongs_is_taken(
    name: str, clean: Cleaner, right: str, other: str, both: str
) -> None:
    assert clean(both.format(KEY, SECRET)) == outcome(right, (f"{name}_without_label",))


def test_swapped_values_are_recognised_and_may_still_be_tried() -> None:
    assert clean_consumer_key(SECRET) == outcome(SECRET, ("key_is_the_secret",))
    assert clean_consumer_secret(KEY) == outcome(KEY, ("secret_is_the_key",))


@each
@pytest.mark.parametrize(
    ("pasted", "hint"),
    [
        ("ea79712", "from_list_view"),
        ("abcd EFGH 1234 ijkl MNOP 5678", "looks_like_application_password"),
        ("0" * 40, "without_prefix"),
        ("hemligt", "unusual_shape"),
    ],
)
def test_what_looks_like_something_else_is_a_hint_and_no_refusal(
    name: str, clean: Cleaner, right: str, other: str, pasted: str, hint: str
) -> None:
    assert clean(pasted) == outcome(pasted, (f"{name}_{hint}",))


@each
def test_a_value_with_characters_missing_is_told_so(name: str, clean: Cleaner, right: str, other: str) -> None:
    assert clean(right[:-1]) == outcome(right[:-1], (f"{name}_of_another_length",))
    assert clean(f"{right}0") == outcome(f"{right}0", (f"{name}_of_another_length",))


@pytest.mark.parametrize("name", ["access_token", "secret"])
@pytest.mark.parametrize("pasted", ["…e6ea797", "...e6ea797", "ck_…e6ea797"])
def test_the_short_form_of_the_list_is_refused_in_words_of_its_own(name: str, pasted: str) -> None:
    assert SYSTEM.clean(name, pasted) == outcome("", refusal=Paste.MASKED)
    assert all(Paste.MASKED in SYSTEM.guide(language)["notes"] for language in LANGUAGES)


def test_an_address_where_a_value_belongs_is_asked_about_or_refused_where_it_can_not_be_sent() -> None:
    pasted = "https://butiken.example.se"
    assert SYSTEM.clean("secret", pasted) == outcome(pasted, question=Recognition(Paste.ADDRESS))
    assert SYSTEM.clean("access_token", pasted) == outcome("", refusal=Paste.ADDRESS), "a name ends at the colon"


@each
@pytest.mark.parametrize("pasted", ["", "  ", "\n", '""', "\u200b"])
def test_nothing_is_refused(name: str, clean: Cleaner, right: str, other: str, pasted: str) -> None:
    assert clean(pasted) == outcome("", refusal=f"{name}_empty")


@each
@pytest.mark.parametrize("pasted", ["nyckelån", "abc\ndef", "abc\x00def", "•••••••", "abc\x7f"])
def test_what_no_header_can_carry_is_refused(name: str, clean: Cleaner, right: str, other: str, pasted: str) -> None:
    assert clean(pasted).remarks.refusal == f"{name}_impossible_characters"


ANY = st.text() | st.text(alphabet="ck_s:= sey\t\n\"'0af\u200b\u00a0…Å")


@each
@given(ANY)
def test_any_text_is_cleaned_to_what_a_header_can_carry_or_refused(
    name: str, clean: Cleaner, right: str, other: str, text: str
) -> None:
    cleaned = clean(text)
    if cleaned.remarks.refusal is None:
        assert cleaned.value
        assert all(" " <= character <= "~" for character in cleaned.value)
        assert name == "secret" or ":" not in cleaned.value
        assert clean(cleaned.value).value == cleaned.value


AROUND = st.text(alphabet=" \t\n\r\u00a0\u2003\u200b\ufeff\"'“”`«»", max_size=6)
LABEL = st.sampled_from(["", "Consumer key: ", "Consumer secret = ", "API key (live): ", "key "])
HEX = st.text(alphabet="0123456789abcdef", min_size=40, max_size=40)


@given(HEX, AROUND, LABEL, AROUND, AROUND)
def test_a_whole_key_is_always_found(digits: str, before: str, label: str, between: str, after: str) -> None:
    cleaned = clean_consumer_key(f"{before}{label}{between}ck_{digits}{after}")
    assert (cleaned.value, cleaned.remarks.refusal) == (f"ck_{digits}", None)


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("butiken.example.se", "butiken.example.se"),
        ("http://butiken.example.se/", "butiken.example.se"),
        ("https://butiken.example.se/wp-admin/admin.php?page=wc-settings", "butiken.example.se"),
        ("https://butiken.example.se/wp-json/wc/v3/", "butiken.example.se"),
        ("https://example.se/butik/", "example.se/butik"),
        ("https://example.se/butik/wp-login.php", "example.se/butik"),
        ("https://example.se/butik/index.php/wp-json/wc/v3", "example.se/butik"),
        ("https://example.se/shop", "example.se/shop"),
        ("https://example.se/en/my-account/orders/", "example.se/en"),
        ("https://example.se/produkt/lingonsylt/", "example.se"),
        ("https://example.se/wp-butik/varukorg", "example.se/wp-butik"),
    ],
)
def test_the_folder_is_kept_and_what_is_below_the_site_is_not(pasted: str, address: str) -> None:
    cleaned = SYSTEM.clean("api_url", pasted)
    assert (cleaned.value, cleaned.remarks.refusal) == (address, None)


@pytest.mark.parametrize("value", [KEY, SECRET])
@pytest.mark.parametrize(
    "around", ["{}", " {}\n", "“{}”", "Consumer key: {}", "https://example.se/wp-json/wc/v3/orders?consumer_key={}"]
)
def test_a_key_in_the_address_field_is_neither_kept_nor_looked_up(value: str, around: str) -> None:
    assert SYSTEM.clean("api_url", around.format(value)) == outcome("", refusal="host_looks_like_a_key")
    assert SYSTEM.clean("api_url", around.format(value[:30])) == outcome("", refusal="host_looks_like_a_key")


def test_an_address_with_the_beginning_of_a_key_is_an_address() -> None:
    assert SYSTEM.clean("api_url", "https://ck-garn.example.se/cs_se").value == "ck-garn.example.se/cs_se"


def test_the_key_page_is_inside_the_folder() -> None:
    url = SYSTEM.read_host("https://example.se/butik/wp-admin/").url
    assert key_page(url).startswith("https://example.se/butik/wp-admin/admin.php?")


@pytest.mark.parametrize("host", sorted(SYSTEM.sandbox.hosts))
def test_every_sandbox_host_may_be_entered(host: str) -> None:
    assert SYSTEM.clean("api_url", host) == outcome(host)


@pytest.mark.parametrize("scenario", SYSTEM.sandbox.scenarios, ids=lambda found: found.code)
def test_the_values_of_every_scenario_need_no_word(scenario: Scenario) -> None:
    for name, value in scenario.values.items():
        assert SYSTEM.clean(name, value) == outcome(value)
