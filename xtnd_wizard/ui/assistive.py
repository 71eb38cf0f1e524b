"""What a screen reader and a keyboard need and Streamlit has no call for.

A page says it here, in hidden marks at the place of the call; `assistive.js`, which the front page loads, reads them
and does it: the language of the page, the focus, live regions, names of buttons, errors tied to their fields.
"""

import json
import secrets
from functools import cache
from html import escape

import streamlit as st

from xtnd_wizard.i18n import DEFAULT_LANGUAGE, catalogue
from xtnd_wizard.ui.brand import product_name
from xtnd_wizard.ui.i18n import language
from xtnd_wizard.ui.session import ANNOUNCED, ANNOUNCED_BEFORE

_OF_STREAMLIT = "streamlit."


def draw(page: str, title: str) -> None:
    """Begin a run of a page: the frame calls it once. The page's title is the browser tab's until it says another."""
    ANNOUNCED_BEFORE.set(ANNOUNCED.get())
    ANNOUNCED.set({})
    tab_title(title)
    _mark(page=page, language=language(), strings=_streamlit_strings(language()))


def announce(text: str, *, urgent: bool = False, again: bool = False) -> None:
    """Have a screen reader say this once, at once where it is urgent.

    What the run before said in the same words is not said again, unless `again` says that it has just happened anew.
    """
    spoken = "" if again else ANNOUNCED.get().get(text) or ANNOUNCED_BEFORE.get().get(text, "")
    number = spoken or secrets.token_hex(4)
    ANNOUNCED.set({**ANNOUNCED.get(), text: number})
    _mark(announce=text, number=number, urgent="true" if urgent else "false")


def tab_title(text: str) -> None:
    """What the browser's tab is called from here on in this run."""
    name = product_name()
    st.set_page_config(page_title=name if text == name else f"{text} · {name}")


def mark_invalid(widget: str, error: str) -> None:
    """Tie a field to its error. Both are keys: of the field's widget, and of the container that says what is wrong."""
    _mark(invalid=widget, error=error)


def name_button(widget: str, name: str) -> None:
    """Give a button, by its key, a name that tells it from others with the same words. It begins with those words."""
    _mark(button=widget, name=name)


def mark_heading(container: str) -> None:
    """Make a heading of the plain text in a container, by its key: what a channel says is never markup."""
    _mark(heading=container)


def focus_on(widget: str) -> None:
    """Move the focus to a field or button, by its key. Called again in the next run it moves nothing more."""
    number = ANNOUNCED_BEFORE.get().get(widget) or secrets.token_hex(4)
    ANNOUNCED.set({**ANNOUNCED.get(), widget: number})
    _mark(focus=widget, number=number)


@cache
def _streamlit_strings(shown_in: str) -> str:
    """Streamlit's own words and ours for them; none in the language that they are written in."""
    if shown_in == DEFAULT_LANGUAGE:
        return "{}"
    theirs, ours = catalogue(DEFAULT_LANGUAGE), catalogue(shown_in)
    return json.dumps({words: ours[key] for key, words in theirs.items() if key.startswith(_OF_STREAMLIT)})


def _mark(**data: str) -> None:
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    st.html(f'<span hidden class="assistive" {attributes}></span>')
