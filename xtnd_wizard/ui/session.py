"""Every key under which a browser session remembers something, with its type; nothing else reads or writes one.

No secret is among them: one that was typed is here for the one submit that takes it away.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.messages import ReadingReport
from xtnd_wizard.wizard.entry_form import NextStep

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One thing that a session remembers, and what it is as long as nothing was remembered."""

    name: str
    default: T

    def get(self) -> T:
        """What is remembered."""
        remembered: T = st.session_state.get(self.name, self.default)
        return remembered

    def set(self, value: T) -> None:
        """Remember this from here on."""
        st.session_state[self.name] = value

    def pop(self) -> T:
        """What is remembered, forgotten by the same call."""
        remembered: T = st.session_state.pop(self.name, self.default)
        return remembered


OPEN_DRAFT = Key("open_draft", "")
"""The id of the draft that this tab works on; `open_draft` also keeps it in the page's address."""
NOTICE = Key("notice", "")
"""The code of what the next page says on top."""
SITTING = Key("sitting", "")
"""A random text that stands for this session; it never goes to the browser."""
REPLACING: Key[frozenset[str]] = Key("replacing", frozenset())
"""The sealed fields that the form asks for anew."""
UNFOLD = Key("unfold", False)
"""Whether the form shows its optional fields unfolded."""
NOT_STORED = Key("not_stored", False)
"""Whether the form says that the database did not take what was typed."""
READ_BACK: Key[frozenset[str]] = Key("read_back", frozenset())
"""The fields whose values were changed by their cleaning, and wait to be looked at."""
READ_FROM_MESSAGE: Key[ReadingReport | None] = Key("read_from_message", None)
"""What the form says of a message that was just read. Nothing of its text."""
NEXT_STEP: Key[NextStep | None] = Key("next_step", None)
"""What the form says to what was typed."""
VERIFY_AT_ONCE = Key("verify_at_once", False)
"""Whether the page of the checks begins them without being asked."""
DIRECTOR_FOLDED = Key("director_folded", False)
"""Whether the director of a demo is out of the audience's sight."""
STOPPED = Key("stopped", False)
"""Whether the checks were stopped by the press before this run."""
SHOWING = Key("showing", "")
"""The connection whose sealed values are on the page; nothing as soon as another page is opened."""
DELETED = Key("deleted", False)
"""Whether a connection was just deleted."""

ANNOUNCED: Key[Mapping[str, str]] = Key("announced", {})
"""What this run asked a screen reader to say or the focus to go to, each with its number."""
ANNOUNCED_BEFORE: Key[Mapping[str, str]] = Key("announced_before", {})
"""What the run before asked for."""

AUTH_METHOD_WIDGET = Key("auth_method", "")
"""The choice of an authentication method."""


MESSAGE_BOX_OF = Key("message_box_of", "")
"""The draft whose form has the box for a message on top: it stays there while single fields are filled."""
MESSAGE_WIDGET = Key("enter_message", "")
"""The box for a whole message. What is pasted there may hold secrets, and is taken by `take_message`."""


def take_message() -> Secret:
    """What was pasted into the box. It is empty from here on, in the browser too."""
    message = Secret(MESSAGE_WIDGET.get() or "")
    MESSAGE_WIDGET.set("")
    return message


def field_widget(name: str) -> Key[str]:
    """The input of a credential field."""
    return Key(f"enter_{name}", "")


def need_widget(code: str) -> Key[bool]:
    """The box that ticks off what has to be in place."""
    return Key(f"need_{code}", False)


def seed_field(name: str, text: str) -> str:
    """The key of a field's input, which shows this text unless something was typed there."""
    widget = field_widget(name)
    st.session_state.setdefault(widget.name, text)
    return widget.name


def forget_form(names: Iterable[str]) -> None:
    """Forget what the form asks for and shows unfolded, and what was typed into these fields and not sent."""
    REPLACING.pop()
    UNFOLD.pop()
    NEXT_STEP.pop()
    for name in names:
        field_widget(name).pop()


def take_fields(names: Collection[str], sealed: Collection[str]) -> dict[str, Secret | str]:
    """What was typed into these fields' inputs, a secret where the field is sealed.

    The input of a sealed field is empty from here on, in the browser too.
    """
    typed: dict[str, Secret | str] = {}
    for name in names:
        widget = field_widget(name)
        if widget.name in st.session_state:
            if name in sealed:
                typed[name] = Secret(widget.get() or "")
                if typed[name]:  # what is being typed by now is not here yet, and must not be emptied
                    widget.set("")
            else:
                typed[name] = widget.get() or ""
    return typed


def let_run_be_stopped() -> None:
    """Let Streamlit end this run where its tab was closed or asks for another page.

    It looks for that only where a script draws or, as here, asks for its session's state.
    """
    st.session_state.get("any")
