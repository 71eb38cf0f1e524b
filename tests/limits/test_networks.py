"""What a client's address is counted by."""

import pytest

from xtnd_wizard.limits.networks import network_of


def test_addresses_of_ipv6_are_counted_by_their_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")


@pytest.mark.parametrize("text", ["198.51.100.7", " 198.51.100.7 ", "::ffff:198.51.100.7"])
def test_addresses_of_ipv4_are_counted_one_by_one_however_they_are_written(text: str) -> None:
    assert network_of(text) == "198.51.100.7"


@pytest.mark.parametrize("text", [None, "", "unknown", "198.51.100", "[::1]:80"])
def test_what_is_no_address_is_counted_by_nothing(text: str | None) -> None:
    assert network_of(text) == ""
