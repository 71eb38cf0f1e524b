"""Text that stands where markup would be read, such as in the label of a widget."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~:$&])")


def plain(text: str) -> str:
    """The text with everything escaped that could be taken for markup."""
    return _MARKUP.sub(r"\\\1", text)
