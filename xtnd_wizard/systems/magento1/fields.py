"""What people paste where the user name, the API key and the address of a shop belong.

User name and key are texts that somebody chose, so hardly anything about them can be wrong in itself.
"""

import re
import unicodedata
from collections.abc import Sequence

from xtnd_wizard.systems.contract import Cleaned, path_until

_QUOTED = ('""', "''", "``", "´´", "‘’", "’’", "“”", "””", "„“", "„”", "«»", "»»", "‹›")
_USER_LABEL = r"(?:api[ _-]?)?(?:user(?:[ _-]?name)?|användar(?:e|namn)|anvandarnamn|login|access[ _-]?token)"
_KEY_LABEL = r"(?:api[ _-]?(?:key|nyckel)|nyckel|key|secret|hemlighet|password|lösenord)"
_IMPOSSIBLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML can't carry (https://www.w3.org/TR/xml/#charsets), and control characters."""
_CONSUMER = re.compile(r"[0-9a-z]{32}")
"""The key and the secret of an OAuth consumer, which belong to the REST API, have this shape."""
_SHORTEST_KEY = 6

_FRONT = path_until(
    *("index.php", "*.php", "*.html", "*.htm", "admin", "admin[_-]*", "api", "api[_-]*", "rest", "soap", "downloader"),
    *("customer", "checkout", "catalog", "catalogsearch", "cms", "contacts", "wishlist", "sales", "newsletter"),
    *("skin", "media", "js"),
)


def shop_folder(segments: Sequence[str]) -> Sequence[str]:
    """The folder that the shop is installed in: what stands before the names of the shop's own pages.

    An address of the back office ends in <front name>/<controller>/<action>/key/<number>, and the front
    name may be any word.
    """
    lower = [segment.lower() for segment in segments]
    if "key" in lower:
        segments = segments[: max(0, lower.index("key") - 3)]
    return _FRONT(segments)


def clean_user(text: str) -> Cleaned:
    """The user name of an API user."""
    user, notes = _bare(text, _USER_LABEL, tidied="user_tidied", without_label="user_without_label")
    if not user:
        return Cleaned("", refusal="user_empty")
    if _IMPOSSIBLE.search(user):
        return Cleaned(user, notes, refusal="user_impossible_characters")
    return Cleaned(user, (*notes, *_hints_on_user(user)))


def clean_key(text: str) -> Cleaned:
    """The API key of an API user."""
    key, notes = _bare(text, _KEY_LABEL, tidied="key_tidied", without_label="key_without_label")
    if not key:
        return Cleaned("", refusal="key_empty")
    if _IMPOSSIBLE.search(key):
        return Cleaned(key, notes, refusal="key_impossible_characters")
    return Cleaned(key, (*notes, *_hints_on_key(key)))


def _hints_on_user(user: str) -> tuple[str, ...]:
    if _CONSUMER.fullmatch(user):
        return ("user_looks_like_consumer",)
    if re.fullmatch(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+", user):
        return ("user_looks_like_email",)
    return ()


def _hints_on_key(key: str) -> tuple[str, ...]:
    if _CONSUMER.fullmatch(key):
        return ("key_looks_like_consumer",)
    return ("key_short",) if len(key) < _SHORTEST_KEY else ()


def _bare(text: str, label: str, *, tidied: str, without_label: str) -> tuple[str, tuple[str, ...]]:
    """A value without what stands around it, and what to say about that."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    bare = _one_line(_tidy(seen))
    without = _tidy(seen)
    while (shorter := _without_label(without, label)) != without:
        without = shorter
    if without != bare:
        return without, (without_label,)
    return bare, () if bare == text else (tidied,)


def _tidy(text: str) -> str:
    """Less the white space and the pairs of quotes around it."""
    while (shorter := _unquoted(text.strip())) != text:
        text = shorter
    return text


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] + text[-1] in _QUOTED else text


def _one_line(text: str) -> str:
    """A value that was wrapped over several lines."""
    return _tidy(re.sub(r"\s*[\r\n\t\v\f\x85\u2028\u2029]\s*", "", text))


def _without_label(text: str, label: str) -> str:
    """What stands after the label, on a line of its own or before the value."""
    marked = re.compile(rf"^[ \t]*{label}[ \t]*(?:[:=]|\t)[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
    found = marked.findall(text)
    return _one_line(_tidy(found[0] if len(found) == 1 else text))
