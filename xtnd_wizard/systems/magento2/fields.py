"""What people paste where Magento's values belong."""

import re
import unicodedata
from collections.abc import Sequence
from functools import partial

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.cleaning import (
    ANYTHING,
    EMAIL,
    Remarks,
    TextCleaner,
    hints_for,
    joined,
    label_remover,
    path_until,
    visible,
)

AUTH_METHODS = ("integration", "admin")
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

USER_LABELS = ("user name", "username", "user", "användarnamn", "användare", "login")
PASSWORD_LABELS = ("password", "pwd", "lösenord")
_SHAPE = re.compile(r"[0-9a-z]{32}")
"""All four values of an integration (github.com/magento/magento2 issues 8149 and 35744)."""
_PARTS = ("consumer key", "consumer secret", "access token secret", "access token")
_NAMED = re.compile(
    r"(consumer[ _-]?key|consumer[ _-]?secret|(?:access[ _-]?)?token[ _-]?secret|access[ _-]?token)"
    r"[^0-9a-zA-Z]{1,12}([0-9a-z]{32})(?![0-9a-zA-Z])",
    re.IGNORECASE,
)
_without_label = label_remover(re.compile(r"^[^\W\d_][\w -]{1,29}[:=](?!//)\s*"))
_without_user_label = label_remover(
    re.compile(r"^(?:user[ _-]?name|användarnamn|user|login|admin user)\s*[:=]\s*", re.IGNORECASE)
)


def shop_folder(segments: Sequence[str]) -> Sequence[str]:
    """The folder that a shop is in, out of the address of any of its pages, the back office's as well."""
    lowered = [segment.lower() for segment in segments]
    key = lowered.index("key") if "key" in lowered else 0
    if key >= _STEPS_OF_A_BACK_OFFICE_PAGE:
        segments = segments[: key - _STEPS_OF_A_BACK_OFFICE_PAGE]
    return _UNTIL_A_PAGE(segments)


def shop_address(text: str) -> str:
    """The text as it is. Raises HostRefused where it is a value, so that it is neither kept nor looked up."""
    if _named(text) or _SHAPE.fullmatch(joined(_without_label(visible(text)))):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    return text


def _named(text: str) -> dict[str, str]:
    """The values in a text that stand behind their own names."""
    found: dict[str, str] = {}
    for name, value in _NAMED.findall(visible(text)):
        plain = re.sub(r"[ _-]", "", name.lower())
        part = next(part for part in _PARTS if part.replace(" ", "").endswith(plain))
        found.setdefault(part, value)
    return found


_clean_value = TextCleaner(
    tidied="value_tidied",
    without_label="value_without_label",
    empty="value_empty",
    impossible="value_impossible_characters",
    remove_label=_without_label,
    wrapped_shapes=(_SHAPE,),
    hints=(
        (_SHAPE, ()),
        (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), ("value_looks_like_sign_in",)),
        (ANYTHING, ("value_unusual_shape",)),
    ),
)


def _clean_part(part: str, text: str) -> tuple[str, Remarks]:
    """One value of an integration, also where all four were pasted with their names."""
    named = _named(text)
    if not named:
        return _clean_value(text)
    note = "value_without_label" if part in named else "value_of_another_field"
    return named.get(part) or next(iter(named.values())), Remarks((note,))


clean_consumer_key, clean_consumer_secret, clean_access_token_secret, clean_access_token = (
    partial(_clean_part, part) for part in _PARTS
)


def clean_user(text: str) -> tuple[str, Remarks]:
    """The name that an admin signs in with. Any text may be one, but for what can't be seen."""
    shown = "".join(c for c in visible(text) if c.isspace() or unicodedata.category(c) != "Cc")
    value = _without_user_label(" ".join(shown.split()))
    if not value:
        return "", Remarks(refusal="user_empty")
    hints = hints_for(value, ((EMAIL, ("user_looks_like_email",)), (_SHAPE, ("user_looks_like_token",))))
    return value, Remarks(("user_tidied", *hints) if value != text else hints)


def clean_password(text: str) -> tuple[str, Remarks]:
    """An admin's password, less the line breaks around it; everything else may belong to it."""
    value = text.strip("\r\n")
    if not value.strip():
        return "", Remarks(refusal="password_empty")
    if value != value.strip():
        return value, Remarks(("password_has_spaces",))
    return value, Remarks(hints_for(value, ((_SHAPE, ("password_looks_like_token",)),)))
