"""What people paste where Mirakl's values belong."""

import re

from xtnd_wizard.systems.cleaning import (
    ANYTHING,
    NUMBER,
    Remarks,
    TextCleaner,
    joined,
    label_remover,
    visible,
)

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
KEY_IN_TEXT = _UUID
KEY_LABELS = ("api key", "api nyckel", "apinyckel", "nyckel", "key", "token", "authorization", "bearer")
PASSWORD_LABELS = ("password", "pass word", "pwd", "lösenord", "losenord", "hemlighet")
_SHAPE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{10,12}", re.IGNORECASE)
"""8-4-4-4-12 (help.merchantspring.io); one of Mirakl's own hints ends in ten."""
_LABEL_WORD = r"(?:authorization|bearer|(?:x[ _-]?)?api[ _-]?key|api[ _-]?nyckel|nyckel|key|token)"
_LABEL = re.compile(rf"^(?:{_LABEL_WORD}(?:\s*[:=]\s*|\s+)|[\w -]{{2,20}}[:=]\s+)", re.IGNORECASE)
"""A known word before the key, or any short word with a colon and a space; a key may have a colon itself."""
_LONGEST_MISTAKE = 20
"""A longer text in the shop id's field may be a key, and is not kept."""

clean_key = TextCleaner(
    tidied="key_tidied",
    without_label="key_without_label",
    empty="key_empty",
    impossible="key_impossible_characters",
    remove_label=label_remover(_LABEL),
    shapes_in_text=(_UUID,),
    wrapped_shapes=(_SHAPE,),
    hints=(
        (_SHAPE, ()),
        (re.compile(r"[0-9]{2,6}"), ("key_looks_like_shop_id",)),
        (ANYTHING, ("key_unusual_shape",)),
    ),
)
"""An API key. Mirakl publishes no format of it."""


def clean_shop_id(text: str) -> tuple[str, Remarks]:
    """A shop's number, for logins with several shops; nothing where it was left out."""
    digits = joined(visible(text)).strip("#")
    if digits and not NUMBER.fullmatch(digits):
        return text if len(text) <= _LONGEST_MISTAKE else "", Remarks(refusal="shop_id_not_a_number")
    return digits.lstrip("0"), Remarks()
