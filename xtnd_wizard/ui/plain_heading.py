"""A heading of the second level whose text may come from a channel, so that none of it is markup."""

from html import escape

import streamlit as st


def draw_plain_heading(words: str) -> None:
    """Draw the heading. `st.header` would read its text as Markdown, links and pictures included."""
    st.html(f"<h2>{escape(words)}</h2>")
