"""What cleaning gives, written briefly, and cleaners of fields as they are tried on plain text."""

from collections.abc import Callable

from xtnd_wizard.systems.cleaning import Cleaned, CleanText, Remarks
from xtnd_wizard.systems.recognition import Recognition


def outcome(
    value: str, notes: tuple[str, ...] = (), *, refusal: str | None = None, question: Recognition | None = None
) -> Cleaned[str]:
    """A cleaned value and the remarks on it."""
    return Cleaned(value, Remarks(notes, refusal, question))


def on_text(clean: CleanText) -> Callable[[str], Cleaned[str]]:
    """A field's cleaner, its two results as one."""
    return lambda text: Cleaned(*clean(text))
