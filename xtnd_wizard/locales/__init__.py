"""The text catalogue: every sentence on the screens, by a stable id, in each shipped language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {"en": "English", "sv": "Svenska"}
DEFAULT_LANGUAGE = "en"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text of a language by its id."""
    with (Path(__file__).parent / language / "LC_MESSAGES" / "wizard.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale=language) if entry.id}


def text(language: str, key: str, **values: str) -> str:
    """A text with its placeholders filled. Raises KeyError for an unknown id or a missing value."""
    return catalogue(language)[key].format_map(values)


def best_language(browser_locale: str | None) -> str:
    """The shipped language nearest to what a browser asks for."""
    asked = (browser_locale or "").replace("_", "-").split("-")[0].lower()
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE
