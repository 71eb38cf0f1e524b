"""The guide's pictures, in the colours of the visitor's theme."""

import streamlit as st

from xtnd_wizard.systems import get_system

# Inside an image the browser answers this query by the colour scheme of the page around it.
_DARK = (
    "@media(prefers-color-scheme:dark){:root{--paper:#18222f;--ink:#e8eef6;--quiet:#a5b4c6;--line:#37475c;"
    "--field:#223044;--bar:#0a121d;--on-bar:#e8eef6;--mark:#3fc7b8;--mark-soft:#143f3d;--warn:#ff9d7a}}"
)


def draw_picture(system_code: str, name: str, alt: str) -> None:
    """Draw one of a system's pictures."""
    svg = get_system(system_code).picture(name).replace("</style>", f"{_DARK}</style>", 1)
    st.image(svg, alt=alt, width="stretch")
