"""The sandbox's consent page: what is asked for, and every way back, in the browser's language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from urllib.parse import urlencode

from xtnd_wizard.i18n import messages

_WAY_BACK = re.compile(r"/consent/[a-z0-9_]{1,40}")
_STATE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SCOPE = re.compile(r"[a-z]{1,40}")
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*", re.IGNORECASE)


_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Choice:
    """One button of the page, and what it sends back."""

    code: str
    grant: str = ""
    error: str = ""
    silent: bool = False
    """Comes back with nothing at all."""
    other_state: bool = False


def language_of(accepted: str) -> str:
    """Swedish for a browser that prefers it to English (RFC 9110, section 12.5.4), or else English."""
    weights: dict[str, float] = {}
    for place, part in enumerate(accepted.split(",")[:20]):
        name, _, payload = part.strip().partition(";")
        found = _WEIGHT.fullmatch(payload)
        weight = float(found[1]) if found else 0.0 if payload else 1.0
        weights.setdefault(name.strip().lower().split("-")[0], weight and weight - place / 100_000)
    return "sv" if weights.get("sv", 0) > weights.get("en", 0) else "en"


def page_of(query: Mapping[str, str], language: str, client_id: str, choices: Sequence[Choice]) -> tuple[str, int]:
    """The page for one visit, and its status. It leads to this wizard's own way back only."""
    back, state = query.get("redirect_uri", ""), query.get("state", "")
    asked = query.get("client_id") == client_id and query.get("response_type") == "code"
    if not (asked and _WAY_BACK.fullmatch(back) and _STATE.fullmatch(state)):
        return front_page(_words(language)["sandbox.page.company"], language), 400
    words = _words(language)
    scopes = [scope for scope in query.get("scope", "").split(" ")[:40] if _SCOPE.fullmatch(scope)]
    file = Template((_FOLDER / "sandbox.html").read_text("utf-8"))
    first, *others = (_button(choice, words, back, state) for choice in choices)
    listed = "".join(f"<li>{escape(words.get(f'sandbox.scopes.{scope}', scope))}</li>" for scope in scopes)
    texts = {key.removeprefix("sandbox.page."): escape(text) for key, text in words.items() if "sandbox.page." in key}
    return file.substitute(texts, language=language, scopes=listed, first=first, others="".join(others)), 200


def _words(language: str) -> Mapping[str, str]:
    return messages(_FOLDER / "words", language)


def _button(choice: Choice, words: Mapping[str, str], back: str, state: str) -> str:
    payload = {"code": choice.grant, "error": choice.error, "state": token_urlsafe(32) if choice.other_state else state}
    query = urlencode({name: value for name, value in payload.items() if value})
    label, text = (escape(words[f"sandbox.choices.{choice.code}.{part}"]) for part in ("label", "text"))
    href = escape(back if choice.silent else f"{back}?{query}")
    return f'<p><a class="button" id="{choice.code}" href="{href}">{label}</a><span>{text}</span></p>'


def front_page(name: str, language: str) -> str:
    """What the sandbox host shows to somebody who just drops in."""
    text, title = escape(_words(language)["sandbox.page.front"]), escape(name)
    return f'<!doctype html><html lang="{language}"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>'
