"""What is pasted as a host of any system: a key is neither kept nor called, an example is refused, a name passes."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pasted import HOSTS_THAT_LOOK_ODD, KEY_KINDS, NAMES, base64_key, hex_key, jwt, small_letters_key, uuid_key
from tests.systems.cleaned import outcome
from xtnd_wizard.domain.api_url import HostRefusal
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, System

every_system = pytest.mark.parametrize(
    "system", [found for found in all_systems() if not found.hosts.fixed], ids=lambda found: found.code
)
every_kind_of_key = pytest.mark.parametrize("kind", KEY_KINDS)
KEY = outcome("", refusal=HostRefusal.LOOKS_LIKE_A_KEY)

unhurried = settings(deadline=None, max_examples=60)


@every_system
@every_kind_of_key
@unhurried
@given(seed=st.integers(0, 2**64))
def test_a_key_is_never_taken_for_a_host_or_a_tenant(system: System, kind: Callable[[int], str], seed: int) -> None:
    key = kind(seed)
    for pasted in (key, f" {key}\n", f"“{key}”", f"https://{key}/", f"{key}:443", f"shop.{key}"):
        assert system.clean(API_URL, pasted) == KEY


@every_system
@pytest.mark.parametrize("kind", [hex_key, uuid_key, jwt])
@unhurried
@given(seed=st.integers(0, 2**64))
def test_a_key_that_is_no_coincidence_is_refused_inside_a_host_as_well(
    system: System, kind: Callable[[int], str], seed: int
) -> None:
    key, domain = kind(seed), system.hosts.tenant_domain or "example.se"
    for pasted in (f"{key}.{domain}", f"https://{key}.{domain}/x", f"www.{key}.{domain}"):
        assert system.clean(API_URL, pasted) == KEY


@every_system
@pytest.mark.parametrize(
    "pasted",
    [
        hex_key(1).upper(),
        "".join(chr(ord(digit) + 0xFEE0) for digit in hex_key(2)),  # full-width, which becomes plain on the way
        "\u200b".join(hex_key(3)),
        "aB3/" + "xYz9Kq+7Lm2Pw8Rt5Vn1Sd4Fg6Hj0Qe==",  # Base64 whose slash is not the end of a host
        small_letters_key(4),
        f"https://{small_letters_key(4)}/",
        base64_key(4),
        f"www.{hex_key(5)}.example.se",
        f"{hex_key(6)}:443",
        jwt(7).lower(),
    ],
)
def test_a_key_is_recognised_in_every_spelling(system: System, pasted: str) -> None:
    assert system.clean(API_URL, pasted) == KEY


@every_system
@every_kind_of_key
def test_a_text_that_is_refused_with_a_key_in_it_is_not_kept(system: System, kind: Callable[[int], str]) -> None:
    for pasted in ("my key is {}", "{}@example.se", "{} {}", "https://127.0.0.1/{}", "key={}"):
        cleaned = system.clean(API_URL, pasted.format(kind(8), kind(9)))
        assert cleaned.remarks.refusal or kind(8) not in cleaned.value, pasted
        assert not cleaned.remarks.refusal or cleaned.value == "", pasted


@every_system
def test_the_name_of_a_shop_is_not_taken_for_a_key(system: System) -> None:
    domain = system.hosts.tenant_domain
    for name in NAMES:
        host = name if "." in name and not system.hosts.only_tenants else f"{name.partition('.')[0]}.{domain or 'se'}"
        cleaned = system.clean(API_URL, f"https://{host}/")
        assert cleaned.remarks.refusal is None, name
        assert cleaned.value, name
        assert system.clean(API_URL, cleaned.value) == outcome(cleaned.value), name


@every_system
def test_a_host_that_looks_odd_may_be_right(system: System) -> None:
    for host in HOSTS_THAT_LOOK_ODD:
        cleaned = system.clean(API_URL, f"https://{host}/")
        assert cleaned.remarks.refusal == (system.hosts.only_tenants or None), host
        assert cleaned.remarks.refusal or cleaned.value == host.lower(), host


@every_system
@pytest.mark.parametrize("name", ["schwarzpflanzenmarkt24", "wszystkodlatwojegodomu"])
def test_a_name_that_looks_like_a_key_is_taken_with_its_ending(system: System, name: str) -> None:
    host = f"{name}.{system.hosts.tenant_domain or 'de'}"
    assert system.clean(API_URL, name) == KEY
    assert system.clean(API_URL, host) == outcome(host)


@every_system
@pytest.mark.parametrize("example", ["<your-shop>", "{shop}", "your-store", "yourmarketplace"])
def test_an_example_of_an_address_is_refused(system: System, example: str) -> None:
    pasted = f"https://{example}.{system.hosts.tenant_domain or 'com'}"
    assert system.clean(API_URL, pasted) == outcome(pasted, refusal=HostRefusal.PLACEHOLDER)


@every_system
@pytest.mark.parametrize("pasted", ["your-store", "din-butik", "https://yourmarketplace/", "https://<din-butik>.se"])
def test_an_example_without_an_ending_or_in_brackets_is_refused(system: System, pasted: str) -> None:
    assert system.clean(API_URL, pasted) == outcome(pasted, refusal=HostRefusal.PLACEHOLDER)


@every_system
def test_our_own_examples_of_an_address_are_refused_or_can_not_be_called(system: System) -> None:
    for language in ("en", "sv"):
        words = system.guide(language)
        shown = f"{words['place'].get('address_help', '')} {words['fields'][API_URL]['help']}"
        for part in shown.split():
            if system.hosts.tenant_domain and part.strip(".,").endswith(f".{system.hosts.tenant_domain}"):
                assert system.clean(API_URL, part).remarks.refusal == HostRefusal.PLACEHOLDER
