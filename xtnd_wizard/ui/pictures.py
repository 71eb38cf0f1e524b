"""Drawn pictures, in the colours of the visitor's theme and the operator's brand."""

from functools import cache
from pathlib import Path

import streamlit as st

from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.domain.colors import WHITE
from xtnd_wizard.service import service
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.i18n import t
from xtnd_wizard.ui.palette import DARK_SURFACE, accents

_DARK = (
    "--paper:#1b2724;--ink:#eaf0ea;--quiet:#a9b8b0;--line:#3b4d46;--field:#22322e;--bar:#0b1412;--on-bar:#eaf0ea;"
    "--mark:#4fc9ab;--mark-soft:#17352d;--warn:#ff9f7f"
)
_MORE_OF_THE_ILLUSTRATION = ";--warm:#f4b860;--sun:#d99a3a"


def draw_picture(system_code: str, name: str, alt: str) -> None:
    """Draw one of a system's pictures."""
    _draw(get_system(system_code).picture(name), alt)


def draw_illustration() -> None:
    """Draw the picture of the start page."""
    _draw(_illustration(), t("welcome.picture"))


def _draw(svg: str, alt: str) -> None:
    colored = svg.replace("</style>", f"{_colors(service().settings.brand)}</style>", 1)
    st.image(colored, alt=alt, width="stretch")


@cache
def _colors(brand: Brand) -> str:
    """What a picture's own colours, which are the light theme's, give way to."""
    light, dark = "", ""
    if brand.color:
        shades = accents(brand.color)
        light = f":root{{--mark:{shades.light};--mark-soft:{shades.light.mixed(WHITE, 0.87)}}}"
        dark = f";--mark:{shades.dark};--mark-soft:{shades.dark.mixed(DARK_SURFACE, 0.82)}"
    # Inside an image the browser answers this query by the colour scheme of the page around it.
    return f"{light}@media(prefers-color-scheme:dark){{:root{{{_DARK}{_MORE_OF_THE_ILLUSTRATION}{dark}}}}}"


@cache
def _illustration() -> str:
    return (Path(__file__).parent / "illustration.svg").read_text("utf-8")
