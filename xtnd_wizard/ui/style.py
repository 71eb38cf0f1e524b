"""The few rules of style that the theme can't express, in the colours of the visitor's theme."""

from functools import cache
from pathlib import Path

import streamlit as st

_DARK = {"accent": "#5fd6c8", "on": "#0b1a19", "quiet": "#a5b4c6", "line": "#37475c", "alert": "#ff9d7a"}
_LIGHT = {"accent": "#0b6b62", "on": "#ffffff", "quiet": "#526274", "line": "#cfd8e3", "alert": "#b3401f"}


def is_dark() -> bool:
    """Whether the visitor sees the dark theme."""
    return bool(st.context.theme.type == "dark")


def put_on() -> None:
    """Add the rules to the page."""
    colours = "".join(f"--{name}:{colour};" for name, colour in (_DARK if is_dark() else _LIGHT).items())
    st.html(f"<style>:root{{{colours}}}{_rules()}</style>")


@cache
def _rules() -> str:
    return (Path(__file__).parent / "style.css").read_text("utf-8")
