"""The words that a visitor should read, looked up where the product looks them up."""

from collections.abc import Mapping
from typing import Any

from xtnd_wizard.i18n import catalogue, text
from xtnd_wizard.systems import all_systems, system
from xtnd_wizard.systems.contract import Scenario, System

FIRST = all_systems()[0].code
"""The system that the tests of the walk itself use."""


def guide(language: str = "en") -> Mapping[str, Any]:
    """The words that the first system brings along."""
    return system(FIRST).guide(language)


def own_words(chosen: System, language: str = "en", way: str = "") -> Mapping[str, Any]:
    """The words that any system brings along."""
    return chosen.guide(language, way)


def scenario(code: str) -> Scenario:
    """A way a demo can go."""
    return next(found for found in system(FIRST).sandbox.scenarios if found.code == code)


def note(code: str) -> str:
    """What is said about a value that was typed."""
    own = guide()["notes"]
    return str(own[code]) if code in own else text("en", f"note.{code}")


def problem(code: str, **facts: str) -> tuple[str, str, str]:
    """What happened, why most likely, and what to do now; the system's own words come first."""
    own = guide()["problems"].get(code, {})
    parts = (own.get(part) or catalogue("en")[f"problem.{code}.{part}"] for part in ("title", "why", "do"))
    what, why, do = (part.format_map({"channel": guide()["channel"], **facts}) for part in parts)
    return what, why, do
