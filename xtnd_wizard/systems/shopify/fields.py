"""What people paste where Shopify's values belong."""

import re
from functools import partial

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.cleaning import ANYTHING, TextCleaner, label_remover, stripped, visible

TENANT_DOMAIN = "myshopify.com"
ELSEWHERE = "host_outside_myshopify"
"""Said to every other host: a shop's own domain does not tell which shop it is."""
CLIENT_SECRET = "shpss_"  # noqa: S105  # the mark before one
TOKENS = ("shpat_", "shpca_", "shppa_")
"""The marks of tokens of public or most custom apps, of older custom apps, and of private apps
(shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing)."""

MARKED = re.compile(r"(?<![0-9a-z_])shp[a-z]{2,3}_[0-9a-f]{32}(?![0-9a-z_])", re.IGNORECASE)
PLAIN = re.compile(r"(?<![0-9a-z_])[0-9a-f]{32}(?![0-9a-z_])", re.IGNORECASE)
"""Client ids and API keys, and tokens and secrets from before 2020. Shopify warns against relying on
any length, so other shapes are hints and never walls."""
ID_LABELS = ("client id", "klient id", "api key", "api nyckel", "nyckel", "key")
SECRET_LABELS = (
    *("client secret", "klienthemlighet", "api secret key", "api secret", "secret key", "secret", "hemlighet"),
    *("access token", "admin api access token", "token", "åtkomsttoken", "password", "lösenord"),
)
_MARK = re.compile(r"shp[a-z]{2,3}_", re.IGNORECASE)
_ANY_CLIENT_SECRET = re.compile(rf"{CLIENT_SECRET}.*")
_ANY_TOKEN = re.compile(rf"(?:{'|'.join(TOKENS)}).*")
_SECRET_INSIDE = re.compile(r"shp[a-z]{2,3}_[0-9a-f]{8,}", re.IGNORECASE)
_ADMIN = re.compile(r"admin\.shopify\.com/store/([a-z0-9][a-z0-9-]*)", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:x-shopify-access-token|bearer|basic"
    r"|(?:admin[ _-]?)?(?:api[ _-]?)?(?:access[ _-]?)?token|(?:api[ _-]?)?(?:key|nyckel)"
    r"|(?:api[ _-]?)?secret(?:[ _-]?key)?|client[ _-]?(?:id|secret)|klient[ _-]?(?:id|hemlighet)"
    r"|password|lösenord|hemlighet)(?:\s*[:=]\s*|\s+)",
    re.IGNORECASE,
)


def _with_small_mark(value: str) -> str:
    """A value whose mark a phone began with a capital letter, repair."""
    return _MARK.sub(lambda mark: mark.group().lower(), value) if _MARK.match(value) else value


_value_cleaner = partial(
    TextCleaner,
    tidied="value_tidied",
    without_label="value_without_label",
    empty="value_empty",
    impossible="value_impossible_characters",
    remove_label=label_remover(_LABEL),
    wrapped_shapes=(PLAIN, MARKED),
    repair=_with_small_mark,
)

clean_client_id = _value_cleaner(
    shapes_in_text=(PLAIN, MARKED),
    hints=(
        (PLAIN, ()),
        (_ANY_CLIENT_SECRET, ("access_token_is_client_secret",)),
        (re.compile(rf"{_MARK.pattern}.*"), ("access_token_is_token",)),
        (ANYTHING, ("access_token_unusual_shape",)),
    ),
)
"""A client id or API key: 32 characters from 0-9 and a-f."""

clean_secret = _value_cleaner(
    shapes_in_text=(MARKED, PLAIN),
    hints=(
        (re.compile(rf"{CLIENT_SECRET}[0-9a-f]{{32}}", re.IGNORECASE), ("secret_is_client_secret",)),
        (_ANY_CLIENT_SECRET, ("secret_is_client_secret", "secret_unusual_length")),
        (re.compile(rf"(?:{'|'.join(TOKENS)})[0-9a-f]{{32}}", re.IGNORECASE), ("secret_is_token",)),
        (_ANY_TOKEN, ("secret_is_token", "secret_unusual_length")),
        (PLAIN, ("secret_is_older_token",)),
        (ANYTHING, ("secret_unusual_shape",)),
    ),
)
"""A client secret or an access token, with a word on which of them it is."""


def shop_address(text: str) -> str:
    """The shop's own host where the address of its admin was pasted.

    `admin.shopify.com/store/X` is the shop `X.myshopify.com` (nango.dev/docs/api-integrations/shopify-cc).
    Raises HostRefused for a text that holds a key, so that it is neither kept nor looked up.
    """
    bare = stripped(visible(text))
    if _SECRET_INSIDE.search(bare) or PLAIN.fullmatch(bare):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    names = {name.lower() for name in _ADMIN.findall(bare)}
    return f"{names.pop()}.{TENANT_DOMAIN}" if len(names) == 1 else text
