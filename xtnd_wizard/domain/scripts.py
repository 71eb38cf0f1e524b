"""In which scripts a host name is written. A letter of another script may look just like the one it stands for."""

import unicodedata

import idna

_WRITTEN_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
"""What one language writes with several scripts (Unicode Technical Standard 39, "highly restrictive")."""
_SHARED = frozenset(("COMBINING", "MODIFIER", "KATAKANA-HIRAGANA"))
"""First words of the names of letters that belong to no single script."""


def is_mixed(host: str) -> bool:
    """Whether a label of a host name, in whichever form, mixes scripts that no language writes together."""
    return any(_is_mixed(_in_unicode(label)) for label in host.split("."))


def _is_mixed(label: str) -> bool:
    scripts = {script for character in label if (script := _script(character))}
    return len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER)


def _in_unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _script(character: str) -> str:
    """The script of a letter, which its name begins with; nothing for what is no letter."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    first = unicodedata.name(character, "").partition(" ")[0]
    return "" if first in _SHARED else {"IDEOGRAPHIC": "CJK"}.get(first, first)
