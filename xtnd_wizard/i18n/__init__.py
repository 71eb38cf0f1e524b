"""The text catalogue: every sentence on the screens, by a stable id, in each shipped language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {"en": "English", "sv": "Svenska"}
DEFAULT_LANGUAGE = "en"
LANGUAGE_COOKIE = "xtnd_language"
_SHARED = Path(__file__).parent


@cache
def messages(folder: Path, language: str) -> Mapping[str, str]:
    """Every text of a folder's catalogues by its id, in English where the language lacks it."""
    english = _read(folder, DEFAULT_LANGUAGE)
    return english if language == DEFAULT_LANGUAGE else {**english, **_read(folder, language)}


def catalogue(language: str) -> Mapping[str, str]:
    """Every text of the screens that all systems share, by its id."""
    return messages(_SHARED, language)


def text(language: str, key: str, **values: str) -> str:
    """A text with its placeholders filled. Raises KeyError for an unknown id or a missing value."""
    return catalogue(language)[key].format_map(values)


def _read(folder: Path, language: str) -> Mapping[str, str]:
    """The texts that a language has itself; none where it has no catalogue."""
    file = folder / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        found = read_po(opened, locale=language)
    return {str(entry.id): str(entry.string) for entry in found if entry.id and entry.string}


def best_language(browser_locale: str | None) -> str:
    """The shipped language nearest to what a browser asks for."""
    asked = (browser_locale or "").replace("_", "-").split("-")[0].lower()
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE
