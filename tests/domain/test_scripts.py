"""A host whose letters come from several alphabets is told from one that a language writes so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtnd_wizard.domain.api_url import is_in_mixed_scripts, read_host
from xtnd_wizard.domain.scripts import is_mixed

unhurried = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    "host",
    [
        "shоp.example.se",  # a Cyrillic o
        "раypal.com",  # a Cyrillic r and a
        "αpple.se",  # a Greek alpha
        "shop.ехample.se",
        "garn-бутик.se",
        "ⲟtown.se",  # a Coptic o
        "日本а.jp",  # Han with a Cyrillic a
    ],
)
def test_a_label_of_several_alphabets_is_mixed_in_both_of_its_forms(host: str) -> None:
    called = read_host(host).url.shown
    assert called.isascii()
    assert is_mixed(host)
    assert is_in_mixed_scripts(called)
    assert is_in_mixed_scripts(f"{called}/butik")


@pytest.mark.parametrize(
    "host",
    [
        "shop.example.se",
        "åhléns.se",
        "straße.de",
        "пример.com",  # each label has one alphabet
        "παράδειγμα.gr",
        "例え.jp",
        "カタカナとひらがなと漢字.jp",
        "ラーメンabc.jp",
        "한국shop.kr",
        "tv4-play24.se",
        "xn--a.se",
        "",
    ],
)
def test_a_label_of_one_language_is_not_mixed(host: str) -> None:
    assert not is_mixed(host)


@unhurried
@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert is_mixed(text) in (True, False)
