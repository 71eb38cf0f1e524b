"""A secret has a type, and its text form is `***`."""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

Remarks = TypeVar("Remarks")
_LAST = 4
_MIN_LENGTH_FOR_LAST4 = 24
_MIN_LENGTH_OF_A_PART = 8


class Secret:
    """A value that may be sent or sealed, and never shown.

    `reveal()` is called by the outbound client and the vault only; a test greps for it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the value itself."""
        return self._text

    def cleaned_by(self, clean: Callable[[str], tuple[str, Remarks]]) -> tuple["Secret", Remarks]:
        """Apply a pure function to the text inside: the text it makes is a secret again.

        The one way to work on a secret's text outside the outbound client and the vault. What the function
        returns besides its text, and what it raises, must hold nothing of the text.
        """
        text, remarks = clean(self._text)
        return Secret(text), remarks

    def parted_by(
        self, read: Callable[[str], tuple[Mapping[str, str], Remarks]]
    ) -> tuple[dict[str, "Secret"], Remarks]:
        """Apply a pure function that finds several values in the text inside: each is a secret again.

        What the function returns besides them, and what it raises, must hold nothing that is secret.
        """
        found, remarks = read(self._text)
        return {name: Secret(text) for name, text in found.items()}, remarks

    def fits(self, shape: re.Pattern[str]) -> bool:
        """Whether it has a shape that its channel gives to values of one kind. Reveals nothing else."""
        return bool(shape.fullmatch(self._text))

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it but white space."""
        return not self._text.strip()

    @property
    def last4(self) -> str:
        """The last four characters, or nothing where four would give too much away (a password)."""
        return self._text[-_LAST:] if len(self._text) >= _MIN_LENGTH_FOR_LAST4 else ""

    def after(self, prefix: str) -> "Secret":
        """The same secret with a text before it, as in a header that wants "Bearer " there."""
        return Secret(prefix + self._text)

    def begins_with(self, prefix: str) -> bool:
        """Whether it begins with a prefix that its channel publishes, as many tokens do. Reveals nothing else."""
        return self._text.startswith(prefix)

    def has_length(self, characters: int) -> bool:
        """Whether it has the one length that all values of its kind have. Reveals nothing else."""
        return len(self._text) == characters

    def holds(self, other: "Secret") -> bool:
        """Whether another secret is a part of this one. One of fewer than eight characters never counts."""
        found = len(other._text) >= _MIN_LENGTH_OF_A_PART and other._text in self._text
        return found and len(other._text) < len(self._text)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    __hash__ = None  # type: ignore[assignment]  # a hash would be a guessable trace of the value

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
