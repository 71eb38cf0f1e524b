"""Finds a marketplace in a list by what somebody types: a name, with or without accents and slips, or an address."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from xtnd_wizard.systems.contract import Marketplace

MOST = 6
"""How many are offered at once: what a phone shows beside the question."""
LONGEST_QUERY = 120
_LONG = 6
"""From so many letters on a word may be unfinished as well as misspelt."""
_NO_ACCENT = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_IN_MANY_HOSTS = frozenset({"www", "com", "net", "prod", "http", "https"})
"""What an address says that tells no marketplace from another."""


@dataclass(frozen=True)
class _Listed:
    """What a marketplace is found by."""

    name: str
    """All of its name as one word."""
    words: tuple[str, ...]


def search(
    places: tuple[Marketplace, ...],
    typed: str,
    country: str = "",
    country_names: Callable[[str], str] = str,
    most: int = MOST,
) -> tuple[Marketplace, ...]:
    """The marketplaces that a text may mean, best first; for an empty text those of the visitor's country.

    Names that hold the text come before names that only resemble it, and the visitor's country before others.
    """
    typed = typed.strip()[:LONGEST_QUERY]
    if not typed:
        near = [place for place in places if country in place.country.split()]
        return tuple(sorted(near, key=_is_practice))[:most]
    host = host_in(typed)
    if exact := [place for place in places if place.host == host]:
        return tuple(exact)
    query = _told_apart_by(host.rpartition(".")[0] or typed)
    index = _index(places).items()
    held = [(rank, place) for place, listed in index if (rank := _held(listed, query)) is not None]
    named = {place for _, place in held}
    held += [
        (_IN_COUNTRY, place)
        for place in places
        if place not in named and _starts_all(query, _words(country_names(place.country)))
    ]
    ranked = held or [(slips, place) for place, listed in index if (slips := _resembled(listed, query)) is not None]
    ranked.sort(key=lambda each: (each[0], country not in each[1].country.split(), _is_practice(each[1]), each[1].name))
    return tuple(place for _, place in ranked)[:most]


def host_in(typed: str) -> str:
    """The host in an address; empty where a text is none."""
    rest = typed.strip().lower().rpartition("://")[2]
    host = rest.split("/")[0].split("?")[0].split("#")[0].partition(":")[0]
    return host if "." in host.strip(".") and not any(letter.isspace() for letter in host) else ""


def country_of(locale: str | None, timezone: str | None) -> str:
    """The country that a browser is in: by its clock, or else by its language; empty where neither says."""
    by_clock = get_global("zone_territories").get(timezone or "", "")
    if by_clock not in ("", "001", "ZZ"):
        return str(by_clock)
    try:
        return Locale.parse(locale or "", sep="-").territory or ""
    except (UnknownLocaleError, ValueError):
        return ""


_WHOLE, _BEGINNING, _WORDS, _INSIDE, _IN_COUNTRY = range(1, 6)
"""How well a name answers to a text that it holds, best first."""


def _held(listed: _Listed, query: Sequence[str]) -> int | None:
    joined = "".join(query)
    if not joined:
        return None
    if joined == listed.name:
        return _WHOLE
    if listed.name.startswith(joined):
        return _BEGINNING
    if _starts_all(query, listed.words):
        return _WORDS
    return _INSIDE if len(joined) > 2 and joined in listed.name else None


def _starts_all(query: Sequence[str], words: Sequence[str]) -> bool:
    return bool(query) and all(any(word.startswith(part) for word in words) for part in query)


def _resembled(listed: _Listed, query: Sequence[str]) -> int | None:
    """How many slips there are between a text and a name; None where the two are not alike."""
    if not query:
        return None
    least = [min(_slips(word, other) for other in (*listed.words, listed.name)) for word in query]
    return sum(least) if all(slips <= _allowed(word) for word, slips in zip(query, least, strict=True)) else None


def _allowed(word: str) -> int:
    """How many slips a word may have: none where it is so short that everything resembles it."""
    return 0 if len(word) < 4 else 1 if len(word) < _LONG else 2


def _slips(typed: str, word: str) -> int:
    """How many letters were missed, added, mistaken or swapped on the way to a word, or to the beginning of one.

    What is beyond the allowed number is not counted to its end.
    """
    allowed = _allowed(typed)
    if not allowed or len(word) < len(typed) - allowed or len(set(typed) - set(word)) > allowed:
        return len(typed)
    if len(typed) < _LONG and len(word) > len(typed) + allowed:
        return len(typed)
    word = word[: len(typed) + allowed]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for number, letter in enumerate(typed, start=1):
        earlier, before, row = before, row, [number]
        for column, other in enumerate(word, start=1):
            cost = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != other))
            swapped = number > 1 and column > 1 and letter == word[column - 2] and typed[number - 2] == other
            row.append(min(cost, earlier[column - 2] + 1) if swapped else cost)
        if min(row) > allowed:
            return len(typed)
    return row[-1] if len(typed) < _LONG else min(row)


@cache
def _index(places: tuple[Marketplace, ...]) -> Mapping[Marketplace, _Listed]:
    return {place: _Listed("".join(_words(place.name)), _known_by(place)) for place in places}


def _known_by(place: Marketplace) -> tuple[str, ...]:
    in_host = _told_apart_by(place.host.split(".")[0])
    return tuple(dict.fromkeys((*_words(place.name), *in_host)))


def _told_apart_by(text: str) -> tuple[str, ...]:
    """The words of a name or an address, without those that many addresses share."""
    words = _words(text)
    return tuple(word for word in words if word not in _IN_MANY_HOSTS) or words


def _words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case and without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_NO_ACCENT)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return tuple("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _is_practice(place: Marketplace) -> bool:
    return place.host.endswith(".test")
