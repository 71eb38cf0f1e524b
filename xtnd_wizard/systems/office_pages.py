"""What a page of a sandbox's back office is made of, as data: `sandbox/office.py` draws it.

Labels are the channel's own, in the language that its guide names them in; a `Note` is ours, by its id in the
catalogue under `office.`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

Flags = frozenset[str]


@dataclass(frozen=True)
class Note:
    """A sentence of ours."""

    words: str


@dataclass(frozen=True)
class Fact:
    """Something to read."""

    label: str
    value: str


@dataclass(frozen=True)
class Value:
    """Something to copy."""

    label: str
    value: str


@dataclass(frozen=True)
class Go:
    """A way to another screen. In a menu, ` > ` stands between its levels."""

    label: str
    screen: str


class Answer(Protocol):
    """One input of a form: what it switches on and off."""

    def answered(self, sent: Mapping[str, str]) -> tuple[Flags, Flags]:
        """What is on and what is off by what was sent. What the form does not offer counts for nothing."""
        ...


@dataclass(frozen=True)
class Tick:
    """A box to tick for one flag."""

    flag: str
    label: str
    ticked: bool

    def answered(self, sent: Mapping[str, str]) -> tuple[Flags, Flags]:
        own = frozenset((self.flag,))
        return (own, frozenset()) if self.flag in sent else (frozenset(), own)


@dataclass(frozen=True)
class Choice:
    """One of several flags."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    """Each flag, and what it is called."""
    chosen: str

    def answered(self, sent: Mapping[str, str]) -> tuple[Flags, Flags]:
        offered = frozenset(flag for flag, _ in self.options)
        picked = offered & {sent.get(self.name, "")}
        return (picked, offered - picked) if picked else (frozenset(), frozenset())


@dataclass(frozen=True)
class Listing:
    """A box for a list of flags, to paste. What is no flag of it is not kept."""

    name: str
    label: str
    known: tuple[str, ...]
    listed: tuple[str, ...]

    def answered(self, sent: Mapping[str, str]) -> tuple[Flags, Flags]:
        known = frozenset(self.known)
        found = known & frozenset(re.split(r"[\s,]+", sent.get(self.name, "")))
        return found, known - found


@dataclass(frozen=True)
class Form:
    """A button with what it asks for, and what it does."""

    button: str
    inputs: tuple[Tick | Choice | Listing, ...] = ()
    on: Flags = frozenset()
    off: Flags = frozenset()
    makes: str = ""
    then: str = ""
    """The screen that comes next; the same one where nothing is said."""
    quiet: bool = False
    """Whether another way is the usual one."""

    def answers(self, sent: Mapping[str, str]) -> tuple[Flags, Flags]:
        """What its inputs switch on and off."""
        answered = [asked.answered(sent) for asked in self.inputs]
        on = frozenset(flag for switched, _ in answered for flag in switched)
        return on, frozenset(flag for _, switched in answered for flag in switched) - on


Part = Note | Fact | Value | Go | Form


@dataclass(frozen=True)
class Page:
    """One page."""

    title: str
    parts: tuple[Part, ...]
    tabs: tuple[Go, ...] = ()

    def form(self, button: str) -> Form | None:
        """The form with this button."""
        return next((part for part in self.parts if isinstance(part, Form) and part.button == button), None)
