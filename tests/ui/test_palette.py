"""What is written can be read, and what can be pressed can be seen, in both themes and in any brand's colour."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.domain.colors import SHAPE_CONTRAST, TEXT_CONTRAST, WHITE, Color, contrast
from xtnd_wizard.ui import palette

ROOT = Path(__file__).parents[2]
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
STYLE = (ROOT / "xtnd_wizard" / "ui" / "style.css").read_text("utf-8")
SURFACES = ("backgroundColor", "secondaryBackgroundColor")
COLORS = st.builds(Color, *(st.integers(0, 255) for _ in range(3)))


def ours(theme: str) -> dict[str, Color]:
    """The colours that the style sheet names, as they are in a theme."""
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", STYLE)
    return {name: Color.parse(light if theme == "light" else dark) for name, light, dark in pairs}


def surfaces(theme: str) -> list[Color]:
    return [Color.parse(THEMES[theme][name]) for name in SURFACES]


def worst(color: Color, theme: str) -> float:
    """Where a colour is read worst in a theme."""
    return min(contrast(color, surface) for surface in surfaces(theme))


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_the_contrast_is_the_one_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(Color.parse(one), Color.parse(other)) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_written_is_read_on_every_surface(theme: str) -> None:
    written = {name: ours(theme)[name] for name in ("accent", "quiet", "alert")}
    names = ("textColor", "linkColor", "greenTextColor", "redTextColor")
    written |= {name: Color.parse(THEMES[theme][name]) for name in names}
    assert {name: worst(color, theme) for name, color in written.items() if worst(color, theme) < TEXT_CONTRAST} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_stands_on_a_button_is_read_and_edges_and_signs_are_seen(theme: str) -> None:
    assert contrast(WHITE, Color.parse(THEMES[theme]["primaryColor"])) >= TEXT_CONTRAST
    assert contrast(ours(theme)["on"], ours(theme)["accent"]) >= TEXT_CONTRAST
    shapes = {name: ours(theme)[name] for name in ("edge", "accent", "warm", "button")}
    shapes["primaryColor"] = Color.parse(THEMES[theme]["primaryColor"])
    assert {name: worst(color, theme) for name, color in shapes.items() if worst(color, theme) < SHAPE_CONTRAST} == {}


def test_the_palette_says_the_same_in_the_theme_and_in_the_style_sheet() -> None:
    assert palette.LIGHT_SURFACE in surfaces("light")
    assert palette.DARK_SURFACE in surfaces("dark")
    for theme in ("light", "dark"):
        assert worst(WHITE, theme) == min(contrast(WHITE, surface) for surface in surfaces(theme))
        assert ours(theme)["accent"] == Color.parse(THEMES[theme]["linkColor"])
        assert ours(theme)["button"] == Color.parse(THEMES[theme]["primaryColor"])


@given(COLORS)
def test_any_brand_is_legible_in_both_themes(brand: Color) -> None:
    shades = palette.accents(brand)
    assert worst(shades.light, "light") >= TEXT_CONTRAST
    assert contrast(WHITE, shades.light) >= TEXT_CONTRAST
    assert worst(shades.dark, "dark") >= TEXT_CONTRAST
    assert contrast(WHITE, shades.dark_button) >= TEXT_CONTRAST
    assert worst(shades.dark_button, "dark") >= SHAPE_CONTRAST


@given(COLORS)
def test_a_colour_reads_as_it_is_written(color: Color) -> None:
    assert Color.parse(str(color)) == color


@pytest.mark.parametrize("text", ["", "teal", "0a6656", "#0a665", "#0a66566", "#0a665g", "#0a6656\n", "rgb(1,2,3)"])
def test_anything_else_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        Color.parse(text)
