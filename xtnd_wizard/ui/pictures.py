"""The guide's pictures, in the colours of the visitor's theme."""

import re

import streamlit as st

from xtnd_wizard.systems import system
from xtnd_wizard.ui.style import is_dark

_DARK = (
    "<style>:root{--paper:#18222f;--ink:#e8eef6;--quiet:#a5b4c6;--line:#37475c;--field:#223044;--bar:#0a121d;"
    "--on-bar:#e8eef6;--mark:#3fc7b8;--mark-soft:#143f3d;--warn:#ff9d7a}</style>"
)


def draw_picture(system_code: str, name: str, alt: str) -> None:
    """Draw one of a system's pictures."""
    svg = system(system_code).picture(name)
    if is_dark():
        svg = re.sub(r"<style>:root\{.*?\}</style>", _DARK, svg, count=1, flags=re.DOTALL)
    st.image(svg, alt=alt, width="stretch")
