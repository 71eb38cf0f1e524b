"""What people paste where Shopify's values belong."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.contract import Cleaned

TENANT_DOMAIN = "myshopify.com"
ELSEWHERE = "host_outside_myshopify"
"""Said to every other host: a shop's own domain does not tell which shop it is."""
CLIENT_SECRET = "shpss_"  # noqa: S105  # the mark before one
TOKENS = ("shpat_", "shpca_", "shppa_")
"""The marks of tokens of public or most custom apps, of older custom apps, and of private apps
(shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing)."""

_MARKED = re.compile(r"(?<![0-9a-z_])shp[a-z]{2,3}_[0-9a-f]{32}(?![0-9a-z_])", re.IGNORECASE)
_PLAIN = re.compile(r"(?<![0-9a-z_])[0-9a-f]{32}(?![0-9a-z_])", re.IGNORECASE)
"""Client ids and API keys, and tokens and secrets from before 2020. Shopify warns against relying on
any length, so other shapes are hints and never walls."""
_MARK = re.compile(r"shp[a-z]{2,3}_", re.IGNORECASE)
_SECRET_INSIDE = re.compile(r"shp[a-z]{2,3}_[0-9a-f]{8,}", re.IGNORECASE)
_ADMIN = re.compile(r"admin\.shopify\.com/store/([a-z0-9][a-z0-9-]*)", re.IGNORECASE)
_QUOTES = "\"'`´‘’‚“”„«»‹›"
_AROUND = re.compile(rf"^[\s{_QUOTES}]+|[\s{_QUOTES}]+$")
_LABEL = re.compile(
    r"^(?:x-shopify-access-token|bearer|basic"
    r"|(?:admin[ _-]?)?(?:api[ _-]?)?(?:access[ _-]?)?token|(?:api[ _-]?)?(?:key|nyckel)"
    r"|(?:api[ _-]?)?secret(?:[ _-]?key)?|client[ _-]?(?:id|secret)|klient[ _-]?(?:id|hemlighet)"
    r"|password|lösenord|hemlighet)(?:\s*[:=]\s*|\s+)",
    re.IGNORECASE,
)


def clean_client_id(text: str) -> Cleaned:
    """A client id or API key out of what was pasted: 32 characters from 0-9 and a-f."""
    return _cleaned(text, (_PLAIN, _MARKED), _hints_of_id)


def clean_secret(text: str) -> Cleaned:
    """A client secret or an access token out of what was pasted, with a word on which of them it is."""
    return _cleaned(text, (_MARKED, _PLAIN), _hints_of_secret)


def shop_address(text: str) -> str:
    """The shop's own host where the address of its admin was pasted.

    `admin.shopify.com/store/X` is the shop `X.myshopify.com` (nango.dev/docs/api-integrations/shopify-cc).
    Raises HostRefused for a text that holds a key, so that it is neither kept nor looked up.
    """
    bare = _bare(text)
    if _SECRET_INSIDE.search(bare) or _PLAIN.fullmatch(bare):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    names = {name.lower() for name in _ADMIN.findall(bare)}
    return f"{names.pop()}.{TENANT_DOMAIN}" if len(names) == 1 else text


def _cleaned(text: str, shapes: Sequence[re.Pattern[str]], hints: Callable[[str], tuple[str, ...]]) -> Cleaned:
    bare = _bare(text)
    value = _of_shape(bare, shapes) or _without_label(bare)
    notes = ("value_without_label",) if value != bare else ("value_tidied",) if bare != text else ()
    whole = "".join(value.split())
    if whole != value and any(shape.fullmatch(whole) for shape in shapes):
        value, notes = whole, notes or ("value_tidied",)
    value = _MARK.sub(lambda mark: mark.group().lower(), value) if _MARK.match(value) else value
    if not value:
        return Cleaned("", refusal="value_empty")
    if not all(" " <= character <= "~" for character in value):
        return Cleaned(value, notes, refusal="value_impossible_characters")
    return Cleaned(value, (*notes, *hints(value)))


def _bare(text: str) -> str:
    return _AROUND.sub("", "".join(c for c in text if unicodedata.category(c) != "Cf"))


def _of_shape(text: str, shapes: Sequence[re.Pattern[str]]) -> str:
    """The one value of the expected shape in a text with words around it, or else of the other one."""
    for shape in shapes:
        found = set(shape.findall(text))
        if found:
            return str(found.pop()) if len(found) == 1 else ""
    return ""


def _without_label(text: str) -> str:
    while (shorter := _AROUND.sub("", _LABEL.sub("", text, count=1))) != text:
        text = shorter
    return text


def _hints_of_id(value: str) -> tuple[str, ...]:
    if _PLAIN.fullmatch(value):
        return ()
    if value.startswith(CLIENT_SECRET):
        return ("access_token_is_client_secret",)
    if _MARK.match(value):
        return ("access_token_is_token",)
    return ("access_token_unusual_shape",)


def _hints_of_secret(value: str) -> tuple[str, ...]:
    odd = () if _MARKED.fullmatch(value) else ("secret_unusual_length",)
    if value.startswith(CLIENT_SECRET):
        return ("secret_is_client_secret", *odd)
    if value.startswith(TOKENS):
        return ("secret_is_token", *odd)
    if _PLAIN.fullmatch(value):
        return ("secret_is_older_token",)
    return ("secret_unusual_shape",)
