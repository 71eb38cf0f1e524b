"""How a value is taken out of what people paste: one kit for all systems.

A value is copied from a web page, a message or a file, and quotes, a label, invisible characters or line
breaks come along. What is particular to a system stands in its `fields.py`: the shapes of its values, what
its labels are called, and the codes of what to say about them.

A field's cleaner is a pure function from a text to the value in it and the remarks on it. `System.clean`
calls it with at most LONGEST_TEXT characters and, for a sealed field, inside a `Secret`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import takewhile
from typing import Generic, TypeVar

from xtnd_wizard.domain.api_url import SubPath
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.recognition import Recognition

LONGEST_TEXT = 4096
"""No value is longer, and cleaning must not be kept busy with one that is."""

QUOTES = "\"'`´‘’‚“”„«»‹›"
ANYTHING = re.compile(r".*", re.DOTALL)
EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+")
NUMBER = re.compile(r"[0-9]{1,18}")
"""A number of the size that channels give their shops and companies; it fits into 64 bits."""
OUTSIDE_ASCII = re.compile(r"[^ -~]")
"""What an HTTP header can't carry."""
_QUOTED = ('""', "''", "``", "´´", "‘’", "’’", "“”", "””", "„“", "„”", "«»", "»»", "‹›")

Value = TypeVar("Value", Secret, str)
Step = Callable[[str], str]
"""One step of cleaning, a pure function."""
Hints = Sequence[tuple[re.Pattern[str], tuple[str, ...]]]
"""What to say about a value, by the first pattern that it fits as a whole."""


@dataclass(frozen=True)
class Remarks:
    """What to tell the person who pasted a value. Holds nothing of the value itself."""

    notes: tuple[str, ...] = ()
    """Codes of what was removed, and of what looks odd but may still be tried."""
    refusal: str | None = None
    """Code of the reason why this can't be sent at all."""
    question: Recognition | None = None
    """What it looks like, where the merchant has to say that it is the value all the same."""


CleanText = Callable[[str], tuple[str, Remarks]]
"""How a field is cleaned: from the pasted text to the value, ready to use, and the remarks on it."""


@dataclass(frozen=True)
class Cleaned(Generic[Value]):
    """A pasted value, ready to use, and the remarks on it. What was pasted as a secret is one."""

    value: Value = field(repr=False)
    """In no text form of this: a key may have been pasted into an open field by mistake."""
    remarks: Remarks = Remarks()


def visible(text: str) -> str:
    """A text without the format characters that come along unseen, such as a zero-width space."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def stripped(text: str, around: str = QUOTES) -> str:
    """A text without white space and these characters around it."""
    return until_stable(lambda found: found.strip().strip(around), text)


def unquoted(text: str) -> str:
    """A text without white space and pairs of quotes around it, for texts in which a lone quote may belong."""

    def without_pair(found: str) -> str:
        bare = found.strip()
        return bare[1:-1] if len(bare) > 1 and bare[0] + bare[-1] in _QUOTED else bare

    return until_stable(without_pair, text)


def joined(text: str) -> str:
    """A text without white space, as where it was wrapped over several lines."""
    return "".join(text.split())


def label_remover(label: re.Pattern[str], bare: Step = stripped) -> Step:
    """A step that removes labels from the beginning of a text, and what stands around the rest."""
    return lambda text: until_stable(lambda found: bare(label.sub("", found, count=1)), bare(text))


def the_only_match(shapes: Sequence[re.Pattern[str]], text: str) -> str:
    """The one value of a shape in a text, or nothing where the first shape that occurs does so more than once."""
    for shape in shapes:
        found = {joined(match) for match in shape.findall(text)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def hints_for(value: str, hints: Hints) -> tuple[str, ...]:
    """The codes of the first pattern that a value fits as a whole."""
    return next((codes for pattern, codes in hints if pattern.fullmatch(value)), ())


def until_stable(step: Step, text: str) -> str:
    """Repeat a step until it changes nothing any more."""
    while (changed := step(text)) != text:
        text = changed
    return text


def keep_text(text: str) -> tuple[str, Remarks]:
    """A value that any text may be, less the line breaks around it."""
    return text.strip("\r\n"), Remarks()


def path_until(*ends: str) -> SubPath:
    """Keeps the folders of a pasted address up to the first that matches one of these patterns."""

    def kept(segments: Sequence[str]) -> Sequence[str]:
        return tuple(takewhile(lambda segment: not any(fnmatch(segment.lower(), end) for end in ends), segments))

    return kept


@dataclass(frozen=True)
class TextCleaner:
    """Takes one value out of a pasted text. An odd shape is a hint and never a wall."""

    tidied: str
    """The code to say that something around the value, or line breaks inside it, were removed."""
    without_label: str
    """The code to say that the value was taken out of words around it."""
    empty: str
    """The code for a text with no value in it."""
    impossible: str
    """The code for a value that can't be sent."""
    remove_label: Step
    """Removes labels such as `API key:`."""
    hints: Hints
    shapes_in_text: Sequence[re.Pattern[str]] = ()
    """Patterns without groups that are looked for inside a longer text, as `the_only_match` does."""
    wrapped_shapes: Sequence[re.Pattern[str]] = ()
    """White space inside a value is removed where it then has one of these shapes."""
    strip: Step = stripped
    """Removes what stands around a value and is no word."""
    repair: Step = str
    """Corrects the value's spelling, such as a capital letter that a phone made."""
    unsendable: re.Pattern[str] = OUTSIDE_ASCII
    """A character that can't be sent."""

    def __call__(self, text: str) -> tuple[str, Remarks]:
        """The value in a text, and the remarks on it."""
        seen = visible(text)
        bare = self.strip(seen)
        value = the_only_match(self.shapes_in_text, bare) or self.remove_label(seen)
        out_of_words = value not in (bare, joined(bare))
        if any(shape.fullmatch(joined(value)) for shape in self.wrapped_shapes):
            value = joined(value)
        notes = (self.without_label,) if out_of_words else (self.tidied,) if value != text else ()
        value = self.repair(value)
        if not value:
            return "", Remarks(refusal=self.empty)
        if self.unsendable.search(value):
            return value, Remarks(notes, refusal=self.impossible)
        return value, Remarks((*notes, *hints_for(value, self.hints)))
