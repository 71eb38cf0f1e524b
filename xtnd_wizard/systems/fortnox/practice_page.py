"""The practice version of a consent page: what is asked for, and every way back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from urllib.parse import urlencode

_WAY_BACK = re.compile(r"/consent/[a-z0-9_]{1,40}")
_STATE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_SCOPE = re.compile(r"[a-z]{1,40}")
_WORDS = {
    "approve": ("Godkänn", "Approve. All is well, and you are sent back."),
    "decline": ("Neka", "Decline. Nothing is connected."),
    "locked": ("Företaget är låst", "The company has an unpaid invoice, so you come back with nothing."),
    "late": ("Godkänn för sent", "More than ten minutes pass before you press the button."),
    "no_licence": ("Godkänn utan licens", "Approve for a company without the supplier invoice licence."),
    "no_api_licence": ("Godkänn utan API-licens", "Approve for a company that may not be connected at all yet."),
    "another_browser": ("I en annan webbläsare", "The approval was begun somewhere else."),
    "unknown_app": ("Okänd registrering", "The channel does not know the wizard any more."),
    "down": ("Driftstopp", "You approve, and the channel is down when we ask for the result."),
}


@dataclass(frozen=True)
class Choice:
    """One button of the page, and what it sends back."""

    code: str
    grant: str = ""
    error: str = ""
    silent: bool = False
    """Comes back with nothing at all."""
    other_state: bool = False


def page_of(query: Mapping[str, str], client_id: str, choices: Sequence[Choice]) -> tuple[str, int]:
    """The page for one visit, and its status. It leads to this wizard's own way back only."""
    back, state = query.get("redirect_uri", ""), query.get("state", "")
    asked = query.get("client_id") == client_id and query.get("response_type") == "code"
    if not (asked and _WAY_BACK.fullmatch(back) and _STATE.fullmatch(state)):
        return front_page("Övningsföretaget"), 400
    scopes = [scope for scope in query.get("scope", "").split(" ")[:40] if _SCOPE.fullmatch(scope)]
    file = Template((Path(__file__).parent / "practice.html").read_text("utf-8"))
    first, *others = (_button(choice, back, state) for choice in choices)
    listed = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    return file.substitute(scopes=listed, first=first, others="".join(others)), 200


def _button(choice: Choice, back: str, state: str) -> str:
    told = {"code": choice.grant, "error": choice.error, "state": token_urlsafe(32) if choice.other_state else state}
    query = urlencode({name: value for name, value in told.items() if value})
    label, text = _WORDS[choice.code]
    href = escape(back if choice.silent else f"{back}?{query}")
    return f'<p><a class="button" id="{choice.code}" href="{href}">{escape(label)}</a><span>{escape(text)}</span></p>'


def front_page(name: str) -> str:
    """What the practice host shows to somebody who just drops in."""
    return f'<!doctype html><html lang="sv"><title>{escape(name)}</title><h1>{escape(name)}</h1><p>Övning.</p></html>'
