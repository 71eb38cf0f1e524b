"""The colours that a brand changes: what buttons, links and signs are drawn in, legible in either theme."""

from dataclasses import dataclass

from xtnd_wizard.domain.colors import SHAPE_CONTRAST, TEXT_CONTRAST, WHITE, Color, darkened, lightened

LIGHT_SURFACE = Color.parse("#f3efe6")
DARK_SURFACE = Color.parse("#1b2724")
"""The `secondaryBackgroundColor` of each theme: of the two that text stands on, the one that is harder to read on."""


@dataclass(frozen=True)
class Accents:
    """One colour in the three shades that the themes need."""

    light: Color
    """Text, signs and buttons of the light theme; the words on a button are white."""
    dark: Color
    """Text and signs of the dark theme."""
    dark_button: Color
    """Buttons of the dark theme, with white words on them as well."""


def accents(brand: Color) -> Accents:
    """A brand's colour, changed only as far as it takes to be read."""
    return Accents(
        light=darkened(brand, LIGHT_SURFACE, TEXT_CONTRAST),
        dark=lightened(brand, DARK_SURFACE, TEXT_CONTRAST),
        dark_button=darkened(lightened(brand, DARK_SURFACE, SHAPE_CONTRAST), WHITE, TEXT_CONTRAST),
    )
