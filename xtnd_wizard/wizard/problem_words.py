"""A problem's words in any language: a system's own first, then those that all systems share."""

from collections.abc import Mapping

from xtnd_wizard.i18n import catalogue
from xtnd_wizard.systems.contract import System

_LONGEST_ROW = 64


def problem_text(system: System, language: str, code: str, part: str, facts: Mapping[str, str]) -> str:
    """One part of a problem's words: `title`, `why` or `do`. Holds a channel's facts: plain text only."""
    written = _written(system, language, code, part) or catalogue(language)[f"problem.unknown.{part}"]
    return _filled(written, system, language, facts)


def asking_text(system: System, language: str, code: str, facts: Mapping[str, str]) -> str:
    """What to ask somebody else for, and where it is clicked; empty where no words are written for this problem."""
    return _filled(_written(system, language, code, "ask"), system, language, facts)


def row_text(system: System, language: str, code: str) -> str:
    """A problem in the few words of a row, without a fact in them; empty where there are none.

    A title serves where it is short and holds no fact, the system's own before the words that all systems share.
    """
    own, known = system.guide(language)["problems"].get(code, {}), catalogue(language)
    candidates = (
        own.get("row"),
        own.get("title"),
        known.get(f"problem.{code}.row"),
        known.get(f"problem.{code}.title"),
    )
    return next((str(words) for words in candidates if words and "{" not in words and len(words) <= _LONGEST_ROW), "")


def _written(system: System, language: str, code: str, part: str) -> str:
    own = system.guide(language)["problems"].get(code, {})
    return str(own.get(part) or catalogue(language).get(f"problem.{code}.{part}", ""))


def _filled(words: str, system: System, language: str, facts: Mapping[str, str]) -> str:
    return words.format_map(_Facts({"channel": str(system.guide(language)["channel"]), **facts}))


class _Facts(dict[str, str]):
    """Facts of a finding; one that the channel left out reads as three dots."""

    def __missing__(self, key: str) -> str:
        return "…"
