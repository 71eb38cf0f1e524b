"""What a guide writes where a value of one's own belongs is told from a value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pasted import PASSWORDS, PLACEHOLDERS, hex_key, uuid_key
from xtnd_wizard.placeholders import stands_for_a_host, stands_for_a_value

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
    ["<your-instance>.tenants.net", "your-shop.tenants.net", "{shop}.tenants.net", "din-butik.se", "yourstore.com"],
)
def test_an_example_of_a_host_is_recognised(host: str) -> None:
    assert stands_for_a_host(host)


@pytest.mark.parametrize(
    "host", ["[::1]", "[fe80::abc]", "yourself.com", "dinbutiksservice.se", "yoursite24.se", "shop.se"]
)
def test_the_host_of_a_shop_is_no_example(host: str) -> None:
    assert not stands_for_a_host(host)


@unhurried
@given(st.text() | st.text(alphabet="<>{}[]%_your-key xX$"))
def test_any_text_is_judged(text: str) -> None:
    assert stands_for_a_value(text) in (True, False)
    assert stands_for_a_host(text) in (True, False)
