"""Which addresses the outbound client may connect to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.outbound.addresses import is_public

REFUSED_RANGES = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "2620:4f:8000::/48",
    "::/16",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "4000::/2",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]

NEXT_TO_A_REFUSED_RANGE = [
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.1.255",
    "192.0.3.0",
    "192.88.98.255",
    "192.88.100.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2000::",
    "2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db9::",
    "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2003::",
    "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
    "2620:4f:8001::",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "3fff:1000::",
    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]


@pytest.mark.parametrize("written", REFUSED_RANGES)
def test_a_reserved_range_is_refused_from_its_first_address_to_its_last(written: str) -> None:
    network = ipaddress.ip_network(written)
    middle = network[network.num_addresses // 2]
    assert [is_public(str(address)) for address in (network[0], middle, network[-1])] == [False] * 3


@pytest.mark.parametrize("address", NEXT_TO_A_REFUSED_RANGE)
def test_the_neighbours_of_a_reserved_range_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "168.63.129.16"])
def test_a_mapped_address_is_judged_by_what_it_maps_to(inner: str) -> None:
    assert not is_public(f"::ffff:{inner}")
    assert is_public("::ffff:8.8.8.8")
    assert is_public("::ffff:0808:0808")


@pytest.mark.parametrize("address", ["::127.0.0.1", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_other_ways_to_put_an_old_address_into_a_new_one_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["fe80::1%eth0", "2606:2800:220:1::1%1", "2606:2800:220:1::1%"])
def test_a_scope_id_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("text", ["", "shop.example.org", "8.8.8", "08.8.8.8", "134744072", "0x8.8.8.8", "[2606::1]"])
def test_text_that_is_no_address_is_refused(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_never_gets_another_verdict(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") is is_public(str(address))


@given(st.ip_addresses())
def test_what_python_knows_to_be_private_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    known = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    assert not (known and is_public(str(address)))


@given(st.text())
def test_any_text_gets_a_verdict(text: str) -> None:
    assert is_public(text) in (True, False)
