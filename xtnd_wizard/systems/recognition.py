"""What a pasted text is, where it is something else than the value that its field asks for.

Pure, and the same for every field of every system. What is recognised for certain can't be a real
value and is refused; anything else may be one, if only in a field that takes any text, so the
merchant is asked.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xtnd_wizard.domain.api_url import is_public_name
from xtnd_wizard.domain.key_shapes import holds_a_key
from xtnd_wizard.domain.placeholders import is_in_brackets, stands_for_a_value


class Paste(StrEnum):
    """What a text was recognised as. The words are in the catalogue under `note.<code>`, or in a system's guide."""

    PLACEHOLDER = "pasted_placeholder"
    EXAMPLE = "pasted_example"
    MASKED = "pasted_masked"
    PARTLY_MASKED = "pasted_partly_masked"
    KEY_FILE = "pasted_key_file"
    JSON = "pasted_json"
    LINES = "pasted_lines"
    WORDS = "pasted_words"
    MESSAGE = "pasted_message"
    ADDRESS = "pasted_address"
    EMAIL = "pasted_email"
    LABEL = "pasted_label"
    SWAPPED = "pasted_swapped"
    SAME = "pasted_same"
    HOLDS = "pasted_holds"


NEVER_A_VALUE = frozenset((Paste.PLACEHOLDER, Paste.MASKED, Paste.KEY_FILE))
"""What can be no value in any field. The other kinds may be one where any text may."""


@dataclass(frozen=True)
class Recognition:
    """What a text was recognised as, and the figures that its sentence needs. Nothing of the text itself."""

    paste: Paste
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether it can't be a real value."""
        return self.paste in NEVER_A_VALUE


_KEY_FILE = re.compile(r"-----BEGIN [A-Z0-9 ]{3,40}-----|^(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-\S{1,30}) AAAA")
_MASK = "*•●∙·⋅…․▪■█"
_BETWEEN_MASKS = frozenset(f"{_MASK}.- \t\r\n")
_THREE_MASKS = re.compile(rf"[{_MASK}.]{{3}}")
_PARTLY_MASKED = re.compile(rf"[{_MASK}]{{3}}|\.{{3}}|[•●∙…]|(?<![a-z])x{{4}}(?![a-wyz])", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s/]", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@:/]{1,64}@[^\s@.]{1,64}(?:\.[^\s@.]{1,64}){1,5}")
_LABEL = re.compile(
    r"(?<![^\W_])(?:api[ _-]?(?:key|nyckel)|(?:client|consumer)[ _-]?(?:id|key|secret)|(?:access[ _-]?)?token|"
    r"user[ _-]?name|password|passwd|secret|host[ _-]?name|url|e-?mail|login|"
    r"användarnamn|lösenord|nyckel|hemlighet|adress|e-?post)\s{0,3}[:=]\s{0,3}(?=\S)",
    re.IGNORECASE,
)
_FEWEST_WORDS_OF_A_MESSAGE = 8
"""Passphrases have six or seven words at most."""
_FEWEST_WORDS_AROUND_A_MASK = 4


def recognise(
    pasted: str, value: str, *, any_text: bool = False, expected: Collection[Paste] = ()
) -> Recognition | None:
    """What a text is, where its field's cleaning took `value` out of it; None where there is nothing to say.

    `any_text` is for fields in which any text may be right, such as a password; `expected` are kinds
    that are usual in the field.
    """
    read = value or pasted.strip()
    if not read.strip():
        return None
    lines = _lines(pasted, value) if any_text else None
    found = _impossible(read, any_text=any_text) or lines or _doubtful(read, any_text=any_text)
    return None if found and found.paste in expected else found


def _impossible(read: str, *, any_text: bool) -> Recognition | None:
    """What can't be a value. Words without brackets, and stars among others, may be a chosen password."""
    if _KEY_FILE.search(read):
        return Recognition(Paste.KEY_FILE)
    if stands_for_a_value(read) and (is_in_brackets(read) or not any_text):
        return Recognition(Paste.PLACEHOLDER)
    if _is_masked(read, wholly=any_text):
        return Recognition(Paste.MASKED)
    return None


def _lines(pasted: str, value: str) -> Recognition | None:
    """Several lines that became one value. Where it stands on one of them, it was picked out and that is said."""
    lines = [line for line in pasted.splitlines() if line.strip()]
    if len(lines) < 2 or any(value in line for line in lines):
        return None
    return Recognition(Paste.LINES, facts={"lines": str(len(lines))})


def _doubtful(read: str, *, any_text: bool) -> Recognition | None:
    """What may be a value, and more likely is something else."""
    words = len(read.split())
    if stands_for_a_value(read):
        return Recognition(Paste.EXAMPLE)
    if _is_json(read):
        return Recognition(Paste.JSON)
    if words >= _FEWEST_WORDS_OF_A_MESSAGE:
        return Recognition(Paste.WORDS, facts={"words": str(words)}) if any_text else Recognition(Paste.MESSAGE)
    if _EMAIL.fullmatch(read):
        return Recognition(Paste.EMAIL)
    if _WEB_ADDRESS.match(read) or _is_bare_host(read):
        return Recognition(Paste.ADDRESS)
    if _LABEL.search(read):
        return Recognition(Paste.LABEL)
    if _WEB_ADDRESS.search(read):
        return Recognition(Paste.ADDRESS)
    return Recognition(Paste.PARTLY_MASKED) if _is_masked(read) else None


def _is_masked(read: str, *, wholly: bool = False) -> bool:
    """Whether stars or dots stand for a value, or for a part of it unless only the whole counts."""
    if _THREE_MASKS.search(read) and _BETWEEN_MASKS.issuperset(read):
        return True
    return not wholly and bool(_PARTLY_MASKED.search(read)) and len(read.split()) < _FEWEST_WORDS_AROUND_A_MASK


def _is_json(read: str) -> bool:
    """Whether a text is JSON with names in it, or was meant to be."""
    if not read.startswith(("{", "[")) or '"' not in read:
        return False
    try:
        return isinstance(json.loads(read), dict | list)
    except (ValueError, RecursionError):
        return read.endswith(("}", "]")) and bool(re.search(r'"\s{0,9}:', read))


def _is_bare_host(read: str) -> bool:
    """Whether a text is a host name of three parts or more. A token may have dots as well."""
    host = read.lower().partition("/")[0]
    return host.count(".") > 1 and is_public_name(host) and not holds_a_key(read)
