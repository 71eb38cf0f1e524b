"""The wizard's own face, or an operator's in its place: name, style sheet, theme, and where people get help."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.service import service
from xtnd_wizard.ui.i18n import t
from xtnd_wizard.ui.palette import accents

_STYLE = Path(__file__).parent / "style.css"
_LOGO = """
.st-key-wordmark a::before { mask: none; background: url(/brand/logo) left center / contain no-repeat; width: 9rem; }
.st-key-wordmark a::after { content: none; }
.st-key-wordmark a p { font-size: 0 !important; }
"""
"""The logo in the wordmark's place. The name stays what is read out."""


def product_name() -> str:
    """What the product is called."""
    return service().settings.brand.name or t("product.name")


def draw_style() -> None:
    """Put the style sheet on the page."""
    st.html(f"<style>{_style(service().settings.brand)}</style>")


@cache
def _style(brand: Brand) -> str:
    style = _STYLE.read_text("utf-8")
    if brand.color:
        shades = accents(brand.color)
        pairs = {"accent": (shades.light, shades.dark), "button": (shades.light, shades.dark_button)}
        changed = "".join(f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in pairs.items())
        style += f":root {{ {changed} }}"
    return style + _LOGO if brand.logo_file else style


def theme_options(brand: Brand) -> Mapping[str, str]:
    """The options of Streamlit's theme that a brand's colour sets."""
    if brand.color is None:
        return {}
    shades = accents(brand.color)
    return {
        "theme.light.primaryColor": str(shades.light),
        "theme.light.linkColor": str(shades.light),
        "theme.dark.primaryColor": str(shades.dark_button),
        "theme.dark.linkColor": str(shades.dark),
    }


def draw_support() -> None:
    """Where people get help, at the same place on every page; nothing where the operator named none."""
    brand = service().settings.brand
    if brand.support:
        shown = escape(brand.support.removeprefix("https://"))
        link = f'<a href="{escape(brand.support_link)}" target="_blank" rel="noopener">{shown}</a>'
        st.html(f'<p class="support">{escape(t("product.help"))} {link}</p>')
