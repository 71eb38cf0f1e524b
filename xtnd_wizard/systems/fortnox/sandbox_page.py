"""The practice version of a consent page: what is asked for, and every way back, in the browser's language."""

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
_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class _Words:
    """The page's texts in one language."""

    page: Mapping[str, str]
    scopes: Mapping[str, str]
    choices: Mapping[str, tuple[str, str]]
    """What a button says, and what happens then."""


_ENGLISH = _Words(
    page={
        "title": "Approve a connection – practice",
        "ribbon": "Practice: an imitation for demos. Nothing here is real, and no password is asked for.",
        "heading": "Connect XTND to your company?",
        "signed_in": "Signed in as system administrator at",
        "wants": "XTND wants to read and write:",
        "other_ways": "Other ways to come back",
        "company": "The practice company",
        "front": "Practice.",
    },
    scopes={
        "companyinformation": "Company information",
        "customer": "Customers",
        "article": "Articles",
        "order": "Orders",
        "invoice": "Invoices",
        "bookkeeping": "Bookkeeping",
        "supplier": "Suppliers",
        "supplierinvoice": "Supplier invoices",
    },
    choices={
        "approve": ("Approve", "All is well, and you are sent back."),
        "decline": ("Decline", "Nothing is connected."),
        "locked": ("The company is locked", "It has an unpaid invoice, so you come back with nothing."),
        "late": ("Approve too late", "More than ten minutes pass before you press the button."),
        "no_licence": ("Approve without a licence", "The company lacks the licence for supplier invoices."),
        "no_api_licence": ("Approve without integration", "The company may not be connected at all yet."),
        "another_browser": ("In another browser", "The approval was begun somewhere else."),
        "unknown_app": ("Unknown registration", "The channel does not know the wizard any more."),
        "down": ("Out of order", "You approve, and the channel is down when we ask for the result."),
    },
)
_SWEDISH = _Words(
    page={
        "title": "Godkänn koppling – övning",
        "ribbon": "Övning: en efterbildning för demo. Inget här är på riktigt, och inget lösenord efterfrågas.",
        "heading": "Ska XTND kopplas till ditt företag?",
        "signed_in": "Inloggad som systemadministratör på",
        "wants": "XTND vill läsa och skriva:",
        "other_ways": "Andra sätt att komma tillbaka",
        "company": "Övningsföretaget",
        "front": "Övning.",
    },
    scopes={
        "companyinformation": "Företagsinformation",
        "customer": "Kunder",
        "article": "Artiklar",
        "order": "Order",
        "invoice": "Fakturor",
        "bookkeeping": "Bokföring",
        "supplier": "Leverantörer",
        "supplierinvoice": "Leverantörsfakturor",
    },
    choices={
        "approve": ("Godkänn", "Allt är bra, och du skickas tillbaka."),
        "decline": ("Neka", "Inget kopplas."),
        "locked": ("Företaget är låst", "Det har en obetald faktura, så du kommer tillbaka tomhänt."),
        "late": ("Godkänn för sent", "Mer än tio minuter går innan du trycker på knappen."),
        "no_licence": ("Godkänn utan licens", "Företaget saknar licensen för leverantörsfakturor."),
        "no_api_licence": ("Godkänn utan integration", "Företaget får inte kopplas alls än."),
        "another_browser": ("I en annan webbläsare", "Godkännandet påbörjades någon annanstans."),
        "unknown_app": ("Okänd registrering", "Kanalen känner inte till guiden längre."),
        "down": ("Driftstopp", "Du godkänner, och kanalen ligger nere när vi frågar efter resultatet."),
    },
)
_WORDS = {"en": _ENGLISH, "sv": _SWEDISH}


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
        return front_page(_WORDS[language].page["company"], language), 400
    words = _WORDS[language]
    scopes = [scope for scope in query.get("scope", "").split(" ")[:40] if _SCOPE.fullmatch(scope)]
    file = Template((Path(__file__).parent / "sandbox.html").read_text("utf-8"))
    first, *others = (_button(choice, words.choices[choice.code], back, state) for choice in choices)
    listed = "".join(f"<li>{escape(words.scopes.get(scope, scope))}</li>" for scope in scopes)
    texts = {name: escape(text) for name, text in words.page.items()}
    return file.substitute(texts, language=language, scopes=listed, first=first, others="".join(others)), 200


def _button(choice: Choice, words: tuple[str, str], back: str, state: str) -> str:
    payload = {"code": choice.grant, "error": choice.error, "state": token_urlsafe(32) if choice.other_state else state}
    query = urlencode({name: value for name, value in payload.items() if value})
    label, text = words
    href = escape(back if choice.silent else f"{back}?{query}")
    return f'<p><a class="button" id="{choice.code}" href="{href}">{escape(label)}</a><span>{escape(text)}</span></p>'


def front_page(name: str, language: str) -> str:
    """What the sandbox host shows to somebody who just drops in."""
    text, title = escape(_WORDS[language].page["front"]), escape(name)
    return f'<!doctype html><html lang="{language}"><title>{title}</title><h1>{title}</h1><p>{text}</p></html>'
