"""Keys and tokens are told from the names of real shops."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deadline import within_reason
from tests.pasted import (
    HOSTS_THAT_LOOK_ODD,
    KEY_KINDS,
    NAMES,
    WORDS,
    base64_key,
    hex_key,
    jwt,
    small_letters_key,
    uuid_key,
)
from xtnd_wizard.domain.key_shapes import holds_a_key, host_holds_a_key, is_jwt, looks_like_a_key
from xtnd_wizard.systems import all_systems

SEEDS = st.integers(0, 2**64)
LONG_TEXTS = (
    "a" * 4096,
    "a1" * 2048,
    "-" * 4096,
    "ab_" * 1365,
    "eyJ" * 1365,
    "eyJaaaaaaaa." * 341,
    "a-" * 2048,
    "Aa1-_" * 819,
)

unhurried = settings(deadline=None, max_examples=60)


@unhurried
@given(SEEDS, st.integers(16, 64))
def test_hexadecimal_digits_are_a_key(seed: int, length: int) -> None:
    assert looks_like_a_key(hex_key(seed, length))
    assert looks_like_a_key(hex_key(seed, length).upper())


@unhurried
@given(SEEDS)
def test_a_uuid_is_a_key_with_and_without_its_dashes(seed: int) -> None:
    for key in (uuid_key(seed), uuid_key(seed).replace("-", ""), uuid_key(seed).upper()):
        assert looks_like_a_key(key)
        assert holds_a_key(f"https://shop.example.se/?key={key}&x=1")


@unhurried
@given(SEEDS, st.integers(32, 60))
def test_base64_is_a_key(seed: int, size: int) -> None:
    assert looks_like_a_key(base64_key(seed, size))


@unhurried
@given(SEEDS)
def test_a_json_web_token_is_a_key_in_whatever_case(seed: int) -> None:
    assert is_jwt(jwt(seed))
    assert is_jwt(jwt(seed).lower())
    assert holds_a_key(f"Bearer {jwt(seed)}")


@pytest.mark.parametrize("make", [small_letters_key, base64_key])
def test_letters_and_digits_by_chance_are_a_key(make: Callable[[int], str]) -> None:
    assert [make(seed) for seed in range(1000) if not looks_like_a_key(make(seed))] == []


@pytest.mark.parametrize("mark", ["xk_", "shp_", "sk_live_", "token_"])
def test_a_makers_mark_before_letters_and_digits_is_a_key(mark: str) -> None:
    assert looks_like_a_key(f"{mark}{hex_key(1, 10)}")


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_shop_is_no_key(name: str) -> None:
    assert not any(looks_like_a_key(label) for label in name.split("."))


@pytest.mark.parametrize("name", [*NAMES, *HOSTS_THAT_LOOK_ODD])
def test_the_labels_of_a_shops_host_name_no_key(name: str) -> None:
    assert not host_holds_a_key(name.split("."))


@unhurried
@given(SEEDS)
def test_chance_names_a_key_alone_and_where_a_top_level_name_belongs_but_not_below_one(seed: int) -> None:
    for key in (small_letters_key(seed), base64_key(seed).replace("_", "-")):
        assert host_holds_a_key([key])
        assert host_holds_a_key(["shop", key])
    assert not host_holds_a_key([f"z{small_letters_key(seed)}", "se"])


@unhurried
@given(SEEDS)
def test_what_is_no_coincidence_names_a_key_in_every_place(seed: int) -> None:
    for key in (hex_key(seed), uuid_key(seed), f"xk_live_{hex_key(seed, 12)}1"):
        assert host_holds_a_key([key])
        assert host_holds_a_key([key, "se"])
        assert host_holds_a_key(["www", key, "example", "se"])


def test_no_labels_name_no_key() -> None:
    assert not host_holds_a_key([])


def test_the_names_of_all_listed_marketplaces_are_no_keys() -> None:
    hosts = [place.host for system in all_systems() for place in system.marketplaces()]
    assert len(hosts) > 300
    assert [host for host in hosts if holds_a_key(host)] == []


@unhurried
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.sampled_from(["", "-"]),
    st.sampled_from(["", "2024", "-24", "-prod", "-7", "365"]),
)
def test_words_with_a_year_behind_them_are_no_key(words: list[str], between: str, end: str) -> None:
    assert not looks_like_a_key(between.join(words) + end)


@unhurried
@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert looks_like_a_key(text) in (True, False)
    assert holds_a_key(f"{text} {uuid_key(7)}")


@pytest.mark.parametrize("text", LONG_TEXTS, ids=lambda text: text[:12])
def test_a_long_text_is_judged_at_once(text: str) -> None:
    with within_reason():
        looks_like_a_key(text)
        holds_a_key(text)


@pytest.mark.parametrize("kind", KEY_KINDS)
def test_a_key_of_every_kind_is_found_among_words(kind: Callable[[int], str]) -> None:
    assert holds_a_key(f"Here it is: {kind(3)} (live)")
