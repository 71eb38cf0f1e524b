"""What people paste where the user name, the API key and the address of a shop belong.

User name and key are texts that somebody chose, so hardly anything about them can be wrong in itself.
"""

import re
from collections.abc import Sequence
from functools import partial

from xtnd_wizard.systems.cleaning import EMAIL, Step, TextCleaner, path_until, unquoted, until_stable

_USER_LABEL = r"(?:api[ _-]?)?(?:user(?:[ _-]?name)?|användar(?:e|namn)|anvandarnamn|login|access[ _-]?token)"
_KEY_LABEL = r"(?:api[ _-]?(?:key|nyckel)|nyckel|key|secret|hemlighet|password|lösenord)"
USER_LABELS = ("user name", "username", "api user", "user", "användarnamn", "användare", "login")
KEY_LABELS = ("api key", "api nyckel", "nyckel", "key", "secret", "hemlighet", "password", "lösenord")
_IMPOSSIBLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML can't carry (https://www.w3.org/TR/xml/#charsets), and control characters."""
_CONSUMER = re.compile(r"[0-9a-z]{32}")
"""The key and the secret of an OAuth consumer, which belong to the REST API, have this shape."""
_SHORT = re.compile(r".{1,5}", re.DOTALL)
_LINE_BREAK = re.compile(r"\s*[\r\n\t\v\f\x85\u2028\u2029]\s*")

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


def _in_one_line(text: str) -> str:
    """A value that was wrapped over several lines, less the quotes around it."""
    return unquoted(_LINE_BREAK.sub("", unquoted(text)))


def _after(label: str) -> Step:
    """A step that takes what stands after a label, on a line of its own or before the value."""
    marked = re.compile(rf"^[ \t]*{label}[ \t]*(?:[:=]|\t)[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)

    def unlabelled(text: str) -> str:
        found = marked.findall(text)
        return _in_one_line(found[0] if len(found) == 1 else text)

    return lambda text: until_stable(unlabelled, unquoted(text))


_chosen_text = partial(TextCleaner, strip=_in_one_line, unsendable=_IMPOSSIBLE)

clean_user = _chosen_text(
    tidied="user_tidied",
    without_label="user_without_label",
    empty="user_empty",
    impossible="user_impossible_characters",
    remove_label=_after(_USER_LABEL),
    hints=((_CONSUMER, ("user_looks_like_consumer",)), (EMAIL, ("user_looks_like_email",))),
)
"""The user name of an API user."""

clean_key = _chosen_text(
    tidied="key_tidied",
    without_label="key_without_label",
    empty="key_empty",
    impossible="key_impossible_characters",
    remove_label=_after(_KEY_LABEL),
    hints=((_CONSUMER, ("key_looks_like_consumer",)), (_SHORT, ("key_short",))),
)
"""The API key of an API user."""
