"""A marketplace is found by whoever knows it a little: without its accents, with a slip, or by an address."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import Marketplace
from xtnd_wizard.systems.marketplace_search import LONGEST_QUERY, MOST, country_of, host_in, search

PLACES = (
    Marketplace("Blåbärsboden", "SE", "blabarsboden.test"),
    Marketplace("Blåbärsboden", "SE", "blabarsboden-prod.example.net"),
    Marketplace("Kråkvinkel Möbler", "SE", "krakvinkel-prod.example.net"),
    Marketplace("Łódź & Søn", "PL DK", "lodz-prod.example.net"),
    Marketplace("Straßenmarkt", "DE", "strassenmarkt-prod.example.net"),
    Marketplace("O&K", "DE", "ok-prod.example.net"),
    Marketplace("O&K Garden", "SE", "okgarden-prod.example.net"),
    Marketplace("Trädgårdsgruppen", "", "tgab-prod.example.net"),
)
LISTED = tuple(place for system in all_systems() for place in system.marketplaces())
COUNTRIES = {"SE": "Sverige", "DE": "Tyskland"}


def found(typed: str, country: str = "") -> list[str]:
    names = search(PLACES, typed, country, lambda codes: " ".join(COUNTRIES.get(code, "") for code in codes.split()))
    return [place.host.removesuffix("-prod.example.net") for place in names]


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("krakvinkel", "krakvinkel"),
        ("  KRÅKVINKEL  möbler ", "krakvinkel"),
        ("kråkvinkle", "krakvinkel"),
        ("krakvinkl", "krakvinkel"),
        ("krakkvinkel", "krakvinkel"),
        ("mobler", "krakvinkel"),
        ("moblre", "krakvinkel"),
        ("lodz son", "lodz"),
        ("strasenmarkt", "strassenmarkt"),
        ("straßen", "strassenmarkt"),
        ("gårdsgrupp", "tgab"),
        ("tgab", "tgab"),
        ("https://krakvinkel-prod.example.net/login?next=1", "krakvinkel"),
        ("krakvinkel-prod.example.net:443", "krakvinkel"),
        ("https://www.krakvinkel.example/basket", "krakvinkel"),
        ("ok garden", "okgarden"),
    ],
)
def test_a_name_is_found_without_accents_with_slips_and_by_an_address(typed: str, host: str) -> None:
    assert found(typed) == [host]


@pytest.mark.parametrize("typed", ["zzzzzz", "kra kvx", "xyz.example.org", "---", "https://"])
def test_what_resembles_nothing_finds_nothing(typed: str) -> None:
    assert found(typed) == []


def test_short_words_have_to_be_right() -> None:
    assert found("ok") == ["ok", "okgarden"]
    assert found("ak") == []


def test_the_visitors_country_comes_first_among_equals_and_practice_last() -> None:
    assert found("blåbär", "SE") == ["blabarsboden", "blabarsboden.test"]
    both = (Marketplace("Torget Nord", "NO", "a.example"), Marketplace("Torget Syd", "SE", "b.example"))
    assert [place.host for place in search(both, "torget", "SE")] == ["b.example", "a.example"]
    assert [place.host for place in search(both, "torget", "NO")] == ["a.example", "b.example"]


def test_a_country_finds_its_marketplaces() -> None:
    assert found("tyskl") == ["ok", "strassenmarkt"]


def test_before_anything_is_typed_the_visitors_country_is_offered() -> None:
    assert found("", "DE") == ["strassenmarkt", "ok"]
    assert found(" ", "SE")[-1] == "blabarsboden.test"
    assert found("", "") == []
    assert found("", "FR") == []


LONG_WORDS = sorted(
    {word for place in LISTED for word in place.name.split() if len(word) >= 7 and word.isascii() and word.isalpha()}
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LONG_WORDS), st.data())
def test_every_listed_name_is_found_with_a_slip_in_a_long_word(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    missed, added = word[:at] + word[at + 1 :], word[:at] + "x" + word[at:]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    typed = data.draw(st.sampled_from([missed, added, swapped]))
    meant = {place for place in LISTED if word in place.name.split()}
    assert meant & set(search(LISTED, typed, most=len(LISTED)))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LISTED))
def test_every_listed_marketplace_is_found_without_accents_and_by_its_host_alone(place: Marketplace) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", place.name.upper()) if not unicodedata.combining(c))
    assert place in search(LISTED, bare, most=len(LISTED))
    assert {other.host for other in search(LISTED, f"https://{place.host}/orders")} == {place.host}


@given(st.text(max_size=2 * LONGEST_QUERY), st.sampled_from(["", "SE", "DE"]))
def test_any_text_is_answered_with_a_few_marketplaces_each_once(typed: str, country: str) -> None:
    offered = search(PLACES, typed, country)
    assert len(offered) <= MOST
    assert len(set(offered)) == len(offered)
    assert set(offered) <= set(PLACES)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://Shop.Example.com/a?b#c", "shop.example.com"),
        ("shop.example.com:8443", "shop.example.com"),
        ("a name", ""),
        ("a name. Another", ""),
        ("name", ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_host_is_read_out_of_an_address(typed: str, host: str) -> None:
    assert host_in(typed) == host


@pytest.mark.parametrize(
    ("locale", "timezone", "country"),
    [
        ("sv-SE", "Europe/Stockholm", "SE"),
        ("en-US", "Europe/Oslo", "NO"),
        ("sv", "Europe/Helsinki", "FI"),
        ("pt-BR", None, "BR"),
        ("en-GB", "UTC", "GB"),
        ("en-GB", "Nowhere/Else", "GB"),
        ("sv", "Etc/UTC", ""),
        ("?", "", ""),
        (None, None, ""),
    ],
)
def test_the_country_is_the_clocks_or_else_the_languages(
    locale: str | None, timezone: str | None, country: str
) -> None:
    assert country_of(locale, timezone) == country
