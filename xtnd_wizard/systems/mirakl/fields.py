"""What people paste where Mirakl's values belong."""

import re
import unicodedata

from xtnd_wizard.systems.contract import Cleaned

NOT_FOR_SELLERS = {
    **dict.fromkeys(("miraklconnect.com", "www.miraklconnect.com"), "host_is_mirakl_connect"),
    **dict.fromkeys(
        ("auth.mirakl.net", "auth-test.mirakl.net", "account.mirakl.net", "account-test.mirakl.net"),
        "host_is_mirakl_sign_in",
    ),
    **dict.fromkeys(
        (
            "mirakl.com",
            "www.mirakl.com",
            "mirakl.net",
            "www.mirakl.net",
            "developer.mirakl.com",
            "developer.mirakl.net",
            "help.mirakl.com",
            "help.mirakl.net",
            "helpdesk.mirakl.net",
            "notification.mirakl.net",
            "connectpartner-test.mirakl.net",
            "operator-shpy.mirakl.net",
        ),
        "host_is_mirakl_itself",
    ),
}
"""Mirakl's own hosts, which no seller's API answers on."""

_UUID = re.compile(r"(?<![0-9a-z-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z-])", re.IGNORECASE)
_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10,12}", re.IGNORECASE)
"""8-4-4-4-12 (help.merchantspring.io); one of Mirakl's own hints ends in ten."""
_LONGEST_MISTAKE = 20
"""A longer text in the shop id's field may be a key, and is not kept."""
_QUOTES = "\"'`´‘’‚“”„«»‹›"
_LABEL_WORD = r"(?:authorization|bearer|(?:x[ _-]?)?api[ _-]?key|api[ _-]?nyckel|nyckel|key|token)"
_LABEL = re.compile(rf"^(?:{_LABEL_WORD}(?:\s*[:=]\s*|\s+)|[\w -]{{2,20}}[:=]\s+)", re.IGNORECASE)
"""A known word before the key, or any short word with a colon and a space; a key may have a colon itself."""


def clean_key(text: str) -> Cleaned:
    """An API key out of what was pasted.

    White space, quotes, labels and invisible characters around it are removed and said so, and line
    breaks inside it where it then has a key's shape. An odd shape is a hint and never a wall, because
    Mirakl publishes no format.
    """
    bare = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    bare = bare.strip(_QUOTES).strip()
    notes = ["key_tidied"] if bare != text else []
    found = _UUID.findall(bare)
    key = found[0] if len(found) == 1 else _without_label(bare)
    if key != bare:
        notes = ["key_without_label"]
    whole = "".join(key.split())
    if whole != key and _SHAPE.fullmatch(whole):
        key, notes = whole, notes or ["key_tidied"]
    if not key:
        return Cleaned("", refusal="key_empty")
    if not all(" " <= c <= "~" for c in key):
        return Cleaned(key, tuple(notes), refusal="key_impossible_characters")
    return Cleaned(key, (*notes, *_hints(key)))


def _without_label(text: str) -> str:
    while (shorter := _LABEL.sub("", text, count=1).strip(_QUOTES + " ")) != text:
        text = shorter
    return text


def _hints(key: str) -> tuple[str, ...]:
    if _SHAPE.fullmatch(key):
        return ()
    if re.fullmatch(r"[0-9]{2,6}", key):
        return ("key_looks_like_shop_id",)
    return ("key_unusual_shape",)


def clean_shop_id(text: str) -> Cleaned:
    """A shop's number, for logins with several shops; nothing where it was left out."""
    digits = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf").strip("#")
    if digits and not re.fullmatch(r"[0-9]{1,18}", digits):
        return Cleaned(text if len(text) <= _LONGEST_MISTAKE else "", refusal="shop_id_not_a_number")
    return Cleaned(digits.lstrip("0"))
