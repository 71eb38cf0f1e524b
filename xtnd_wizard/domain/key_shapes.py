"""What keys and tokens look like, wherever they are pasted.

Nobody publishes a grammar of all keys, so a run of characters is judged by what tells chance from a
name: it is hexadecimal, it has a maker's mark and an underscore in front, or it is long and its
letters do not hang together as letters of words do.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from string import digits

_SHORTEST_HEX = 16
_SHORTEST_RUN, _SHORTEST_INNER = 20, 17
"""Hosting companies give shops random labels of up to 16 characters; they are no keys."""
_FEWEST_KINDS = 8
_DIGITS_OF_A_NUMBER = 16
_LEAST_COMMON_PAIRS = 0.6
"""The least share of common pairs among the neighbours in a name: 0.71 and more in 375 known hosts."""
_MORE_PER_SWITCH = 0.05
"""What each switch between letters and digits adds to that share. Digits at either end do not count."""
_SHORTEST_BASE64 = 18
_FEWEST_OF_EACH_CASE = 3

_COMMON_PAIRS = frozenset(
    first + second
    for first, seconds in {
        "a": "bcdfgiklmnprstuvy",
        "b": "abelortuy",
        "c": "acehklortu",
        "d": "adeikmoprsu",
        "e": "abcdefghlmnprstvwxy",
        "f": "aefiortuy",
        "g": "aeghinors",
        "h": "aeilosty",
        "i": "acdefgklmnoprstv",
        "j": "a",
        "k": "aeilnorst",
        "l": "adeilnopstuy",
        "m": "aeimnops",
        "n": "acdegilnostuvy",
        "o": "abcdefgiklmnoprstuvwx",
        "p": "aeiloprst",
        "q": "u",
        "r": "acdeikmnostuvy",
        "s": "aceghiklopstuwy",
        "t": "aehilnoprstuy",
        "u": "bceklmnprst",
        "v": "aei",
        "w": "aehinor",
        "x": "t",
        "y": "cos",
    }.items()
    for second in seconds
)
"""The commonest pairs of letters in English and Swedish texts and in the names of marketplaces."""

_MARKED = re.compile(r"(?:[a-z]{2,8}_){1,2}(?=[a-z]*[0-9])[0-9a-z]{8,}", re.IGNORECASE)
_JWT = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{4,}", re.IGNORECASE)
"""Two JSON objects in Base64, which begin with `{"` (RFC 7519)."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10,12}", re.IGNORECASE)
_BETWEEN_TOKENS = re.compile(r"[^A-Za-z0-9_-]+")
_SEPARATORS = re.compile(r"[_-]+")


def looks_like_a_key(token: str) -> bool:
    """Whether a run without dots and spaces looks like a key. International labels (`xn--`) are names."""
    if token.lower().startswith("xn--"):
        return False
    if _has_key_form(token) or _is_base64(_SEPARATORS.sub("", token)):
        return True
    return any(_looks_random(run) for run in _SEPARATORS.split(token))


def host_holds_a_key(labels: Sequence[str]) -> bool:
    """Whether the labels of a host hold a key.

    Names of real shops can look as odd as a key, so chance counts only in the last label: a name alone,
    or one that stands where a short top-level name belongs.
    """
    return any(_has_key_form(label) for label in labels) or any(looks_like_a_key(last) for last in labels[-1:])


def holds_a_key(text: str) -> bool:
    """Whether something in a text looks like a key or a token."""
    return bool(_UUID.search(text) or _JWT.search(text)) or any(
        looks_like_a_key(token) for token in _BETWEEN_TOKENS.split(text)
    )


def is_jwt(text: str) -> bool:
    """Whether a text holds a JSON web token, in whatever case it arrived."""
    return bool(_JWT.search(text))


def holds_a_uuid(text: str) -> bool:
    """Whether a text holds a UUID, the last two characters of which may have got lost."""
    return bool(_UUID.search(text))


def _has_key_form(token: str) -> bool:
    """Whether a run is written as only keys are: in hexadecimal digits, or with a maker's mark in front."""
    runs = (_SEPARATORS.sub("", token), *_SEPARATORS.split(token))
    return bool(_MARKED.fullmatch(token)) or any(_is_hex_key(run) for run in runs)


def _is_hex_key(run: str) -> bool:
    if run.isdecimal():
        return len(run) >= _DIGITS_OF_A_NUMBER
    if len(run) < _SHORTEST_HEX or not re.fullmatch(r"[0-9a-fA-F]+", run):
        return False
    return _switches(run) > 0


def _looks_random(run: str) -> bool:
    inner = run.strip(digits).lower()
    if len(run) < _SHORTEST_RUN or len(inner) < _SHORTEST_INNER or len(set(inner)) < _FEWEST_KINDS:
        return False
    pairs = [first + second for first, second in pairwise(inner) if not (first + second).isdigit()]
    common = sum(pair in _COMMON_PAIRS for pair in pairs) / len(pairs)
    return inner.isascii() and common < _LEAST_COMMON_PAIRS + _MORE_PER_SWITCH * _switches(inner)


def _switches(run: str) -> int:
    """How often a digit follows a letter or a letter a digit."""
    return sum(first.isdigit() != second.isdigit() for first, second in pairwise(run))


def _is_base64(whole: str) -> bool:
    """Whether small letters and capitals are mixed as by chance: Base64, in which a dash separates nothing."""
    capitals = len(re.findall("[A-Z]", whole))
    of_words = len(re.findall("[A-Z][a-z]{2}", whole))
    small = len(re.findall("[a-z]", whole))
    if len(whole) < _SHORTEST_BASE64 or min(small, capitals) < _FEWEST_OF_EACH_CASE:
        return False
    return capitals > 2 * of_words or _looks_random(whole)
