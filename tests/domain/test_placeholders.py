"""What a guide writes where a value of one's own belongs is told from a value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pasted import (
    EXAMPLES_IN_BRACKETS,
    EXAMPLES_IN_WORDS,
    HOSTS_THAT_LOOK_ODD,
    PASSWORDS,
    PLACEHOLDERS,
    hex_key,
    uuid_key,
)
from xtnd_wizard.domain.placeholders import is_in_brackets, stands_for_a_host, stands_for_a_value

unhurried = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_an_example_of_a_value_is_recognised(text: str) -> None:
    assert stands_for_a_value(text)
    assert stands_for_a_value(f" {text}\n")


@pytest.mark.parametrize(
    "text", [*PASSWORDS, "secret", "the secret", "admin", "demo user", "test", "maxxxx", "xxx", "api key"]
)
def test_what_somebody_chose_is_no_example(text: str) -> None:
    assert not stands_for_a_value(text)


@unhurried
@given(st.integers(0, 2**64))
def test_a_key_is_no_example(seed: int) -> None:
    assert not stands_for_a_value(hex_key(seed))
    assert not stands_for_a_value(uuid_key(seed))


@pytest.mark.parametrize(
    "host",
    [
        *("<your-instance>.tenants.net", "{shop}.tenants.net", "<your-store>.se", "[your-shop]"),
        *("your-shop.tenants.net", "Your-Shop.Tenants.net:443", "din-butik.tenants.net."),
        *("your-store", "din-butik", "ditt-foretag:443", "din-domän"),
        *("yourstore.com", "your-domain.com", "www.yourshop.com"),
    ],
)
def test_an_example_of_a_host_is_recognised(host: str) -> None:
    assert stands_for_a_host(host, "tenants.net")


@pytest.mark.parametrize(
    "host",
    [
        *("[::1]", "[fe80::abc]", "yourself.com", "dinbutiksservice.se", "yoursite24.se", "shop.se", "dinbutik.com"),
        *("your-store.shops.tenants.net", "my-tenants.net", "com", ""),
        *HOSTS_THAT_LOOK_ODD,
    ],
)
def test_the_host_of_a_shop_is_no_example(host: str) -> None:
    assert not stands_for_a_host(host)
    assert not stands_for_a_host(host, "tenants.net")


def test_a_tenants_example_is_one_only_below_the_domain_of_its_own_system() -> None:
    assert not stands_for_a_host("your-store.tenants.net")


@pytest.mark.parametrize("text", EXAMPLES_IN_BRACKETS)
def test_brackets_around_an_example_are_told(text: str) -> None:
    assert is_in_brackets(f" {text}\n")


@pytest.mark.parametrize("text", [*EXAMPLES_IN_WORDS, "", "a<b>", "<>"])
def test_an_example_in_words_has_no_brackets(text: str) -> None:
    assert not is_in_brackets(text)


@unhurried
@given(st.text() | st.text(alphabet="<>{}[]%_your-key xX$"))
def test_any_text_is_judged(text: str) -> None:
    assert stands_for_a_value(text) in (True, False)
    assert stands_for_a_host(text, text) in (True, False)
    assert is_in_brackets(text) in (True, False)
