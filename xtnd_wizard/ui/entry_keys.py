"""What the keyboard and the clipboard do in the form, by a few lines in the browser. No value passes through them."""

from pathlib import Path

import streamlit as st

_entry_keys = st.components.v2.component("entry_keys", js=Path(__file__).with_suffix(".js").read_text("utf-8"))


def draw_entry_keys() -> None:
    """Let Enter press the form's button, and a pasted message be read at once."""
    _entry_keys(key="entry_keys", height=0)
