"""What people paste where Magento's values belong."""

import re
import unicodedata
from collections.abc import Sequence

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.contract import Cleaned, path_until

WAYS = ("integration", "admin")
"""An integration first: signing in as an admin fails in shops with two-step sign-in, the default since 2.4."""

NOT_A_SHOP = dict.fromkeys(
    (
        "adobe.com",
        "www.adobe.com",
        "business.adobe.com",
        "developer.adobe.com",
        "experienceleague.adobe.com",
        "commercemarketplace.adobe.com",
        "magento.com",
        "www.magento.com",
        "account.magento.com",
        "marketplace.magento.com",
    ),
    "host_is_the_maker",
)
"""The maker's own hosts, which no shop answers on."""

_UNTIL_A_PAGE = path_until(
    *("admin*", "backend*", "rest", "soap", "graphql", "oauth", "*.php", "*.htm", "*.html", "customer", "checkout"),
    *("catalog", "catalogsearch", "sales", "wishlist", "contact", "review", "newsletter", "cms", "static", "media"),
)
_STEPS_OF_A_BACK_OFFICE_PAGE = 4
"""Front name, area, page and action come before `key/...` in the address of every back office page."""

_SHAPE = re.compile(r"[0-9a-z]{32}")
"""All four values of an integration (github.com/magento/magento2 issues 8149 and 35744)."""
_PARTS = ("consumer key", "consumer secret", "access token secret", "access token")
_NAMED = re.compile(
    r"(consumer[ _-]?key|consumer[ _-]?secret|(?:access[ _-]?)?token[ _-]?secret|access[ _-]?token)"
    r"[^0-9a-zA-Z]{1,12}([0-9a-z]{32})(?![0-9a-zA-Z])",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^\W\d_][\w -]{1,29}[:=](?!//)\s*")
_USER_LABEL = re.compile(r"^(?:user[ _-]?name|användarnamn|user|login|admin user)\s*[:=]\s*", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
_QUOTES = "\"'`´‘’‚“”„«»‹›"


def shop_folder(segments: Sequence[str]) -> Sequence[str]:
    """The folder that a shop is in, out of the address of any of its pages, the back office's as well."""
    lowered = [segment.lower() for segment in segments]
    key = lowered.index("key") if "key" in lowered else 0
    if key >= _STEPS_OF_A_BACK_OFFICE_PAGE:
        segments = segments[: key - _STEPS_OF_A_BACK_OFFICE_PAGE]
    return _UNTIL_A_PAGE(segments)


def shop_address(text: str) -> str:
    """The text as it is. Raises HostRefused where it is a value, so that it is neither kept nor looked up."""
    if _named(text) or _SHAPE.fullmatch("".join(_without(_LABEL, _bare(text)).split())):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    return text


def clean_consumer_key(text: str) -> Cleaned:
    """The first of an integration's four values."""
    return _clean_value(text, "consumer key")


def clean_consumer_secret(text: str) -> Cleaned:
    """The second of an integration's four values."""
    return _clean_value(text, "consumer secret")


def clean_access_token(text: str) -> Cleaned:
    """The third of an integration's four values."""
    return _clean_value(text, "access token")


def clean_access_token_secret(text: str) -> Cleaned:
    """The fourth of an integration's four values."""
    return _clean_value(text, "access token secret")


def _clean_value(text: str, part: str) -> Cleaned:
    """One value of an integration, also where all four were pasted with their names."""
    named = _named(text)
    if named:
        note = "value_without_label" if part in named else "value_of_another_field"
        return Cleaned(named.get(part) or next(iter(named.values())), (note,))
    bare = _bare(text)
    notes = ("value_tidied",) if bare != text else ()
    value = _without(_LABEL, bare)
    if value != bare:
        notes = ("value_without_label",)
    whole = "".join(value.split())
    if whole != value and _SHAPE.fullmatch(whole):
        value, notes = whole, notes or ("value_tidied",)
    if not value:
        return Cleaned("", refusal="value_empty")
    if not all(" " <= character <= "~" for character in value):
        return Cleaned(value, notes, refusal="value_impossible_characters")
    return Cleaned(value, (*notes, *_hints(value)))


def _named(text: str) -> dict[str, str]:
    """The values in a text that stand behind their own names."""
    found: dict[str, str] = {}
    for name, value in _NAMED.findall("".join(c for c in text if unicodedata.category(c) != "Cf")):
        plain = re.sub(r"[ _-]", "", name.lower())
        part = next(part for part in _PARTS if part.replace(" ", "").endswith(plain))
        found.setdefault(part, value)
    return found


def _bare(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    while (shorter := visible.strip().strip(_QUOTES)) != visible:
        visible = shorter
    return visible


def _without(label: re.Pattern[str], text: str) -> str:
    while (shorter := _bare(label.sub("", text, count=1))) != text:
        text = shorter
    return text


def _hints(value: str) -> tuple[str, ...]:
    if _SHAPE.fullmatch(value):
        return ()
    if re.fullmatch(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", value):
        return ("value_looks_like_sign_in",)
    return ("value_unusual_shape",)


def clean_user(text: str) -> Cleaned:
    """The name that an admin signs in with. Any text may be one, but for what can't be seen."""
    value = " ".join(_without(_USER_LABEL, _bare(text)).split())
    value = _without(_USER_LABEL, _bare("".join(c for c in value if unicodedata.category(c) not in ("Cc", "Cf"))))
    notes = ("user_tidied",) if value != text else ()
    if not value:
        return Cleaned("", refusal="user_empty")
    if _EMAIL.fullmatch(value):
        return Cleaned(value, (*notes, "user_looks_like_email"))
    if _SHAPE.fullmatch(value):
        return Cleaned(value, (*notes, "user_looks_like_token"))
    return Cleaned(value, notes)


def clean_password(text: str) -> Cleaned:
    """An admin's password, less the line breaks around it; everything else may belong to it."""
    value = text.strip("\r\n")
    if not value.strip():
        return Cleaned("", refusal="password_empty")
    if value != value.strip():
        return Cleaned(value, ("password_has_spaces",))
    return Cleaned(value, ("password_looks_like_token",) if _SHAPE.fullmatch(value) else ())
