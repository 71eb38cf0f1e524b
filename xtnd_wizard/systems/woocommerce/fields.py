"""What people paste where WooCommerce's values belong."""

import re
from functools import partial

from xtnd_wizard.domain.api_url import HostRefusal, HostRefused
from xtnd_wizard.systems.cleaning import ANYTHING, EMAIL, QUOTES, TextCleaner, label_remover, stripped, visible

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

_LABEL = re.compile(
    rf"^(?!c[ks]_|{EMAIL.pattern}$)(?:[^\W\d_][\w /-]{{1,30}}?\s*[:=](?!//)\s*"
    r"|(?:(?:api|consumer)[ _-]?)?(?:key|secret|nyckel|hemlighet)\s+)",
    re.IGNORECASE,
)
"""Any short words with a colon after them, or a known one without. An e-mail address may have such a beginning."""
KEY, SECRET = (re.compile(rf"(?<![0-9A-Za-z])c{k}_(?:\s*[0-9a-f]){{40}}(?![0-9A-Za-z])") for k in "ks")
"""A prefix and 40 hexadecimal digits (WooCommerce's `wc_rand_hash`), maybe wrapped over lines."""
KEY_LABELS = ("consumer key", "api key", "api nyckel", "nyckel", "key", "kundnyckel", "användarnyckel")
SECRET_LABELS = ("consumer secret", "api secret", "secret key", "secret", "hemlighet", "hemlig nyckel", "kundhemlighet")
_ANY_KEY, _ANY_SECRET = re.compile(r"ck_.*"), re.compile(r"cs_.*")
_NO_PREFIX = re.compile(r"[0-9a-f]{40}")
_LIST_VIEW = re.compile(r"[0-9a-f]{7}")
"""The list of keys shows the last seven characters only (WooCommerce's column `truncated_key`)."""
_APPLICATION_PASSWORD = re.compile(r"[0-9A-Za-z]{4}(?: [0-9A-Za-z]{4}){5}")
"""The other kind of key in WordPress: six groups of four."""
_SECRET_INSIDE = re.compile(r"(?<![0-9a-z])c[ks]_(?:\s*[0-9a-f]){8}", re.IGNORECASE)

_bare = partial(stripped, around=f"{QUOTES},;")

clean_consumer_key = TextCleaner(
    tidied="key_tidied",
    without_label="key_without_label",
    empty="key_empty",
    impossible="key_impossible_characters",
    remove_label=label_remover(_LABEL, _bare),
    shapes_in_text=(KEY,),
    strip=_bare,
    unsendable=re.compile(r"[^ -~]|:"),
    hints=(
        (KEY, ()),
        (_ANY_SECRET, ("key_is_the_secret",)),
        (_ANY_KEY, ("key_of_another_length",)),
        (_NO_PREFIX, ("key_without_prefix",)),
        (_LIST_VIEW, ("key_from_list_view",)),
        (_APPLICATION_PASSWORD, ("key_looks_like_application_password",)),
        (ANYTHING, ("key_unusual_shape",)),
    ),
)
"""A consumer key: the name in a header's pair of name and password, which ends at the colon (RFC 7617)."""

clean_consumer_secret = TextCleaner(
    tidied="secret_tidied",
    without_label="secret_without_label",
    empty="secret_empty",
    impossible="secret_impossible_characters",
    remove_label=label_remover(_LABEL, _bare),
    shapes_in_text=(SECRET,),
    strip=_bare,
    hints=(
        (SECRET, ()),
        (_ANY_KEY, ("secret_is_the_key",)),
        (_ANY_SECRET, ("secret_of_another_length",)),
        (_NO_PREFIX, ("secret_without_prefix",)),
        (_LIST_VIEW, ("secret_from_list_view",)),
        (_APPLICATION_PASSWORD, ("secret_looks_like_application_password",)),
        (ANYTHING, ("secret_unusual_shape",)),
    ),
)
"""A consumer secret: the password in that pair."""


def shop_address(text: str) -> str:
    """The text as it is. Raises HostRefused where it holds a key, so that it is neither kept nor looked up."""
    if _SECRET_INSIDE.search(_bare(visible(text))):
        raise HostRefused(HostRefusal.LOOKS_LIKE_A_KEY)
    return text
