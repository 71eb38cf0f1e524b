"""What people paste where WooCommerce's values belong."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.contract import Cleaned

NOT_THE_SITE = (
    "wp-admin",
    "wp-json",
    "wp-content",
    "wp-includes",
    "wc-api",
    "*.php",
    *("my-account", "cart", "checkout", "product", "product-category", "product-tag"),
    *("mitt-konto", "varukorg", "kassa", "produkt", "produkt-kategori", "produkt-tagg"),
)
"""Where the folder that WordPress is in ends for sure. A folder named "shop" may be the site itself."""

_QUOTES = "\"'`´‘’‚“”„«»‹›"
_AROUND = _QUOTES + ",;"
_LABEL = re.compile(
    r"^(?!c[ks]_)(?:[^\W\d_][\w /-]{1,30}?\s*[:=](?!//)\s*"
    r"|(?:(?:api|consumer)[ _-]?)?(?:key|secret|nyckel|hemlighet)\s+)",
    re.IGNORECASE,
)
"""Any short words with a colon after them, or a known one without."""
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_APPLICATION_PASSWORD = re.compile(r"[0-9A-Za-z]{4}(?: [0-9A-Za-z]{4}){5}")
"""The other kind of key in WordPress: six groups of four."""
_LIST_VIEW = re.compile(r"[0-9a-f]{7}")
"""The list of keys shows the last seven characters only (WooCommerce's column `truncated_key`)."""
_SECRET_INSIDE = re.compile(r"(?<![0-9a-z])c[ks]_(?:\s*[0-9a-f]){8}", re.IGNORECASE)


@dataclass(frozen=True)
class _Kind:
    """One of the two values. Each is a prefix and 40 hexadecimal digits (WooCommerce's `wc_rand_hash`)."""

    prefix: str
    other: str
    says: Mapping[str, str]
    forbidden: str = ""
    """What the header's pair of name and password can't carry in this place (RFC 7617)."""

    @property
    def whole(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![0-9A-Za-z]){self.prefix}(?:\s*[0-9a-f]){{40}}(?![0-9A-Za-z])")


_KEY = _Kind(
    "ck_",
    "cs_",
    {
        "tidied": "key_tidied",
        "without_label": "key_without_label",
        "empty": "key_empty",
        "impossible": "key_impossible_characters",
        "other": "key_is_the_secret",
        "list_view": "key_from_list_view",
        "no_prefix": "key_without_prefix",
        "length": "key_of_another_length",
        "application": "key_looks_like_application_password",
        "unusual": "key_unusual_shape",
    },
    forbidden=":",
)
_SECRET = _Kind(
    "cs_",
    "ck_",
    {
        "tidied": "secret_tidied",
        "without_label": "secret_without_label",
        "empty": "secret_empty",
        "impossible": "secret_impossible_characters",
        "other": "secret_is_the_key",
        "list_view": "secret_from_list_view",
        "no_prefix": "secret_without_prefix",
        "length": "secret_of_another_length",
        "application": "secret_looks_like_application_password",
        "unusual": "secret_unusual_shape",
    },
)


def clean_consumer_key(text: str) -> Cleaned:
    """A consumer key out of what was pasted: `ck_` and 40 hexadecimal digits."""
    return _cleaned(text, _KEY)


def clean_consumer_secret(text: str) -> Cleaned:
    """A consumer secret out of what was pasted: `cs_` and 40 hexadecimal digits."""
    return _cleaned(text, _SECRET)


def shop_address(text: str) -> str:
    """The text as it is. Raises HostRefused where it holds a key, so that it is neither kept nor looked up."""
    if _SECRET_INSIDE.search(_bare(text)):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    return text


def _cleaned(text: str, kind: _Kind) -> Cleaned:
    """The value in a text. Both values may have been pasted at once; the one that belongs here is taken.

    An odd shape is a hint and never a wall: plugins may make keys of their own.
    """
    bare = _bare(text)
    notes = [kind.says["tidied"]] if bare != text else []
    found = {"".join(value.split()) for value in kind.whole.findall(bare)}
    value = found.pop() if len(found) == 1 else _without_label(bare)
    if value != bare:
        broken = value == "".join(bare.split())
        notes = [kind.says["tidied" if broken else "without_label"]]
    if not value:
        return Cleaned("", refusal=kind.says["empty"])
    if not all(" " <= c <= "~" and c not in kind.forbidden for c in value):
        return Cleaned(value, tuple(notes), refusal=kind.says[_mistaken(value) or "impossible"])
    hint = _hint(value, kind)
    return Cleaned(value, (*notes, kind.says[hint]) if hint else tuple(notes))


def _bare(text: str) -> str:
    """A text without invisible characters, and without quotes and white space around it."""
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    while (shorter := visible.strip().strip(_AROUND)) != visible:
        visible = shorter
    return visible


def _without_label(text: str) -> str:
    if _mistaken(text) or _ADDRESS.fullmatch(text) or _EMAIL.fullmatch(text):
        return text
    while (shorter := _bare(_LABEL.sub("", text, count=1))) != text:
        text = shorter
    return text


def _mistaken(value: str) -> str:
    """What a value is that has nothing to do with WooCommerce's keys, or comes from their list."""
    if _LIST_VIEW.fullmatch(value):
        return "list_view"
    return "application" if _APPLICATION_PASSWORD.fullmatch(value) else ""


def _hint(value: str, kind: _Kind) -> str:
    if kind.whole.fullmatch(value):
        return ""
    if value.startswith(kind.other):
        return "other"
    if value.startswith(kind.prefix):
        return "length"
    return "no_prefix" if re.fullmatch(r"[0-9a-f]{40}", value) else _mistaken(value) or "unusual"
