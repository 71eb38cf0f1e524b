"""The words that a visitor should read, looked up where the product looks them up."""

from collections.abc import Mapping
from typing import Any

from xtnd_wizard.locales import catalogue, text
from xtnd_wizard.systems import system
from xtnd_wizard.systems.contract import Scenario

MIRAKL = "mirakl"


def guide(language: str = "en") -> Mapping[str, Any]:
    """The words that Mirakl brings along."""
    return system(MIRAKL).guide(language)


def scenario(code: str) -> Scenario:
    """A way a demo can go."""
    return next(found for found in system(MIRAKL).sandbox.scenarios if found.code == code)


def note(code: str) -> str:
    """What is said about a value that was typed."""
    own = guide()["notes"]
    return str(own[code]) if code in own else text("en", f"note.{code}")


def problem(code: str, **facts: str) -> tuple[str, str, str]:
    """What happened, why most likely, and what to do now; the system's own words come first."""
    own = guide()["problems"].get(code, {})
    parts = (own.get(part) or catalogue("en")[f"problem.{code}.{part}"] for part in ("title", "why", "do"))
    what, why, do = (part.format_map(facts) for part in parts)
    return what, why, do
