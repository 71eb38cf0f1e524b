"""The words that a visitor should read, looked up where the product looks them up."""

from collections.abc import Mapping
from typing import Any

from xtnd_wizard.i18n import catalogue, text
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario

FIRST = all_systems()[0].code
"""The system that the tests of the walk itself use."""


def guide(language: str = "en") -> Mapping[str, Any]:
    """The words that the first system brings along."""
    return get_system(FIRST).guide(language)


def own_words(system: System, language: str = "en", auth_method: str = "") -> Mapping[str, Any]:
    """The words that any system brings along."""
    return system.guide(language, auth_method)


def scenario(code: str) -> Scenario:
    """A way a demo can go."""
    return next(found for found in get_system(FIRST).sandbox.scenarios if found.code == code)


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
