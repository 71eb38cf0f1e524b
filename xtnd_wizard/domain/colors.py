"""Colours, and how well one is read on another, as the web's accessibility guidelines (WCAG 2.2) measure it."""

import re
from dataclasses import dataclass

TEXT_CONTRAST = 4.5
"""What text needs against what is behind it."""
SHAPE_CONTRAST = 3.0
"""What the edge of an input, a focus ring or a drawn sign needs."""
_STEPS = 256


@dataclass(frozen=True)
class Color:
    """A colour of a screen: three parts from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Color":
        """A colour as style sheets write it, `#0a6656`. Raises ValueError for everything else."""
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise ValueError("not a colour")
        return cls(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """How light it is, from 0 to 1."""
        return 0.2126 * _linear(self.red) + 0.7152 * _linear(self.green) + 0.0722 * _linear(self.blue)

    def mixed(self, other: "Color", part: float) -> "Color":
        """This colour with a part of another in it."""
        return Color(
            round(self.red + (other.red - self.red) * part),
            round(self.green + (other.green - self.green) * part),
            round(self.blue + (other.blue - self.blue) * part),
        )


BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)


def contrast(one: Color, other: Color) -> float:
    """How far two colours stand apart, from 1 to 21."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def darkened(color: Color, against: Color, least: float) -> Color:
    """The colour, with as much black in it as it takes to stand out against a lighter one."""
    return _mixed_until(color, BLACK, against, least)


def lightened(color: Color, against: Color, least: float) -> Color:
    """The colour, with as much white in it as it takes to stand out against a darker one."""
    return _mixed_until(color, WHITE, against, least)


def _mixed_until(color: Color, added: Color, against: Color, least: float) -> Color:
    mixed = (color.mixed(added, step / _STEPS) for step in range(_STEPS))
    return next((found for found in mixed if contrast(found, against) >= least), added)


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
